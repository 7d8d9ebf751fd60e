"""How good it is on many question sets at once: every set by one vector a passage and in full, in one table each."""
