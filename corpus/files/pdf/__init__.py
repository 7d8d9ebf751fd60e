"""PDF, page after page: text, tables, forms, pictures with words in them; and why one has nothing to read."""
