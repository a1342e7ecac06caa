"""The printed table: in 120 columns, in words, without colour codes where it is piped.

Tests `sim.report.outcomes`.
"""

import dataclasses
import io

import pandas as pd
import pytest
from rich.console import Console

from sim.domain.outcome import OUTCOMES
from sim.domain.results import DONE
from sim.experiments.result import EnsembleResult
from sim.report.outcomes import render, stopped_by


def printed(result: EnsembleResult, width: int = 120, *, full: bool = True) -> list[str]:
    sink = io.StringIO()
    Console(file=sink, width=width, highlight=False).print(render(result, full=full))
    return sink.getvalue().splitlines()


def wide(played: EnsembleResult) -> EnsembleResult:
    """Return fourteen structures with long names, in which every column is at its widest."""
    names = [f"a_structure_with_name{number:02d}" for number in range(14)]
    first = played.scenario.deals["strait"]
    deals = dict.fromkeys(names, first)
    outcomes = pd.concat([played.outcomes.iloc[[0]]] * 14, ignore_index=True)
    worlds = played.worlds[played.worlds["deal"] == "strait"]
    copies = [worlds.assign(deal=name) for name in names]
    table = pd.concat(copies, ignore_index=True)
    for frame in (outcomes, table):
        frame["deal"] = pd.Categorical(
            names if len(frame) == 14 else frame["deal"], categories=names
        )
    ranking = pd.concat([played.ranking.iloc[[4]]] * 14, ignore_index=True)
    ranking["deal"] = pd.Categorical(names, categories=names)
    shares = dict.fromkeys((*(outcome.name for outcome in OUTCOMES), *DONE), 0.12345)
    outcomes = outcomes.assign(**shares, settled_low=0.1194, settled_high=0.1271, reversal=1.0)
    return dataclasses.replace(
        played,
        scenario=played.scenario.model_copy(update={"deals": deals}),
        outcomes=outcomes,
        worlds=table.assign(zopa_margin=-123.4),
        ranking=ranking.assign(reversal=1.0),
    )


def test_fourteen_structures_fit_a_line_each(played: EnsembleResult) -> None:
    lines = printed(wide(played))
    assert max(map(len, lines)) <= 120
    rows = [line for line in lines if line.startswith("a_structure_with_name")]
    assert len(rows) == 56  # a row in each table
    assert all("…" not in line for line in lines)
    assert "11.9–12.7" in rows[14]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_the_short_table_keeps_names_and_fits(played: EnsembleResult, width: int) -> None:
    lines = printed(wide(played), width=width, full=False)
    assert max(map(len, lines)) <= width
    assert all("…" not in line for line in lines if "detail=full" not in line)
    text = "".join(line.strip() for line in lines)
    for name in wide(played).scenario.deals:
        assert name[:12] in text
    if width >= 80:
        names = [line.strip() for line in lines if line.startswith("  a_structure_with_name")]
        assert names == list(wide(played).scenario.deals)
        assert sum("12.3" in line for line in lines) >= 14


def test_it_says_everything_that_matters(played: EnsembleResult) -> None:
    text = "\n".join(printed(played))
    assert "Two small islands (isles)" in text
    assert "1,100 worlds, 12 rounds (6 years from 2000-01), seed 7" in text
    assert "\x1b" not in text
    strait = "".join(line for line in text.splitlines() if line.startswith("strait"))
    row = played.outcomes.set_index("deal").loc["strait"]
    assert f"{100 * row['settled']:.1f}" in strait
    assert f"{100 * row['settled_low']:.1f}–{100 * row['settled_high']:.1f}" in strait


def test_rows_stand_in_the_order_of_settlement(played: EnsembleResult) -> None:
    lines = printed(played)
    found = [line.split()[0] for line in lines if line.split(" ")[0] in played.scenario.deals]
    ordered = played.outcomes.sort_values("settled", ascending=False)["deal"].tolist()
    assert found[:2] == ordered[:2]


@pytest.mark.parametrize(
    ("ended", "barrier", "said"),
    [
        (["settled"] * 3, [None] * 3, "nothing"),
        (["settled", "publics", "publics", "no_bargain"], [None] * 4, "publics"),
        (["interim"] * 2, ["preconditions", "preconditions"], "next stage: preconditions"),
        (["interim"] * 2, [None, None], "title left open"),
        (["rejected"], ["not_reached"], "failed vote"),
    ],
)
def test_what_stops_most_worlds_is_said_in_words(
    ended: list[str], barrier: list[str | None], said: str
) -> None:
    worlds = pd.DataFrame({"outcome": pd.Categorical(ended), "barrier_next": barrier})
    assert stopped_by(worlds) == said


def test_where_nothing_is_ranked_it_says_so(played: EnsembleResult) -> None:
    outcomes = played.outcomes.assign(reversal=float("nan"))
    text = " ".join(printed(dataclasses.replace(played, outcomes=outcomes)))
    assert "no ranking by settlement" in text
