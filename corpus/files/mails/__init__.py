"""Mails: taken apart out of whatever file they came in, and read in one way."""
