"""Tables in a terminal of any width: no name is ever dropped, no line is too long."""

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console, RenderableType
from rich.text import Text

import sim.cli
import sim.report
from sim.report.tables import KeyedText, table

WIDTHS = (60, 80, 100, 120, 160)
NAMES = ("two_islands_first", "a_treaty_of_a_very_long_name_that_no_column_holds", "four")


def lines(content: RenderableType, width: int, *, colour: bool = False) -> list[str]:
    """Return what a terminal shows, without its colours."""
    written = StringIO()
    Console(file=written, width=width, markup=False, force_terminal=colour).print(content)
    return [Text.from_ansi(line).plain.rstrip() for line in written.getvalue().splitlines()]


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("columns", [2, 5, 14])
@pytest.mark.parametrize("width", WIDTHS)
def test_names_are_never_dropped(width: int, columns: int, colour: bool) -> None:
    heads = [f"head\n{place}" for place in range(columns)]
    shown = table("Share\nstructure", *heads, "words", right=heads)
    for name in NAMES:
        shown.add_row(name, *(f"{place}.5" for place in range(columns)), "stopped by something")
    said = lines(shown, width, colour=colour)
    assert max(map(len, said)) <= width
    assert all(any(name[:32] in line for line in said) for name in NAMES)
    assert sum(f"{columns - 1}.5" in line for line in said) == len(NAMES)


def test_keys_and_ids_are_broken_at_dots_and_underscores_only() -> None:
    told = KeyedText("of holder.preferences.weights.recognition and a_fact_of_2018")
    wanted = ["of holder.", "preferences.weights.", "recognition and", "a_fact_of_2018"]
    assert lines(told, 20) == wanted
    assert lines(told, 12)[-2:] == ["and a_fact_", "of_2018"]


def test_columns_that_may_be_left_out_go_first() -> None:
    heads = ["settled", "a number of less weight"]
    shown = table("structure", *heads, right=heads, optional=heads[1:])
    shown.add_row("two_islands_first", "1.5", "2.5")
    assert "2.5" in "".join(lines(shown, 80))
    narrow = lines(shown, 40)
    assert " ".join(narrow[2:]) == f"Left out at this width: {heads[1]}."
    assert "1.5" in narrow[1]


def test_where_even_that_is_too_wide_rows_are_records() -> None:
    heads = ["first\nstep", "land\nmoved"]
    shown = table("Share of worlds, %\nstructure", *heads, right=heads)
    shown.add_row("two_islands_first", "1.5", "2.5")
    assert lines(shown, 24) == [
        "Share of worlds, %",
        "two_islands_first",
        "    first step: 1.5;",
        "    land moved: 2.5",
    ]


def test_every_table_on_screen_is_one_that_fits() -> None:
    rooms = (Path(sim.report.__file__).parent, Path(sim.cli.__file__).parent)
    read = [path for room in rooms for path in room.glob("*.py") if path.name != "tables.py"]
    assert [path.name for path in read if re.search(r"\bTable\(", path.read_text())] == []


def test_shares_have_one_form() -> None:
    """`percent` is the rule; how far a sweep is (its progress) is no share of worlds."""
    own = re.compile(r":\.\d%\}|\{100(\.0)? \* [^{}]*:\.[1-9]f\} %")
    sim = Path(__file__).parents[2] / "sim"
    found = {
        path.name
        for path in sim.rglob("*.py")
        if own.search(path.read_text(encoding="utf-8")) and path.name != "progress.py"
    }
    assert found == set()
