r"""Probability of rare events: subset simulation, and importance sampling on the sides' resolve.

Everything a world draws is a set of independent standard normal numbers z: declared numbers, luck
of preconditions and votes, shocks. *Subset simulation* climbs through levels :math:`b_1 < b_2 <
\dots` of a score of closeness and multiplies :math:`P(s \ge b_1) \prod_k P(s \ge b_{k+1} \mid s \ge
b_k)`, each factor about 0.2. Within a level worlds move in turn by conditional sampling,
:math:`z' = \rho z + \sqrt{1 - \rho^2}\,\epsilon`, and by drawing some of their numbers anew; moves
are kept where the score stays above the level, which leaves the conditional distribution as it is.
How far they go is fitted from level to level to the share of moves that are kept. The variance of
a factor is taken over the families of worlds that stem from one survivor, as these go together; to
be safe, what the ancestry of the event's worlds shows (few ancestors, little known) is added. Two
independent climbs are averaged, and their difference counts where it is the wider.

*Importance sampling* shifts the means of both sides' resolve to where the event's worlds were found
(the cross-entropy choice), in a mixture with a tenth of unshifted worlds, which bounds the weights.
It is played where the sides' numbers go with their resolve.

References
----------
S.-K. Au, J. L. Beck (2001). Estimation of small failure probabilities in high dimensions by subset
simulation. https://doi.org/10.1016/S0266-8920(01)00019-4
I. Papaioannou, W. Betz, K. Zwirglmaier, D. Straub (2015). MCMC algorithms for subset simulation.
https://doi.org/10.1016/j.probengmech.2015.06.006
A. Lee, N. Whiteley (2018). Variance estimation in the particle filter.
https://doi.org/10.1093/biomet/asy028
R. Y. Rubinstein, D. P. Kroese (2004). The Cross-Entropy Method. Springer, ch. 3.
A. Owen, Y. Zhou (2000). Safe and effective importance sampling.
https://doi.org/10.1080/01621459.2000.10473909
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from annotated_types import Ge, Lt
from scipy.special import ndtr, ndtri

from sim.agents.preconditions import absolute_at_start
from sim.domain.draws import Draws
from sim.domain.interest import ROLES
from sim.domain.scenario import Scenario
from sim.equations.statistics import CONFIDENCE, wilson_interval
from sim.experiments.conditions.closeness import ClosenessScores, scale_of, score
from sim.experiments.conditions.trials import events
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS, Bools, Floats, Ints
from sim.randomness import Streams

__all__ = [
    "LEAST",
    "Estimate",
    "LatentStreams",
    "Population",
    "RareEvent",
    "rare",
    "subset_simulation",
]

R = TypeVar("R")
LEAST = 1e-6
"""Probability below which the search stops, and only says so."""
_Amount = Annotated[float, Ge(0), Lt(np.inf)]
"""Finite, and checked where it is read."""
_KEPT = 0.2
"""Share of worlds that go on to the next level."""
_MOVES = 3
"""Moves of every world within a level."""
_SHAKES = 6
"""Moves of the event's worlds at the end, so that what does not matter is drawn anew."""
_CLIMBS = 2
"""Independent estimates that are averaged: how far they differ shows what one misses."""
_WANTED = 0.4
"""Share of moves that should be kept."""
_RESTING = 0.1
"""Part of unshifted worlds in the mixture of importance sampling."""
_PLAIN = 0.02
"""Probability from which on plain sampling does."""
_LOWEST = -np.inf
_BLOCKS = 2
"""Blocks of plain sampling, and of importance sampling."""
_Z = float(ndtri(0.5 + CONFIDENCE / 2.0))


@dataclass(frozen=True)
class Estimate:
    """A probability with its interval.

    Parameters
    ----------
    method : {"plain", "subset", "importance"}
    probability, low, high : float
        ``probability`` is 0 where nothing was found; then only ``high`` says something.
    effective : float
        Effective sample size: with so many independent hits plain sampling would know it as well.
    worlds : int
        Worlds that were played.
    """

    method: Literal["plain", "subset", "importance"]
    probability: _Amount
    low: _Amount
    high: _Amount
    effective: _Amount
    worlds: Annotated[int, Ge(0)]


