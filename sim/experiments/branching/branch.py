"""Tree of branches of one world: its course as it was, and with something set from a round on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from sim.domain.agenda import AGENDA
from sim.domain.frozen import LAST_WORLD, Frozen
from sim.domain.interest import Role
from sim.domain.narration import sentence, side_name
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError, file_error, nearest
from sim.experiments.branching.interventions import (
    Asked,
    check_offer,
    check_turn,
    intervention,
    words_of,
)
from sim.experiments.explanation.sight import watch_model
from sim.experiments.pinned import FILE
from sim.experiments.trace import trace_of
from sim.io.config import scenario_of
from sim.io.dump import dump_scenario
from sim.io.faults import read_as
from sim.io.files import display, write_atomically
from sim.io.tables import digest
from sim.model.branch import Intervention
from sim.model.branch import branch as branched
from sim.model.talks import TalksModel, playing
from sim.quantities import as_index

__all__ = [
    "BranchTree",
    "Course",
    "asked_by",
    "branch",
    "check_deal",
    "check_round",
    "check_world",
    "date_of",
    "idle_sentences",
    "in_brackets",
    "load_branches",
    "same_results",
]

AS_IT_WAS = "as it was"


@dataclass(frozen=True, eq=False)
class Course:
    """One course of a world to the end of the window.

    Parameters
    ----------
    at : int
        Round at which it leaves the course that it branches from.
    words : tuple of str
        What is set there; nothing for the world as it was.
    of : int, optional
        Place of the course that it branches from; absent, it is the world as it was.
    trace : DataFrame
        A row per event, from round 0 on; see `EnsembleResult.trace`.
    result : BlockResult
        How the world ends.
    texts : mapping of id to int
        The number of each text that was offered: its place in the table of its stage, from 1 on.
    """

    at: int
    words: tuple[str, ...]
    of: int | None
    trace: pd.DataFrame
    result: BlockResult
    texts: dict[str, int]

    @property
    def label(self) -> str:
        """Return what is set, in words."""
        return ", ".join(self.words) or AS_IT_WAS

    @property
    def ending(self) -> Outcome:
        """Return how the world ends."""
        return OUTCOMES[self.column("outcome")]

    @property
    def behind(self) -> Outcome | None:
        """Return what would have stopped the world if what stopped it had not."""
        code = self.column("next_barrier")
        return OUTCOMES[code] if code >= 0 else None

    @property
    def signed(self) -> tuple[int, str] | None:
        """Return in which round the last text was signed, and its id."""
        code = self.column("package")
        return (self.column("round_signed"), self.result.package_ids[code]) if code >= 0 else None

    def column(self, name: str) -> int:
        """Return a column of the world's row that codes something by a whole number."""
        return int(self.result.columns[name][0])


