"""`islands evidence`: facts, what rests on them, and what they change."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from sim.cli import main

Typed = Islands = Callable[..., SimpleNamespace]


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    def run(*words: str) -> SimpleNamespace:
        monkeypatch.setattr("sys.argv", ["islands", *words])
        code = main()
        said = capsys.readouterr()
        return SimpleNamespace(code=code, out=said.out, err=said.err)

    return run


def test_every_fact_is_listed_with_what_rests_on_it(typed: Typed) -> None:
    said = typed("evidence", "changes=none")
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 120
    assert re.search(r"levada_2018_oppose_transfer\s+poll\s+1\s", said.out)
    assert re.search(r"distance_2001_tokyo\s+context\s+0\s", said.out)


def test_how_much_is_to_be_played_is_said_first(typed: Typed) -> None:
    said = typed("evidence", "scenario=canada_denmark_2018", "changes=2", "deals=hans_line")
    told = " ".join(said.out.split())
    assert re.search(r"each of (\d+) stances .* 2 worlds each: \1 plays", told)
    assert "islands evidence ID" in told


def test_a_poll_moves_the_public_and_the_change_is_paired(typed: Typed) -> None:
    words = ("levada_2018_oppose_transfer", "changes=40", "deals=[joint_economy_only,status_quo]")
    said = typed("evidence", *words)
    assert said.code == 0
    assert "holder.public.opposition = 0.74 share" in said.out
    status_quo = next(line for line in said.out.splitlines() if "  status_quo" in line)
    assert status_quo.split()[1:9] == ["·"] * 8
    assert "in the same 40 worlds" in said.out


def test_a_recognition_demand_changes_the_margin_where_it_has_a_price(typed: Typed) -> None:
    words = ("russia_2019_capitulation", "changes=40", "deals=[two_islands_final]")
    said = typed("evidence", *words)
    place = said.out.index("holder.preferences.weights.\n  standing\n")
    row = said.out[place:].splitlines()[2].split()
    assert row[0] == "two_islands_final"
    assert float(row[-2]) > 0


@pytest.mark.parametrize("words", [("nothing_like_it",), ("changes=1",), ("changes=some",)])
def test_what_is_not_there_is_refused(typed: Typed, words: tuple[str, ...]) -> None:
    said = typed("evidence", *words)
    assert said.code == 2
    assert said.err.startswith("islands: ")
    assert "Traceback" not in said.err


def test_evidence_both_ways(islands: Islands) -> None:
    overview = islands("evidence").out
    assert "poll_one" in overview
    assert max(map(len, overview.splitlines())) <= 120
    about = islands("evidence", "poll_one").out
    assert "figure: 20 to 40 percent" in about
    assert "holder.public.opposition = 0.2 to 0.4 share" in about
    answer = islands("evidence", "pol_one")
    assert answer.code == 2
    assert answer.err.endswith("did you mean 'poll_one'?\n")
