"""Play and tell what other programs' files describe."""
