"""Publics of segments or of single citizens: opinions, support, backlash, goodwill and polls.

A citizen belongs to a segment with the segment's share as probability, and has a least acceptable
value drawn from the segment's distribution; with nobody talking to anybody, support is that of the
segments up to a sampling error of sqrt(S (1 - S) / N), and tends to it as N grows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import mesa
import numpy as np

from sim.agents.valuation import Features, firsts, lasting_alike, measure, weights_on
from sim.domain.deal import Stage
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import Role, features, interest_of
from sim.domain.package import tabulate
from sim.domain.public import Approval, Choice, Cues, Network, Updating
from sim.domain.public import Public as PublicConfig
from sim.domain.side import Side
from sim.equations.opinion_dynamics import (
    NOBODY,
    count_at_most,
    mean_listened_to,
    mean_of_all_near,
    moved_towards,
    step_of,
)
from sim.equations.public_support import calibrating_shift, half_life_factor, support
from sim.equations.ratings import push
from sim.equations.utility import additive_utility, utility_of_each
from sim.memo import Memo, memoize_by_identity
from sim.quantities import EVERYONE, Bools, Cells, Floats, Ints, Rows
from sim.randomness import Streams, purpose_key


@dataclass(frozen=True)
class Opinions:
    """A public's lasting opinion of the packages of one table.

    Many packages look the same to a public, so opinions are kept for distinct ones only.

    Parameters
    ----------
    weights : ndarray, shape (worlds, segments, features)
        Points.
    features : ndarray, shape (distinct packages, features)
    concession : ndarray, shape (distinct packages,)
        How much of a concession by the public's side, in [0, 1].
    column : ndarray of int, shape (packages,)
        The distinct package that each package looks like.
    """

    weights: Floats
    features: Floats
    concession: Floats
    column: Ints

    @cached_property
    def values(self) -> Floats:
        """Return each segment's values, in points, shape (worlds, segments, distinct packages)."""
        return _values(self.weights, self.features)

    def at(self, worlds: Rows, distinct: Ints) -> Floats:
        """Return each segment's value of one distinct package in each of some worlds.

        Nodes that no world reaches are looked at in few places, for which not all is worked out.

        Parameters
        ----------
        worlds : ndarray of int, or slice
        distinct : ndarray of int, shape (rows,)

        Returns
        -------
        ndarray, shape (rows, segments)
        """
        known = "values" in self.__dict__
        if known or _FEW * len(distinct) > len(self.weights) * len(self.features):
            return np.asarray(self.values[worlds, :, distinct])
        return utility_of_each(self.weights[worlds], self.features[distinct][:, None, :])

    @cached_property
    def highest(self) -> Floats:
        """Return each segment's highest value of any package, shape (worlds, segments)."""
        return _highest(self.values)

    @cached_property
    def lowest(self) -> Floats:
        """Return each segment's lowest value of any package, shape (worlds, segments)."""
        return _over_packages(np.minimum, self.values)


def _over_packages(pick: np.ufunc, values: Floats) -> Floats:
    """Reduce the last axis; many short lines take far longer than a few long ones."""
    lines = np.ascontiguousarray(values.reshape(-1, values.shape[2]).T)
    return np.asarray(pick.reduce(lines).reshape(values.shape[:2]))


@memoize_by_identity
def _highest(values: Floats) -> Floats:
    return _over_packages(np.maximum, values)


_FEW = 64
"""Where more than one value in so many is asked for, all are worked out; no result hangs on it."""
_TINY = 1e-9
_GLANCE = 64
"""Worlds that are looked at to find a likely package; no result depends on it."""


@dataclass(frozen=True)
class Segments:
    """A public as segments with normally distributed thresholds.

    Parameters
    ----------
    shares, threshold, spread : ndarray, shape (worlds, segments)
        Shares (add to 1), mean least acceptable value and its spread, in points.
    """

    shares: Floats
    threshold: Floats
    spread: Floats

    def support(self, worlds: Rows, values: Floats, shift: Floats) -> Floats:
        """Return support in some worlds.

        Parameters
        ----------
        worlds : ndarray of int, or slice
            Which worlds.
        values : ndarray, shape (len(worlds), segments, packages)
            Segments' values of packages, in points.
        shift : ndarray, shape (len(worlds), packages)
            What moves all alike, in points.

        Returns
        -------
        ndarray, shape (len(worlds), packages)
        """
        shares, threshold = self.shares[worlds], self.threshold[worlds]
        return support(shares, values, shift, threshold, self.spread[worlds])

    def update_opinions(self) -> None:
        """Do nothing: segments do not talk to each other."""


