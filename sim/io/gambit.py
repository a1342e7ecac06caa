r"""Finitely many offers in the files of Gambit: extensive and strategic form.

In each round one side offers a package, or nothing, and the other accepts or refuses; then it is
the other's turn to offer. Whoever signs package x in round t (from 0) has
:math:`r + \delta^t (v(x) - r)`, as in `sim.equations.subgame_perfect`; when the last offer is
refused both keep their reservation values r. Histories are not merged: with P packages and n rounds
the tree has

.. math:: N(n) = 1 + 2 P + (P + 1) N(n - 1), \quad N(0) = 1

nodes, of the order of P to the n. Where it is drawn who offers, a move of chance goes before each
round, :math:`N(n) = 3 + 4 P + 2 (P + 1) N(n - 1)`, and only this form is written: a strategy would
have to say what to do after each of its draws. The strategic form is the reduced one, without
choices that a side's own earlier ones rule out. A proposer with n rounds left has A(n) strategies,
a responder B(n):

.. math:: A(n) = (P + 1) B(n - 1), \quad B(n) = (1 + A(n - 1))^P A(n - 1), \quad A(0) = B(0) = 1

References
----------
R. D. McKelvey, A. M. McLennan, T. L. Turocy. Gambit: game representation formats.
https://gambitproject.readthedocs.io/en/stable/formats.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, product
from pathlib import Path
from typing import Any

import numpy as np

from sim.domain.narration import printable
from sim.errors import Fault, ScenarioError
from sim.io.files import write_atomically
from sim.quantities import Floats

__all__ = ["FiniteOffers", "check_gambit", "efg_text", "nfg_text", "write_gambit"]

_MOST_NODES, _MOST_CELLS = 250_000, 100_000
"""Of a tree, and of a strategic form, that is written."""
_BEYOND = 10**9


@dataclass(frozen=True)
class FiniteOffers:
    """Offers over finitely many rounds, in turn or by whoever is drawn.

    Parameters
    ----------
    title : str
    sides : pair of str
        Names.
    packages : tuple of str
        In words.
    value : pair of ndarray, shape (packages,)
    reservation : pair of float
        Value of no agreement.
    kept : pair of float
        Share of a surplus that is left after a round, in [0, 1].
    rounds : int
    first : int
        Who makes the first offer: 0 or 1.
    chance : float, optional
        Probability that the first side offers, in each round; absent, sides take turns.
    """

    title: str
    sides: tuple[str, str]
    packages: tuple[str, ...]
    value: tuple[Floats, Floats]
    reservation: tuple[float, float]
    kept: tuple[float, float]
    rounds: int
    first: int = 0
    chance: float | None = None

    def payoffs(self, package: int | None, round_: int) -> str:
        """Return what signing a package in a round is worth to both, as a file says it."""
        worth = []
        for value, least, kept in zip(self.value, self.reservation, self.kept, strict=True):
            gain = 0.0 if package is None else kept**round_ * (float(value[package]) - least)
            worth.append(np.format_float_positional(least + gain, trim="-"))
        return ", ".join(worth)

    @property
    def comment(self) -> str:
        """Return what the numbers of packages stand for."""
        return _quoted("; ".join(f"{place}: {text}" for place, text in enumerate(self.packages)))


def nodes(packages: int, rounds: int, *, drawn: bool = False) -> int:
    """Return how many nodes the tree has; a billion for more.

    Examples
    --------
    >>> nodes(2, 1), nodes(3, 2), nodes(500, 20), nodes(2, 1, drawn=True)
    (8, 51, 1000000000, 17)
    """
    size = 1
    for _ in range(rounds):
        turn = 1 + 2 * packages + (packages + 1) * size
        size = min(1 + 2 * turn if drawn else turn, _BEYOND)
    return size


def cells(packages: int, rounds: int) -> int:
    """Return how many cells the strategic form has; a billion for more.

    Examples
    --------
    >>> cells(2, 1), cells(2, 2), cells(3, 2), cells(2, 20)
    (12, 576, 16000, 1000000000)
    """
    one = two = 1
    for _ in range(rounds):
        if packages > 30 or one * two > _BEYOND:
            return _BEYOND
        one, two = (packages + 1) * two, (1 + one) ** packages * one
    return min(one * two, _BEYOND)


def check_gambit(path: Path, packages: int, rounds: int, *, drawn: bool = False) -> None:
    """Refuse a file of another kind, and a game that is too large to be written.

    Parameters
    ----------
    path : Path
        Its suffix says which form: ``.efg`` (extensive) or ``.nfg`` (strategic).
    packages, rounds : int
    drawn : bool
        Whether it is drawn who offers.

    Raises
    ------
    ScenarioError
        With one fault.
    """
    if path.suffix not in (".efg", ".nfg"):
        raise ScenarioError([Fault("game", "a file .efg or .nfg", repr(path.name))])
    tree = path.suffix == ".efg"
    if drawn and not tree:
        expected = "a file .efg where it is drawn who offers (chance has no strategic form)"
        raise ScenarioError([Fault("game", expected, repr(path.name))])
    most = _MOST_NODES if tree else _MOST_CELLS
    found = nodes(packages, rounds, drawn=drawn) if tree else cells(packages, rounds)
    if found > most:
        number = f"{found:,}" if found < _BEYOND else "over a billion"
        grows = "packages^rounds" if tree else "a power of that"
        expected = f"at most {most:,} {'nodes' if tree else 'cells'} (they grow as {grows})"
        got = f"{number} for {packages:,} packages and {rounds:,} rounds"
        raise ScenarioError([Fault("game", expected, got)])


def write_gambit(path: Path, offers: FiniteOffers) -> None:
    """Write a game in the form that the suffix of its file names.

    Parameters
    ----------
    path : Path
        One that `check_gambit` lets pass.
    offers : FiniteOffers

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    text = efg_text(offers) if path.suffix == ".efg" else nfg_text(offers)
    write_atomically(path, text.encode())


