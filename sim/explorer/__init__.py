"""Web page on which to move numbers and watch how talks end."""