def segments_of(public: PublicConfig, draws: Draws) -> Segments:
    """Return a public's segments, before calibration."""
    described = public.segments.values()
    return Segments(
        shares=_shares(public, draws),
        threshold=_together(*(draws.of(item.threshold) for item in described)),
        spread=_together(*(draws.of(item.spread) for item in described)),
    )


def calibrated(
    form: Segments, public: PublicConfig, value: Floats | None, draws: Draws
) -> Segments:
    """Return segments whose thresholds all moved so that they answer the calibration question.

    The undecided are apart: of those who have an opinion, (1 - undecided - opposition) /
    (1 - undecided) are in favour.

    Parameters
    ----------
    form : Segments
    public : Public
        Its `opposition` and `undecided`; without opposition nothing moves.
    value : ndarray, shape (worlds, segments), optional
        Segments' values of the package asked about, in points; none where no poll calibrates.
    draws : Draws
    """
    if public.opposition is None or value is None:
        return form
    opposed = draws.of(public.opposition)
    undecided = draws.of(public.undecided) if public.undecided else np.zeros_like(opposed)
    decided = np.maximum(1.0 - undecided, _TINY)
    target = np.clip((decided - opposed) / decided, _TINY, 1.0 - _TINY)
    shift = calibrating_shift(target, form.shares, value, form.threshold, form.spread)
    return replace(form, threshold=_raised(form.threshold, shift))


def _shares(public: PublicConfig, draws: Draws) -> Floats:
    said = [item.share for item in public.segments.values()]
    places = tuple(place for place, share in enumerate(said) if not isinstance(share, str))
    known = [draws.of(share) for share in said if not isinstance(share, str)]
    return _filled_up((draws.streams.worlds, len(said)), places, *known)


@memoize_by_identity
def _filled_up(shape: tuple[int, int], places: tuple[int, ...], *known: Floats) -> Floats:
    """Return shares of which the places that are left out share the rest: each has it whole.

    Returns
    -------
    ndarray, shape (worlds, segments)
    """
    total = np.sum(known, axis=0) if known else np.zeros(shape[0])
    result = np.repeat(np.maximum(1.0 - total, 0.0)[:, None], shape[1], axis=1)
    for place, share in zip(places, known, strict=True):
        result[:, place] = share
    return result


@memoize_by_identity
def _raised(threshold: Floats, shift: Floats) -> Floats:
    return threshold + shift[:, None]


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
        self.first_threshold, self._updating = self.threshold, public.updating
        self._neighbours = neighbours_of(public.network, count, streams.seed, purpose)
        self._step, self._confidence = _motion(public.updating, draws, round_years)
        self._rank()

    def support(self, worlds: Rows, values: Floats, shift: Floats) -> Floats:
        """Return the share of citizens for whom packages are worth enough; see `Segments`."""
        rows, segments, packages = len(values), values.shape[1], values.shape[2]
        levels = np.clip(values + shift[:, None, :], -_APART / 4, _APART / 4)
        levels = levels + _APART * np.arange(segments)[None, :, None]
        reached = count_at_most(self._ranked[worlds], levels.reshape(rows, -1))
        agreed = reached.reshape(rows, segments, packages) - self._before[worlds][:, :, None]
        return np.asarray(agreed.sum(axis=1) / self.threshold.shape[1])

    def update_opinions(self) -> None:
        """Let every citizen's threshold move towards those of others, for one round."""
        if self._updating.kind == "none":
            return
        if self._neighbours is None:
            target = mean_of_all_near(self.threshold, self._confidence)
        else:
            target = mean_listened_to(self.threshold, self._neighbours, self._confidence)
        self.threshold = moved_towards(self.threshold, target, self._step)
        self._rank()

    def resume(self, earlier: Citizens) -> None:
        """Go on from thresholds that have moved; what is drawn otherwise here moves on from there.

        Parameters
        ----------
        earlier : Citizens
            The same ones.
        """
        moved = self.threshold + (earlier.threshold - earlier.first_threshold)
        alike = self.threshold == earlier.first_threshold
        self.threshold = np.where(alike, earlier.threshold, moved)
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


