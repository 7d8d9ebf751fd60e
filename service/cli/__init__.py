"""The command line `wherefrom`."""
