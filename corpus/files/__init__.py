"""Files to documents: which belong to the corpus, what each says, and what it says of itself."""
