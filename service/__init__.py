"""What people and programs touch: settings, the command line and the HTTP service."""
