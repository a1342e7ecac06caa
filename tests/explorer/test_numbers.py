"""The table on the page holds the numbers themselves."""

import json
import math
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from sim.domain.outcome import OUTCOMES
from sim.experiments.tables import gates_of
from sim.explorer.numbers import compared, gates, numbers, ordered
from sim.explorer.pool import PartialResult


class Cells(HTMLParser):
    """Collect the cells of a table by their hooks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, float] = {}
        self.table: dict[str, Any] = {}
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "table":
            self.table = found
        elif "data-value" in found:
            self.values[str(found["data-testid"])] = float(str(found["data-value"]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_every_share_is_there_unrounded(partial_result: PartialResult) -> None:
    cells = Cells(numbers(partial_result))
    for deal, row in partial_result.rows.items():
        shares = [cells.values[f"A/{deal}/{item.name}"] for item in OUTCOMES]
        assert shares == [row[item.name] for item in OUTCOMES]
        assert math.isclose(sum(shares), 1.0)
    assert (cells.table["data-worlds"], json.loads(cells.table["data-moved"])) == ("256", [{}])


def test_each_gate_is_told_with_its_share(partial_result: PartialResult) -> None:
    cells = Cells(gates(partial_result))
    names = gates_of(partial_result.setting.base)
    assert len(cells.values) == len(names) * len(partial_result.rows)
    for deal, row in partial_result.rows.items():
        for gate in names:
            assert cells.values[f"A/{deal}/gate_{gate}"] == row[f"gate_{gate}"]


def test_structures_stand_as_in_the_funnel(partial_result: PartialResult) -> None:
    rows = partial_result.rows
    assert ordered(partial_result)[0] == max(rows, key=lambda deal: rows[deal]["settled"])
    settled = [rows[deal]["settled"] for deal in ordered(partial_result)]
    assert settled == sorted(settled, reverse=True)


def test_two_settings_are_compared_world_by_world(
    partial_result: PartialResult, other: PartialResult
) -> None:
    cells = Cells(compared(partial_result, other))
    changed = 0
    for deal in partial_result.rows:
        before, after = (cells.values[f"{name}/{deal}/settled"] for name in "AB")
        assert before == partial_result.rows[deal]["settled"]
        assert after == other.rows[deal]["settled"]
        assert cells.values[f"change/{deal}/settled"] == pytest.approx(after - before)
        changed += before != after
    assert changed


def test_a_comparison_of_different_worlds_says_no_change_yet(
    partial_result: PartialResult, other: PartialResult
) -> None:
    fewer = replace(other, worlds=64)
    assert not any(
        key.startswith("change") for key in Cells(compared(partial_result, fewer)).values
    )


def test_labels_are_text_and_never_tags(partial_result: PartialResult) -> None:
    base = partial_result.setting.base
    deal = base.deals["hans_line"].model_copy(update={"label": "<script>alert(1)</script>"})
    evil = base.model_copy(update={"deals": {**base.deals, "hans_line": deal}})
    there = replace(partial_result, setting=replace(partial_result.setting, base=evil))
    for text in (numbers(there), compared(there, there)):
        assert "<script" not in text
        assert "<script>alert(1)</script>" in Cells(text).words


def test_two_settings_stand_in_one_order(
    partial_result: PartialResult, other: PartialResult
) -> None:
    """Of A, B and their difference structures stand as the scenario names them."""
    rows = [name.split("/")[1] for name in Cells(compared(partial_result, other)).values]
    assert list(dict.fromkeys(rows)) == list(partial_result.setting.base.structures)