@dataclass(frozen=True, eq=False)
class BranchTree:
    """Courses of one world that part from each other where something is set.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    world : int
    courses : tuple of Course
        The first is the world as it was; each of the others comes after the one it branches from.
    """

    scenario: Scenario
    deal: str
    world: int
    courses: tuple[Course, ...]

    def branch(self, at: int, set: Asked, *, of: int = 0) -> BranchTree:
        """Return the tree with one more branch.

        Parameters
        ----------
        at : int
            Round from whose beginning on something is set.
        set : str, iterable of str or mapping
            What; ``"holder.leader=successor, claimant.public.opposition=0.4"``.
        of : int
            Place of the course to branch from.

        Raises
        ------
        ScenarioError
            If anything is at fault, or talks are over before that round.
        """
        words = words_of(set)
        at = check_round(self.scenario, at)
        expected = f"a course that is there by round {at}"
        of = _whole("of", of, len(self.courses), expected)
        if self.courses[of].at > at:
            raise ScenarioError([Fault("of", expected, f"{of}", file=FILE)])
        what = intervention(self.scenario, words)
        check_offer(self.scenario, self.deal, at, what)
        path = [*self._path(of), (at, what)]
        result, trace, texts = _played(self.scenario, self.deal, self.world, path)
        earlier = self.courses[of].trace
        rows = [*_records(earlier[earlier["round"] < at]), *_records(trace)]
        whole = pd.DataFrame(rows, columns=list(trace.columns))
        return replace(self, courses=(*self.courses, Course(at, words, of, whole, result, texts)))

    def _path(self, place: int) -> list[tuple[int, Intervention]]:
        course = self.courses[place]
        if course.of is None:
            return []
        here = course.at, intervention(self.scenario, course.words)
        return [*self._path(course.of), here]

    @cached_property
    def texts(self) -> dict[str, str]:
        """Return what each text that was offered is called, by its id: by its number in its stage.

        That is what it is called where a side is played, too. Texts of several stages may have one
        number; these are called by their ids beside it.
        """
        found = {name: number for course in self.courses for name, number in course.texts.items()}
        often = Counter(found.values())
        return {
            name: f"text {number}" if often[number] == 1 else f"text {number} ({name})"
            for name, number in found.items()
        }

    @cached_property
    def text_words(self) -> dict[str, str]:
        """Return what each text that was offered changes, by its id."""
        offers = (course.trace[["package", "offer"]].dropna().to_numpy() for course in self.courses)
        return {str(name): str(words) for pairs in offers for name, words in pairs}

    def table(self, place: int = -1) -> pd.DataFrame:
        """Return a branch beside the course that it branches from, from where they may part on.

        Parameters
        ----------
        place : int
            Of the branch.

        Returns
        -------
        DataFrame
            `first` and `last` round of a row, and what happened in each course, in words. Rounds
            that repeat themselves in turn are one row.
        """
        parent, course = self._pair(place)
        told = [self._told(each, course.at) for each in (parent, course)]
        rows: list[list[Any]] = []
        for round_ in sorted({*told[0], *told[1]}):
            cells = [each.get(round_, "") for each in told]
            alike = [row for row in rows[-2:] if row[2:] == cells]
            if alike:
                alike[-1][1] = round_
            else:
                rows.append([round_, round_, *cells])
        return pd.DataFrame(rows, columns=["first", "last", parent.label, course.label])

    def _told(self, course: Course, first: int) -> dict[int, str]:
        """Return what happened in each round from one on."""
        found: dict[int, str] = {}
        for row in _records(course.trace[course.trace["round"] >= first]):
            before = found.get(row["round"])
            told = self._event(row)
            found[row["round"]] = f"{before}; {told}" if before else told
        return found

    def _event(self, row: dict[str, Any]) -> str:
        if not isinstance(row["proposer"], str):
            return str(row["why"])
        who = side_name(self.scenario.side(Role(row["proposer"])).label)
        if not isinstance(row["package"], str):
            return f"{who}: {row['why']}"
        return f"{who} offers {self.texts[row['package']]}: {row['why']}"

    def _pair(self, place: int) -> tuple[Course, Course]:
        """Return what a branch branches from, and the branch."""
        course = self.courses[place]
        return self.courses[course.of or 0], course

    def parts_in(self, place: int = -1) -> int | None:
        """Return the first round in which a branch differs from its parent; None if in none."""
        pair = [_by_round(each.trace) for each in self._pair(place)]
        rounds = sorted({*pair[0], *pair[1]})
        return next((at for at in rounds if pair[0].get(at) != pair[1].get(at)), None)

    def idle(self, place: int = -1) -> tuple[str, ...]:
        """Return what a branch sets that makes no difference by itself, not even to a number.

        Parameters
        ----------
        place : int
            Of the branch.
        """
        parent, course = self._pair(place)
        several = len(course.words) > 1
        alone = (
            self.branch(course.at, [word], of=course.of or 0).courses[-1] if several else course
            for word in course.words
        )
        return tuple(
            word
            for word, each in zip(course.words, alone, strict=True)
            if same_results(each.result, parent.result) and each.trace.equals(parent.trace)
        )

    def sentences(self, place: int = -1) -> Iterator[str]:
        """Yield what a branch changes, in words.

        Parameters
        ----------
        place : int
            Of the branch.
        """
        parent, course = self._pair(place)
        when = f"round {course.at}{in_brackets(self.scenario, course.at)}"
        with_ = f"with {course.label} from {when} on" if course.words else "with nothing set"
        without = "as it was" if parent.of is None else f"with {parent.label} alone"
        yield sentence(f"{with_}, {self._ends(course)}")
        yield sentence(f"{without}, {self._ends(parent)}")
        parted = self.parts_in(place)
        if parted is not None:
            yield sentence(f"the two courses part in round {parted}")
        elif same_results(course.result, parent.result):
            yield "The two courses are the same in everything that happens."
        else:
            yield "The same happens in both; only numbers drift apart."
        yield from idle_sentences(self.idle(place), "anything in this world")

    def _ends(self, course: Course) -> str:
        end = f"in the end: {course.ending.value}"
        if course.behind is not None:
            end = f"{end} (behind that: {course.behind.value})"
        if course.signed is None:
            return f"nothing {'would be' if course.words else 'is'} signed; {end}"
        round_, package = course.signed
        name, when = self.texts.get(package, "a text"), in_brackets(self.scenario, round_)
        if course.words and round_ < course.at:
            before = f"{name} was signed before that, in round {round_}{when}"
            return f"nothing more would be signed ({before}); {end}"
        verb = "would have been" if course.words else "is"
        offers = course.trace[course.trace["package"] == package]["round"]
        first = int(offers.min()) if len(offers) else round_
        name = f"{name}, first offered in round {first}," if first < round_ else name
        return f"{name} {verb} signed in round {round_}{when}; {end}"

    def to_json(self) -> str:
        """Return the tree as JSON, from which `load_branches` plays the same one again."""
        branches = [
            {"at": each.at, "set": [*each.words], "of": each.of}
            for each in self.courses
            if each.of is not None
        ]
        values = {
            "scenario": self.scenario.name,
            "config_sha256": _digest(self.scenario),
            "deal": self.deal,
            "world": self.world,
            "branches": branches,
            "endings": [each.ending.name for each in self.courses],
        }
        return f"{json.dumps(values, indent=2, ensure_ascii=False)}\n"

    def save(self, path: str | Path) -> Path:
        """Write the tree as JSON, and return where."""
        write_atomically(Path(path), self.to_json().encode())
        return Path(path)

    def __repr__(self) -> str:
        """Say what it is in one line."""
        return f"<BranchTree world {self.world} of {self.deal}: {len(self.courses) - 1} branches>"


