"""Conditions on packages: conjunctions of simple tests on their facts.

A fact is the level of a clause (by the clause's name) or one of the derived facts of
`DERIVED_FACTS`. A condition is a mapping from facts to tests, all of which must hold::

    {holder_gives: true, recognition: {not: [explicit]}, claimant_area: {below: 0.4}}
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from sim.domain.frozen import Frozen
from sim.quantities import Bools

DERIVED_FACTS: dict[str, str] = {
    "claimant_gains": "the claimant gains administration of, or title to, some object",
    "holder_gains": "the holder gains administration of, or title to, some object",
    "claimant_gives": "the claimant loses administration, or title to what it administers",
    "holder_gives": "the holder loses administration, or title to what it administers",
    "claimant_renounces": "title to something the claimant does not administer goes to the holder",
    "holder_renounces": "title to something the holder does not administer goes to the claimant",
    "territorial": "administration of, or title to, some object changes",
    "closed": "title to every object is fixed",
    "claimant_area": "share of the whole area that the claimant administers",
    "holder_area": "share of the whole area that the holder administers",
    "claimant_title": "share of the whole area to which the claimant has title",
    "holder_title": "share of the whole area to which the holder has title",
    "frame": "as what the text is signed: none, treaty or delimitation",
}
"""Facts that follow from a package's levels, and what each says."""


class Not(Frozen):
    """Hold where a level is none of those listed."""

    not_: Annotated[tuple[str, ...], Field(alias="not", min_length=1)]


class Span(Frozen):
    """Hold where a number lies in [at_least, below)."""

    at_least: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _some(self) -> Span:
        if self.at_least is None and self.below is None:
            raise ValueError("expected 'at_least' or 'below', got neither")
        return self


Test = bool | str | tuple[str, ...] | Not | Span
Condition = dict[str, Test]
Facts = dict[str, np.ndarray]


def holds(condition: Condition, facts: Facts) -> Bools:
    """Return for which packages every test of a condition holds.

    Parameters
    ----------
    condition : mapping of fact to test
        An empty condition holds everywhere.
    facts : mapping of fact to ndarray, shape (packages,)
        Levels as strings, derived facts as truth values or numbers.

    Returns
    -------
    ndarray of bool, shape (packages,)

    Examples
    --------
    >>> facts = {"closed": np.array([True, False]), "frame": np.array(["none", "treaty"])}
    >>> holds({"closed": False, "frame": ("treaty",)}, facts).tolist()
    [False, True]
    """
    size = len(next(iter(facts.values())))
    result = np.ones(size, dtype=bool)
    for fact, test in condition.items():
        result &= _passes(test, facts[fact])
    return result


def levels_named(test: Test) -> tuple[str, ...]:
    """Return the level names that a test mentions."""
    if isinstance(test, Not):
        return test.not_
    if isinstance(test, str):
        return (test,)
    return test if isinstance(test, tuple) else ()


def _passes(test: Test, values: np.ndarray) -> Bools:
    if isinstance(test, Not):
        return np.asarray(~np.isin(values, test.not_))
    if isinstance(test, Span):
        low = -np.inf if test.at_least is None else test.at_least
        high = np.inf if test.below is None else test.below
        return np.asarray((values >= low) & (values < high))
    if isinstance(test, bool):
        return np.asarray(values.astype(bool) == test)
    return np.asarray(np.isin(values, levels_named(test)))
