"""Draws of every uncertain quantity of a scenario, one per world."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.special import ndtri

from sim.domain.history import adjusted
from sim.domain.interest import ROLES, Role
from sim.domain.quantity import Quantity
from sim.domain.resolve import (
    SIGNS,
    STRONG,
    Group,
    Resolve,
    correlated_pair,
    group_of,
    one_factor,
    succeeded,
)
from sim.domain.scenario import Scenario, quantities_of
from sim.domain.side import Side
from sim.memo import Memo, memoize_by_identity
from sim.quantities import Floats, Ints
from sim.randomness import Streams

_REMEMBERED = 2048
"""Draws that a process remembers; nobody may change them in place."""


Pins = Mapping[str, Floats]
"""Values by dotted key, one for each world; NaN leaves a world its draw, infinity is "none"."""


class Draws:
    """The values of a scenario's quantities in consecutive worlds.

    A quantity's stream is named by its key, in which the side's role is replaced by the side's
    stream label; so the same world draws the same value in every structure and sweep cell, and
    swapping two sides' labels mirrors the world. Where the scenario says so, a side's quantities
    go with its resolve (`sim.domain.resolve`).

    Parameters
    ----------
    scenario : Scenario
    streams : Streams
        Which worlds, and the seed.
    draw : callable
        Takes a quantity, its purpose and the streams, and returns the quantity's values; by
        default each world has a draw of its own.
    uniforms : callable
        Takes a purpose and the streams, and returns the uniform numbers, shape (worlds, 1), behind
        what goes with a side's resolve.
    pins : mapping of key to ndarray, shape (worlds,)
        What takes the place of draws.
    groups : pair of int
        How many draws there are, and how many consecutive worlds share each; (0, 1) where each
        world has its own.

    Raises
    ------
    KeyError
        If a pin's key names no quantity of the scenario.
    """

    def __init__(
        self,
        scenario: Scenario,
        streams: Streams,
        *,
        draw: Callable[[Quantity, str, Streams], Floats] | None = None,
        uniforms: Callable[[str, Streams], Floats] | None = None,
        pins: Pins | None = None,
        groups: tuple[int, int] = (0, 1),
    ) -> None:
        self.streams = streams
        self.groups = groups
        self.pins: Pins = pins or {}
        self.scenario = scenario
        self._draw = draw or draw_by_world
        self._uniforms = uniforms or uniforms_by_world
        each_its_own = (self._draw, self._uniforms) == (draw_by_world, uniforms_by_world)
        lasting = each_its_own and not pins and type(streams) is Streams  # other streams may move
        self._values = _values_of(scenario, streams) if lasting else {}
        known = dict(scenario.quantities()) if pins else {}
        self._pins = {id(known[key]): values for key, values in (pins or {}).items()}
        self._latents: dict[tuple[str, int], Floats] = {}
        self._successors: dict[tuple[int, int], Floats] = {}

    def moved(self, streams: Streams, *, pinned: bool = True) -> Draws:
        """Return the same way of drawing in other worlds, or at other attempts.

        Parameters
        ----------
        streams : Streams
        pinned : bool
            Whether what is pinned stays so; then the worlds must be as many.
        """
        return Draws(
            self.scenario,
            streams,
            draw=self._draw,
            uniforms=self._uniforms,
            pins=self.pins if pinned else None,
            groups=self.groups,
        )

    @cached_property
    def _purposes(self) -> dict[int, str]:
        purposes: dict[int, str] = {}
        for role in ROLES:
            side = self.scenario.side(role)
            for name in type(side).model_fields:
                purposes |= _purposes_below(getattr(side, name), side.stream, name)
        for part in ("environment", "protocol", "dispute", "calibration", "resolve"):
            purposes |= _purposes_below(getattr(self.scenario, part), part)
        return purposes

    @cached_property
    def _still(self) -> frozenset[int]:
        """Return the quantities that a process that is switched off leaves at zero."""
        around, still = self.scenario.environment, []
        for role in ROLES:
            terms = self.scenario.side(role).reservation
            still += [] if around.entrenchment.enabled else [id(terms.entrenchment.gain)]
            still += [] if around.ageing.enabled else [id(terms.urgency.growth)]
        return frozenset(still)

    @cached_property
    def _factors(self) -> dict[int, str]:
        """Return which factor of the calibration applies to a quantity."""
        calibration = self.scenario.calibration
        if calibration is None:
            return {}
        found = {
            id(quantity): calibration.factor_on(key)
            for role in ROLES
            for key, quantity in quantities_of(self.scenario.side(role))
        }
        return {place: name for place, name in found.items() if name}

    @cached_property
    def _tied(self) -> dict[int, tuple[Side, Group, float]]:
        """Return the quantities that go with their side's resolve, with their group and sign."""
        if self.scenario.dependence == "independent":
            return {}
        sides = (self.scenario.side(role) for role in ROLES)
        return {
            place: (side, group, sign)
            for side in sides
            for place, (group, sign) in _signs_below(side).items()
        }

    def of(self, quantity: Quantity) -> Floats:
        """Return the value of one of the scenario's quantities in each world.

        Parameters
        ----------
        quantity : Quantity
            The very object that the scenario holds; ``none`` becomes infinity, and zero what
            belongs to a process of the environment that is switched off.

        Returns
        -------
        ndarray, shape (worlds,)

        Raises
        ------
        KeyError
            If the quantity is not one of the scenario's.
        """
        key = id(quantity), self._purposes[id(quantity)]
        known = self._values.get(key)
        if known is None:
            value = self._calibrated(quantity, self._pinned(quantity, self._drawn(quantity)))
            if len(self._values) >= _REMEMBERED:
                self._values.clear()
            known = self._values[key] = quantity, value
        return known[1]

    def _calibrated(self, quantity: Quantity, value: Floats) -> Floats:
        name = self._factors.get(id(quantity))
        if name is None:
            return value
        return adjusted(value, name, self.of(getattr(self.scenario.calibration, name)))

    def _pinned(self, quantity: Quantity, drawn: Floats) -> Floats:
        pinned = self._pins.get(id(quantity))
        return drawn if pinned is None else np.where(np.isnan(pinned), drawn, pinned)

    def _drawn(self, quantity: Quantity) -> Floats:
        purpose = self._purposes[id(quantity)]
        if id(quantity) in self._still:
            return np.zeros(self.streams.worlds)
        if id(quantity) not in self._tied:
            return self._draw(quantity, purpose, self.streams)
        side, group, sign = self._tied[id(quantity)]
        arrays = self._uniforms(purpose, self.streams), self._loading(group), self._resolve(side)
        return _drawn_together(quantity, sign, *(_Known(values) for values in arrays))

    def of_successors(self, quantity: Quantity, number: Ints) -> Floats:
        """Return the value of a quantity of the successors that are in office in some worlds.

        The n-th successor of a world is the same in all structures and sweep cells, and draws by
        the resolve that the side has under them. The first draws the number that a single
        successor would have.

        Parameters
        ----------
        quantity : Quantity
            One of a side's, as `of` takes it.
        number : ndarray of int, shape (worlds,)
            Which successor, from 1 on; where 0, nobody has come yet and the value means nothing.

        Returns
        -------
        ndarray, shape (worlds,)
        """
        return _by_number(number, lambda which: self._of_successor(quantity, max(which, 1)))

    def _of_successor(self, quantity: Quantity, number: int) -> Floats:
        key = (id(quantity), number)
        if key not in self._successors:
            drawn = self._pinned(quantity, self._drawn_by_successor(quantity, number))
            self._successors[key] = self._calibrated(quantity, drawn)
        return self._successors[key]

    def _drawn_by_successor(self, quantity: Quantity, number: int) -> Floats:
        purpose = self._purposes[id(quantity)]
        if not quantity.is_uncertain:
            return draw_by_world(quantity, purpose, self.streams)
        own = _Known(self.streams.uniforms(purpose, round_=number - 1))
        if id(quantity) not in self._tied:
            return _drawn_alone(quantity, own)
        side, group, sign = self._tied[id(quantity)]
        together = _Known(self._loading(group)), _Known(self._resolve(side, number))
        return _drawn_together(quantity, sign, own, *together)

    def luck(self, side: Side, name: str, sign: float) -> Floats:
        """Return a uniform number of each world that settles something about a precondition.

        Parameters
        ----------
        side : Side
            One of the scenario's.
        name : str
            What it settles: the rest of the stream's name.
        sign : float
            1 if a higher number goes with more resolve of the side, -1 if with less.

        Returns
        -------
        ndarray, shape (worlds,)
        """
        own = self.streams.uniforms(f"{side.stream}/preconditions.{name}")
        if self.scenario.dependence == "independent":
            return np.asarray(own[:, 0])
        arrays = own, self._loading("preconditions"), self._resolve(side)
        return _together(sign, *(_Known(values) for values in arrays))

    def luck_under(self, side: Side, own: Floats, sign: float, number: Ints) -> Floats:
        """Return uniform numbers that go with the resolve that a side has under its leaders.

        Parameters
        ----------
        side : Side
        own : ndarray, shape (worlds,)
            Uniform numbers.
        sign : float
            As in `luck`.
        number : ndarray of int, shape (worlds,)
            Which successor is in office; 0 for the first leader.

        Returns
        -------
        ndarray, shape (worlds,)
        """
        if self.scenario.dependence == "independent":
            return own
        resolve = _by_number(number, lambda which: self._resolve(side, which))
        return one_factor(own, sign * resolve, self._loading("preconditions"))

    def _loading(self, group: Group) -> Floats:
        """Return how strongly a group of a side's quantities goes with its resolve."""
        if self.scenario.dependence == "strong":
            return _everywhere(STRONG, self.streams.worlds)
        return self.of(self._declared.loading_of(group))

    def _resolve(self, side: Side, number: int = 0) -> Floats:
        """Return a side's latent resolve under its n-th successor, standard normal over worlds."""
        key = (side.stream, number)
        if key not in self._latents:
            self._latents[key] = self._next(side, number) if number else self._first(side)
        return self._latents[key]

    def _first(self, side: Side) -> Floats:
        one, two = self.scenario.claimant.stream, self.scenario.holder.stream
        other = two if side.stream == one else one
        own, others = (
            self._uniforms(f"{stream}/resolve", self.streams) for stream in (side.stream, other)
        )
        return _latent(own, others, self.of(self._declared.kappa))

    def _next(self, side: Side, number: int) -> Floats:
        persistence = side.leader.successor.resolve_persistence
        kept = (
            _everywhere(0.0, self.streams.worlds) if persistence is None else self.of(persistence)
        )
        fresh = self.streams.normals(f"{side.stream}/resolve/successors", round_=number - 1)
        return _under_the_next(self._resolve(side, number - 1), kept, fresh)

    @property
    def _declared(self) -> Resolve:
        resolve, dependence = self.scenario.resolve, self.scenario.dependence
        if resolve is None:
            raise ValueError(f"expected 'resolve', as 'dependence' is {dependence}, got none")
        return resolve


