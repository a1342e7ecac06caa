"""Pictures of results: each takes a result and returns the Axes it drew on."""

from sim.plotting.differences import differences
from sim.plotting.flow import flow
from sim.plotting.funnel import funnel
from sim.plotting.opinion import opinion
from sim.plotting.pictures import PICTURES, drawn, pictures
from sim.plotting.survival import survival
from sim.plotting.talks import talks
from sim.plotting.utility_space import utility_space
from sim.plotting.win_sets import win_sets

__all__ = [
    "PICTURES",
    "differences",
    "drawn",
    "flow",
    "funnel",
    "opinion",
    "pictures",
    "survival",
    "talks",
    "utility_space",
    "win_sets",
]
