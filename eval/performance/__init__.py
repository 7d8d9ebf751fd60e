"""How fast the product is, and how much memory it takes: stores of many passages, the marks, and their report."""
