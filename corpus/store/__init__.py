"""The truth: documents, passages and their vectors in SQLite, from which everything else can be rebuilt."""
