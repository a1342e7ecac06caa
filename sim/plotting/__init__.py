"""Pictures of results: each takes a result and returns the Axes it drew on."""

from sim.plotting.funnel import funnel
from sim.plotting.pictures import pictures
from sim.plotting.survival import survival

__all__ = ["funnel", "pictures", "survival"]