_Values = dict[tuple[int, str], tuple[Quantity, Floats]]
"""Quantities, by their identity and purpose, and their values in some worlds."""
_shared: Memo[_Values] = Memo(2)


def _values_of(scenario: Scenario, streams: Streams) -> _Values:
    """Return where the values of a scenario's quantities are kept, each world's its own.

    Scenarios that differ in numbers of sides only share it, as the cells of a sweep do: what a
    quantity draws hangs on itself, on its place, and on what is part of the key.
    """
    sides = [scenario.side(role) for role in ROLES]
    parts = (scenario.resolve, scenario.calibration, scenario.environment)
    key = (streams, scenario.dependence, *(side.stream for side in sides), *map(id, parts))
    known = _shared.get(key)
    return _shared.add(key, {}, holds=parts) if known is None else known


_purposes: Memo[dict[int, str]] = Memo(256)
"""Purposes of the quantities of parts of scenarios."""


_PATTERNS = (
    (re.compile(r"^processes\."), ""),
    (re.compile(r"^preferences\.sensitivities\.([^.]+)$"), r"preferences.\1_sensitivity"),
    (re.compile(r"^(events\..+)\.steps\."), r"\1."),
)
"""Keys of the schema that name their streams in another way: as version 1 named them, so that files
of either version draw the same worlds."""


