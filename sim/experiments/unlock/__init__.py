"""Search for the smallest change after which a structure settles."""
