"""How well files are read: measured on the test suites of others, in folders that are named."""