def stream_key(key: str) -> str:
    """Return a quantity's key within its part as its stream names it.

    Examples
    --------
    >>> stream_key("processes.price.sd"), stream_key("preferences.sensitivities.price")
    ('price.sd', 'preferences.price_sensitivity')
    """
    for pattern, name in _PATTERNS:
        key = pattern.sub(name, key)
    return key


_signs: Memo[dict[int, tuple[Group, float]]] = Memo(64)
"""Groups and signs of the quantities of sides."""


def _purposes_below(part: object, stream: str, path: str = "") -> dict[int, str]:
    """Return the purposes of a part's quantities; the cells of a sweep share most parts."""
    key = (id(part), stream, path)
    known = _purposes.get(key)
    if known is None:
        below = quantities_of(part, path)
        found = {id(quantity): f"{stream}/{stream_key(name)}" for name, quantity in below}
        known = _purposes.add(key, found, holds=part)
    return known


def _signs_below(side: Side) -> dict[int, tuple[Group, float]]:
    """Return the group and the sign of a side's quantities that go with its resolve."""
    key = (id(side), side.stream)
    known = _signs.get(key)
    if known is None:
        found = {
            id(quantity): (group_of(name), SIGNS[quantity.resolve])
            for name, quantity in quantities_of(side)
            if quantity.is_uncertain and quantity.resolve in ("firmer", "softer")
        }
        known = _signs.add(key, found, holds=side)
    return known


