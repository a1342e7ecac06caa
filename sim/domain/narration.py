"""Outcomes, answers, counts, numbers and conditions in neutral sentences.

Sentences are made of the enums' own values and of numbers handed in, so that they cannot disagree
with the tables.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.domain.condition import Condition, Not, Span, Test
from sim.domain.dispute import Dispute
from sim.domain.evidence import Register
from sim.domain.outcome import BARRIERS, OUTCOMES, Outcome
from sim.domain.package import State
from sim.domain.quantity import Quantity, key_path
from sim.domain.ratifier import Voting

if TYPE_CHECKING:
    from sim.domain.scenario import Scenario

__all__ = [
    "COLUMNS",
    "FUNNEL",
    "amount",
    "condition",
    "counted",
    "differing",
    "fill",
    "funnel",
    "key_label",
    "key_words",
    "listed",
    "often",
    "one_in",
    "percent",
    "printable",
    "reason",
    "sentence",
    "several",
    "side_name",
    "signed_points",
    "text_words",
]


def amount(quantity: Quantity) -> str:
    """Return a number or a distribution in words, without its unit.

    Examples
    --------
    >>> amount(Quantity(value=0.74, unit="share", assumption="shown"))
    '0.74'
    >>> amount(Quantity(distribution="normal", mean=2, sd=1, low=0, unit="x", assumption="shown"))
    'normal, mean 2, sd 1, low 0'
    >>> amount(Quantity(distribution="uniform", low=0, high=1, unit="x", assumption="shown"))
    '0 to 1'
    """
    if quantity.distribution is None:
        return quantity.value if isinstance(quantity.value, str) else f"{quantity.value:g}"
    if quantity.distribution == "uniform":
        return f"{quantity.low:g} to {quantity.high:g}"
    if quantity.distribution == "triangular":
        return f"{quantity.low:g} to {quantity.high:g}, most likely {quantity.mode:g}"
    names = ("mean", "sd", "alpha", "beta", "median", "sigma", "low", "high")
    given = {name: getattr(quantity, name) for name in names}
    parts = [f"{name} {value:g}" for name, value in given.items() if value is not None]
    return f"{quantity.distribution}, {', '.join(parts)}"


def reason(quantity: Quantity | Voting, register: Register) -> str:
    """Return where a number (or a say) comes from: sources by id and place, or why assumed."""
    parts = []
    for name in quantity.source:
        fact = register.get(name)
        parts.append(f"{name}: {fact.source}" if fact else name)
    if quantity.assumption:
        parts.append(f"assumed: {quantity.assumption}")
    return "; ".join(parts)


def condition(test: Condition) -> str:
    """Return a condition on packages in words.

    Examples
    --------
    >>> condition({"holder_gives": True, "recognition": Not(**{"not": ("explicit",)})})
    'holder gives and recognition is not explicit'
    """
    return " and ".join(_test(fact, value) for fact, value in test.items())


_BETWEEN = re.compile(r"(?<!\d)\.|\.(?!\d)")
"""The points of a key that stand between its parts."""


def key_words(key: str) -> str:
    """Return a dotted key in words; the point of a decimal number stays.

    Examples
    --------
    >>> key_words("approval.persistence_month"), key_words("effect_years.0.25")
    ('approval: persistence month', 'effect years: 0.25')
    """
    return _BETWEEN.sub(": ", key.replace("_", " "))


_UNSAID = {
    *("dispute", "clauses", "levels", "preferences", "preconditions"),
    *("environment", "processes", "events", "steps"),
}
"""Rooms of a scenario that say nothing of what is in them."""


def key_label(scenario: Scenario, key: str) -> str:
    """Return a dotted key in words: with the labels of the files where there are some.

    Parameters
    ----------
    scenario : Scenario
    key : str
        Of a number, an event or a level; of a choice also as ``strategy@claimant.strategy``.
    """
    value: Any = scenario
    parts: list[str] = []
    for name in key_path(key.rpartition("@")[2]):
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
        label = getattr(value, "label", None)
        if name == "public":
            parts.clear()  # a public is named after its people, and needs no government before it
        if name not in _UNSAID:
            parts.append(label if isinstance(label, str) and label else name.replace("_", " "))
    return ": ".join(parts)


def _test(fact: str, test: Test) -> str:
    name = fact.replace("_", " ")
    if isinstance(test, bool):
        return name if test else f"not {name}"
    if isinstance(test, Not):
        return f"{name} is not {' or '.join(test.not_)}"
    if isinstance(test, Span):
        least = f"{name} is at least {test.at_least:g}" if test.at_least is not None else ""
        below = f"{name} is below {test.below:g}" if test.below is not None else ""
        return " and ".join(part for part in (least, below) if part)
    return f"{name} is {test if isinstance(test, str) else ' or '.join(test)}"


def printable(text: str) -> str:
    r"""Return a stranger's text without what would move a terminal's cursor.

    Examples
    --------
    >>> printable("one\ntwo \x9b2J")
    'one two  2J'
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)


COLUMNS = 100
"""Columns that sentences fit."""
_INDENTED: dict[str, Any] = {
    "initial_indent": "  ",
    "subsequent_indent": "    ",
    "break_on_hyphens": False,
}

