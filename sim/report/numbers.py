"""Numbers of a scenario as a list: key, words, range, unit and source of each, to be searched."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.narration import amount, reason
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.errors import alike
from sim.plotting.style import key_label
from sim.report.tables import table

__all__ = ["UNSET", "found_numbers", "numbers_table"]

UNSET = "unset"
"""What is said of a number that nothing gives: the default is what the key itself says."""
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


def _told(scenario: Scenario, key: str, quantity: Quantity) -> str:
    """Return all that is said of a number, in small letters."""
    why = reason(quantity, scenario.evidence)
    facts = (scenario.evidence[name].says for name in quantity.source if name in scenario.evidence)
    parts = (key.replace("_", " ").replace(".", " "), key, key_label(scenario, key), why, *facts)
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
    found = found_numbers(scenario, words)
    asked = f" that say {' '.join(words)}" if words else ""
    title = Text(f"{scenario.title}: {len(found)} numbers{asked}", style="bold")
    if not found:
        return Group(title, Text("islands list numbers without a word lists all."))
    body = table("number and key", "value or range", "unit", "why", ratios=_RATIOS)
    for key, quantity in found.items():
        name = Text.assemble(key_label(scenario, key), (f"\n{key}", "dim"))
        body.add_row(name, amount(quantity), quantity.unit, reason(quantity, scenario.evidence))
    return Group(title, body, Text("\nSet one with KEY=NUMBER: its range becomes this value."))
