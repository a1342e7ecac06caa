"""Rules of the table: whose turn it is, what is allowed, when talks end."""