def efg_text(offers: FiniteOffers) -> str:
    """Return the extensive form, a line for each node, as the text of a file.

    Parameters
    ----------
    offers : FiniteOffers
    """
    head = f"EFG 2 R {_quoted(offers.title)} {{ {' '.join(map(_quoted, offers.sides))} }}"
    return "\n".join([head, offers.comment, "", *_Tree(offers).lines(0)]) + "\n"


class _Tree:
    """The lines of a tree, in the order of a walk; each node is an information set of its own."""

    def __init__(self, offers: FiniteOffers) -> None:
        self.offers = offers
        self.sets, self.draws = (count(1), count(1)), count(1)
        named = [f"offer {place}" for place in range(len(offers.packages))]
        self.choices = " ".join(map(_quoted, [*named, "offer nothing"]))

    def lines(self, round_: int) -> Iterator[str]:
        """Yield all that can happen from a round on."""
        if round_ == self.offers.rounds:
            yield self.end(None, round_)
            return
        if self.offers.chance is None:
            yield from self.turn((self.offers.first + round_) % 2, round_)
            return
        yield self.draw(self.offers.chance)
        for proposer in (0, 1):
            yield from self.turn(proposer, round_)

    def turn(self, proposer: int, round_: int) -> Iterator[str]:
        """Yield all that can happen from a side's turn on."""
        packages = len(self.offers.packages)
        yield self.move(proposer, self.choices)
        for package in range(packages):
            yield self.move(1 - proposer, '"accept" "refuse"')
            yield self.end(package, round_)
            yield from self.lines(round_ + 1)
        yield from self.lines(round_ + 1)

    def draw(self, chance: float) -> str:
        """Return the line of a move of chance; each is drawn by itself."""
        one = Decimal(repr(chance))
        said = zip(self.offers.sides, (one, 1 - one), strict=True)
        named = " ".join(f"{_quoted(f'{name} offers')} {share:f}" for name, share in said)
        return f'c "" {next(self.draws)} "" {{ {named} }} 0'

    def move(self, side: int, choices: str) -> str:
        """Return the line of a decision."""
        return f'p "" {side + 1} {next(self.sets[side])} "" {{ {choices} }} 0'

    def end(self, package: int | None, round_: int) -> str:
        """Return the line of an end; the same end has the same number."""
        packages = len(self.offers.packages)
        number = 1 if package is None else 2 + round_ * packages + package
        name = "no agreement" if package is None else f"package {package} in round {round_}"
        return f't "" {number} "{name}" {{ {self.offers.payoffs(package, round_)} }}'


def nfg_text(offers: FiniteOffers) -> str:
    """Return the reduced strategic form as the text of a file.

    A strategy of who offers is what it offers, and what it answers thereafter; one of who answers
    is, for each package, ``y`` or what it offers thereafter, and what it offers after nothing.

    Parameters
    ----------
    offers : FiniteOffers
    """
    packages = len(offers.packages)
    first = [*_proposing(packages, offers.rounds)]
    second = [*_responding(packages, offers.rounds)]
    sides = [first, second] if offers.first == 0 else [second, first]
    names = " ".join(
        f"{{ {' '.join(_quoted(_spelt(strategy)) for strategy in side)} }}" for side in sides
    )
    head = f"NFG 1 R {_quoted(offers.title)} {{ {' '.join(map(_quoted, offers.sides))} }}"
    lines = [f"{head} {{ {names} }}", offers.comment, ""]
    for two, one in product(sides[1], sides[0]):  # the first side's strategies change fastest
        pair = (one, two) if offers.first == 0 else (two, one)
        lines.append(offers.payoffs(*_played(*pair)).replace(",", ""))
    return "\n".join(lines) + "\n"


Strategy = Any
"""Of who offers: (offer, strategy of answering). Of who answers: y or one of offering, by offer."""


def _proposing(packages: int, rounds: int) -> Iterator[Strategy]:
    if rounds == 0:
        yield ()
        return
    yield from product((*range(packages), None), [*_responding(packages, rounds - 1)])


def _responding(packages: int, rounds: int) -> Iterator[Strategy]:
    if rounds == 0:
        yield ()
        return
    later = [*_proposing(packages, rounds - 1)]
    yield from product(*[["y", *later]] * packages, later)


def _played(proposing: Strategy, responding: Strategy, round_: int = 0) -> tuple[int | None, int]:
    """Return what is signed, and when, where both keep to their strategies."""
    if not proposing:
        return None, round_
    offer, answering = proposing
    answer = responding[-1 if offer is None else offer]
    return (offer, round_) if answer == "y" else _played(answer, answering, round_ + 1)


def _spelt(strategy: Strategy) -> str:
    """Return a strategy in few signs: ``-`` for an offer of nothing, ``n`` for a last refusal."""
    if strategy == "y":
        return "y"
    if not strategy:
        return "n"
    if len(strategy) == 2 and not isinstance(strategy[0], tuple) and strategy[0] != "y":
        offer, answering = strategy
        said = "-" if offer is None else str(offer)
        return said if not answering else f"{said}>{_spelt(answering)}"
    return f"({' '.join(map(_spelt, strategy))})"


def _quoted(text: str) -> str:
    """Return a text in the quotes of a file."""
    return '"' + printable(text).replace("\\", "/").replace('"', "'") + '"'
