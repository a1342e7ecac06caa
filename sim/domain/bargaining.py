"""Bargaining domains and profiles as other programs exchange them.

Their words are kept here: an *issue* is what we call a clause, its *values* are levels, a *bid* is
a package, and a *profile* says what one side gains from each value of each issue.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias

IssueKind = Literal["discrete", "integer", "real"]
"""Whether an issue's values are words, whole numbers, or numbers in between as well."""


@dataclass(frozen=True)
class Issue:
    """One thing to be agreed on.

    Parameters
    ----------
    index : int
        Its number, by which profiles refer to it; not negative.
    name : str
    kind : {"discrete", "integer", "real"}
    values : tuple of str
        The possible answers of a discrete issue, each once.
    low, high : float
        Bounds of a numbered issue, both included.
    """

    index: int
    name: str
    kind: IssueKind
    values: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0

    def count(self, steps: int) -> int:
        """Return how many values the issue has when a real one is cut into so many."""
        if self.kind == "discrete":
            return len(self.values)
        if self.kind == "integer":
            return int(self.high) - int(self.low) + 1
        return steps if self.high > self.low else 1


@dataclass(frozen=True)
class Domain:
    """What is to be agreed on, without what anybody wants.

    Parameters
    ----------
    name : str
    issues : tuple of Issue
        At least one; their indexes differ.
    """

    name: str
    issues: tuple[Issue, ...]

    def packages(self, steps: int) -> int:
        """Return how many packages there are when real issues are cut into so many values."""
        return prod(issue.count(steps) for issue in self.issues)


@dataclass(frozen=True)
class Figures:
    """Evaluate a discrete issue value by value.

    Parameters
    ----------
    figures : tuple of float
        In the order of the issue's values; not negative, only ratios matter.
    """

    figures: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """Evaluate a numbered issue on a line, cut at 0 and 1.

    Parameters
    ----------
    slope, offset : float
    start : float
        What the value is counted from: 0, or the lower bound of a whole-numbered issue.
    """

    slope: float
    offset: float
    start: float = 0.0


@dataclass(frozen=True)
class Triangle:
    """Evaluate a numbered issue on a triangle.

    Parameters
    ----------
    low, high, top : float
        0 outside [low, high], 1 at the top, straight between.
    """

    low: float
    high: float
    top: float


@dataclass(frozen=True)
class Constant:
    """Evaluate every value of a numbered issue alike.

    Parameters
    ----------
    evaluation : float
        In [0, 1].
    """

    evaluation: float


Evaluation: TypeAlias = Figures | Line | Triangle | Constant
"""How a profile evaluates one issue."""


@dataclass(frozen=True)
class Profile:
    """What one side wants in a domain.

    Parameters
    ----------
    name : str
    domain : Domain
    weights : tuple of float
        One for each issue, in [0, 1].
    evaluations : tuple of Evaluation
        One for each issue.
    reservation_value : float
        Value of no agreement, at most 1; below 0 it is below every package.
    discount_factor : float
        What a unit of value at the start is worth at the end of the talks, in (0, 1].
    """

    name: str
    domain: Domain
    weights: tuple[float, ...]
    evaluations: tuple[Evaluation, ...]
    reservation_value: float = 0.0
    discount_factor: float = 1.0
