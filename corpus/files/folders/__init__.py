"""Folders: which files belong to the corpus, what is said beside them, and what became of each."""
