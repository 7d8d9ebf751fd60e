"""Making models ready: the embedded one unpacked, and graphs that answer without torch."""
