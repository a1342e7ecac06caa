"""Pages of results: in the terminal, as HTML and as Markdown; one set of words for all."""
