"""The Mesa world: wires agents to a protocol; one step is one round."""

from sim.model.talks import TalksModel

__all__ = ["TalksModel"]
