"""What a client can do, by noun, each twice: without an event loop and with one. A test holds the two to each other."""
