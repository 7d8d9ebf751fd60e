"""What whoever runs the service sees of it: the lines of its log, and what is told of each request."""
