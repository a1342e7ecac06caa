"""Pictures of results: each takes a result and returns the Axes it drew on."""
