"""What is searched for by words: terms, numbers, a dictionary, and how names sound."""
