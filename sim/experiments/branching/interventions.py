"""Interventions as they are written: what each word may set, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.environment import Autoregression, Jump, Process
from sim.domain.interest import ROLES, Role
from sim.domain.quantity import OVERRIDE, Quantity
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError, nearest
from sim.experiments.pinned import FILE, value_faults
from sim.io.faults import shown
from sim.io.overrides import Assignment, split
from sim.model.branch import Intervention
from sim.model.plan import plan_for
from sim.model.protocol import AlternatingOffers

__all__ = ["FORMS", "Asked", "check_offer", "check_turn", "intervention", "words_of"]

Asked = str | Iterable[str] | Mapping[str, Any]
"""``"KEY=VALUE, KEY=VALUE"``, each by itself, or a mapping of keys to values."""

FORMS = (
    "SIDE.leader=successor",
    "SIDE.leader.approval=PERCENT",
    "SIDE.preconditions.NAME=withdrawn",
    "environment.processes.NAME=LEVEL",
    "SIDE.offer=PACKAGE",
    "on_the_table=STRUCTURE",
    "or a number by its key",
)
"""What may be set, in the words of messages and of help."""
_LEAVES, _WITHDRAWN = "successor", "withdrawn"
_MEASURE = {"imposed": 1.0, "lifted": 0.0}
_SPELL = {"over": 0.0}
_LEADERS = [f"{role.value}.leader" for role in ROLES]


def words_of(asked: Asked) -> tuple[str, ...]:
    """Return what is to be set as words, each ``KEY=VALUE``.

    Examples
    --------
    >>> words_of("holder.leader=successor, holder.public.opposition=0.4")
    ('holder.leader=successor', 'holder.public.opposition=0.4')
    >>> words_of({"holder.public.opposition": 0.4})
    ('holder.public.opposition=0.4',)
    """
    if isinstance(asked, Mapping):
        return tuple(f"{key}={value}" for key, value in asked.items())
    texts = [asked] if isinstance(asked, str) else asked
    return tuple(word.strip() for text in texts for word in _COMMA.split(text) if word.strip())


_COMMA = re.compile(r",(?![^(\[{]*[)\]}])")
"""A comma that stands in no brackets."""


def intervention(scenario: Scenario, asked: Asked) -> Intervention:
    """Return what is to be set, once all of it may be.

    Parameters
    ----------
    scenario : Scenario
    asked : str, iterable of str or mapping

    Raises
    ------
    ScenarioError
        With every word at fault.
    """
    read = _Reader(scenario)
    for assignment in _assignments(words_of(asked)):
        read.take(assignment)
    if read.faults:
        raise ScenarioError(read.faults)
    return Intervention(
        read.numbers, tuple(read.leaves), read.approval, read.processes, read.table, read.offer
    )


def check_offer(scenario: Scenario, deal: str, at: int, what: Intervention) -> None:
    """Refuse an offer out of turn, or of a package that the structure does not have.

    Where turns are drawn, each world has its own, and only `check_turn` can tell.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    at : int
        The round.
    what : Intervention
    """
    if what.offer is None:
        return
    side, name = what.offer
    if not scenario.protocol.draws_turns:
        check_turn(side, AlternatingOffers(Role(scenario.protocol.first_mover), worlds=1), at)
    nodes = plan_for(scenario, scenario.structures[deal]).nodes
    if all(node.table.place_of(name) is None for node in nodes):
        key, first = f"{side.value}.offer", nodes[0].table.id_of(0)
        raise ScenarioError([Fault(key, f"the id of a package, as {first}", repr(name), file=FILE)])


def check_turn(side: Role, protocol: AlternatingOffers, at: int) -> None:
    """Refuse an offer in a round in which it is the other side's turn.

    Parameters
    ----------
    side : Role
        Who is to offer.
    protocol : AlternatingOffers
        In one world.
    at : int
        The round.
    """
    if protocol.movers(at)[0] == side.position:
        return
    later = range(at + 1, at + _SOON)
    its = next((f", as {each}" for each in later if protocol.movers(each)[0] == side.position), "")
    expected = f"a round in which it is its turn{its}"
    raise ScenarioError([Fault(f"{side.value}.offer", expected, f"{at}", file=FILE)])


_SOON = 100
"""Rounds within which the next turn of a side is looked for."""


def _assignments(words: Iterable[str]) -> list[Assignment]:
    found = split([word for word in words if _is_one(word)])
    if found.choices:
        raise ScenarioError([_unknown(found.choices[0].partition("=")[0], ())])
    keys = [".".join(item.path) for item in found.settings]
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise ScenarioError([Fault("set", f"{twice[0]} once", "it twice", file=FILE)])
    return found.settings


def _is_one(word: str) -> bool:
    """Tell whether a word sets one value.

    Raises
    ------
    ScenarioError
        If it sets a range or a choice of values, or one whose brackets are not closed.
    """
    key, _, value = word.partition("=")
    if re.match(r"\s*\w+\s*\(", value) or any(
        value.count(opens) != value.count(closes) for opens, closes in ("()", "[]", "{}")
    ):
        raise ScenarioError([Fault(key.strip(), "one value", repr(value), file=FILE)])
    return True


class _Reader:
    """What words set, sorted by what it is."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.known = scenario, dict(scenario.quantities())
        self.numbers: dict[str, float] = {}
        self.leaves: list[Role] = []
        self.approval: dict[Role, float] = {}
        self.processes: dict[str, float] = {}
        self.table: str | None = None
        self.offer: tuple[Role, str] | None = None
        self.faults: list[Fault] = []

    def take(self, item: Assignment) -> None:
        """Sort one word in, or note what is wrong with it."""
        key, value = ".".join(item.path), item.value
        side = next((role for role in ROLES if role.value == item.path[0]), None)
        if side and item.path[1:] == ("leader",):
            if self._expect(key, value, (_LEAVES,)):
                self.leaves.append(side)
        elif side and item.path[1:] == ("leader", "approval"):
            if self._number(key, value, (0.0, 100.0)):
                self.approval[side] = float(value)
        elif side and item.path[1:] == ("offer",):
            self._offer(key, value, side)
        elif side and len(item.path) == 3 and item.path[1] == "preconditions":
            self._withdraw(key, value, item.path[2], side)
        elif item.path[:2] == ("environment", "processes") and len(item.path) == 3:
            self._process(key, value, item.path[2])
        elif key == "on_the_table":
            self._table(key, value)
        else:
            self._declared(key, value)

    def _withdraw(self, key: str, value: Any, name: str, side: Role) -> None:
        names = [*self.scenario.side(side).preconditions]
        if name not in names:
            self._fault(key, f"one of {', '.join(names) or 'none'}", shown(name), name, names)
        elif self._expect(key, value, (_WITHDRAWN,)):
            self.numbers |= {f"{key}.firmness": 0.0, f"{key}.penalty": 0.0}

    def _offer(self, key: str, value: Any, side: Role) -> None:
        if not isinstance(value, str) or self.offer is not None:
            got = shown(value) if self.offer is None else "two offers"
            self._fault(key, "the id of one package", got)
        else:
            self.offer = side, value

    def _process(self, key: str, value: Any, name: str) -> None:
        processes = self.scenario.environment.processes
        running = [each for each, process in processes.items() if process.enabled]
        if name not in running:
            expected = f"one of {', '.join(running) or 'none'}"
            self._fault(key, expected, shown(name), name, running)
            return
        words = _words_for(processes[name])
        if isinstance(value, str) and value in words:
            self.processes[name] = words[value]
        elif isinstance(processes[name], Jump):
            self._expect(key, value, tuple(words))
        elif self._number(key, value, _span_of(processes[name]), tuple(words)):
            self.processes[name] = float(value)

    def _table(self, key: str, value: Any) -> None:
        tables = [*self.scenario.deals] if self.scenario.agenda == "tabled" else []
        if not tables:
            self._fault(key, "agenda=tabled, where talks turn from table to table", "another")
        elif self._expect(key, value, tuple(tables)):
            self.table = value

    def _declared(self, key: str, value: Any) -> None:
        quantity = self.known.get(key)
        if quantity is None:
            self.faults.append(_unknown(key, [*self.known, *_LEADERS]))
        elif key.endswith(".start"):
            whole = key.removesuffix(".start")
            self._fault(key, f"{whole}=NUMBER for what it is now", "where it starts")
        elif found := self._wrong(key, quantity, value):
            self.faults += found
        elif _is_fixed(self.scenario, key, quantity):
            self._fault(key, "a number that talks look at", "one that describes the texts")
        else:
            self.numbers[key] = inf if value == "none" else float(value)

    def _wrong(self, key: str, quantity: Quantity, value: Any) -> list[Fault]:
        before = {str(fault.located(FILE)) for fault in faults_of(self.scenario)}
        found = value_faults(self.scenario, key, quantity, value)
        return [fault for fault in found if str(fault) not in before]

    def _expect(self, key: str, value: Any, words: tuple[str, ...]) -> bool:
        if value in words:
            return True
        expected = words[0] if len(words) == 1 else f"one of {', '.join(words)}"
        self._fault(key, expected, shown(value), str(value), words)
        return False

    def _number(
        self, key: str, value: Any, span: tuple[float, float], words: tuple[str, ...] = ()
    ) -> bool:
        if type(value) in (int, float) and span[0] <= value <= span[1]:
            return True
        least = "a number" if span[0] == -inf else f"a number from {span[0]:g}"
        most = "" if span[1] == inf else f" to {span[1]:g}"
        self._fault(key, " or ".join([f"{least}{most}", *words]), shown(value))
        return False

    def _fault(
        self, key: str, expected: str, got: str, word: str = "", known: Iterable[str] = ()
    ) -> None:
        near = nearest(word, [*known]) if word else None
        self.faults.append(Fault(key, expected, got, near, FILE))


_MOST_ROUNDS = 10_000.0
_FAR = 1e6


def _words_for(process: Process) -> Mapping[str, float]:
    if isinstance(process, Autoregression):
        return {}
    return _MEASURE if isinstance(process, Jump) else _SPELL


def _span_of(process: Process) -> tuple[float, float]:
    return (-_FAR, _FAR) if isinstance(process, Autoregression) else (0.0, _MOST_ROUNDS)


def _unknown(key: str, known: Iterable[str]) -> Fault:
    """Return what is said of a key that nothing answers to, in one line."""
    near = nearest(key, [*known])
    return Fault("set", ", ".join(FORMS), re.sub(r"\s+", " ", repr(key)), near, FILE)


def _is_fixed(scenario: Scenario, key: str, quantity: Quantity) -> bool:
    """Tell whether a number has to be the same in every world: it describes what is disputed."""
    try:
        other = Quantity(
            distribution="uniform", low=0.0, high=0.5, unit=quantity.unit, source=(OVERRIDE,)
        )
        scenario.with_values({key: other})
    except ValidationError as error:
        return any("a point value" in str(problem["msg"]) for problem in error.errors())
    return False
