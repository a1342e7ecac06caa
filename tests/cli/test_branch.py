"""Branches typed on the command line.

Tests `sim.cli.branch`, `sim.cli.results` and `sim.report.branching`.
"""

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Islands

SMALL = ("scenario=base", "worlds=16", "rounds=6")


def test_one_world_is_told_in_two_columns(islands: Islands, tmp_path: Path) -> None:
    out = tmp_path / "branch"
    asked = ("branch", *SMALL, "world=1", "at=2", "set=holder.leader=successor", f"out={out}")
    deal = _first_deal(islands)
    said = islands(*asked, f"deal={deal}")
    assert (said.code, said.err) == (0, "")
    assert "With holder.leader=successor from round 2" in said.out
    assert "As it was, " in said.out
    assert "with what is set" in said.out
    assert "in the end" in said.out
    assert max(map(len, said.out.splitlines())) <= 120
    names = {path.name for path in out.iterdir()}
    assert {"branch.json", "branch.png", "branch.csv", "config.yaml", "provenance.json"} <= names
    table = pd.read_csv(out / "branch.csv")
    assert list(table.columns)[:3] == ["first", "last", "as it was"]
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert islands(*asked, f"deal={deal}").code == 0
    again = {path.name: path.read_bytes() for path in out.iterdir()}
    del first["provenance.json"], again["provenance.json"]
    assert first == again


def test_all_worlds_are_compared_in_pairs(islands: Islands, tmp_path: Path) -> None:
    deal, out = _first_deal(islands), tmp_path / "many"
    asked = ("branch", *SMALL, f"deal={deal}", "at=2", "set=holder.leader=successor")
    said = islands(*asked, f"out={out}", "workers=1")
    assert (said.code, said.err) == (0, "")
    assert "holder.leader=successor from round 2" in said.out
    assert "No sure difference." in said.out
    assert "difference, 95 %" in said.out
    assert len(pd.read_parquet(out / "worlds.parquet")) == 16


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("at=2",), "set: expected set='KEY=VALUE, …'"),
        (("set=holder.leader=successor",), "at: expected a round, as in at=8"),
        (("at=two", "set=x=1"), "at: expected a whole number from 0 to 10,000"),
        (("at=2", "set=holder.laeder=successor"), "did you mean 'holder.leader'"),
        (("at=2", "set=holder.leader=successor", "deal=nowhere"), "deal: expected one of"),
        (("at=99", "set=holder.leader=successor"), "at: expected a round from 0 to 5"),
    ],
)
def test_what_is_at_fault_is_told_in_one_line(
    islands: Islands, words: tuple[str, ...], said: str
) -> None:
    deal = () if any(word.startswith("deal=") for word in words) else (_first_deal(islands, True),)
    refused = islands("branch", *SMALL, *deal, *words)
    assert refused.code == 2
    assert said in refused.err
    assert len(refused.err.splitlines()) == 1


def _first_deal(islands: Islands, written: bool = False) -> str:
    said = islands("branch", *SMALL, "at=1", "set=holder.leader=successor", "deal=?")
    name = said.err.partition("expected one of ")[2].split(",")[0].strip()
    return f"deal={name}" if written else name
