"""Let a public of many citizens support packages, each by a threshold of their own.

A citizen belongs to a segment with the segment's share as probability, and has a least acceptable
value drawn from the segment's distribution; with nobody talking to anybody, support is that of the
segments up to a sampling error of sqrt(S (1 - S) / N), and tends to it as N grows.
"""

from __future__ import annotations

import numpy as np

from sim.agents.segments import Segments
from sim.domain.draws import Draws
from sim.domain.public import Network, Updating
from sim.domain.side import Side
from sim.equations.opinion_dynamics import (
    NOBODY,
    count_at_most,
    mean_listened_to,
    mean_of_all_near,
    moved_towards,
    step_of,
)
from sim.quantities import Floats, Ints
from sim.randomness import Streams, purpose_key

_APART = 1e6
"""Distance between segments on the line on which citizens are ranked; no threshold in points
comes near a quarter of it."""


class Citizens:
    """A public as citizens, in every world of a block.

    Parameters
    ----------
    side : Side
        Its public says how many citizens there are.
    segments : Segments
        The calibrated segments.
    draws : Draws
    round_years : float
        Length of a round in years.
    """

    def __init__(self, side: Side, segments: Segments, draws: Draws, round_years: float) -> None:
        public = side.public
        count = public.citizens or 1
        streams, purpose = draws.streams, f"{side.stream}/citizens"
        luck = streams.uniforms(f"{purpose}/segment", slots=count)
        self.segment = _segment_of(luck, segments.shares)
        own = np.take_along_axis(segments.threshold, self.segment, axis=1)
        spread = np.take_along_axis(segments.spread, self.segment, axis=1)
        self.threshold = own + spread * streams.normals(f"{purpose}/threshold", slots=count)
        places = np.arange(segments.shares.shape[1])
        numbers = [(self.segment < place).sum(axis=1) for place in places]
        self._before = np.stack(numbers, axis=1)
        self._updating = public.updating
        self._neighbours = neighbours_of(public.network, count, streams.seed, purpose)
        self._step, self._confidence = _motion(public.updating, draws, round_years)
        self._rank()

    def support(self, worlds: np.ndarray, values: Floats, shift: Floats) -> Floats:
        """Return the share of citizens for whom packages are worth enough; see `Segments`."""
        rows, segments, packages = len(values), values.shape[1], values.shape[2]
        levels = np.clip(values + shift[:, None, :], -_APART / 4, _APART / 4)
        levels = levels + _APART * np.arange(segments)[None, :, None]
        reached = count_at_most(self._ranked[worlds], levels.reshape(rows, -1))
        agreed = reached.reshape(rows, segments, packages) - self._before[worlds][:, :, None]
        return np.asarray(agreed.sum(axis=1) / self.threshold.shape[1])

    def talk_it_over(self) -> None:
        """Let every citizen's threshold move towards those of others, for one round."""
        if self._updating.kind == "none":
            return
        if self._neighbours is None:
            target = mean_of_all_near(self.threshold, self._confidence)
        else:
            target = mean_listened_to(self.threshold, self._neighbours, self._confidence)
        self.threshold = moved_towards(self.threshold, target, self._step)
        self._rank()

    def _rank(self) -> None:
        inside = np.clip(self.threshold, -_APART / 4, _APART / 4)
        self._ranked = np.sort(inside + _APART * self.segment, axis=1)


def _segment_of(luck: Floats, shares: Floats) -> Ints:
    edges = np.cumsum(shares, axis=1)[:, :-1]
    return np.asarray((luck[:, :, None] >= edges[:, None, :]).sum(axis=2))


def _motion(updating: Updating, draws: Draws, round_years: float) -> tuple[Floats, Floats]:
    worlds = draws.streams.worlds
    speed = draws.of(updating.speed) if updating.speed else np.zeros(worlds)
    everybody = np.full(worlds, np.inf)
    heeded = updating.kind == "bounded_confidence" and updating.confidence is not None
    confidence = draws.of(updating.confidence) if heeded and updating.confidence else everybody
    return step_of(speed, round_years), confidence


def neighbours_of(network: Network, citizens: int, seed: int, purpose: str) -> Ints | None:
    """Return who listens to whom, the same in every world and block of a run.

    Parameters
    ----------
    network : Network
    citizens : int
    seed : int
        Of the run.
    purpose : str
        Name of the stream.

    Returns
    -------
    ndarray of int, shape (citizens, most neighbours), or None
        Places of neighbours, filled with `NOBODY`; None where everybody hears everybody.
    """
    if network.kind == "none" or network.rewiring is None:
        return None
    import networkx as nx

    luck = float(Streams(seed, 0, 1).uniforms(f"{purpose}/network")[0, 0])
    near = min(network.neighbours, citizens - 1)
    graph = nx.watts_strogatz_graph(
        citizens, near, network.rewiring.point, seed=purpose_key(f"{purpose}/{luck.hex()}")
    )
    links = np.array(graph.edges(), dtype=np.int64).reshape(-1, 2)
    return _table(np.concatenate([links, links[:, ::-1]]), citizens)


def _table(links: Ints, citizens: int) -> Ints:
    order = np.lexsort((links[:, 1], links[:, 0]))
    source, target = links[order].T
    degree = np.bincount(source, minlength=citizens)
    place = np.arange(len(source)) - np.repeat(np.cumsum(degree) - degree, degree)
    table = np.full((citizens, int(degree.max(initial=0))), NOBODY, dtype=np.int64)
    table[source, place] = target
    return table