@dataclass(frozen=True, eq=False)
class LatentStreams(Streams):
    """Random numbers that are made of normal numbers kept here; asked for the first time, drawn.

    Parameters
    ----------
    prior : Streams
        What is drawn where nothing is kept.
    kept : dict of (purpose, round) to ndarray, shape (worlds, slots)
        Standard normal numbers.
    near : LatentStreams, optional
        Worlds that these are moves from.
    rho, anew : float
        Of each number that moves, the correlation with what it was; the share of numbers that move.
    """

    prior: Streams = field(default_factory=lambda: Streams(0, 0, 1))
    kept: dict[tuple[str, int], Floats] = field(default_factory=dict)
    near: LatentStreams | None = None
    rho: float = 0.0
    anew: float = 1.0

    def __hash__(self) -> int:
        """Tell streams apart by what they are, as they change."""
        return id(self)

    def uniforms(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return uniform numbers, shape (worlds, slots)."""
        return np.asarray(ndtr(self.normals(purpose, round_=round_, slots=slots)))

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return standard normal numbers, shape (worlds, slots)."""
        key = purpose, round_
        known = self.kept.get(key, np.empty((self.worlds, 0)))
        if known.shape[1] < slots:
            fresh = self._fresh(purpose, round_, slots)[:, known.shape[1] :]
            known = self.kept[key] = np.hstack([known, fresh])
        return known[:, :slots]

    def _fresh(self, purpose: str, round_: int, slots: int) -> Floats:
        drawn = self.prior.normals(purpose, round_=round_, slots=slots)
        if self.near is None:
            return drawn
        before = self.near.normals(purpose, round_=round_, slots=slots)
        moved = self.rho * before + np.sqrt(1.0 - self.rho**2) * drawn
        if self.anew >= 1.0:
            return np.asarray(moved)
        chosen = self.prior.normals(f"moves/{purpose}", round_=round_, slots=slots)
        return np.where(chosen < ndtri(self.anew), moved, before)


@dataclass
class Population:
    """Worlds above a level, and what they drew.

    Parameters
    ----------
    latent : LatentStreams
    scores : ClosenessScores
    family, root : ndarray of int, shape (worlds,)
        From which survivor of the level below, and from which world of the lowest, a world stems.
    """

    latent: LatentStreams
    scores: ClosenessScores
    family: Ints
    root: Ints

    def chosen(self, rows: Ints) -> Population:
        """Return some worlds, in any order and more than once; each survivor founds a family."""
        kept = {key: values[rows] for key, values in self.latent.kept.items()}
        prior = _Chosen(self.latent.seed, 0, len(rows), whole=self.latent.prior, rows=rows)
        latent = LatentStreams(self.latent.seed, 0, len(rows), prior=prior, kept=kept)
        return Population(latent, _rows(self.scores, rows), rows.copy(), self.root[rows])

    def accept(self, moved: LatentStreams, scores: ClosenessScores, level: float) -> float:
        """Keep the moves that stay at or above a level, and return their share."""
        ok = scores.score >= level
        for key, values in moved.kept.items():
            width = values.shape[1]
            before = self.latent.normals(key[0], round_=key[1], slots=width)
            self.latent.kept[key] = np.where(ok[:, None], values, before)
        self.scores = ClosenessScores(
            np.where(ok, scores.event, self.scores.event),
            np.where(ok, scores.score, self.scores.score),
        )
        return float(ok.mean())


@dataclass(frozen=True, eq=False)
class _Chosen(Streams):
    """Numbers of chosen worlds of others, for what these have not been asked for yet."""

    whole: Streams = field(default_factory=lambda: Streams(0, 0, 1))
    rows: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))

    def __hash__(self) -> int:
        return id(self)

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        return self.whole.normals(purpose, round_=round_, slots=slots)[self.rows]


