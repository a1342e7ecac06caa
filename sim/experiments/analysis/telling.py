"""What tells worlds that get past a barrier from those that it stops: numbers, preconditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.agents.preconditions import absolute_at_start
from sim.domain.interest import ROLES, Role
from sim.domain.narration import key_label, key_words, side_name
from sim.domain.scenario import Scenario
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.draws import blocks_of_draws, draws_table
from sim.quantities import Bools, Floats

__all__ = ["FEW", "Contrast", "TellingNumbers", "partial_errors"]

FEW = 20
"""Worlds, on either side, below which nothing is said of what sets them apart."""
_ERRORS = 4.0
"""Standard errors from which on a number is no accident: some 300 are looked at to name one."""
_SOFTER = 0.35
"""Standard deviations by which a side is softer on average from which on that is told."""
_TOGETHER = 8
"""Numbers of a side from which on what moves all of them can be told from what moves one."""
_UNITS = {"points": " points", "percent": " %", "years": " years", "rounds": " rounds"}
_NO_BREAK = "\N{NO-BREAK SPACE}"
_SHARES = ("share", "probability")
_DOES = {
    "quota": ("needs less support", "needs more support"),
    "concession_exponent": ("yields later", "yields earlier"),
    "frame_factor": (
        "sees less of a surrender in a border agreement",
        "sees more of a surrender in a border agreement",
    ),
    "standing_step": ("sees less of a surrender in parts", "sees more of a surrender in parts"),
    "backlash.growth": ("turns less against concessions", "turns more against concessions"),
    "advocacy": ("follows its leader less", "follows its leader more"),
    "leader.discount_factor": ("is less patient", "is more patient"),
    "deadline_rounds": ("has less time", "has more time"),
}
"""What is done by whose number of a name is lower, and by whose it is higher."""
_HELD = ".absolute"
"""After the key of a precondition: whether it is absolute at the start, beside its numbers."""
_SHORT = 45
"""Letters up to which a precondition is told by its label, else by its name."""


@dataclass(frozen=True, eq=False)
class Contrast:
    """A number by which worlds that pass a barrier differ from those that are stopped.

    Parameters
    ----------
    key : str
        Dotted key in the scenario; ``….absolute`` is whether a precondition is, at the start.
    who, does : str
        Whose number it is, in words, and what is otherwise where worlds pass.
    passing, stopped : str
        The middle of the number where worlds pass, with its unit, and where they are stopped; of a
        precondition the share of worlds in which it is absolute.
    there : ndarray of bool, shape (worlds,)
        The worlds at the fifth of the number's range that goes with passing, or without it.
    """

    key: str
    who: str
    does: str
    passing: str
    stopped: str
    there: Bools


@dataclass(frozen=True, eq=False)
class TellingNumbers:
    """What the first worlds of a scenario draw, to tell some of these worlds from the others.

    Parameters
    ----------
    scenario : Scenario
    worlds : int
    """

    scenario: Scenario
    worlds: int

    def contrasts(
        self, passing: Bools, stopped: Bools, *, stances: bool = True
    ) -> Iterator[Contrast]:
        """Yield what sets worlds that pass a barrier apart from those stopped, the first first.

        A number counts by its partial correlation with passing: given how soft either side is on
        the whole, where its numbers depend on each other, and given what is told before it. It is
        told where the middle of the worlds that pass lies on the same side, and a precondition
        where fewer of them hold it.

        Parameters
        ----------
        passing, stopped : ndarray of bool, shape (worlds,)
            Other worlds are left out.
        stances : bool
            Whether preconditions may stand behind it, and not their numbers alone.
        """
        rows = passing | stopped
        if min(passing.sum(), stopped.sum()) < FEW:
            return
        kept = stances | ~self._numbers.columns.str.endswith(_HELD)
        numbers, given = self._numbers.loc[rows, kept], self._softness.to_numpy()[rows]
        told: set[str] = set()
        while True:
            errors = pd.Series(
                partial_errors(numbers.to_numpy(), passing[rows], given), numbers.columns
            )
            likely = errors[errors.abs() >= _ERRORS].sort_values(key=np.abs, ascending=False)
            found = (
                self._contrast(str(key), float(size), passing, stopped)
                for key, size in likely.items()
                if _thing(str(key)) not in told
            )
            if (one := next(filter(None, found), None)) is None:
                return
            yield one
            told.add(_thing(one.key))
            given = np.column_stack([given, numbers[one.key]])

    def softer(self, passing: Bools, stopped: Bools) -> list[str]:
        """Return the sides that give way on most points at once where worlds pass.

        Parameters
        ----------
        passing, stopped : ndarray of bool, shape (worlds,)
        """
        if min(passing.sum(), stopped.sum()) < FEW:
            return []
        apart = self._softness[passing].mean() - self._softness[stopped].mean()
        return [self._name(Role(str(role))) for role in apart.index[apart >= _SOFTER]]

    @cached_property
    def _numbers(self) -> pd.DataFrame:
        """Return what varies from world to world and belongs to a side or to the environment."""
        drawn = draws_table(self.scenario, self.worlds)
        absolute = {
            f"{role.value}.preconditions.{name}{_HELD}": held.astype(float)
            for role, own in self.absolute.items()
            for name, held in own.items()
        }
        table = drawn.assign(**absolute)
        owned = table.columns.str.startswith(
            (*(f"{role.value}." for role in ROLES), "environment.")
        )
        kept = table.loc[:, owned & np.isfinite(table.to_numpy()).all(axis=0)]
        return pd.DataFrame(kept.loc[:, kept.std(ddof=0) > 0])

    @cached_property
    def _softness(self) -> pd.DataFrame:
        """Return how soft each side is on the whole, where its numbers move together."""
        ways = {way.key: way.friendly for _, way in DeclaredPath(self.scenario).ways()}
        standard = (self._numbers - self._numbers.mean()) / self._numbers.std(ddof=0)
        found = {}
        for role in ROLES:
            signed = {
                key: np.sign(friendly - self._numbers[key].mean())
                for key, friendly in ways.items()
                if friendly is not None and key in standard and key.startswith(f"{role.value}.")
            }
            if self.scenario.dependence != "independent" and len(signed) >= _TOGETHER:
                found[role.value] = (standard[list(signed)] * pd.Series(signed)).mean(axis=1)
        return pd.DataFrame(found, index=standard.index)

    @cached_property
    def absolute(self) -> dict[Role, dict[str, Bools]]:
        """Return where each precondition of a side would be absolute at the start."""
        blocks = list(blocks_of_draws(self.scenario, self.worlds))
        found: dict[Role, dict[str, Bools]] = {}
        for role in ROLES:
            parts = [absolute_at_start(self.scenario.side(role), draws) for draws in blocks]
            found[role] = {
                name: np.concatenate([part[name] for part in parts]) for name in parts[0]
            }
        return found

    def _contrast(self, key: str, errors: float, passing: Bools, stopped: Bools) -> Contrast | None:
        """Return a number in words, unless its middles are alike or the other way round."""
        values, higher = self._numbers[key].to_numpy(), errors > 0
        end = np.quantile(values, 0.8 if higher else 0.2)
        there = values >= end if higher else values <= end
        unit = self._units.get(key)
        if unit is None:
            there = values == 0
        near, far = (
            float(values[rows].mean() if unit is None else np.median(values[rows]))
            for rows in (passing, stopped)
        )
        shown, stops = _shown(near, unit), _shown(far, unit)
        if (near > far) != higher or shown == stops or (unit is None and higher):
            return None
        shown = f"held in {shown}" if unit is None else f"{shown}{_UNITS.get(unit, '')}"
        return Contrast(key, *self._does(key, higher), shown, stops, there)

    @cached_property
    def _units(self) -> dict[str, str]:
        return {key: quantity.unit for key, quantity in self.scenario.quantities()}

    def _does(self, key: str, higher: bool) -> tuple[str, str]:
        """Return whose number it is, in words, and what is done where it is higher, or lower."""
        more, (head, _, rest) = "higher" if higher else "lower", key.partition(".")
        if head not in [role.value for role in ROLES]:
            return "", f"“{key_label(self.scenario, key)}” is {more}"
        role = Role(head)
        if rest.endswith(_HELD):
            return self._name(role), f"drops {self._stance(role, rest)}"
        who, what = self._owner(role, rest)
        for named, does in _DOES.items():
            if f".{what}".endswith(f".{named}"):
                return who, does[higher]
        what = what.removeprefix("preferences.")
        if what.startswith("weights."):
            return who, f"gives “{key_words(what[8:])}” {'more' if higher else 'less'} weight"
        return "", f"“{key_words(what)}” of {who} is {more}"

    def _owner(self, role: Role, key: str) -> tuple[str, str]:
        """Return whose number it is within a side, in words, and the rest of its key."""
        side, (part, *rest) = self.scenario.side(role), key.split(".")
        if part == "public" and rest[0] == "segments":
            segment = side.public.segments[rest[1]].label
            return f"{side.public.label} (“{segment}”)", ".".join(rest[2:])
        if part == "public":
            return side.public.label, ".".join(rest)
        if part in ("ratifiers", "preconditions"):
            name = self._stance(role, key) if part == "preconditions" else key_words(rest[0])
            return f"{self._name(role)}'s {name}", ".".join(rest[1:])
        return self._name(role), key.removeprefix("strategy.")

    def _stance(self, role: Role, key: str) -> str:
        """Return a precondition in words: by its label, if that is short."""
        name = key.split(".")[1]
        label = self.scenario.side(role).preconditions[name].label
        return f"“{label if len(label) <= _SHORT else key_words(name)}”"

    def _name(self, role: Role) -> str:
        return side_name(self.scenario.side(role).label)


def partial_errors(numbers: Floats, event: Bools, given: Floats) -> Floats:
    """Return by how many standard errors numbers go with an event, given others.

    Parameters
    ----------
    numbers : ndarray, shape (worlds, numbers)
    event : ndarray of bool, shape (worlds,)
    given : ndarray, shape (worlds, others)

    Returns
    -------
    ndarray, shape (numbers,)
        The t of the partial correlation; 0 of what those others settle.

    Examples
    --------
    >>> one = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
    >>> event = np.array([False, False, False, True, True, True])
    >>> both = np.stack([one, one + np.arange(6) % 2], axis=1)
    >>> partial_errors(both, event, np.empty((6, 0))).round(2).tolist()
    [2.83, 3.54]
    >>> partial_errors(both, event, one[:, None]).round(2).tolist()
    [0.0, 1.22]
    """
    basis, _ = np.linalg.qr(np.column_stack([np.ones(len(event)), given]))
    left, ahead = numbers - basis @ (basis.T @ numbers), event - basis @ (basis.T @ event)
    own = np.sqrt((left**2).sum(axis=0))
    told = own > 1e-9 * np.sqrt((numbers**2).sum(axis=0))
    size = np.sqrt(ahead @ ahead)
    part = np.divide(left.T @ ahead, own * size, out=np.zeros(len(own)), where=told & (size > 0))
    free = max(len(event) - basis.shape[1] - 1, 1)
    return np.asarray(part * np.sqrt(free / np.maximum(1.0 - part**2, 1e-12)))


def _thing(key: str) -> str:
    """Return what a number belongs to: all numbers of a precondition tell one thing."""
    parts = key.split(".")
    return ".".join(parts[:3]) if parts[1] == "preconditions" else key


def _shown(value: float, unit: str | None) -> str:
    whole = unit is None or unit in _SHARES
    return f"{100 * value:.0f}{_NO_BREAK}%" if whole else f"{value:.3g}"
