"""Nouns of the simulator, as frozen values; they know no agent and no file."""
