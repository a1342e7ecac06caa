"""The nouns of the simulator, as frozen values; they know no agent and no file."""
