"""Evaluations and comparisons as people read them: in a terminal, as Markdown, as a page with plots."""
