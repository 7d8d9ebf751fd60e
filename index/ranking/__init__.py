"""From candidates to the best passages: signals, their fusion, exact words, rewording, reprints, and confidence."""
