"""From candidates to the best passages: signals, their fusion, reprints, confidence and highlights."""
