"""Documents to passages: lines, pages, sentences, and the searched form of each passage."""
