"""What is written as plain text: its encoding, and records, notebooks, reStructuredText and source code."""
