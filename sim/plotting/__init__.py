"""Pictures of results: each takes a result and returns the Axes it drew on."""

from sim.plotting.boxes import boxes
from sim.plotting.contest import contest, tables
from sim.plotting.differences import differences
from sim.plotting.flow import flow
from sim.plotting.funnel import funnel
from sim.plotting.gates import gates
from sim.plotting.grid import heatmap, line
from sim.plotting.in_force import in_force
from sim.plotting.influence import influence
from sim.plotting.opinion import opinion
from sim.plotting.pictures import PICTURES, SWEPT, drawn, pictures
from sim.plotting.survival import survival
from sim.plotting.talks import talks
from sim.plotting.tornado import tornado
from sim.plotting.utility_space import utility_space
from sim.plotting.win_sets import win_sets

__all__ = [
    "PICTURES",
    "SWEPT",
    "boxes",
    "contest",
    "differences",
    "drawn",
    "flow",
    "funnel",
    "gates",
    "heatmap",
    "in_force",
    "influence",
    "line",
    "opinion",
    "pictures",
    "survival",
    "tables",
    "talks",
    "tornado",
    "utility_space",
    "win_sets",
]