@dataclass(frozen=True, eq=False)
class _Joined(Streams):
    """Numbers of the worlds of several streams, one after the other."""

    parts: tuple[Streams, ...] = ()

    def __hash__(self) -> int:
        return id(self)

    def uniforms(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        return np.vstack(
            [part.uniforms(purpose, round_=round_, slots=slots) for part in self.parts]
        )

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        return np.vstack([part.normals(purpose, round_=round_, slots=slots) for part in self.parts])


def _rows(scores: ClosenessScores, rows: Ints | slice) -> ClosenessScores:
    return ClosenessScores(scores.event[rows], scores.score[rows])


Played = Callable[[Streams], ClosenessScores]
"""Plays the worlds of some streams and returns how close they came."""


def subset_simulation(
    played: Played, seed: int, worlds: int = BLOCK_WORLDS
) -> tuple[Estimate, Population | None]:
    """Return the probability of an event by subset simulation, and worlds in which it comes about.

    Parameters
    ----------
    played : callable
    seed : int
    worlds : int
        In each level; at most 1,024.

    Returns
    -------
    estimate : Estimate
    population : Population or None
        None where the event was not found.
    """
    climbs = [_Climb(seed + turn, worlds) for turn in range(_CLIMBS)]
    _play_together(played, [climb.rise() for climb in climbs])
    estimate = _together([climb.estimate() for climb in climbs])
    best = max(climbs, key=lambda climb: climb.probability if climb.found else 0.0)
    (population,) = _play_together(played, [best.shaken()])
    return estimate, population


Asks: TypeAlias = Generator[LatentStreams, ClosenessScores, R]
"""Yields worlds, is told how close they came, and returns something in the end."""


def _play_together(played: Played, asking: Sequence[Asks[R]]) -> list[R]:
    """Play what several ask for side by side, and return what each makes of it.

    Most of a model of a few hundred worlds takes no longer for twice as many.
    """
    result: dict[int, R] = {}
    told: dict[int, ClosenessScores | None] = dict.fromkeys(range(len(asking)))
    while told:
        wanted: dict[int, LatentStreams] = {}
        for place, scores in told.items():
            try:
                wanted[place] = (
                    next(asking[place]) if scores is None else asking[place].send(scores)
                )
            except StopIteration as end:
                result[place] = end.value
        told = dict(zip(wanted, _played_apart(played, list(wanted.values())), strict=True))
    return [result[place] for place in range(len(asking))]


def _played_apart(played: Played, asked: Sequence[LatentStreams]) -> list[ClosenessScores]:
    """Return how close the worlds of each streams came, played in one model."""
    if len(asked) < 2:
        return [played(each) for each in asked]
    ends = np.cumsum([each.worlds for each in asked])
    whole = played(_Joined(asked[0].seed, 0, int(ends[-1]), parts=tuple(asked)))
    return [
        _rows(whole, slice(int(end) - each.worlds, int(end)))
        for each, end in zip(asked, ends, strict=True)
    ]


def _together(climbs: Sequence[Estimate]) -> Estimate:
    """Return the mean of independent estimates; their difference counts where it is the wider."""
    many, worlds = len(climbs), sum(one.worlds for one in climbs)
    each = np.array([one.probability for one in climbs])
    probability = float(each.mean())
    if not probability:
        return Estimate("subset", 0.0, 0.0, max(one.high for one in climbs), 0.0, worlds)
    within = sum(one.probability**2 / one.effective for one in climbs if one.probability)
    relative = max(within / many**2, float(each.var(ddof=1)) / many) / probability**2
    reach = float(np.exp(_Z * np.sqrt(relative)))
    high = min(probability * reach, 1.0)
    return Estimate("subset", probability, probability / reach, high, 1.0 / relative, worlds)


class _Climb:
    """Subset simulation, level by level.

    What it has to know of worlds it asks for; see `_play_together`.
    """

    def __init__(self, seed: int, worlds: int) -> None:
        self.seed, self.worlds = seed, worlds
        self.now: Population
        self.probability, self.variance, self.plays, self.levels = 1.0, 0.0, 1, 0
        self.over = self.found = False
        self.turn = 0
        self.far = [0.8, 0.2]

    def rise(self) -> Asks[None]:
        """Go from level to level, as near to the event as there is a way."""
        seed, worlds, roots = self.seed, self.worlds, np.arange(self.worlds)
        latent = LatentStreams(seed, 0, worlds, prior=Streams(seed, 0, worlds))
        self.now = Population(latent, (yield latent), roots, roots)
        while not self.over:
            yield from self._rise_a_level()

    def _rise_a_level(self) -> Asks[None]:
        """Go on to the next level, or to the event where that is near enough."""
        scores = self.now.scores
        level = _next_level(scores.score)
        rarer = self.probability * _KEPT < LEAST
        self.over = np.isinf(level) or rarer or float(scores.event.mean()) >= _KEPT
        above = scores.event if self.over else scores.score >= level
        if not above.any():
            return
        self.found = self.over
        self.probability *= float(above.mean())
        self.variance += _relative_variance(above, self.now.family)
        self.levels += 1
        survivors = np.flatnonzero(above)
        if not self.over:
            self.now = self.now.chosen(survivors[np.arange(self.worlds) % len(survivors)])
            yield from self._move(level)

    def _move(self, level: float) -> Asks[None]:
        kept: list[list[float]] = [[], []]
        for _ in range(_MOVES):
            kind = self.turn % 2
            kept[kind].append((yield from self._moved(self.now, level, kind)))
        for kind, (share, towards) in enumerate(zip(kept, (-1.0, 1.0), strict=True)):
            by = towards * 0.25 * (float(np.mean(share or [_WANTED])) - _WANTED)
            self.far[kind] = float(np.clip(self.far[kind] + by, 0.05, 0.98))

    def _moved(self, population: Population, level: float, kind: int) -> Asks[float]:
        """Move worlds, and return the share of moves that are kept."""
        self.turn, self.plays = self.turn + 1, self.plays + 1
        many = population.latent.worlds
        prior = _Named(self.seed, 0, many, word=f"conditions/{self.turn}/")
        rho, anew = (self.far[0], 1.0) if kind == 0 else (0.0, self.far[1])
        near = population.latent
        moved = LatentStreams(self.seed, 0, many, prior=prior, near=near, rho=rho, anew=anew)
        return population.accept(moved, (yield moved), level)

    def estimate(self) -> Estimate:
        """Return the probability of the event, or how low it must be."""
        size = self.plays * self.worlds
        if not self.found:
            most = float(wilson_interval(np.array(0), np.array(self.worlds))[1])
            return Estimate("subset", 0.0, 0.0, self.probability * most, 0.0, size)
        ancestral = _ancestral_variance(self.now, self.levels)
        variance = max(self.variance + ancestral, 1.0 / size)
        reach = float(np.exp(_Z * np.sqrt(variance)))
        low, high = self.probability / reach, min(self.probability * reach, 1.0)
        effective = 1.0 / variance
        return Estimate("subset", self.probability, low, high, effective, size)

    def shaken(self) -> Asks[Population | None]:
        """Return the event's worlds, with what does not matter drawn anew."""
        if not self.found:
            return None
        population = self.now.chosen(np.flatnonzero(self.now.scores.event))
        for _ in range(_SHAKES):
            yield from self._moved(population, np.inf, kind=1)
        return population


def _next_level(scores: Floats) -> float:
    """Return the score that the upper fifth reaches; above the least where half are equal to it."""
    level = float(np.quantile(scores, 1.0 - _KEPT, method="higher"))
    least = float(scores.min())
    if level > least or np.isinf(level):
        return level
    above = scores[scores > least]
    return float(above.min()) if len(above) else _LOWEST


def _relative_variance(above: Bools, family: Ints) -> float:
    """Return the relative variance of a share, of worlds that go together in families."""
    share = float(above.mean())
    families = np.unique(family, return_inverse=True)[1].reshape(-1)
    sums = np.bincount(families, weights=above - share)
    return float((sums**2).sum()) / (len(above) * share) ** 2


def _ancestral_variance(population: Population, levels: int) -> float:
    """Return the relative variance that the event's ancestry shows (Lee & Whiteley 2018)."""
    many = population.latent.worlds
    counts = np.bincount(population.root[population.scores.event])
    together = float(((counts / counts.sum()) ** 2).sum())
    return float(1.0 - (many / (many - 1.0)) ** levels * (1.0 - together))


@dataclass(frozen=True)
class _Named(Streams):
    """Streams whose purposes begin with a word."""

    word: str = ""

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        return super().normals(self.word + purpose, round_=round_, slots=slots)


@dataclass(frozen=True)
class Portrait:
    """What the worlds of an event look like: a number that is not as it is declared.

    Parameters
    ----------
    key : str
        Dotted key of a number; of a precondition, whether it is absolute.
    declared, found : float
        Mean over all worlds, and over those of the event.
    shift : float
        Their difference in standard deviations over all worlds.
    """

    key: str
    declared: float
    found: float
    shift: float


@dataclass(frozen=True)
class RareEvent:
    """How probable an event is, and what its worlds look like.

    Parameters
    ----------
    event : str
    estimates : tuple of Estimate
        By every method that was used, plain sampling first.
    portrait : tuple of Portrait
        What differs most, first; empty where no world of the event was found.
    worlds : DataFrame, optional
        A row per world, of the event and without it: its numbers, whether the event comes about
        (`happens`), and how much it counts (`weight`); absent where none was found.
    """

    event: str
    estimates: tuple[Estimate, ...]
    portrait: tuple[Portrait, ...]
    worlds: pd.DataFrame | None = field(default=None, repr=False, compare=False)

    @property
    def best(self) -> Estimate:
        """Return the estimate that knows most; if nothing was found, that with the lowest end."""
        known = max(self.estimates, key=lambda one: one.effective)
        return known if known.effective else min(self.estimates, key=lambda one: one.high)


def rare(scenario: Scenario, deal: str, event: str, worlds: int = BLOCK_WORLDS) -> RareEvent:
    """Return the probability of an event in a structure, however rare, down to `LEAST`.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    event : str
        One of `sim.experiments.conditions.trials.EVENTS`.
    worlds : int
        In each level of subset simulation; at most 1,024.
    """
    scale = scale_of(TalksModel(scenario, deal, worlds=min(worlds, 256)))

    def played(streams: Streams) -> ClosenessScores:
        return score(_model(scenario, deal, streams), event, scale)

    plain, population, first = _plain(scenario, deal, event)
    found = [plain]
    if plain.probability < _PLAIN:
        subset, population = subset_simulation(played, scenario.seed, worlds)
        found.append(subset)
        if population is not None and scenario.dependence != "independent":
            found.append(_importance(scenario, deal, event, population))
    if population is None:
        return RareEvent(event, tuple(found), ())
    everywhere = _looks(scenario, Streams(scenario.seed, 0, _LOOKS))
    there = _looks(scenario, population.latent)
    result = RareEvent(event, tuple(found), tuple(_portrait(everywhere, there)))
    return replace(result, worlds=_weighed(everywhere, there, ~first, result.best.probability))


def _weighed(
    everywhere: dict[str, Floats], there: dict[str, Floats], without: Bools, probability: float
) -> pd.DataFrame:
    """Return worlds of an event and worlds without it, that count as often as they come."""
    of_event = pd.DataFrame(there)
    of_event = of_event.assign(happens=1.0, weight=probability / max(len(of_event), 1))
    others = pd.DataFrame(everywhere)[without]
    others = others.assign(happens=0.0, weight=(1.0 - probability) / max(int(without.sum()), 1))
    return pd.concat([of_event, others], ignore_index=True)


def _model(scenario: Scenario, deal: str, streams: Streams) -> TalksModel:
    return TalksModel(
        scenario, deal, worlds=streams.worlds, draws=lambda case, _: Draws(case, streams)
    )


def _came(scenario: Scenario, deal: str, event: str, streams: Streams) -> Bools:
    model = _model(scenario, deal, streams)
    model.run()
    return events(model)[event]


def _plain(scenario: Scenario, deal: str, event: str) -> tuple[Estimate, Population | None, Bools]:
    """Return the share in plain worlds, the worlds of the event, and which these are."""
    seed, size, worlds = scenario.seed, BLOCK_WORLDS, _BLOCKS * BLOCK_WORLDS
    came = _came(scenario, deal, event, Streams(seed, 0, worlds))
    hits = int(came.sum())
    low, high = (float(end) for end in wilson_interval(np.array(hits), np.array(worlds)))
    estimate = Estimate("plain", hits / worlds, low, high, float(hits), worlds)
    first = came[:size]
    if not first.any():
        return estimate, None, first
    latent = LatentStreams(seed, 0, size, prior=Streams(seed, 0, size))
    places = np.arange(size)
    whole = Population(latent, ClosenessScores(first, first.astype(np.float64)), places, places)
    return estimate, whole.chosen(np.flatnonzero(first)), first


@dataclass(frozen=True)
class _Shifted(Streams):
    """Streams in which some normal numbers have other means, but for a tenth of each block."""

    shift: tuple[tuple[str, float], ...] = ()

    def uniforms(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        return np.asarray(ndtr(self.normals(purpose, round_=round_, slots=slots)))

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        drawn = super().normals(f"conditions/importance/{purpose}", round_=round_, slots=slots)
        mean = dict(self.shift).get(purpose, 0.0)
        resting = np.arange(self.worlds) % BLOCK_WORLDS < _RESTING * BLOCK_WORLDS
        return drawn + np.where(resting, 0.0, mean)[:, None]

    def weights(self) -> Floats:
        """Return the density of what was drawn over that of the mixture it was drawn from."""
        ratio = np.zeros(self.worlds)
        for purpose, mean in self.shift:
            ratio += mean * self.normals(purpose)[:, 0] - mean**2 / 2.0
        return np.asarray(1.0 / (_RESTING + (1.0 - _RESTING) * np.exp(ratio)))


def _importance(scenario: Scenario, deal: str, event: str, found: Population) -> Estimate:
    """Return the probability by shifting both sides' resolve to where the event's worlds are."""
    names = [f"{scenario.side(role).stream}/resolve" for role in ROLES]
    shift = tuple((name, float(found.latent.normals(name).mean())) for name in names)
    streams = _Shifted(scenario.seed, 0, 2 * _BLOCKS * BLOCK_WORLDS, shift=shift)
    return weighted_estimate(streams.weights() * _came(scenario, deal, event, streams))


def weighted_estimate(weighted: Floats) -> Estimate:
    """Return a probability from weights of worlds of the event, 0 for all others.

    Parameters
    ----------
    weighted : ndarray, shape (worlds,)

    Examples
    --------
    >>> found = weighted_estimate(np.array([0.01] * 64 + [0.0] * 64))
    >>> round(found.probability, 4), round(found.effective)
    (0.005, 128)
    """
    worlds = len(weighted)
    probability = float(weighted.mean())
    if not probability:
        return Estimate("importance", 0.0, 0.0, 1.0, 0.0, worlds)
    relative = float(weighted.std()) / probability / np.sqrt(worlds)
    reach = float(np.exp(_Z * relative))
    high = min(probability * reach, 1.0)
    effective = 1.0 / relative**2 if relative else float(worlds)
    return Estimate("importance", probability, probability / reach, high, effective, worlds)


_LOOKS = BLOCK_WORLDS
_TELLING = 0.3
"""Shift from which on a number is told, in standard deviations."""


def _portrait(everywhere: dict[str, Floats], there: dict[str, Floats]) -> list[Portrait]:
    """Return what differs most between worlds of an event and all worlds."""
    found = []
    for key, values in everywhere.items():
        mean, spread = float(values.mean()), float(values.std())
        shift = (float(there[key].mean()) - mean) / spread if spread else 0.0
        found.append(Portrait(key, mean, float(there[key].mean()), shift))
    found.sort(key=lambda one: -abs(one.shift))
    return [one for one in found if abs(one.shift) >= _TELLING]


def _looks(scenario: Scenario, streams: Streams) -> dict[str, Floats]:
    """Return all uncertain numbers of some worlds, and which preconditions are absolute."""
    draws = Draws(scenario, streams)
    found = {key: draws.of(item) for key, item in scenario.quantities() if item.is_uncertain}
    for role in ROLES:
        for name, absolute in absolute_at_start(scenario.side(role), draws).items():
            found[f"{role.value}.preconditions.{name}"] = absolute.astype(np.float64)
    return found