def probability_of_turn(draws: Draws, role: Role) -> Floats | None:
    """Return with what probability a side offers in a round; None where sides take turns.

    Parameters
    ----------
    draws : Draws
    role : Role

    Returns
    -------
    ndarray, shape (worlds,), or None
    """
    protocol = draws.scenario.protocol
    if not protocol.draws_turns:
        return None
    declared = protocol.proposes
    first = _everywhere(0.5, draws.streams.worlds) if declared is None else draws.of(declared)
    return first if role.value == protocol.first_mover else 1.0 - first


def uniforms_by_world(purpose: str, streams: Streams) -> Floats:
    """Return a uniform number of each world, shape (worlds, 1), each world's its own."""
    return streams.uniforms(purpose)


@lru_cache(maxsize=_REMEMBERED)
def draw_by_world(quantity: Quantity, purpose: str, streams: Streams) -> Floats:
    """Return a quantity's values, each world's its own.

    A block has the same ones in all structures and most cells, so a process remembers them.

    Parameters
    ----------
    quantity : Quantity
    purpose : str
        Name of its random stream.
    streams : Streams

    Returns
    -------
    ndarray, shape (worlds,)
        Infinity for ``none``.
    """
    if quantity.is_none:
        return np.full(streams.worlds, np.inf)
    if not quantity.is_uncertain:
        return np.full(streams.worlds, quantity.point)
    return quantity.quantile(streams.uniforms(purpose)[:, 0])


@lru_cache(maxsize=_REMEMBERED)
def _everywhere(value: float, worlds: int) -> Floats:
    return np.full(worlds, value)


@memoize_by_identity
def _latent(own: Floats, others: Floats, kappa: Floats) -> Floats:
    """Return a side's resolve; the structures of a block ask for it again and again."""
    return correlated_pair(ndtri(own[:, 0]), ndtri(others[:, 0]), kappa)


@memoize_by_identity
def _under_the_next(before: Floats, persistence: Floats, fresh: Floats) -> Floats:
    """Return `succeeded`, which the structures of a block ask for again and again."""
    return succeeded(before, persistence, fresh[:, 0])


def _by_number(number: Ints, values: Callable[[int], Floats]) -> Floats:
    """Return in each world the value that belongs to its number."""
    result = np.empty(len(number))
    for which in np.flatnonzero(np.bincount(number)):
        here = number == which
        result[here] = values(int(which))[here]
    return result


@dataclass(frozen=True, eq=False)
class _Known:
    """An array that is known by its identity, so that a cache may be asked with it."""

    values: Floats

    def __hash__(self) -> int:
        return id(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.values is other.values


@lru_cache(maxsize=_REMEMBERED)
def _drawn_alone(quantity: Quantity, own: _Known) -> Floats:
    """Return the values of a quantity at uniform numbers of its own."""
    return quantity.quantile(own.values[:, 0])


@lru_cache(maxsize=_REMEMBERED)
def _together(sign: float, own: _Known, loading: _Known, resolve: _Known) -> Floats:
    """Return uniform numbers that go with a side's resolve."""
    return one_factor(own.values[:, 0], sign * resolve.values, loading.values)


@lru_cache(maxsize=_REMEMBERED)
def _drawn_together(
    quantity: Quantity, sign: float, own: _Known, loading: _Known, resolve: _Known
) -> Floats:
    """Return the values of a quantity that goes with its side's resolve."""
    mixed = one_factor(own.values[:, 0], sign * resolve.values, loading.values)
    return quantity.quantile(mixed)
