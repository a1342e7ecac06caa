"""What tells some worlds of a run from the others: sides, numbers and preconditions, in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.agents.preconditions import absolute_at_start
from sim.domain.interest import ROLES, Role
from sim.domain.narration import key_label, key_words, listed, side_name
from sim.domain.scenario import Scenario
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.draws import blocks_of_draws, draws_table
from sim.quantities import Bools

__all__ = ["FEW", "TellingNumbers"]

FEW = 20
"""Worlds, on either side, below which nothing is said of what sets them apart."""
_APART, _ERRORS = 0.35, 3.5
"""Difference of means, in standard deviations over all worlds and in standard errors, from which
on a number sets worlds apart."""
_CHANCE = 0.01
"""Chance below which it is no accident that a precondition is absolute in none of some worlds."""


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

    def changes(self, happens: Bools) -> list[str]:
        """Return in words what is otherwise where something happens, the most telling first.

        A side that is softer in nearly all its numbers is said so; numbers are named where they
        stand apart beyond that, and a precondition where it is absolute in none of these worlds.

        Parameters
        ----------
        happens : ndarray of bool, shape (worlds,)
        """
        if min(happens.sum(), (~happens).sum()) < FEW:
            return []
        sides = self._sides(self._apart(happens))
        softer = [self._name(role) for role in ROLES if sides[role] > 0]
        whole = [f"{listed(softer)} softer all round"] if softer else []
        dropped = [f"{self._name(role)} drops {name}" for role, name in self._never(happens)]
        return [
            *whole,
            *dropped,
            *dict.fromkeys(self._gives(key, z) for key, z in self.numbers(happens)),
        ]

    def numbers(self, happens: Bools) -> list[tuple[str, float]]:
        """Return the declared numbers that set some worlds apart, and how far.

        Parameters
        ----------
        happens : ndarray of bool, shape (worlds,)

        Returns
        -------
        list of (key, difference)
            Of means, in standard deviations, beyond that of the side as a whole; largest first.
        """
        few, rest = int(happens.sum()), int((~happens).sum())
        if min(few, rest) < 1:
            return []
        apart = self._apart(happens)
        sides = self._sides(apart)
        own = pd.Series({key: z - self._expected(str(key), sides) for key, z in apart.items()})
        least = max(_APART, _ERRORS * float(np.sqrt(1 / few + 1 / rest)))
        found = own[own.abs() >= least].sort_values(key=np.abs, ascending=False, kind="stable")
        return [(str(key), float(z)) for key, z in found.items()]

    def _apart(self, happens: Bools) -> pd.Series:
        there, elsewhere = (self._drawn[rows].mean() for rows in (happens, ~happens))
        return (there - elsewhere) / self._drawn.std(ddof=0)

    @cached_property
    def _drawn(self) -> pd.DataFrame:
        numbers = draws_table(self.scenario, self.worlds)
        kept = [not str(key).startswith("resolve.") for key in numbers]
        numbers = numbers.loc[:, kept & np.isfinite(numbers.to_numpy()).all(axis=0)]
        varying = numbers.loc[:, numbers.std(ddof=0) > 0]
        return pd.DataFrame(varying)

    @cached_property
    def signs(self) -> dict[str, float]:
        """Return for each number of a side with a friendly end where that lies: above or below."""
        ways = {way.key: way.friendly for _, way in DeclaredPath(self.scenario).ways()}
        return {
            key: 1.0 if friendly > self._drawn[key].mean() else -1.0
            for key, friendly in ways.items()
            if friendly is not None and key in self._drawn
        }

    def _sides(self, apart: pd.Series) -> dict[Role, float]:
        """Return how much softer each side is on average; 0 where that is too little to say."""
        found = {}
        for role in ROLES:
            own = [
                z * apart[key] for key, z in self.signs.items() if key.startswith(f"{role.value}.")
            ]
            mean = float(np.mean(own)) if own else 0.0
            found[role] = mean if abs(mean) >= _APART else 0.0
        return found

    def _expected(self, key: str, sides: dict[Role, float]) -> float:
        role = next((role for role in ROLES if key.startswith(f"{role.value}.")), None)
        return 0.0 if role is None else self.signs.get(key, 0.0) * sides[role]

    def _never(self, happens: Bools) -> list[tuple[Role, str]]:
        """Return the preconditions that are absolute in none of some worlds, and not by chance."""
        found = []
        for role in ROLES:
            for name, absolute in self.absolute[role].items():
                share = float(absolute.mean())
                if not absolute[happens].any() and (1 - share) ** happens.sum() < _CHANCE:
                    found.append((share, role, f"“{key_words(name)}”"))
        found.sort(key=lambda one: -one[0])
        return [(role, name) for _, role, name in found]

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

    def _gives(self, key: str, z: float) -> str:
        """Return in words where a number lies: what gives, or "… is lower"."""
        if self.signs.get(key, 0.0) * z > 0:
            return self._groups[key]
        return f"“{key_label(self.scenario, key)}” is {'higher' if z > 0 else 'lower'}"

    @cached_property
    def _groups(self) -> dict[str, str]:
        path = DeclaredPath(self.scenario)
        return {way.key: path.groups[name].label for name, way in path.ways()}

    def _name(self, role: Role) -> str:
        return side_name(self.scenario.side(role).label)
