"""Words: which passages hold them, and BM25 by these."""
