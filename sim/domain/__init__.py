"""The nouns of the simulator, as frozen values; they know no random number and no agent."""
