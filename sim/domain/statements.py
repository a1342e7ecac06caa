"""Statements on which options are taken, and the ranking of states that an ordered list of them is.

A statement is an option, which holds where it is taken, or is made of others by ``not`` (``-``),
``&``, ``|``, ``if`` and ``iff``, which bind in this order, the first most tightly; parentheses go
first. ``withdraw if invade`` holds unless there is an invasion and no withdrawal. Of several
statements each counts for more than all after it together: with k of them the j-th scores
2^(k - j) where it holds, and states rank by their scores. This is option prioritizing.

References
----------
L. Fang, K. W. Hipel, D. M. Kilgour, X. Peng (2003). A decision support system for interactive
decision making, part 1: model formulation. IEEE Transactions on Systems, Man, and Cybernetics C
33(1), 42-55.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from sim.errors import Fault, nearest

__all__ = ["fault_of_statement", "holds", "ranked"]

_TOKEN = re.compile(r"""\s*(?:([()&|-])|"([^"]+)"|'([^']+)'|(\w+(?:[-.]\w+)*)|(\S))""")
_WORDS = {"not": "-", "and": "&", "or": "|", "if": "if", "iff": "iff"}
_LONGEST = 1_000
"""Characters of a statement."""
_END = "the end"


def holds(statement: str, taken: Collection[str]) -> bool:
    """Tell whether a statement holds where some options are taken and no others.

    Parameters
    ----------
    statement : str
        Of which `fault_of_statement` says nothing.
    taken : collection of str

    Examples
    --------
    >>> holds("withdraw if invade", {"invade"}), holds("-(a | b) iff not a & -b", {"b"})
    (False, True)
    """
    return _Reading(statement, taken).whole()


def ranked(
    statements: Sequence[str], states: Mapping[str, Collection[str]]
) -> tuple[tuple[str, ...], ...]:
    """Return states by their scores, the best first, those of one score together.

    Parameters
    ----------
    statements : sequence of str
        What is wished for, the most important first.
    states : mapping of state to options taken in it

    Examples
    --------
    >>> ranked(["-war", "talk"], {"x": ["war"], "y": [], "z": ["talk"], "w": ["war"]})
    (('z',), ('y',), ('x', 'w'))
    """
    scores: dict[int, list[str]] = {}
    for state, taken in states.items():
        truth = "".join(str(int(holds(statement, taken))) for statement in statements)
        scores.setdefault(int(truth, 2), []).append(state)
    return tuple(tuple(scores[score]) for score in sorted(scores, reverse=True))


def fault_of_statement(key: str, statement: str, options: Iterable[str]) -> Fault | None:
    """Return what is wrong with a statement, and where in it; None where nothing is.

    Parameters
    ----------
    key : str
        Where it stands in its file.
    statement : str
    options : iterable of str
        Those that there are.
    """
    known = list(options)
    if len(statement) > _LONGEST:
        return Fault(key, f"at most {_LONGEST:,} characters", f"{len(statement):,}")
    reading = _Reading(statement, ())
    try:
        reading.whole()
    except _ReadingError as error:
        expected, got, at = error.args
        return Fault(key, f"{expected} at character {at} of {statement!r}", got)
    for name, at in reading.names:
        if name not in known:
            expected = f"an option of a maker at character {at} of {statement!r}"
            return Fault(key, expected, repr(name), nearest(name, known))
    return None


class _ReadingError(ValueError):
    """What was expected, what came, and at which character."""


class _Reading:
    """One reading of a statement, by recursive descent, where some options are taken."""

    def __init__(self, statement: str, taken: Collection[str]) -> None:
        self.taken = taken
        self.names: list[tuple[str, int]] = []
        self.left = [*_tokens(statement)][::-1]
        self.depth = 0

    def whole(self) -> bool:
        """Return the truth of the statement."""
        result = self.equivalence()
        if self.left[-1][0] != _END:
            self.refuse("&, |, if, iff or the end")
        return result

    def equivalence(self) -> bool:
        """Return the truth of sides of which both hold or neither."""
        result = self.condition()
        while self.met("iff"):
            result = result == self.condition()
        return result

    def condition(self) -> bool:
        """Return the truth of what is wished for on a condition."""
        result = self.either()
        while self.met("if"):
            condition = self.either()
            result = result or not condition
        return result

    def either(self) -> bool:
        """Return the truth of alternatives."""
        result = self.both()
        while self.met("|"):
            result |= self.both()
        return result

    def both(self) -> bool:
        """Return the truth of what is to hold together."""
        result = self.one()
        while self.met("&"):
            result &= self.one()
        return result

    def one(self) -> bool:
        """Return the truth of an option, of a negation, or of what is in parentheses."""
        flip = False
        while self.met("-"):
            flip = not flip
        if self.met("("):
            result = self.inside()
        else:
            kind, text, at = self.left[-1]
            if kind != "name":
                self.refuse("an option, not or (")
            self.left.pop()
            self.names.append((text, at))
            result = text in self.taken
        return result != flip

    def inside(self) -> bool:
        """Return the truth of what stands up to a closing parenthesis."""
        self.depth += 1
        if self.depth > 40:
            self.refuse("at most 40 parentheses in each other")
        result = self.equivalence()
        if not self.met(")"):
            self.refuse("&, |, if, iff or )")
        self.depth -= 1
        return result

    def met(self, kind: str) -> bool:
        """Tell whether a token comes next, and go past it."""
        if self.left[-1][0] != kind:
            return False
        self.left.pop()
        return True

    def refuse(self, expected: str) -> None:
        """Say what was expected in place of what comes next."""
        kind, text, at = self.left[-1]
        raise _ReadingError(expected, kind if kind == _END else repr(text), at)


def _tokens(statement: str) -> Iterable[tuple[str, str, int]]:
    """Yield the kind, the text and the place of each token, and of the end."""
    for match in _TOKEN.finditer(statement):
        sign, double, single, word, odd = match.groups()
        at = match.start(match.lastindex or 0) + 1
        name = double or single or word
        if sign or (word and word.lower() in _WORDS):
            yield sign or _WORDS[word.lower()], sign or word, at
        elif name:
            yield "name", name, at
        else:
            yield "sign", odd, at
    yield _END, "", len(statement) + 1
