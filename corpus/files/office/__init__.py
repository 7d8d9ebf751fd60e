"""What office programs write, made into text: numbers of lists, formulas, symbols and blocks of Markdown."""
