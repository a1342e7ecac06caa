"""The verdict: sentences made of the numbers of the tables."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.domain.outcome import OUTCOMES
from sim.experiments.draws import draws_table
from sim.experiments.result import EnsembleResult
from sim.report.tables import percent
from sim.report.verdict import telling, verdict


def changed(played: EnsembleResult, **shares: dict[str, float]) -> EnsembleResult:
    """Return a result whose structures end as said, the rest without gain for both."""
    outcomes = played.outcomes.set_index("deal").astype({item.name: float for item in OUTCOMES})
    for deal in outcomes.index:
        said = shares.get(str(deal), {})
        for item in OUTCOMES:
            outcomes.loc[deal, item.name] = said.get(item.name, 0.0)
        outcomes.loc[deal, "no_bargain"] = 1.0 - sum(said.values())
    return dataclasses.replace(played, outcomes=outcomes.reset_index())


def test_the_structure_that_settles_most_comes_first_with_its_share(played: EnsembleResult) -> None:
    first = played.ordered().iloc[0]
    label = played.scenario.deals[str(first.name)].label
    said = verdict(played)[0]
    assert f"“{label}” ({percent(first['settled'])} % of worlds)" in said
    assert said.startswith(f"{(played.outcomes['settled'] > 0).sum()} of {len(played.outcomes)}")


def test_what_never_comes_to_anything_is_bounded(played: EnsembleResult) -> None:
    names = [str(name) for name in played.outcomes["deal"]]
    said = " ".join(verdict(changed(played, **{names[0]: {"settled": 0.5}})))
    assert f"“{played.scenario.deals[names[1]].label}”" in said
    # Wilson: z^2 / (n + z^2) of 1,100
    assert "1,100 worlds: fewer than one in 287, at 95 %" in said


def test_where_nothing_settles_it_says_so(played: EnsembleResult) -> None:
    said = verdict(changed(played))
    assert said[0] == f"None of {len(played.outcomes)} structures closes every claim in any world."
    assert not any("carried out" in line for line in said)


def test_what_is_carried_out_in_part_is_named(played: EnsembleResult) -> None:
    names = [str(name) for name in played.outcomes["deal"]]
    (line,) = [
        line
        for line in verdict(changed(played, **{names[1]: {"interim": 0.25}}))
        if line.startswith("In part")
    ]
    assert f"“{played.scenario.deals[names[1]].label}” (25.0 % of worlds)" in line


def test_a_number_that_decides_is_told_and_in_which_direction(played: EnsembleResult) -> None:
    table = draws_table(played.scenario)
    key = str(table.columns[0])
    low = table[key].to_numpy() < table[key].median()
    words, way = telling(played.scenario, low)[0]
    assert way == "lower"
    assert key.split(".")[-1].replace("_", " ") in words
    assert telling(played.scenario, ~low)[0] == (words, "higher")


def test_what_luck_sets_apart_is_not_told(played: EnsembleResult) -> None:
    worlds = len(draws_table(played.scenario))
    assert telling(played.scenario, np.arange(worlds) % 2 == 0) == []


@pytest.mark.parametrize("dependence", ["declared", "strong"])
def test_it_says_how_far_it_rests_on_dependence(played: EnsembleResult, dependence: str) -> None:
    assert not any("go together" in line for line in verdict(played))
    scenario = played.scenario.model_copy(
        update={"dependence": dependence, "dependence_check": True}
    )
    columns: dict[str, Any] = {
        f"settled_{name}": share
        for name, share in (("independent", 0.0), ("declared", 0.1), ("strong", 0.305))
    }
    outcomes: pd.DataFrame = played.outcomes.assign(**columns)
    (line,) = [
        line
        for line in verdict(dataclasses.replace(played, scenario=scenario, outcomes=outcomes))
        if "go together" in line
    ]
    assert "closed in 0 % of worlds if they were independent, in 30.5 %" in line
