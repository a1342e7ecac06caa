"""Replay changes nothing, and shows each round as its talks find it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.replay import replay
from sim.model.talks import playing
from tests.disputes import pie, uniform

WAITS = {
    "claimant.leader.deadline_rounds": 10.0,
    "holder.reservation.dialogue": uniform(0.1, 0.4),
    "rounds": 12,
}


@pytest.mark.parametrize("node", [None, 0])
def test_worlds_that_are_looked_at_end_as_they_do_unseen(node: int | None) -> None:
    """Each round's environment moves once, although it is asked for twice."""
    scenario = load_scenario("singapore_2018", ["rounds=12"])
    unseen = TalksModel(scenario, "two_islands_first", worlds=4).run()
    with playing(scenario, "two_islands_first", worlds=4) as model:
        rounds = [round_ for round_, _ in replay(model, node)]
        seen = model.result()
    assert rounds == list(range(rounds[-1] + 1))
    for name, column in unseen.columns.items():
        assert column.tobytes() == seen.columns[name].tobytes(), name


def test_a_view_is_what_the_talks_of_its_round_are_about() -> None:
    with playing(pie(WAITS), "divide", worlds=1, record=True) as model:
        shown = {
            round_: (int(view.zopa.sum()), float(view.reservation(1)[0]))
            for round_, view in replay(model)
        }
        told = [line for line in model.record or () if "proposer" in line]
    assert len(told) > 3
    for line in told:
        assert shown[line["round"]] == (line["zopa"], line["reservation_holder"])


def test_the_last_view_is_of_what_the_talks_left_behind() -> None:
    with playing(pie(WAITS), "divide", worlds=2) as model:
        *_, (last, view) = replay(model, 0)
        assert last == model.round == view.round_
        assert not model.running


def test_a_world_may_be_named_by_its_number_in_the_run() -> None:
    by_number = TalksModel(pie(WAITS), "divide", first=2050, worlds=3).run()
    by_block = TalksModel(pie(WAITS), "divide", block=2, first=2, worlds=3).run()
    assert by_number.columns["world"].tolist() == [2050, 2051, 2052]
    for name, column in by_block.columns.items():
        assert column.tobytes() == by_number.columns[name].tobytes(), name
    across = TalksModel(pie(WAITS), "divide", first=2047, worlds=2).run()
    parts = [TalksModel(pie(WAITS), "divide", first=at, worlds=1).run() for at in (2047, 2048)]
    for name, column in across.columns.items():
        joined = np.concatenate([part.columns[name] for part in parts])
        assert column.tobytes() == joined.tobytes(), name
