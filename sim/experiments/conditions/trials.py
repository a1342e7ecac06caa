"""Trials of a structure on common random numbers: the same worlds, several times in one block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from sim.domain.draws import Draws
from sim.domain.outcome import Outcome
from sim.domain.scenario import Scenario
from sim.experiments.conditions.path import DeclaredPath
from sim.model.talks import TalksModel
from sim.model.worlds import in_force
from sim.quantities import MOST_WORLDS, Bools, Floats, Ints
from sim.randomness import Streams

__all__ = ["EVENTS", "EVENT_LABELS", "ChosenStreams", "Event", "PairedTrials", "events"]

Event = Literal["first_stage", "transferred", "closed"]
EVENTS: tuple[Event, ...] = get_args(Event)
"""What may have come about at the end of the window, from the least to the most."""
EVENT_LABELS = {
    "first_stage": "first step",
    "transferred": "land moved",
    "closed": "all closed",
}


@dataclass(frozen=True)
class ChosenStreams(Streams):
    """The random numbers of chosen worlds, in any order and several times over.

    Parameters
    ----------
    among : int
        From how many consecutive worlds they are chosen.
    rows : bytes
        Which of these each row is, as 32-bit integers.

    Examples
    --------
    >>> chosen = ChosenStreams(0, 0, 3, among=4, rows=np.array([2, 0, 2], np.int32).tobytes())
    >>> whole = Streams(0, 0, 4).uniforms("x")
    >>> bool((chosen.uniforms("x") == whole[[2, 0, 2]]).all())
    True
    """

    among: int = 1
    rows: bytes = b""

    def uniforms(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return uniform numbers, shape (rows, slots)."""
        return np.asarray(self._whole.uniforms(purpose, round_=round_, slots=slots)[self._rows])

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return standard normal numbers, shape (rows, slots)."""
        return np.asarray(self._whole.normals(purpose, round_=round_, slots=slots)[self._rows])

    @property
    def _whole(self) -> Streams:
        return Streams(self.seed, self.first_world, self.among)

    @property
    def _rows(self) -> np.ndarray:
        return np.frombuffer(self.rows, dtype=np.int32)


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
    there = in_force(model.states, model.nodes)
    return {
        "first_stage": there["first_stage"],
        "transferred": there["first_stage"] & there["transferred"],
        "closed": model.outcome == Outcome.settled.code,
    }


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
        self,
        settings: Sequence[Setting],
        also: Sequence[Mapping[str, float]] = (),
        among: Sequence[Ints] = (),
    ) -> list[dict[str, Bools]]:
        """Return what comes about under each setting, in the same worlds.

        Parameters
        ----------
        settings : sequence of mapping of group to ndarray, shape (worlds,) or ()
            Places on the path; groups not named stay as drawn.
        also : sequence of mapping of key to float, optional
            For each setting, the values of further numbers, whatever their groups do.
        among : sequence of ndarray of int, optional
            For each setting, the worlds that need be played; in all others nothing comes about.

        Returns
        -------
        list of mapping of event to ndarray of bool, shape (worlds,)
        """
        chosen = among or [np.arange(self.worlds)] * len(settings)
        found: list[dict[str, Bools]] = []
        for part in _fitting([len(worlds) for worlds in chosen]):
            found += self._side_by_side(settings[part], also[part], chosen[part])
        return found

    def everywhere(self, t: float | Floats) -> dict[str, Floats]:
        """Return the setting in which everything stands at one place on the path."""
        return dict.fromkeys(self.path.groups, np.broadcast_to(t, (self.worlds,)))

    def along(self, worlds: Ints, t: Floats) -> dict[str, Bools]:
        """Return what comes about in some worlds with everything at a place of each world's own.

        Parameters
        ----------
        worlds : ndarray of int, shape (rows,)
            In any order, and several times over.
        t : ndarray, shape (rows,)
        """
        groups, found = self.path.groups, []
        for start in range(0, len(worlds), MOST_WORLDS):
            rows = slice(start, start + MOST_WORLDS)
            found.append(self._rows(worlds[rows], dict.fromkeys(groups, t[rows]), {}))
        return {event: np.concatenate([one[event] for one in found]) for event in EVENTS}

    def _side_by_side(
        self,
        settings: Sequence[Setting],
        also: Sequence[Mapping[str, float]],
        among: Sequence[Ints],
    ) -> list[dict[str, Bools]]:
        """Return what comes about under settings that fit one model."""
        names = dict.fromkeys(name for setting in settings for name in setting)
        still = np.zeros(self.worlds)
        pairs = list(zip(settings, among, strict=True))
        t = {
            name: np.concatenate([(still + one.get(name, 0.0))[rows] for one, rows in pairs])
            for name in names
        }
        keys = dict.fromkeys(key for one in also for key in one)
        sizes = [len(rows) for rows in among]
        pinned = {key: np.repeat([one.get(key, np.nan) for one in also], sizes) for key in keys}
        whole = self._rows(np.concatenate(among), t, pinned)
        return [
            {event: _spread(values, rows, self.worlds) for event, values in each.items()}
            for each, rows in zip(_cut(whole, sizes), among, strict=True)
        ]

    def _rows(self, worlds: Ints, t: Setting, also: Mapping[str, Floats]) -> dict[str, Bools]:
        """Play some worlds, each at its own places on the path."""
        if not len(worlds):
            return {event: np.zeros(0, dtype=bool) for event in EVENTS}
        pins = self.path.pins(t, {key: values[worlds] for key, values in self._drawn.items()})
        for key, values in also.items():
            pins[key] = np.where(np.isnan(values), pins.get(key, np.nan), values)
        rows = worlds.astype(np.int32).tobytes()
        streams = ChosenStreams(
            self.scenario.seed, self.first, len(worlds), among=self.worlds, rows=rows
        )
        model = TalksModel(
            self.scenario,
            self.deal,
            worlds=len(worlds),
            draws=lambda case, _: Draws(case, streams, pins=pins),
        )
        model.run()
        return events(model)


def _fitting(sizes: Sequence[int]) -> Iterator[slice]:
    """Yield runs of parts, in order, that fit a model together."""
    start, taken = 0, 0
    for place, size in enumerate(sizes):
        if taken + size > MOST_WORLDS:
            yield slice(start, place)
            start, taken = place, 0
        taken += size
    if sizes:
        yield slice(start, len(sizes))


def _cut(whole: Mapping[str, Bools], sizes: Sequence[int]) -> Iterator[dict[str, Bools]]:
    ends = np.cumsum(sizes)
    for size, end in zip(sizes, ends, strict=True):
        yield {event: values[end - size : end] for event, values in whole.items()}


def _spread(values: Bools, rows: Ints, worlds: int) -> Bools:
    """Return values of some worlds in the place of each; the others have none."""
    result = np.zeros(worlds, dtype=bool)
    result[rows] = values
    return result
