"""Strangers' texts on a terminal: shown as they are, whatever they look like."""

import ast
from pathlib import Path

import pytest
from rich.table import Table

from sim.report.screen import display
from tests.disputes import pie

SIM = Path(__file__).resolve().parents[2] / "sim"
MARKUP = ["x [/red]", "[red]x", "[link=http://a.example]x[/link]", ":smile:", "[bold", "[/]"]
NAMED = [
    "dispute.label",
    "dispute.objects.pie.label",
    "dispute.objects.pie.area.unit",
    "dispute.clauses.wording.label",
    "dispute.clauses.wording.levels.explicit.label",
    "deals.divide.label",
    "deals.divide.stages.pie.label",
    "claimant.label",
    "claimant.leader.label",
    "holder.public.label",
    "environment.label",
    "title",
]


@pytest.mark.parametrize("text", MARKUP)
def test_a_table_shows_what_looks_like_markup(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    table = Table(text, box=None)
    table.add_row(text)
    display(table)
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [text, text]


@pytest.mark.parametrize("key", NAMED)
def test_a_scenario_shows_what_looks_like_markup(
    capsys: pytest.CaptureFixture[str], key: str
) -> None:
    from sim.report.scenario import told

    display(told(pie({key: "x [/red] :smile:"})))
    assert "x [/red] :smile:" in " ".join(capsys.readouterr().out.split())


def obeying(source: str) -> list[int]:
    """Return the lines that make something of rich which would obey markup."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in ("Console", "TextColumn")
        and not any(
            word.arg == "markup"
            and isinstance(word.value, ast.Constant)
            and word.value.value is False
            for word in call.keywords
        )
    ]


def test_nothing_of_rich_obeys_markup() -> None:
    found = {path.name: obeying(path.read_text(encoding="utf-8")) for path in SIM.rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_rule_finds_what_obeys() -> None:
    assert obeying("Console(stderr=True)\nTextColumn('x', markup=True)\n") == [1, 2]
    assert obeying("Console(markup=False)") == []
