"""Documents, their passages and citations, and the store that keeps them. Knows nothing of vectors."""
