"""Models that turn texts into vectors: the protocol, who stands behind it, and which name stands for whom."""
