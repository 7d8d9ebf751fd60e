"""What is behind all interfaces: collections that are open, the threads that work on them, and jobs."""
