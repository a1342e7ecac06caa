"""What the engine costs, beside what the same work costs otherwise: `make bench`."""
