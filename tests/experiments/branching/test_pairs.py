"""All worlds that reach a round, as they were and branched."""

from __future__ import annotations

from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.branching.branch import branch
from sim.experiments.branching.pairs import branch_worlds
from sim.experiments.result import EnsembleResult
from sim.report.branching import worlds_page
from tests.disputes import DEADLINES, pie

SET = "holder.leader=successor, environment.processes.sanctions=lifted"


@pytest.fixture(scope="module")
def small(isles: Scenario) -> Scenario:
    return isles.model_copy(update={"worlds": 48})


def test_worlds_are_those_of_the_run(played: EnsembleResult) -> None:
    """Over the edge of a block."""
    found = branch_worlds(played.scenario, "two_steps", at=4, set=SET, workers=1)
    own = played.worlds[played.worlds["deal"] == "two_steps"]
    assert found.worlds["world"].tolist() == list(range(1100))
    assert found.worlds["outcome"].tolist() == own["outcome"].astype(str).tolist()
    over = own["round_end"].fillna(99).to_numpy() < 4
    assert not found.worlds["reached"].to_numpy()[over].any()
    left_alone = found.worlds[~found.worlds["reached"]]
    assert (left_alone["outcome"] == left_alone["outcome_branch"]).all()


def test_each_row_is_the_world_alone(small: Scenario) -> None:
    many = branch_worlds(small, "two_steps", at=3, set=SET, workers=1)
    changed = np.flatnonzero(many.worlds["outcome"] != many.worlds["outcome_branch"])
    for world in {0, 17, *changed[:2].tolist()}:
        one = branch(small, "two_steps", world=int(world), at=3, set=SET)
        for branched, course in enumerate(one.courses):
            for name, values in course.result.columns.items():
                row = many.column(name, branched=bool(branched))[[world]]
                np.testing.assert_array_equal(row, values, err_msg=name)


def test_worlds_that_end_otherwise_are_named(small: Scenario) -> None:
    found = branch_worlds(small, "two_steps", at=3, set=SET, workers=1)
    rows = found.worlds.set_index("world")
    otherwise = rows["outcome"] != rows["outcome_branch"]
    for name in ("first_stage", "transferred", "closed"):
        otherwise |= rows[name] != rows[f"{name}_branch"]
    assert found.changed.tolist() == rows.index[otherwise].tolist()
    assert len(found.changed)
    console = Console(width=80, record=True, file=StringIO())
    console.print(worlds_page(found))
    told = " ".join(console.export_text().split())
    many, first = len(found.changed), f"{found.changed[0]}"
    assert f"{many} world{'s end' if many > 1 else ' ends'} otherwise: {first}" in told


def test_the_table_counts_pairs(small: Scenario) -> None:
    found = branch_worlds(small, "two_steps", at=3, set=SET, workers=1)
    table = found.table.set_index("what")
    reached = found.worlds[found.worlds["reached"]]
    assert (table["worlds"] == len(reached)).all()
    for name in ("settled", "no_bargain", "publics"):
        before, after = reached["outcome"] == name, reached["outcome_branch"] == name
        assert table.loc[name, "base"] == pytest.approx(before.mean())
        assert table.loc[name, "gained"] == (after & ~before).sum()
    assert ((table["low"] <= table["difference"]) & (table["difference"] <= table["high"])).all()


def test_nothing_set_is_no_difference(small: Scenario) -> None:
    found = branch_worlds(small, "all_at_once", at=2, set="", workers=1)
    assert not found.table["difference"].any()
    for name, values in found.blocks[0][1].columns.items():
        np.testing.assert_array_equal(values, found.blocks[0][2].columns[name])


def test_a_round_that_no_world_reaches_is_refused() -> None:
    scenario = pie({**DEADLINES, "holder.reservation.dialogue": 0.2, "rounds": 9, "worlds": 8})
    with pytest.raises(ScenarioError, match=r"some world reaches \(talks are over by round"):
        branch_worlds(scenario, at=8, set="", workers=1)