def branch(
    scenario: Scenario | str | Path, deal: str | None = None, *, world: int, at: int, set: Asked
) -> BranchTree:
    """Play one world twice: as it was, and with something set from a round on.

    Both courses meet the same shocks, because random numbers are a function of world and round.

    Parameters
    ----------
    scenario : Scenario, str or Path
    deal : str, optional
        A structure; may be left out where there is only one.
    world : int
    at : int
        Round from whose beginning on something is set.
    set : str, iterable of str or mapping
        What is set; a mapping of keys to values, or ``KEY=VALUE`` with commas between. Keys are
        ``SIDE.leader=successor``, ``SIDE.leader.approval=PERCENT``,
        ``SIDE.preconditions.NAME=withdrawn``, ``environment.processes.NAME=LEVEL``,
        ``SIDE.offer=PACKAGE``, ``on_the_table=STRUCTURE``, or those of declared numbers.

    Returns
    -------
    BranchTree
        Its `branch` adds further ones.

    Raises
    ------
    ScenarioError
        If anything is at fault, or talks are over before that round.

    Examples
    --------
    ``sim.branch("singapore_2018", "two_islands_first", world=3, at=9,
    set={"holder.leader": "successor"})``
    """
    scenario = scenario_of(scenario)
    deal = check_deal(scenario, deal)
    at = check_round(scenario, at)
    check_offer(scenario, deal, at, intervention(scenario, set))
    world = check_world(world)
    return _as_it_was(scenario, deal, world).branch(at, set)


