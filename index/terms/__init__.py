"""What is searched for by words: terms, numbers, codes and names, dictionaries, how names sound; and glosses."""
