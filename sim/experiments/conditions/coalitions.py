"""Least coalitions of changes: smallest sets of groups that must give for an event to be likely.

Each group of numbers stands as drawn or at the end of its path (`sim.experiments.conditions.path`),
and a set of groups *reaches* what is wanted where the event comes about in at least a share of the
same worlds. Reaching is taken for monotone: who reaches it with some changes does so with more. A
minimal set is found by giving back what is not needed; all of them by dualisation: whatever is not
yet found must do without at least one member of each set that is, so it lies within the complement
of a minimal hitting set of these; if no such complement reaches what is wanted, none is missing.

References
----------
D. Gunopulos, R. Khardon, H. Mannila, S. Saluja, H. Toivonen, R. S. Sharma (2003). Discovering all
most specific sentences. ACM TODS 28, 140-174. https://doi.org/10.1145/777943.777945
C. Berge (1989). Hypergraphs. North-Holland, ch. 2 (minimal transversals).
U. Junker (2004). QuickXplain. AAAI-04, 167-172.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt, IsNan, Le

from sim.equations.statistics import wilson_interval
from sim.experiments.conditions.path import GONE
from sim.experiments.conditions.trials import Event, PairedTrials
from sim.quantities import Bools, Ints

__all__ = [
    "Coalition",
    "Coalitions",
    "MinimalSetSearch",
    "Share",
    "coalitions",
    "minimal_hitting_sets",
]

Share = Annotated[float, Ge(0), Le(1)]
"""Share of worlds, checked where it is read."""
Names = frozenset[str]
_AT_ONCE = 7
"""Sets that are tried together while a set is being shrunk."""
_EFFORT = 160
"""Sets tried for a structure before the search gives up being complete."""
_CONFIRMED = 8
"""How many of the smallest sets are tried again in worlds that the search has not seen."""
_AGAIN = 2
"""In how many times the worlds of the search."""


@dataclass(frozen=True)
class Coalition:
    """A set of groups that reaches what is wanted, and none of which can be left out.

    Parameters
    ----------
    groups : tuple of str
        In the order of the path.
    share, low, high : float
        Share of fresh worlds in which the event comes about, with its interval; NaN where it was
        not tried again.
    """

    groups: tuple[str, ...]
    share: Share | IsNan[float]
    low: Share | IsNan[float]
    high: Share | IsNan[float]


@dataclass(frozen=True)
class Coalitions:
    """What a search for least coalitions found.

    Parameters
    ----------
    event : str
    to : float
        The wanted share of worlds.
    now, most : float
        The share as numbers are drawn, and with every group at its end.
    found : tuple of Coalition
        The smallest first; a coalition without groups where nothing need change, none at all where
        not even all groups together reach what is wanted.
    complete : bool
        Whether no other minimal set exists, as judged in the worlds of the search.
    necessary : tuple of str
        Groups without which all others together do not reach it, and which are in every set that
        was found (fewer changes can do more, so a set may do without one of the former).
    worlds : int
        Worlds of the search.
    """

    event: Event
    to: Annotated[float, Gt(0), Le(1)]
    now: Share
    most: Share
    found: tuple[Coalition, ...]
    complete: bool
    necessary: tuple[str, ...]
    worlds: int

    @property
    def fresh(self) -> int:
        """Return in how many worlds that the search has not seen sets are tried again."""
        return _AGAIN * self.worlds

    @property
    def likeliest(self) -> int | None:
        """Return the place of the set with the highest share; None where none was tried again."""
        shares = [one.share for one in self.found]
        return None if np.isnan(shares).all() else int(np.nanargmax(shares))


@dataclass
class MinimalSetSearch:
    """Search for all minimal sets that reach what is wanted.

    Parameters
    ----------
    everything : sequence of str
        The most helpful first: that is what small sets are sought among.
    shares : callable
        Takes sets, and returns the share that each reaches.
    to : float
    effort : int
        How many sets may be tried.
    """

    everything: Sequence[str]
    shares: Callable[[Sequence[Names]], Sequence[float]]
    to: float
    effort: int = _EFFORT
    tried: dict[Names, float] = field(default_factory=dict)
    minimal: list[Names] = field(default_factory=list)
    short: list[Names] = field(default_factory=list)
    complete: bool = False

    def enough(self, sets: Sequence[Names]) -> list[bool]:
        """Tell which sets reach what is wanted; what follows from monotony is not tried."""
        unknown = [one for one in dict.fromkeys(sets) if self._known(one) is None]
        for one, share in zip(unknown, self.shares(unknown) if unknown else [], strict=True):
            self.tried[one] = share
            (self.minimal if share >= self.to else self.short).append(one)
        self.minimal = _least(self.minimal)
        return [bool(self._known(one)) for one in sets]

    def all_minimal(self) -> list[Names]:
        """Return the minimal sets, as many as the effort allows, the smallest first."""
        proven: list[Names] = []
        whole = frozenset(self.everything)
        while whole and self.enough([whole])[0]:
            candidates = [whole - hit for hit in minimal_hitting_sets(proven)]
            new = self._first_enough(candidates)
            if new is None:
                break
            proven.append(self.shrunk(new))
        return sorted(proven, key=lambda one: (len(one), sorted(map(self.everything.index, one))))

    def shrunk(self, enough: Names) -> Names:
        """Return a minimal set within one that reaches it.

        Parameters
        ----------
        enough : frozenset of str
        """
        kept: Names = frozenset()
        rest = [name for name in self.everything if name in enough]
        while rest and not self.enough([kept])[0]:
            shortest = self._shortest(kept, rest)
            kept |= {rest[shortest - 1]}
            rest = rest[: shortest - 1]
        return kept

    def _first_enough(self, candidates: Sequence[Names]) -> Names | None:
        """Return the first candidate that reaches it; none are left where the search is over."""
        for start in range(0, len(candidates), _AT_ONCE + 1):
            part = candidates[start : start + _AT_ONCE + 1]
            if len(self.tried) >= self.effort:
                return None
            for one, able in zip(part, self.enough(part), strict=True):
                if able:
                    return one
        self.complete = True
        return None

    def _shortest(self, kept: Names, rest: Sequence[str]) -> int:
        """Return the length of the shortest prefix that reaches it beside what is kept."""
        low, high = 0, len(rest)
        while high - low > 1:
            steps = np.linspace(low, high, min(_AT_ONCE, high - low - 1) + 2).round().astype(int)
            cuts = [int(cut) for cut in steps[1:-1]]
            for cut, able in zip(
                cuts, self.enough([kept | {*rest[:cut]} for cut in cuts]), strict=True
            ):
                if able:
                    high = cut
                    break
                low = cut
        return high

    def _known(self, one: Names) -> bool | None:
        if any(one >= other for other in self.minimal):
            return True
        return False if any(one <= other for other in self.short) else None


def minimal_hitting_sets(sets: Iterable[Names]) -> list[Names]:
    """Return the smallest sets that share a member with each of some sets (Berge 1989).

    Parameters
    ----------
    sets : iterable of frozenset

    Examples
    --------
    >>> found = minimal_hitting_sets([frozenset("ab"), frozenset("bc")])
    >>> sorted("".join(sorted(one)) for one in found)
    ['ac', 'b']
    """
    found: list[Names] = [frozenset()]
    for one in sets:
        found = _least(hit | {name} for hit in found for name in sorted(hit & one or one))
    return found


def _least(sets: Iterable[Names]) -> list[Names]:
    """Return the sets of which no other is a part, the smallest first."""
    found: list[Names] = []
    for one in sorted(dict.fromkeys(sets), key=len):
        if not any(other <= one for other in found):
            found.append(one)
    return found


def coalitions(trials: PairedTrials, event: Event, to: float) -> Coalitions:
    """Return the least coalitions of changes that bring an event about often enough.

    Parameters
    ----------
    trials : PairedTrials
    event : str
        One of `sim.experiments.conditions.trials.EVENTS`.
    to : float
        The wanted share of worlds, in (0, 1].
    """
    names = tuple(trials.path.groups)
    whole = frozenset(names)
    as_drawn, able = _settings_tried(trials, [frozenset(), whole], event)
    now, most = float(as_drawn.mean()), float(able.mean())
    rows = np.flatnonzero(able)

    def shares(sets: Sequence[Names]) -> list[float]:
        return [float(one.mean()) for one in _settings_tried(trials, sets, event, rows)]

    without = shares([whole - {name} for name in names])
    order = [names[place] for place in np.argsort(without, kind="stable")]
    search = MinimalSetSearch(order, shares, to)
    search.enough([frozenset()])
    found = search.all_minimal() if now < to else [frozenset[str]()]
    needed = tuple(
        name
        for name, share in zip(names, without, strict=True)
        if share < to <= most and all(name in one for one in found)
    )
    return Coalitions(
        event=event,
        to=to,
        now=now,
        most=most,
        found=tuple(_confirmed(trials, found, event)),
        complete=search.complete or now >= to or most < to,
        necessary=needed if now < to else (),
        worlds=trials.worlds,
    )


def _settings_tried(
    trials: PairedTrials, sets: Sequence[Names], event: str, among: Ints | None = None
) -> list[Bools]:
    """Return in which worlds an event comes about with each set at its end.

    Worlds that are not among those given are left out: not even everything brings it about there.
    """
    settings = [dict.fromkeys(one, np.array(GONE)) for one in sets]
    rows = [] if among is None else [among] * len(sets)
    return [one[event] for one in trials.play(settings, among=rows)]


def _confirmed(trials: PairedTrials, found: Sequence[Names], event: str) -> list[Coalition]:
    """Return the sets with the share that they reach in worlds that the search has not seen."""
    fresh = PairedTrials(
        trials.scenario, trials.deal, _AGAIN * trials.worlds, trials.path, first=trials.worlds
    )
    names = tuple(trials.path.groups)
    tried = _settings_tried(fresh, found[:_CONFIRMED], event)
    result = []
    for place, one in enumerate(found):
        share = low = high = float("nan")
        if place < len(tried):
            share = float(tried[place].mean())
            ends = wilson_interval(np.array(int(tried[place].sum())), np.array(fresh.worlds))
            low, high = float(ends[0]), float(ends[1])
        result.append(Coalition(tuple(n for n in names if n in one), share, low, high))
    return result
