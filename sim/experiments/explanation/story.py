"""One world told round by round: who offered what, who refused and why, what would have passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.domain.interest import ROLES, Role
from sim.domain.narration import (
    differing,
    listed,
    percent,
    sentence,
    side_name,
    signed_points,
    text_words,
)
from sim.domain.outcome import Answer, Outcome
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.equations.offering import NONE
from sim.experiments.explanation.sight import RoundSnapshot

__all__ = ["NarratedRound", "Narrator", "barrier", "nearest", "told"]


@dataclass(frozen=True)
class NarratedRound:
    """A round, and how long it was repeated in turn.

    Parameters
    ----------
    first, last : int
        Rounds.
    answer : Answer
    package : str, optional
        Id of the package that was offered.
    blockers : tuple of str
        Ratifiers that would have stopped what was offered, as ``side.name``, in voting order.
    nearest : str, optional
        Id of the nearest package that could have been signed and would have passed.
    barrier : Outcome, optional
        What stood in the way of all packages, where none could have passed.
    sentences : tuple of str
    """

    first: int
    last: int
    answer: Answer
    package: str | None = None
    blockers: tuple[str, ...] = ()
    nearest: str | None = None
    barrier: Outcome | None = None
    sentences: tuple[str, ...] = ()

    def repeats(self, other: NarratedRound) -> bool:
        """Tell whether two exchanges differ in nothing but rounds and numbers that drift."""
        parts = ("answer", "package", "blockers", "nearest", "barrier")
        same = all(getattr(self, name) == getattr(other, name) for name in parts)
        return same and self.sentences[:1] == other.sentences[:1]


def told(exchanges: Iterator[NarratedRound]) -> list[NarratedRound]:
    """Return exchanges with repetitions in turn told once."""
    result: list[NarratedRound] = []
    for new in exchanges:
        for place in range(max(len(result) - 2, 0), len(result)):
            if new.repeats(result[place]):
                result[place] = replace(result[place], last=new.last)
                break
        else:
            result.append(new)
    return result


def nearest(sight: RoundSnapshot, package: int) -> int:
    """Return the passable package nearest to a package, or `NONE`.

    Nearest by the number of clauses that differ; then by the larger smaller surplus; then by
    index. Where nothing was offered: the one with the largest smaller surplus.

    Parameters
    ----------
    sight : RoundSnapshot
    package : int
        What was offered; `NONE` for nothing.
    """
    passable = np.flatnonzero(sight.passable)
    if not len(passable):
        return NONE
    states = sight.node.table.states
    smaller = np.minimum(*sight.surplus)
    apart = np.zeros(len(passable), dtype=np.int64)
    if package != NONE:
        apart += [len(differing(states[int(k)], states[package])) for k in passable]
    return int(passable[np.lexsort((passable, -smaller[passable], apart))[0]])


def barrier(sight: RoundSnapshot) -> Outcome | None:
    """Return what stood in the way of all packages in a round; None where one could have passed."""
    levels = (sight.bargain, sight.bargain & sight.signable, sight.bargain & sight.passable)
    names = (Outcome.no_bargain, Outcome.preconditions, Outcome.publics)
    return next((name for name, able in zip(names, levels, strict=True) if not able.any()), None)


class Narrator:
    """Turn the record of one world into exchanges.

    Parameters
    ----------
    scenario : Scenario
    nodes : tuple of Node
    seen : mapping of round to RoundSnapshot
    ratifiers : tuple of str
        What the record's ratifier numbers stand for.
    """

    def __init__(
        self,
        scenario: Scenario,
        nodes: tuple[Node, ...],
        seen: dict[int, RoundSnapshot],
        ratifiers: tuple[str, ...],
    ) -> None:
        self._scenario, self._nodes = scenario, nodes
        self._seen, self._ratifiers = seen, ratifiers
        self._names = {role: side_name(scenario.side(role).label) for role in ROLES}

    def exchange(self, line: dict[str, Any]) -> NarratedRound:
        """Return one line of the record as an exchange."""
        round_, answer = int(line["round"]), line["answer"]
        if "proposer" not in line:
            return NarratedRound(round_, round_, answer, sentences=(self._event(line),))
        sight, package = self._seen[round_], int(line["package"])
        near, table = nearest(sight, package), sight.node.table
        return NarratedRound(
            first=round_,
            last=round_,
            answer=answer,
            package=None if package == NONE else table.id_of(package),
            blockers=tuple(self._blockers(sight, package)),
            nearest=None if near == NONE else table.id_of(near),
            barrier=barrier(sight),
            sentences=tuple(self._round(line, sight, package, near)),
        )

    def _event(self, line: dict[str, Any]) -> str:
        answer: Answer = line["answer"]
        if answer is Answer.tabled:
            label = self._scenario.texts[line["structure"]].label
            mover = line.get("side")
            said = f"{self._names[mover]} {answer.value}" if mover else "On the table first"
            return sentence(f"{said}: {label}")
        by = ""
        if answer is Answer.rejected:
            by = f" by {self._ratifier(self._ratifiers[line['ratifier']])}"
        if answer is Answer.walked_back:
            both = "side" not in line
            by = " over two readings of it" if both else f" by {self._names[line['side']]}"
        stage = f"{self._nodes[line['node']].label}: " if "node" in line else ""
        return sentence(f"{stage}{answer.value}{by}")

    def _round(
        self, line: dict[str, Any], sight: RoundSnapshot, package: int, near: int
    ) -> Iterator[str]:
        proposer: Role = line["proposer"]
        if package == NONE:
            yield sentence(f"{self._names[proposer]}: {line['answer'].value}")
        else:
            yield from self._offer(line, sight, package)
        if near == NONE:
            yield from self._why_none(sight)
        elif near == package:
            yield "This text could have been signed and would have passed."
        else:
            words = self._words(sight, near)
            yield sentence(f"Nearest text that could be signed and would pass: {words}")

    def _offer(self, line: dict[str, Any], sight: RoundSnapshot, package: int) -> Iterator[str]:
        proposer, answer = line["proposer"], line["answer"]
        yield sentence(f"{self._names[proposer]} offers: {self._words(sight, package)}")
        why = answer.value
        if answer is Answer.precondition:
            stances = self._stances(sight, package, proposer.other)
            why = f"{why}: {listed(stances)}"
        yield sentence(f"{self._names[proposer.other]}: {why}")
        worth = [
            f"{signed_points(float(sight.surplus[role.position, package]))} points to {name}"
            for role, name in self._names.items()
        ]
        yield sentence(f"Compared with never signing it is worth {listed(worth)}")
        support = [
            f"{percent(float(sight.support[role.position, package]))} % ({name})"
            for role, name in self._names.items()
        ]
        stops = [self._ratifier(name) for name in self._blockers(sight, package)]
        who = f"In a vote now, {listed(stops) if stops else 'nobody'} would stop it"
        if not sight.voted[package]:
            who = "It would take effect without a vote"
        yield sentence(f"{who}; support is {listed(support)}")

    def _why_none(self, sight: RoundSnapshot) -> Iterator[str]:
        total, found = len(sight.node.table), barrier(sight)
        if found is Outcome.no_bargain:
            best = int(np.minimum(*sight.surplus).argmax())
            short = [
                f"{-sight.surplus[role.position, best]:.1f} points for {name}"
                for role, name in self._names.items()
                if sight.surplus[role.position, best] < 0
            ]
            yield sentence(
                f"None of {total} texts is worth signing to both; the nearest is short by "
                f"{listed(short) or 'no more than a price of preconditions'}"
            )
        elif found is Outcome.preconditions:
            names = [f"'{self._stance(*key)}' ({self._names[key[0]]})" for key in sight.against]
            yield sentence(
                f"Worth signing to both: {sight.bargain.sum()} of {total} texts, none clear of "
                f"preconditions; absolute here: {listed(names) or 'none, only their price'}"
            )
        else:
            stops = [
                f"{self._ratifier(f'{role.value}.{name}')}: {(stopped & sight.signable).sum()}"
                for (role, name), stopped in sight.stopped.items()
                if (stopped & sight.signable).any()
            ]
            yield sentence(
                f"Could be signed: {sight.signable.sum()} of {total} texts, none would pass; "
                f"stopped by {listed(stops)}"
            )

    def _words(self, sight: RoundSnapshot, package: int) -> str:
        table = sight.node.table
        return text_words(table.states[package], table.before, self._scenario.dispute)

    def _blockers(self, sight: RoundSnapshot, package: int) -> Iterator[str]:
        for (role, name), stops in sight.stopped.items():
            if package != NONE and stops[package]:
                yield f"{role.value}.{name}"

    def _stances(self, sight: RoundSnapshot, package: int, role: Role) -> list[str]:
        return [
            f"'{self._stance(whose, name)}'"
            for (whose, name), blocked in sight.against.items()
            if whose is role and blocked[package]
        ]

    def _stance(self, role: Role, name: str) -> str:
        return self._scenario.side(role).preconditions[name].label

    def _ratifier(self, full: str) -> str:
        role, _, name = full.partition(".")
        label = self._scenario.side(Role(role)).ratifiers[name].label
        return f"'{label}' ({self._names[Role(role)]})"
