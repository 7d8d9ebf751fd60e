"""Benchmarks: how long things take, how much memory they hold, and how far a question travels through the code."""
