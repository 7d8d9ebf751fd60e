"""How a text is set: its headings, lists and tables as blocks of offsets, from which a page cuts what it shows."""
