"""Turn files into values and values into files."""
