"""Check that names refer to something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from sim.domain.condition import DERIVED_FACTS, Condition, levels_named
from sim.domain.dispute import Dispute
from sim.errors import Fault

_LONGEST = 200
"""Signs of a name beyond which it is no slip of the pen, and slow to compare."""


def unknown(key: str, what: str, got: str, known: Iterable[str]) -> Fault:
    """Return the fault of an unknown name, with the nearest known one.

    Parameters
    ----------
    key : str
        Dotted key at fault.
    what : str
        What the name should be, with its article.
    got : str
        The name found.
    known : iterable of str
        Admissible names.
    """
    names = list(known)
    near = get_close_matches(got, names, n=1) if len(got) <= _LONGEST else []
    listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return Fault(key, f"{what} ({listed})", f"{got!r}", near[0] if near else None)


def check_names(key: str, what: str, got: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each name that is not known."""
    names = list(known)
    for name in got:
        if name not in names:
            yield unknown(f"{key}.{name}" if key else name, what, name, names)


def check_levels(key: str, levels: dict[str, str], dispute: Dispute) -> Iterator[Fault]:
    """Yield the faults of a mapping from clauses to levels."""
    for clause, level in levels.items():
        if clause not in dispute.clauses:
            yield unknown(f"{key}.{clause}", "a clause of the dispute", clause, dispute.clauses)
        elif level not in dispute.clauses[clause].levels:
            known = dispute.clauses[clause].levels
            yield unknown(f"{key}.{clause}", f"a level of {clause}", level, known)


def check_condition(key: str, condition: Condition, dispute: Dispute) -> Iterator[Fault]:
    """Yield the faults of a condition on packages."""
    facts = [*dispute.clauses, *DERIVED_FACTS]
    for fact, test in condition.items():
        if fact not in facts:
            yield unknown(f"{key}.{fact}", "a clause or a derived fact", fact, facts)
        elif fact in dispute.clauses:
            known = dispute.clauses[fact].levels
            for level in levels_named(test):
                if level not in known:
                    yield unknown(f"{key}.{fact}", f"a level of {fact}", level, known)