def _as_it_was(scenario: Scenario, deal: str, world: int) -> BranchTree:
    """Return the tree of a world that nothing branches from yet."""
    result, trace, texts = _played(scenario, deal, world, [])
    return BranchTree(scenario, deal, world, (Course(0, (), None, trace, result, texts),))


def check_deal(scenario: Scenario, deal: str | None) -> str:
    """Return the structure that is asked for, or the only one."""
    names = [*scenario.structures]
    if deal is None and len(names) == 1:
        return names[0]
    if deal not in names:
        got = "none" if deal is None else repr(deal)
        if str(deal) in scenario.texts:
            got += ", which lies on it with all others"
        elif deal == AGENDA:
            got += ", which needs agenda=open or agenda=tabled"
        near = nearest(str(deal), names)
        raise ScenarioError([Fault("deal", f"one of {', '.join(names)}", got, near, FILE)])
    return deal


@contextmanager
def asked_by(file: str | Path) -> Iterator[None]:
    """Blame a file, not the command line, for what is asked in it."""
    try:
        yield
    except ScenarioError as error:
        name = display(file) if isinstance(file, Path) else file
        raise ScenarioError(
            replace(fault, file=name) if fault.file == FILE else fault for fault in error.faults
        ) from None


def check_round(scenario: Scenario, at: int) -> int:
    """Return a round as a plain number; refuse one that the window does not have."""
    return _whole("at", at, scenario.rounds, f"a round from 0 to {scenario.rounds - 1}")


def check_world(world: int) -> int:
    """Return a world as a plain number; refuse one that no run has."""
    return _whole("world", world, LAST_WORLD + 1, f"a world from 0 to {LAST_WORLD:,}")


def _whole(name: str, value: int, below: int, expected: str) -> int:
    """Return a whole number of any kind, such as numpy's, as Python's own."""
    number = as_index(value)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < below:
        raise ScenarioError([Fault(name, expected, f"{value!r}", file=FILE)])
    return number


def _played(
    scenario: Scenario, deal: str, world: int, path: Sequence[tuple[int, Intervention]]
) -> tuple[BlockResult, pd.DataFrame, dict[str, int]]:
    """Play one world along a path of interventions.

    Returns
    -------
    (BlockResult, DataFrame, dict)
        Its end, what it last recorded, and the numbers of the texts in that.
    """
    with playing(scenario, deal, first=world, worlds=1, record=not path) as model:
        present = model
        for at, what in path:
            play_to(present, at)
            _check_there(present, world, at)
            _check_sides(present, what)
            following = branched(present, what, record=True)
            present.release()
            present = following
        ended, seen, nodes = watch_model(present)
        present.release()
        record = [line for line in ended.record or [] if "node" in line]
        offers = [line for line in record if line.get("package", -1) >= 0]
        texts = {
            nodes[line["node"]].table.id_of(line["package"]): line["package"] + 1 for line in offers
        }
        return ended, trace_of(scenario, ended, seen, nodes), texts


def play_to(model: TalksModel, at: int) -> None:
    """Play a model up to a round, or until all its worlds are over."""
    while model.running and model.round < at:
        model.step()


def _check_there(model: TalksModel, world: int, at: int) -> None:
    if not model.running:
        expected = f"a round in which world {world} still goes on (its last is {model.round - 1})"
        raise ScenarioError([Fault("at", expected, f"{at}", file=FILE)])