class Public(mesa.Agent):
    """A side's public in every world of a block.

    It is composed of segments, or of citizens where the side's `public.citizens` says how many.

    Parameters
    ----------
    model : mesa.Model
    role : Role
    side : Side
    dispute : Dispute
    draws : Draws
    round_years : float
        Length of a round in years.

    Attributes
    ----------
    is_segmented : bool
        Whether support is the segments' formula, which compiled code may work out itself.
    shares, threshold, spread : ndarray, shape (worlds, segments)
        The calibrated segments.
    backlash, goodwill : ndarray, shape (worlds,)
        Points.
    campaign_cost : ndarray, shape (worlds,), optional
        Points of approval that a campaign costs the leader; absent, nobody campaigns.
    campaign : ndarray, shape (worlds,)
        Level of the last campaign that is not forgotten, in [0, 1].
    """

    def __init__(
        self,
        model: mesa.Model,
        role: Role,
        side: Side,
        dispute: Dispute,
        draws: Draws,
        round_years: float,
    ) -> None:
        super().__init__(model)
        self.role, self._side, self._dispute, self._draws = role, side, dispute, draws
        public = side.public
        self._phi = draws.of(public.frame_factor or side.preferences.frame_factor)
        self.segments = list(public.segments.values())
        self._known: dict[bytes, Opinions] = {}
        plain = segments_of(public, draws)
        poll = public.polls.get(public.calibration or "")
        asked = self.answer(poll.package) if isinstance(poll, Approval) else None
        form = calibrated(plain, public, asked, draws)
        self.shares, self.threshold, self.spread = form.shares, form.threshold, form.spread
        self.is_segmented = public.citizens is None
        self._crowd = form if self.is_segmented else Citizens(side, form, draws, round_years)
        self._advocacy = draws.of(public.advocacy)
        self._neutral = draws.of(public.neutral_approval)
        self._follow(public.cues if draws.scenario.environment.cues.enabled else None, round_years)
        self._growth = draws.of(public.backlash.growth) * round_years
        self._fading = half_life_factor(draws.of(public.backlash.half_life_years), round_years)
        self._gain = draws.of(public.goodwill.gain) * round_years
        self._cooling = half_life_factor(draws.of(public.goodwill.half_life_years), round_years)
        self.backlash = np.zeros(draws.streams.worlds)
        self.goodwill = np.zeros(draws.streams.worlds)

    def _follow(self, cues: Cues | None, round_years: float) -> None:
        """Take up how leaders move the public in spreads, if they do."""
        draw, nothing = self._draws.of, np.zeros(self._draws.streams.worlds)
        self._cue = draw(cues.advocacy) if cues else None
        campaign = cues.campaign if cues else None
        self.campaign_cost = draw(campaign.cost) if campaign else None
        self._effect = draw(campaign.effect) if campaign else nothing
        half_life = draw(campaign.half_life_years) if campaign else nothing
        self._forgetting = half_life_factor(half_life, round_years)
        self.campaign = nothing.copy()
        self._unmoved = np.zeros((2, len(nothing)))

    def resume(self, earlier: Public) -> None:
        """Go on from what has moved the same public so far."""
        self.backlash, self.goodwill = earlier.backlash.copy(), earlier.goodwill.copy()
        self.campaign = earlier.campaign.copy()
        if isinstance(self._crowd, Citizens) and isinstance(earlier._crowd, Citizens):
            self._crowd.resume(earlier._crowd)

    def opinions(self, item: Features) -> Opinions:
        """Return what the segments think of the packages of a table, one for tables alike."""
        looks = _looks(item.values, item.concession, self._cared)
        key = looks.tobytes()
        if key not in self._known:
            column = lasting_alike(looks)
            first = firsts(column)
            seen = _some(item.values, tuple(first.tolist()))
            self._known[key] = Opinions(self._weights, seen, item.concession[first], column)
        return self._known[key]

    def support(
        self, opinions: Opinions, cells: Cells, approval: Floats, campaigns: Bools | None = None
    ) -> Floats:
        """Return present support for packages that the leader advocates.

        Parameters
        ----------
        opinions : Opinions
        cells : Cells
        approval : ndarray, shape (worlds,)
            The leader's approval, percent.
        campaigns : ndarray of bool, shape (rows, packages) or (rows,), optional
            For which packages the leader campaigns; absent, for none.

        Returns
        -------
        ndarray, shape (rows, packages) or (rows,)
            Shares in [0, 1].
        """
        worlds = cells.worlds
        if cells.packages is None:
            values, conceded = opinions.values[worlds], opinions.concession[None, :]
        else:
            distinct = opinions.column[cells.packages]
            values = opinions.at(worlds, distinct)[:, :, None]
            conceded = opinions.concession[distinct][:, None]
        advocacy_shift = self.advocacy_shift(worlds, approval[worlds])
        shift = advocacy_shift[:, None] - self.backlash[worlds, None] * conceded
        column = opinions.column if cells.packages is None else 0
        if self._cue is None:
            return self._crowd.support(worlds, values, shift)[:, column]
        spread, by = self.spread[worlds][:, :, None], self.push(worlds, approval[worlds], False)
        with_one = by if campaigns is None else self.push(worlds, approval[worlds], True)
        if cells.packages is not None and campaigns is not None:
            by = np.where(campaigns, with_one, by)
        without = self._crowd.support(worlds, values + spread * by[:, None, None], shift)[:, column]
        if cells.packages is not None or campaigns is None:
            return without
        pushed = values + spread * with_one[:, None, None]
        return np.where(campaigns, self._crowd.support(worlds, pushed, shift)[:, column], without)

    def likeliest(self, opinions: Opinions) -> int:
        """Return a package with nearly the most support in most worlds, by a look at some."""
        backlash = self.backlash[:_GLANCE].mean()
        liked = opinions.values[:_GLANCE].mean(axis=(0, 1)) - backlash * opinions.concession
        return int(np.argmax(opinions.column == liked.argmax()))

    def most_support(self, opinions: Opinions, worlds: Rows, approval: Floats) -> Floats:
        """Return support that no package exceeds, by each segment's best one, shape (rows,).

        Parameters
        ----------
        opinions : Opinions
        worlds : ndarray of int, or slice
        approval : ndarray, shape (worlds,)
            The leader's, percent.
        """
        if self._cue is not None:
            return np.ones(len(approval[worlds]))
        least = opinions.concession.min() * self.backlash[worlds]
        shift = self.advocacy_shift(worlds, approval[worlds]) - least
        return self._crowd.support(worlds, opinions.highest[worlds][:, :, None], shift[:, None])[
            :, 0
        ]

    def push(self, worlds: Rows, approval: Floats, full: bool) -> Floats:
        """Return by how many of their spreads advocacy and campaigns move all segments.

        Parameters
        ----------
        worlds : ndarray of int, or slice
        approval : ndarray, shape (rows,)
            The leader's, percent.
        full : bool
            Whether the leader campaigns now; else what is not forgotten of the last one moves.
        """
        if self._cue is None:
            return np.zeros(len(approval))
        level = np.ones(len(approval)) if full else self.campaign[worlds]
        return push(self._cue[worlds], approval, self._neutral[worlds], self._effect[worlds], level)

    def advocacy_shift(self, worlds: Rows, approval: Floats) -> Floats:
        """Return by how much advocacy and goodwill move all segments, in points."""
        if self._cue is not None:  # advocacy moves them by their spreads
            return np.asarray(self.goodwill[worlds])
        advocated = self._advocacy[worlds] * (approval - self._neutral[worlds])
        return np.asarray(advocated + self.goodwill[worlds])

    def moved_by(self, approval: Floats) -> tuple[Floats, Floats]:
        """Return what moves all segments in all worlds: `advocacy_shift` and `push`.

        Returns
        -------
        pair of ndarray, shape (worlds,) and (2, worlds)
            Points; spreads without a campaign and with one.
        """
        points = self.advocacy_shift(EVERYONE, approval)
        if self._cue is None:
            return points, self._unmoved
        return points, np.array([self.push(EVERYONE, approval, full) for full in (False, True)])

    def move(self, concession: Floats, delivered: Floats) -> None:
        """Let backlash and goodwill grow and decay for one round.

        Parameters
        ----------
        concession : ndarray, shape (worlds,)
            How much of a concession is on the table, in [0, 1].
        delivered : ndarray, shape (worlds,)
            Whether functional cooperation is in force, 0 or 1.
        """
        self.backlash = self._fading * self.backlash + self._growth * concession
        self.goodwill = self._cooling * self.goodwill + self._gain * delivered
        if self.campaign_cost is not None:
            self.campaign = self._forgetting * self.campaign
        self._crowd.update_opinions()

    def answer(self, package: dict[str, str]) -> Floats:
        """Return each segment's value of a described package, seen from the status quo.

        Parameters
        ----------
        package : mapping of clause to level

        Returns
        -------
        ndarray, shape (worlds, segments)
            Points.
        """
        return _values(self._weights, self._described(package).values)[:, :, 0]

    def poll(self, package: dict[str, str]) -> Floats:
        """Return the share that approves of a described package when nobody advocates it."""
        worlds = np.arange(self.shares.shape[0])
        nothing = np.zeros((len(worlds), 1))
        return self._crowd.support(worlds, self.answer(package)[:, :, None], nothing)[:, 0]

    def _described(self, package: dict[str, str]) -> Features:
        side = self._side
        parts = side.preferences, side.leader, side.ratifiers
        key = tuple(map(id, (self._dispute, package, *parts))), self.role
        known = _asked.get(key)
        if known is None:
            table = tabulate(self._dispute, Stage(label="question", fixed=package), "question")
            found = measure(table, self._dispute, self.role, side)
            known = _asked.add(key, found, holds=(self._dispute, package, parts))
        return known

    @cached_property
    def _cared(self) -> tuple[int, ...]:
        """Return the columns of the features that any segment weighs."""
        cared = {interest for segment in self.segments for interest in segment.weights}
        names = features(tuple(self._dispute.interests))
        return tuple(c for c, name in enumerate(names) if interest_of(name) in cared)

    @cached_property
    def _weights(self) -> Floats:
        names = features(tuple(self._dispute.interests))
        step, draws = self._side.preferences.standing_step, self._draws
        each = [weights_on(names, s.weights, self._phi, step, draws) for s in self.segments]
        return _together(*each)


