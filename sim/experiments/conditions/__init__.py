"""Conditions of settlement: how far structures are from it, what must give, how rare it is."""
