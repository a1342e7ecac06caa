"""Experiments: many worlds, many settings; their results, saved and loaded."""
