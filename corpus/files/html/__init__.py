"""Web pages, and books made of them: what of a page is its text, in Markdown, and what it says of itself."""