_asked: Memo[Features] = Memo(64)
"""What sides see in described packages, known by all that it hangs on."""


@memoize_by_identity
def _together(*each: Floats) -> Floats:
    """Return the segments' weights, thresholds or spreads, shape (worlds, segments, ...)."""
    return np.stack(each, axis=1)


@memoize_by_identity
def _looks(values: Floats, concession: Floats, columns: tuple[int, ...]) -> Floats:
    """Return what a public sees in packages, shape (packages, columns + 1)."""
    return np.column_stack([values[:, list(columns)], concession])


@memoize_by_identity
def _some(values: Floats, packages: tuple[int, ...]) -> Floats:
    return values[list(packages)]


@memoize_by_identity
def _values(weights: Floats, features: Floats) -> Floats:
    """Return each segment's value of packages, shape (worlds, segments, packages)."""
    lines = weights.reshape(-1, weights.shape[2])
    return additive_utility(lines, features).reshape(*weights.shape[:2], -1)


@dataclass(frozen=True)
class Answers:
    """What a public answers, as shares of all who are asked.

    Parameters
    ----------
    names : tuple of str
        The answers, then those without one.
    shares : ndarray, shape (worlds, answers)
        They add to 1 in every world.
    """

    names: tuple[str, ...]
    shares: Floats

    def of(self, name: str) -> Floats:
        """Return the share of one answer in each world."""
        return np.asarray(self.shares[:, self.names.index(name)])


