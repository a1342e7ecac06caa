"""Say where a talk finds what it was not given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.quantities import Bools, Floats, Ints


@dataclass(frozen=True)
class Glance:
    """Where a talk finds what it was not given; called at most once each.

    Parameters
    ----------
    open_value, forbidden, support, allies : callable
        Take the place of a side and return its array, shape (rows, packages).
    support_at, allies_at, forbidden_at : callable
        Take the place of a side, some rows and a package for each, and return one value a row.
    needed, needed_at : callable
        As `support` and `support_at`: the support at which all who vote on a text pass it today.
    consent, consent_at : callable
        As `allies` and `allies_at`, as the side in the second place believes it.
    """

    open_value: Callable[[int], Floats]
    forbidden: Callable[[int], Bools]
    support: Callable[[int], Floats]
    allies: Callable[[int], Bools]
    support_at: Callable[[int, Ints, Ints], Floats]
    allies_at: Callable[[int, Ints, Ints], Bools]
    forbidden_at: Callable[[int, Ints, Ints], Bools]
    needed: Callable[[int], Floats]
    needed_at: Callable[[int, Ints, Ints], Floats]
    consent: Callable[[int, int], Bools]
    consent_at: Callable[[int, int, Ints, Ints], Bools]