FUNNEL = (*BARRIERS, *reversed(OUTCOMES[: OUTCOMES.index(BARRIERS[0])]))
"""Outcomes in the order in which worlds are held up; the last is settled."""


def percent(share: float) -> str:
    """Return a share in percent with one decimal, and none where there is nothing to add.

    Examples
    --------
    >>> [percent(share) for share in (0.0, 0.0004, 0.123, 0.9999, 1.0)]
    ['0', '<.1', '12.3', '>99.9', '100']
    """
    value = 100.0 * share
    if value in (0.0, 100.0):
        return f"{value:.0f}"
    if value < 0.1:
        return "<.1"
    return ">99.9" if value >= 99.95 else f"{value:.1f}"


def often(share: float) -> str:
    """Return a share of worlds as so many of 100, or as one in so many below a tenth of one.

    Examples
    --------
    >>> [often(share) for share in (0.041, 0.0004, 2e-7, 0.0, 0.9998, 1.0)]
    ['4.1', '1 in 2,500', '1 in 5 million', '0', 'over 99.9', '100']
    """
    if not 0.0 < share < 0.001:
        return percent(share).replace(">", "over ")
    many = float(f"{1.0 / share:.2g}")
    return f"1 in {many / 1e6:g} million" if many >= 1e6 else f"1 in {many:,.0f}"


def one_in(share: float) -> str:
    """Return a share as `often` has it, with its unit.

    Examples
    --------
    >>> one_in(0.31), one_in(1 / 8123), one_in(0.0)
    ('31.0 %', '1 in 8,100', '0')
    """
    told = often(share)
    return told if told == "0" or told.startswith("1 in") else f"{told} %"


def counted(count: int, total: int, what: str = "worlds") -> str:
    """Return a count with its share.

    Examples
    --------
    >>> counted(5, 1024), counted(1, 1)
    ('5 of 1,024 worlds (0.5 %)', '1 of 1 worlds (100 %)')
    """
    share = f" ({percent(count / total)} %)" if total else ""
    return f"{count:,} of {total:,} {what}{share}"


def several(count: int, what: str) -> str:
    """Return a count with what it is of, in the singular or in the plural.

    Examples
    --------
    >>> several(1, "structure"), several(1_400, "world")
    ('1 structure', '1,400 worlds')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def funnel(counts: Mapping[Outcome, int]) -> Iterator[str]:
    """Yield a sentence per outcome that occurred, in the order of the barriers.

    Parameters
    ----------
    counts : mapping of Outcome to int

    Examples
    --------
    >>> list(funnel({Outcome.settled: 1, Outcome.no_bargain: 3}))[0][:61]
    '3 of 4 worlds (75.0 %): no gain for both: in no round was any'
    """
    total = sum(counts.values())
    for outcome in FUNNEL:
        if counts.get(outcome):
            yield f"{counted(counts[outcome], total)}: {outcome.label}: {outcome.value}."


def text_words(state: State, before: State, dispute: Dispute, leave_out: Sequence[str] = ()) -> str:
    """Return what a text changes, in the words of its levels.

    Parameters
    ----------
    state, before : State
        What would be the case, and what is.
    dispute : Dispute
    leave_out : sequence of str
        Clauses that need not be said.
    """
    changed = [
        dispute.clauses[name].levels[level].label
        for name, level in state.levels.items()
        if name not in leave_out and before.levels.get(name) != level
    ]
    return "; ".join(changed) or "nothing beyond what is fixed"


def differing(one: State, other: State) -> tuple[str, ...]:
    """Return the clauses on which two states differ."""
    names = [*one.levels, *(name for name in other.levels if name not in one.levels)]
    return tuple(name for name in names if one.levels.get(name) != other.levels.get(name))


def listed(items: Sequence[str]) -> str:
    """Return items as a list in words.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def signed_points(points: float) -> str:
    """Return points with their sign.

    Examples
    --------
    >>> signed_points(3.25), signed_points(-0.0)
    ('+3.2', '+0.0')
    """
    return f"{points + 0.0:+.1f}"


def sentence(text: str) -> str:
    """Return a text as a sentence: a capital first, one full stop last.

    Examples
    --------
    >>> sentence("a text."), sentence("5 of 6")
    ('A text.', '5 of 6.')
    """
    text = " ".join(text.split()).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def side_name(label: str) -> str:
    """Return a side's name without the date that its label may carry.

    Examples
    --------
    >>> side_name("Arcadia, 1931"), side_name("The holder"), side_name("The Hague")
    ('Arcadia', 'the holder', 'The Hague')
    """
    name = label.partition(",")[0]
    return re.sub(r"^The (?=[a-z])", "the ", name)


def fill(sections: Iterable[tuple[str, Sequence[str]]], columns: int = COLUMNS) -> str:
    """Return headings and sentences in lines of at most so many columns.

    Examples
    --------
    >>> print(fill([("Why", ["Because."])]))
    Why
      Because.
    <BLANKLINE>
    """
    lines = []
    for heading, sentences in sections:
        lines += textwrap.wrap(heading, columns)
        for text in sentences:
            lines += textwrap.wrap(text, columns, **_INDENTED)
        lines.append("")
    return "\n".join(lines)
