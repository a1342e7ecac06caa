"""Trials of a structure on common random numbers: the same worlds, several times in one block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.domain.draws import Draws
from sim.domain.outcome import Outcome, Phase
from sim.domain.package import State
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.experiments.conditions.path import DeclaredPath
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS, Bools, Floats
from sim.randomness import Streams

__all__ = ["EVENTS", "EVENT_LABELS", "PairedTrials", "TiledStreams", "events"]

EVENTS = ("first_stage", "transferred", "closed")
"""What may have come about at the end of the window, from the least to the most."""
EVENT_LABELS = {
    "first_stage": "first step",
    "transferred": "land moved",
    "closed": "all closed",
}


@dataclass(frozen=True)
class TiledStreams(Streams):
    """The random numbers of some first worlds, several times over.

    Parameters
    ----------
    copies : int
        Divides the number of worlds: row r is world ``r % (worlds / copies)``.

    Examples
    --------
    >>> twice = TiledStreams(0, 0, 4, copies=2).uniforms("x")
    >>> bool((twice[:2] == twice[2:]).all())
    True
    """

    copies: int = 1

    def uniforms(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return uniform numbers, shape (worlds, slots)."""
        return np.tile(self._once.uniforms(purpose, round_=round_, slots=slots), (self.copies, 1))

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return standard normal numbers, shape (worlds, slots)."""
        return np.tile(self._once.normals(purpose, round_=round_, slots=slots), (self.copies, 1))

    @property
    def _once(self) -> Streams:
        return Streams(self.seed, self.first_world, self.worlds // self.copies)


def events(model: TalksModel) -> dict[str, Bools]:
    """Return what has come about in the worlds of a model that has been played.

    Parameters
    ----------
    model : TalksModel

    Returns
    -------
    mapping of event to ndarray of bool, shape (worlds,)
        ``first_stage``: a stage is in force; ``transferred``: what is in force changed who
        administers some object; ``closed``: the world settled.
    """
    states, nodes = model.states, model.nodes
    transferred = _moved(nodes, [[node.table.start] for node in nodes])[states.node, 0]
    by_package = _moved(nodes, [node.table.states for node in nodes])
    for phase, node, package in (
        (Phase.CARRYING_OUT, states.node, states.package),
        (Phase.DONE, states.signed_node, states.signed_package),
    ):
        there = states.in_phase(phase) & (package >= 0)
        transferred = np.where(there, by_package[node, package], transferred)
    in_force = (states.stages_done > 0) | states.in_phase(Phase.CARRYING_OUT)
    closed = model.outcome == Outcome.settled.code
    return {"first_stage": in_force, "transferred": in_force & transferred, "closed": closed}


def _moved(nodes: Sequence[Node], states: Sequence[Sequence[State]]) -> Bools:
    """Return in which states of each node an object has another administrator than at first.

    Returns
    -------
    ndarray of bool, shape (nodes, most states of a node)
    """
    before = nodes[0].table.start.administration
    moved = np.zeros((len(nodes), max(map(len, states))), dtype=bool)
    for place, of_node in enumerate(states):
        moved[place, : len(of_node)] = [
            not np.array_equal(state.administration, before) for state in of_node
        ]
    return moved


Setting = Mapping[str, Floats]
"""Places on the path by group."""


@dataclass(frozen=True)
class PairedTrials:
    """One structure of a scenario, tried in some worlds at places on the path.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    worlds : int
        In how many worlds; divides 1,024.
    path : DeclaredPath
    first : int
        Which is the first of them.
    """

    scenario: Scenario
    deal: str
    worlds: int
    path: DeclaredPath = field(compare=False)
    first: int = 0

    @cached_property
    def _drawn(self) -> dict[str, Floats]:
        """Return what the worlds draw for what the path moves."""
        case = self.scenario.model_copy(update={"calibration": None})
        draws = Draws(case, Streams(case.seed, self.first, self.worlds))
        known = dict(case.quantities())
        return {way.key: draws.of(known[way.key]) for _, way in self.path.ways()}

    def play(
        self, settings: Sequence[Setting], also: Sequence[Mapping[str, float]] = ()
    ) -> list[dict[str, Bools]]:
        """Return what comes about under each setting, in the same worlds.

        Parameters
        ----------
        settings : sequence of mapping of group to ndarray, shape (worlds,) or ()
            Places on the path; groups not named stay as drawn.
        also : sequence of mapping of key to float, optional
            For each setting, the values of further numbers, whatever their groups do.

        Returns
        -------
        list of mapping of event to ndarray of bool, shape (worlds,)
        """
        each, found = BLOCK_WORLDS // self.worlds, []
        for start in range(0, len(settings), each):
            part = settings[start : start + each]
            whole = self._play(part, also[start : start + each])
            for place in range(len(part)):
                rows = slice(place * self.worlds, (place + 1) * self.worlds)
                found.append({name: values[rows] for name, values in whole.items()})
        return found

    def everywhere(self, t: float | Floats) -> dict[str, Floats]:
        """Return the setting in which everything stands at one place on the path."""
        return dict.fromkeys(self.path.groups, np.broadcast_to(t, (self.worlds,)))

    def _play(
        self, settings: Sequence[Setting], also: Sequence[Mapping[str, float]]
    ) -> dict[str, Bools]:
        rows, still = self.worlds * len(settings), np.zeros(self.worlds)
        t = {
            name: np.concatenate([still + setting.get(name, 0.0) for setting in settings])
            for name in dict.fromkeys(name for setting in settings for name in setting)
        }
        drawn = {key: np.tile(values, len(settings)) for key, values in self._drawn.items()}
        pins = self.path.pins(t, drawn)
        for key in dict.fromkeys(key for one in also for key in one):
            chosen = np.repeat([one.get(key, np.nan) for one in also], self.worlds)
            pins[key] = np.where(np.isnan(chosen), pins.get(key, np.nan), chosen)
        streams = TiledStreams(self.scenario.seed, self.first, rows, copies=len(settings))
        model = TalksModel(
            self.scenario,
            self.deal,
            worlds=rows,
            draws=lambda case, _: Draws(case, streams, pins=pins),
        )
        model.run()
        return events(model)
