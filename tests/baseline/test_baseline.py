"""Runs and a sweep give the numbers that they gave, to the bit; see `CONTRIBUTING.md`.

The digests are renewed by ``make baseline`` alone.
"""

from __future__ import annotations

import pytest

from tests.baseline.book import differences, kept, measured, merged, suspects
from tests.baseline.measure import CASES, SWEEP

SHOWN = 40
BY_NIGHT = ("irkutsk_2001", "norway_russia_2010", "canada_denmark_2018", "answering_in_kind")
"""Cases like others that are played by day."""


def _marked(case: str) -> object:
    return pytest.param(case, marks=pytest.mark.nightly) if case in BY_NIGHT else case


@pytest.mark.parametrize("case", [*map(_marked, CASES), SWEEP])
def test_every_column_has_the_bits_it_had(case: str) -> None:
    book = kept()
    assert case in book["digests"], "a new case enters the baseline by `make baseline`"
    faults = differences(case, measured(case), book["digests"][case])
    if faults:
        more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        wanted = "If another result is what you want, `make baseline` writes it down; say why."
        said = [f"{len(faults)} digests differ.", suspects(book["made_with"]), wanted]
        pytest.fail("\n".join([*said, *faults[:SHOWN], *more]), pytrace=False)


def test_the_book_has_no_case_that_nobody_plays() -> None:
    assert list(kept()["digests"]) == [*CASES, SWEEP]


def test_a_fault_names_case_structure_way_and_column() -> None:
    found = {"engine=array": {"a": {"block.x": "1"}}, "tables": {"a": {"packages.x": "2"}}}
    assert merged(found) == {"a": {"block.x": "1", "packages.x": "2"}}
    assert differences("case", found, merged(found)) == []
    assert differences("case", found, {"a": {"block.x": "0", "packages.x": "2"}}) == [
        "case, a, engine=array, block.x: 0 became 1"
    ]
    assert differences("case", found, {"a": {"packages.x": "2"}, "b": {"block.x": "1"}}) == [
        "case, a, engine=array, block.x: None became 1",
        "case, b, engine=array, block.x: 1 became None",
    ]


def test_a_fault_says_which_libraries_it_may_come_from() -> None:
    made_with = kept()["made_with"]
    assert "numpy 0.1, here" in suspects({**made_with, "numpy": "0.1"})
