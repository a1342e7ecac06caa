r"""Declared path from the numbers as drawn to the friendly ends of their ranges, and beyond.

Every number x of a side that declares a sign (``resolve:``) or a stance that can be given up
stands, at t of the path, at

.. math:: x(t) = \begin{cases} x_0 + t (x_1 - x_0) & 0 \le t \le 1 \\
                                x_1 + (t - 1) (x_2 - x_1) & 1 < t \le 2 \end{cases}

with :math:`x_0` what the world draws, :math:`x_1` the softer end of the declared range, and
:math:`x_2` the value at which a precondition or a ratifier stands in nobody's way. Numbers without
a sign stay as drawn in [0, 1], numbers that are no part of a precondition or a ratifier stay where
they are in [1, 2]; what belongs to neither side never moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.domain.interest import ROLES, Role
from sim.domain.narration import key_words, side_name
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario, quantities_of
from sim.experiments.unlock.stated import declared_range
from sim.quantities import Floats

__all__ = ["FRIENDLY", "GONE", "ChangeGroup", "DeclaredPath", "NumberPath"]

FRIENDLY, GONE = 1.0, 2.0
"""Places on the path: friendly ends of ranges; preconditions and ratifiers out of the way."""
_UNOPPOSED = 10.0
"""Tolerance of an ally, in full scales of its interest, at which it objects to nothing."""
_GONE: dict[str, dict[str, float]] = {
    "leader": {"quota": 0.0, "noise": 0.0},
    "referendum": {"quota": 0.0, "noise": 0.0},
    "region": {"quota": 0.0, "offset": 0.0, "noise": 0.0},
    "parliament": {"governing_share": 1.0, "discipline": 1.0},
    "ally": {"tolerance": _UNOPPOSED, "pressure": 0.0, "noise": 0.0},
}
"""Values at which a ratifier of a kind stops nothing."""
_STANCE = {"firmness": 0.0, "penalty": 0.0}
"""Values at which a precondition stops nothing and costs nothing."""
_TIME = ("leader.deadline_rounds", "leader.discount_factor", "reservation.", "strategy.")
_LEADER = ("leader.", "beliefs.", "commitment.")


@dataclass(frozen=True)
class NumberPath:
    """Way of one number: where it comes to stand at t = 1 and at t = 2.

    Parameters
    ----------
    key : str
        Dotted key in the scenario.
    friendly, gone : float, optional
        Absent, it stays where it was.
    """

    key: str
    friendly: float | None
    gone: float | None

    def at(self, t: Floats, drawn: Floats) -> Floats:
        """Return the number's values at places on the path.

        Parameters
        ----------
        t : ndarray, shape (rows,)
            In [0, 2].
        drawn : ndarray, shape (rows,)
            As worlds draw it.

        Examples
        --------
        >>> NumberPath("x", 2.0, 0.0).at(np.array([0.0, 0.5, 1.0, 2.0]), np.full(4, 4.0)).tolist()
        [4.0, 3.0, 2.0, 0.0]
        """
        first = drawn if self.friendly is None else np.full(drawn.shape, self.friendly)
        last = first if self.gone is None else np.full(drawn.shape, self.gone)
        soft, hard = np.clip(t, 0.0, 1.0), np.clip(t - 1.0, 0.0, 1.0)
        value = drawn + soft * (first - drawn) + hard * (last - first)
        return np.where(t >= GONE, last, np.where(t == FRIENDLY, first, value))


@dataclass(frozen=True)
class ChangeGroup:
    """Numbers that mean one thing, and move together.

    Parameters
    ----------
    name : str
    label, says : str
        What gives where it moves, in a few words and in the words of the files.
    ways : tuple of NumberPath
    """

    name: str
    label: str
    says: str
    ways: tuple[NumberPath, ...]


@dataclass(frozen=True)
class DeclaredPath:
    """The path of a scenario, by groups of numbers.

    Parameters
    ----------
    scenario : Scenario
    """

    scenario: Scenario

    @cached_property
    def groups(self) -> dict[str, ChangeGroup]:
        """Return the groups that move anything, by name, in the order of the schema."""
        found: dict[str, list[NumberPath]] = {}
        for role, key, quantity in self._numbers():
            way = NumberPath(f"{role.value}.{key}", _friendly(quantity), self._gone(role, key))
            if way.friendly is not None or way.gone is not None:
                found.setdefault(self._group(role, key), []).append(way)
        return {
            name: ChangeGroup(name, *self._words(name), tuple(ways)) for name, ways in found.items()
        }

    @cached_property
    def unsigned(self) -> tuple[str, ...]:
        """Return the keys of the uncertain numbers that declare no sign, and so stay as drawn."""
        moved = {way.key for group in self.groups.values() for way in group.ways}
        numbers = self.scenario.quantities()
        return tuple(key for key, item in numbers if item.is_uncertain and key not in moved)

    def ways(self) -> Iterator[tuple[str, NumberPath]]:
        """Yield every number that moves, with the name of its group."""
        for name, group in self.groups.items():
            for way in group.ways:
                yield name, way

    def pins(self, t: Mapping[str, Floats], drawn: Mapping[str, Floats]) -> dict[str, Floats]:
        """Return the values of the numbers of some groups.

        Parameters
        ----------
        t : mapping of group to ndarray, shape (rows,)
            Places on the path; groups not named stay as drawn.
        drawn : mapping of key to ndarray, shape (rows,)
            As worlds draw them.
        """
        return {way.key: way.at(t[name], drawn[way.key]) for name, way in self.ways() if name in t}

    def _numbers(self) -> Iterator[tuple[Role, str, Quantity]]:
        around = self.scenario.environment
        still = [] if around.entrenchment.enabled else ["reservation.entrenchment.gain"]
        still += [] if around.ageing.enabled else ["reservation.urgency.growth"]
        playing = {key for key, _ in self.scenario.quantities()}
        for role in ROLES:
            for key, quantity in quantities_of(self.scenario.side(role)):
                plays = f"{role.value}.{key}" in playing and key not in still
                if plays and not quantity.is_none:
                    yield role, key, quantity

    def _gone(self, role: Role, key: str) -> float | None:
        """Return where a number of a precondition or a ratifier stands when that is gone."""
        part, _, rest = key.partition(".")
        name, _, what = rest.partition(".")
        if part == "preconditions":
            return _STANCE.get(what)
        if part == "ratifiers":
            kind = self.scenario.side(role).ratifiers[name].kind
            return _GONE.get(kind, {}).get(what)
        return None

    def _group(self, role: Role, key: str) -> str:
        part, _, rest = key.partition(".")
        if part in ("preconditions", "ratifiers"):
            return f"{role.value}.{part}.{rest.partition('.')[0]}"
        if key.endswith("frame_factor") or key == "preferences.standing_step":
            return f"{role.value}.frame"
        if part == "public":
            return f"{role.value}.public"
        if key.startswith(_TIME):
            return "time"
        if key.startswith(_LEADER):
            return f"{role.value}.leader"
        return "money" if self._is_money(key) else f"{role.value}.weights"

    def _is_money(self, key: str) -> bool:
        dispute, name = self.scenario.dispute, key.removeprefix("preferences.weights.")
        return name in dispute.interest_names and dispute.interest(name).money is not None

    def _words(self, name: str) -> tuple[str, str]:
        """Return what gives where a group moves, in short and at length."""
        if name in _SHARED:
            return _SHARED[name]
        first, part, *rest = name.split(".")
        side = self.scenario.side(Role(first))
        who = side_name(side.label)
        if part == "preconditions":
            short = f"{who} drops “{key_words(rest[0])}”"
            return short, f"{who} gives up: {side.preconditions[rest[0]].label}"
        if part == "ratifiers":
            short = f"{who}'s {key_words(rest[0])} lets it pass"
            return short, f"never stopped by: {side.ratifiers[rest[0]].label}"
        short, says = _OWN[part]
        return f"{who}{short}", says


_SHARED = {
    "money": ("money weighs more for both", "both weigh money at the friendly ends of its ranges"),
    "time": ("time softens both", "deadlines, patience and waiting at their friendly ends"),
}
_OWN = {
    "weights": ("'s wants soften", "its government's other weights at their friendly ends"),
    "frame": ("'s frame softens", "how much of standing is at stake, at its friendly end"),
    "public": ("'s public softens", "what its public wants and bears, at the friendly ends"),
    "leader": ("'s leader risks less", "its leader's costs and fears at their friendly ends"),
}
"""What gives where a group of a name moves, in short and at length."""


def _friendly(quantity: Quantity) -> float | None:
    """Return the softer end of a number's declared range."""
    if not quantity.is_uncertain or quantity.resolve not in ("firmer", "softer"):
        return None
    low, high = declared_range(quantity)
    return low if quantity.resolve == "firmer" else high
