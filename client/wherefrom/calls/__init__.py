"""The requests that a client sends to the native interface, and how their answers are read; nothing is sent here."""