NO_ANSWER = "no_answer"


def best_answers(public: Public, poll: Choice) -> Ints:
    """Return each segment's best answer: the package of the largest value to it.

    Returns
    -------
    ndarray of int, shape (worlds, segments)
        Places among the poll's answers; ties go to the first.
    """
    values = [public.answer(package) for package in poll.answers.values()]
    return np.asarray(np.stack(values, axis=2).argmax(axis=2))


def choices(public: Public, described: PublicConfig, poll: Choice) -> Answers:
    """Return the shares that name each answer the best.

    Segments that stand for no answer of the poll are those who give none.

    Parameters
    ----------
    public : Public
    described : PublicConfig
        The public's description, whose segments' names the poll's answers bear.
    poll : Choice
    """
    best = best_answers(public, poll)
    answering = np.array([name in poll.answers for name in described.segments])
    weight = public.shares * answering
    named = [(weight * (best == place)).sum(axis=1) for place in range(len(poll.answers))]
    silent = (public.shares * ~answering).sum(axis=1)
    return Answers((*poll.answers, NO_ANSWER), np.stack([*named, silent], axis=1))


def approvals(public: Public, described: PublicConfig, poll: Approval, draws: Draws) -> Answers:
    """Return the shares for and against a package, with the undecided apart.

    Parameters
    ----------
    public : Public
    described : PublicConfig
        Its `undecided` answer neither way.
    poll : Approval
    draws : Draws
    """
    favour = public.poll(poll.package)
    undecided = draws.of(described.undecided) if described.undecided else np.zeros_like(favour)
    decided = 1.0 - undecided
    shares = [decided * favour, decided * (1.0 - favour), undecided]
    return Answers(("favour", "oppose", NO_ANSWER), np.stack(shares, axis=1))
