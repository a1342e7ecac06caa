"""Branches of histories: the same worlds with something set from a round on."""
