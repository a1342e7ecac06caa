"""Whose turn it is: in turn, or drawn in each round and world by a stream of its own.

Tests `sim.model.protocol`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.domain.draws import Draws
from sim.domain.interest import ROLES, Role
from sim.errors import ScenarioError
from sim.experiments.branching.branch import branch as branch_of
from sim.experiments.branching.pairs import branch_worlds
from sim.experiments.play import play
from sim.model import TalksModel
from sim.model.protocol import AlternatingOffers, RandomProposer, protocol_of
from sim.randomness import Streams
from tests.disputes import DEADLINES, pie, q, uniform

DRAWN: dict[str, Any] = {"protocol.kind": "random_proposer", "engine": "array"}
FAR: dict[str, Any] = {
    **DRAWN,
    **DEADLINES,
    "claimant.reservation.dialogue": 0.55,
    "holder.reservation.dialogue": 0.55,
    "rounds": 12,
}
"""Nothing is worth signing to both, so all rounds are played."""


def turns(changes: dict[str, Any], worlds: int = 512, rounds: int = 8) -> np.ndarray:
    """Return whose turn it is, shape (rounds, worlds)."""
    scenario = pie({**DRAWN, **changes})
    protocol = protocol_of(Draws(scenario, Streams(scenario.seed, 0, worlds)))
    return np.stack([protocol.movers(round_) for round_ in range(rounds)])


def test_turns_are_drawn_anew_in_each_round_and_world() -> None:
    found = turns({})
    assert found.mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(found.size))
    again = (found[1:] == found[:-1]).mean()
    assert again == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(found.size))


@pytest.mark.parametrize("first", ["claimant", "holder"])
def test_the_first_mover_is_whose_probability_is_declared(first: str) -> None:
    found = turns({"protocol.first_mover": first, "protocol.proposes": q(0.8, "share")})
    share = (found == Role(first).position).mean()
    assert share == pytest.approx(0.8, abs=4 * 0.4 / np.sqrt(found.size))


def test_a_range_is_drawn_once_a_world() -> None:
    found = turns({"protocol.proposes": uniform(0.0, 1.0, "share")}, rounds=60)
    share = (found == 0).mean(axis=0)
    assert (share < 0.1).any()
    assert (share > 0.9).any()


def test_sure_turns_and_the_worlds_of_a_longer_run() -> None:
    assert (turns({"protocol.proposes": q(1.0, "share")}) == 0).all()
    assert (turns({"protocol.proposes": q(0.0, "share")}) == 1).all()
    np.testing.assert_array_equal(turns({}, worlds=512)[:, :40], turns({}, worlds=40))


def test_sides_take_turns_unless_it_is_said() -> None:
    declared = {"protocol.proposes": q(0.9, "share")}
    for changes in ({}, declared):
        scenario = pie(changes)
        assert "protocol.proposes" not in dict(scenario.quantities())
        protocol = protocol_of(Draws(scenario, Streams(1, 0, 2)))
        assert type(protocol) is AlternatingOffers
        assert [protocol.movers(round_).tolist() for round_ in (0, 1)] == [[0, 0], [1, 1]]
    drawn = pie({**DRAWN, **declared})
    assert "protocol.proposes" in dict(drawn.quantities())
    assert type(TalksModel(drawn, "divide", worlds=2).protocol) is RandomProposer


def test_the_record_says_whose_turn_it_was() -> None:
    model = TalksModel(pie(FAR), "divide", worlds=6, record=True)
    movers = np.stack([model.protocol.movers(round_) for round_ in range(12)])
    model.run()
    lines = [line for line in model.record or () if "proposer" in line]
    assert len(lines) == 6 * 12
    for line in lines:
        assert line["proposer"] is ROLES[movers[line["round"], line["world"]]]


def test_a_table_is_turned_by_the_side_whose_turn_it_is() -> None:
    """Nothing can be offered at the first table, so whoever is drawn first turns to the other."""
    other = {
        "name": "other",
        "label": "other",
        "assumption": "test",
        "stages": {"it": {"label": "it", "fixed": {"title": "shared", "wording": "explicit"}}},
    }
    changes = {
        **FAR,
        "agenda": "tabled",
        "deals.other": other,
        "on_the_table": {"divide": 1},
        "protocol.patience": q(1, "rounds"),
        "claimant.preferences.weights.recognition": q(-1.0),
        "holder.preferences.weights.recognition": q(1.0),
    }
    scenario = pie(changes)
    model = TalksModel(scenario, next(iter(scenario.structures)), worlds=16, record=True)
    movers = np.stack([model.protocol.movers(round_) for round_ in range(12)])
    model.run()
    tabled = [line for line in model.record or () if "structure" in line and line["round"] > 0]
    assert tabled
    for line in tabled:
        assert line["side"] is ROLES[movers[line["round"], line["world"]]]


def test_a_branch_meets_the_same_turns_and_takes_offers_in_turn_alone() -> None:
    scenario = pie(FAR)
    movers = protocol_of(Draws(scenario, Streams(scenario.seed, 3, 1)))
    role = ROLES[int(movers.movers(5)[0])]
    package = TalksModel(scenario, "divide", worlds=1).nodes[0].table.id_of(40)
    tree = branch_of(scenario, world=3, at=5, set=f"{role.value}.offer={package}")
    before, after = (course.trace for course in tree.courses)
    assert before["proposer"].tolist() == after["proposer"].tolist()
    assert after["package"].tolist()[5] == package
    with pytest.raises(ScenarioError, match="a round in which it is its turn, as "):
        branch_of(scenario, world=3, at=5, set=f"{role.other.value}.offer={package}")
    pairs = branch_worlds(scenario, at=5, set=f"{role.value}.offer={package}", workers=1)
    assert pairs.reached.all()


def test_a_player_is_asked_in_the_turns_that_are_drawn() -> None:
    scenario = pie(FAR)
    movers = protocol_of(Draws(scenario, Streams(scenario.seed, 2, 1)))
    game = play(scenario, "divide", side="holder", world=2)
    asked = []
    while game.sight is not None:
        asked.append((game.sight.round_, game.sight.question.name == "turn"))
        game = game.move("pass" if asked[-1][1] else "refuse")
    mine = {round_ for round_ in range(12) if movers.movers(round_)[0] == 1}
    assert {round_ for round_, turn in asked if turn} == mine
