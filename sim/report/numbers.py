"""Numbers of a scenario as a list: key, words, range, unit and source of each, to be searched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.interest import ROLES, Role
from sim.domain.narration import amount, percent, reason
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.errors import alike
from sim.experiments.polls import implied_opposition
from sim.plotting.style import key_label
from sim.quantities import BLOCK_WORLDS
from sim.report.tables import KeyedText, table

__all__ = [
    "UNSET",
    "UnsetNumber",
    "found_numbers",
    "number_label",
    "numbers_table",
    "unset_numbers",
]

UNSET = "unset"
"""What is said of a number that nothing gives: the default is what the key itself says."""


@dataclass(frozen=True, slots=True)
class UnsetNumber:
    """A number of a scenario that nothing sets, and that an override may.

    Parameters
    ----------
    label : str
        What it is, in words.
    unit : str
    stands_at : str
        What holds as long as it is not set.
    note : str
        How that is worked out, and what setting it does.
    """

    label: str
    unit: str
    stands_at: str
    note: str = ""

    @property
    def told(self) -> str:
        """Return that it is unset, and what that comes to."""
        return f"{UNSET}: {self.stands_at}{self.note}"


_HOW_DECLARED = (
    f"mean, and the middle 95 %, of {BLOCK_WORLDS:,} worlds at the start: to whom that text is "
    "worth less than their threshold, before anybody advocates it"
)
_RATIOS = (52, 22, 14, 32)
_TITLE_WORDS = re.compile(r"\w+")


def found_numbers(scenario: Scenario, words: Sequence[str] = ()) -> dict[str, Quantity]:
    """Return the numbers of a scenario whose key, label, unit or source say all of some words.

    Parameters
    ----------
    scenario : Scenario
    words : sequence of str
        In any case, singular or plural; also words that mean the same. None finds every number.

    Returns
    -------
    dict of key to Quantity
        In the order of the schema.
    """
    asked = [word.lower() for text in words for word in _TITLE_WORDS.findall(text)]
    return {
        key: quantity
        for key, quantity in scenario.quantities()
        if all(_says(_told(scenario, key, quantity), word) for word in asked)
    }


def unset_numbers(scenario: Scenario, words: Sequence[str] = ()) -> dict[str, UnsetNumber]:
    """Return the numbers that a side may be given and has not been, by key.

    Parameters
    ----------
    scenario : Scenario
    words : sequence of str
        As in :func:`found_numbers`.
    """
    asked = [word.lower() for text in words for word in _TITLE_WORDS.findall(text)]
    found = {key: each for role in ROLES for key, each in _open_of(scenario, role)}
    told = {
        key: f"{key.replace('_', ' ').replace('.', ' ')} {key} {each.label} {each.unit}".lower()
        for key, each in found.items()
    }
    return {key: found[key] for key in found if all(_says(told[key], word) for word in asked)}


def _open_of(scenario: Scenario, role: Role) -> Iterator[tuple[str, UnsetNumber]]:
    side = scenario.side(role)
    public = side.public
    if (implied := implied_opposition(scenario, role)) is not None:
        key = f"{role.value}.public.opposition"
        note = f" ({_HOW_DECLARED}); {key}=0.4 moves all segments alike"
        yield key, UnsetNumber(number_label(scenario, key), "share", _declared(*implied), note)
    if public.frame_factor is None:
        key = f"{role.value}.public.frame_factor"
        stands = "that of its government"
        yield key, UnsetNumber(number_label(scenario, key), "ratio", stands)
    if side.beliefs.expected_share is None:
        key = f"{role.value}.beliefs.expected_share"
        stands = "one half; 1 for who makes all offers, 0 for who makes none"
        yield key, UnsetNumber(number_label(scenario, key), "share", stands)
    if side.commitment.leverage is None:
        key = f"{role.value}.commitment.leverage"
        stands = "a text in force does not shift this side's power"
        yield key, UnsetNumber(number_label(scenario, key), "points", stands)


def _declared(mean: float, low: float, high: float) -> str:
    """Return how many the segments of a public make opposed."""
    spread = f"[{percent(low)} to {percent(high)}]"
    return f"as the segments declare, {percent(mean)} % opposed {spread}"


def number_label(scenario: Scenario, key: str) -> str:
    """Return a number in words; of an opposition also in which poll, and to what.

    Parameters
    ----------
    scenario : Scenario
    key : str
    """
    words = key_label(scenario, key)
    role = next((role for role in ROLES if key == f"{role.value}.public.opposition"), None)
    public = scenario.side(role).public if role else None
    poll = public.polls.get(public.calibration or "") if public else None
    if poll is None or public is None:
        return words
    return f"{public.label}: share opposed in the poll {public.calibration}, “{poll.question}”"


def _told(scenario: Scenario, key: str, quantity: Quantity) -> str:
    """Return all that is said of a number, in small letters."""
    why = reason(quantity, scenario.evidence)
    facts = (scenario.evidence[name].says for name in quantity.source if name in scenario.evidence)
    label = number_label(scenario, key)
    parts = (key.replace("_", " ").replace(".", " "), key, label, why, *facts)
    return " ".join((*parts, quantity.unit)).lower()


def _says(told: str, word: str) -> bool:
    stems = {_stem(each) for each in (word, *alike(word))}
    return any(re.search(rf"(?<![a-z]){re.escape(stem)}", told) for stem in stems)


def _stem(word: str) -> str:
    """Return a word without the ending of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def numbers_table(scenario: Scenario, words: Sequence[str] = ()) -> RenderableType:
    """Return a row per number that is found: what it is and its key, range, unit and source.

    Parameters
    ----------
    scenario : Scenario
    words : sequence of str
        As in :func:`found_numbers`.
    """
    found, unset = found_numbers(scenario, words), unset_numbers(scenario, words)
    asked = f" that say {' '.join(words)}" if words else ""
    number = len(found) + len(unset)
    title = Text(f"{scenario.title}: {number} numbers{asked}", style="bold")
    if not number:
        return Group(title, Text("islands list numbers without a word lists all."))
    body = table("number and key", "value or range", "unit", "why", ratios=_RATIOS)
    evidence = scenario.evidence
    rows = {
        **{
            key: (number_label(scenario, key), amount(each), each.unit, reason(each, evidence))
            for key, each in found.items()
        },
        **{key: (each.label, UNSET, each.unit, each.told) for key, each in unset.items()},
    }
    for key in sorted(rows, key=lambda key: -_match(words, key, rows[key][0])):
        label, value, unit, why = rows[key]
        body.add_row(_named(label, key), value, unit, KeyedText(why))
    return Group(title, body, Text("\nSet one with KEY=NUMBER: its range becomes this value."))


def _match(words: Sequence[str], key: str, label: str) -> int:
    """Return how well words name a number: by a part of its key, in the key, in its label, or not.

    What only its unit or its source says comes last.
    """
    asked = [word.lower() for text in words for word in _TITLE_WORDS.findall(text)]
    parts = key.lower().split(".")
    for rank, told in ((3, None), (2, key.lower().replace("_", " ")), (1, label.lower())):
        found = [word in parts if told is None else _says(told, word) for word in asked]
        if asked and (any(found) if told is None else all(found)):
            return rank
    return 0


def _named(label: str, key: str) -> RenderableType:
    return Group(Text(label), KeyedText(key, "dim"))
