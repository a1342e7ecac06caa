"""Explanations of how structures end, and of which stances matter."""
