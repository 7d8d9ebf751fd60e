"""The index on one machine: FAISS and BM25 in this process, over the truth."""
