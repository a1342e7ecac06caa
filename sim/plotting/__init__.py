"""Pictures of results: each takes a result and returns the Axes it drew on."""

from sim.plotting.differences import differences
from sim.plotting.flow import flow
from sim.plotting.funnel import funnel
from sim.plotting.pictures import PICTURES, drawn, pictures
from sim.plotting.survival import survival

__all__ = ["PICTURES", "differences", "drawn", "flow", "funnel", "pictures", "survival"]