def _check_sides(model: TalksModel, what: Intervention) -> None:
    table = model.nodes[int(model.states.node[0])].table
    if what.offer is not None:
        check_turn(what.offer[0], model.protocol, model.round)
    if what.offer is not None and table.place_of(what.offer[1]) is None:
        key = f"{what.offer[0].value}.offer"
        raise ScenarioError([Fault(key, "a package of the stage under way", "another", file=FILE)])
    for role in what.leaves:
        if not model.environment.offices[role].may_leave[0]:
            expected = "its first leader in office, or environment.successions.enabled=true"
            got = "its only successor in office already"
            raise ScenarioError([Fault(f"{role.value}.leader", expected, got, file=FILE)])


def _records(trace: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in trace.to_dict("records")]


def _by_round(trace: pd.DataFrame) -> dict[int, list[tuple[str, ...]]]:
    """Return what happened in each round, without the numbers behind it."""
    found: dict[int, list[tuple[str, ...]]] = {}
    for row in trace[["round", "proposer", "package", "answer"]].to_numpy():
        found.setdefault(int(row[0]), []).append(tuple(map(str, row[1:])))
    return found


def idle_sentences(words: Sequence[str], what: str) -> Iterator[str]:
    """Yield what was set and was never in force.

    Parameters
    ----------
    words : sequence of str
        What makes no difference by itself.
    what : str
        To which it makes none.
    """
    for word in words:
        yield (
            f"By itself {word} makes no difference to {what}: it is never in force, "
            "or nothing rests on it."
        )


def same_results(one: BlockResult, other: BlockResult) -> bool:
    """Tell whether worlds end alike in everything, to the bit."""
    columns = other.columns
    return all(
        np.array_equal(values, columns[name], equal_nan=values.dtype.kind == "f")
        for name, values in one.columns.items()
    )


def date_of(scenario: Scenario, round_: int) -> str:
    """Return the month of a round, as ``2021-02``; empty where the start names none.

    Parameters
    ----------
    scenario : Scenario
    round_ : int
    """
    year, _, rest = scenario.start.partition("-")
    if not (year.isdigit() and rest[:2].isdigit()):
        return ""
    months = round(12 * round_ * scenario.protocol.round_years)
    months += 12 * int(year) + int(rest[:2]) - 1
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def in_brackets(scenario: Scenario, round_: int) -> str:
    """Return the month of a round as it stands behind the round's number."""
    date = date_of(scenario, round_)
    return f" ({date})" if date else ""


class _SavedBranch(Frozen):
    at: int = Field(ge=0)
    set: tuple[str, ...] = Field(max_length=100)
    of: int = Field(ge=0)


class _SavedTree(Frozen):
    scenario: str
    config_sha256: str
    deal: str
    world: int = Field(ge=0, le=LAST_WORLD)
    branches: tuple[_SavedBranch, ...] = Field(max_length=1_000)
    endings: tuple[str, ...]


def load_branches(scenario: Scenario | str | Path, path: str | Path) -> BranchTree:
    """Return the tree that was saved, by playing it once more.

    Parameters
    ----------
    scenario : Scenario, str or Path
        The very one of which it was saved.
    path : str or Path
        Of the JSON.

    Raises
    ------
    ScenarioError
        If the file holds something else, a tree of another scenario, or other endings than its
        branches come to.
    """
    scenario, path = scenario_of(scenario), Path(path)
    saved = read_as(_SavedTree, path, "a tree of branches")
    if saved.config_sha256 != _digest(scenario):
        raise file_error(path, f"branches of {scenario.name} as it is", "those of another scenario")
    with asked_by(path):
        tree = _as_it_was(scenario, check_deal(scenario, saved.deal), saved.world)
        for each in saved.branches:
            tree = tree.branch(each.at, each.set, of=each.of)
    ends = tuple(course.ending.name for course in tree.courses)
    if saved.endings != ends:
        got = ", ".join(saved.endings) or "none"
        raise file_error(path, f"the endings that its branches come to, {', '.join(ends)}", got)
    return tree


def _digest(scenario: Scenario) -> str:
    return digest(dump_scenario(scenario).encode())
