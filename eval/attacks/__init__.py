"""Attacks: what a stranger may send to take more than his share, each with its bound and what it came to."""
