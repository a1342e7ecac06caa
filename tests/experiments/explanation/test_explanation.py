"""Explanations: every number in a sentence is the number of a table.

Tests `sim.experiments.explanation.barriers`, `sim.experiments.explanation.sight` and
`sim.experiments.explanation.story`.
"""

import re
from typing import Any

import numpy as np
import pytest

from sim.domain.interest import Role
from sim.domain.narration import COLUMNS, fill
from sim.domain.outcome import OUTCOME_LABELS, Answer, Outcome
from sim.domain.scenario import Scenario
from sim.equations.offering import NONE
from sim.experiments.explanation.barriers import leaving, opening, precondition_gate, ratifier_gate
from sim.experiments.explanation.explanation import Explanation, explain
from sim.experiments.explanation.sight import watch
from sim.experiments.explanation.story import barrier, nearest
from sim.io.config import load_scenario
from sim.model.talks import TalksModel
from tests.disputes import pie, q, uniform

COUNT = re.compile(r"([\d,]+) of ([\d,]+) worlds \(([\d.]+) %\): (.*)\.")
DEADLINES = {f"{role}.leader.deadline_rounds": 5 for role in ("claimant", "holder")}


def stance(label: str, **blocks: Any) -> dict[str, Any]:
    firm = {"firmness": q(1, "probability"), "penalty": q(0)}
    return {"label": label, "blocks": [blocks], **firm}


def voters(quota: float) -> dict[str, Any]:
    """A public that likes its own share of the pie, and a sharp vote."""
    return {
        "holder.public.segments.all.weights": {"territory": q(1)},
        "holder.public.segments.all.threshold": 0.0,
        "holder.public.segments.all.spread": 1.0,
        "holder.ratifiers": {
            "vote": {
                "kind": "referendum",
                "label": "a vote of all",
                "quota": q(quota, "share"),
                "noise": q(0, "share"),
            }
        },
    }


@pytest.fixture(scope="module", params=["functional_ladder", "treaty_first", "two_islands_final"])
def told(request: pytest.FixtureRequest) -> Explanation:
    return explain(load_scenario("singapore_2018"), request.param, worlds=128)


def test_counts_in_sentences_are_those_of_the_worlds(told: Explanation) -> None:
    model = TalksModel(told.scenario, told.deal, worlds=128)
    worlds = model.run().columns
    [(_, sentences), *_] = told.sections()
    found = {words: int(n) for n, _, _, words in map(_counted, sentences) if words}
    for outcome in Outcome:
        words = f"{OUTCOME_LABELS[outcome].legend}: {outcome.value}"
        assert found.get(words, 0) == np.count_nonzero(worlds["outcome"] == outcome.code)
    stops = {words: n for words, n in found.items() if words.startswith("the last to stop")}
    assert sum(stops.values()) == np.count_nonzero(worlds["rejected_by"] >= 0)


def _counted(sentence: str) -> tuple[str, str, str, str]:
    match = COUNT.fullmatch(sentence)
    if match is None:
        return "0", "0", "0", ""
    count, total, share, words = match.groups()
    assert float(share) == pytest.approx(100 * int(count) / int(total), abs=0.05)
    return count, total, share, words


def test_the_story_is_that_of_the_record(told: Explanation) -> None:
    result, seen, _ = watch(told.scenario, told.deal, told.world)
    assert result.record is not None
    told_rounds = {e.first for e in told.exchanges} | {e.last for e in told.exchanges}
    assert {0, result.record[-1]["round"]} <= told_rounds
    for exchange in told.exchanges:
        lines = [line for line in result.record if line["round"] == exchange.first]
        assert exchange.answer in [line["answer"] for line in lines]
        assert any(exchange.answer.value in sentence for sentence in exchange.sentences)
        if exchange.package:
            assert any(line.get("package", NONE) != NONE for line in lines)
    for line in result.record:
        if "passable" in line:
            sight = seen[line["round"]]
            assert sight.passable.sum() == line["passable"]
            assert sight.signable.sum() == line["signable"]
            assert sight.bargain.sum() == line["zopa"]


def test_every_line_fits(told: Explanation) -> None:
    lines = fill(told.sections()).splitlines()
    assert max(map(len, lines)) <= COLUMNS


def test_the_world_is_one_that_ends_as_most_do(told: Explanation) -> None:
    assert told.outcomes[told.ending] == max(told.outcomes.values())
    assert int(told.result.columns["outcome"][told.world]) == told.ending.code


def test_the_ratifier_that_would_stop_an_offer_is_named() -> None:
    """Support is Phi(own share): a quota of Phi(0.7) wants seven tenths for the holder."""
    scenario = pie({**DEADLINES, **voters(0.758036)})
    result, seen, _ = watch(scenario, "divide", 0)
    assert seen[0].passable.nonzero()[0].max() == 30
    assert seen[0].stopped[Role.HOLDER, "vote"].tolist() == [k > 30 for k in range(101)]
    assert result.record is not None


def test_what_nobody_votes_on_is_told_to_take_effect_without_a_vote() -> None:
    """The vote would stop all; it is asked only where the holder is left with less than half."""
    changes = {**DEADLINES, **voters(1.0)}
    texts = [{"holder_area": {"below": 0.5}}]
    changes["holder.ratifiers"]["vote"]["votes_on"] = {"texts": texts, "assumption": "test"}
    told = explain(pie(changes), "divide", worlds=1)
    result, seen, _ = watch(told.scenario, "divide", 0)
    assert seen[0].voted.tolist() == [k > 50 for k in range(101)]
    assert seen[0].stopped[Role.HOLDER, "vote"].tolist() == seen[0].voted.tolist()
    assert seen[0].passable.nonzero()[0].max() == 50
    answers = [line["answer"] for line in result.record or []]
    assert Answer.took_effect in answers
    assert Answer.ratified not in answers
    story = " ".join(" ".join(exchange.sentences) for exchange in told.exchanges)
    assert "It would take effect without a vote; support is" in story
    assert "takes effect without a vote." in story.lower()


def test_the_nearest_text_that_would_have_passed() -> None:
    """From a share of 0.5, up to 0.3 would pass: the smaller surplus decides among equals."""
    _, seen, _ = watch(pie({**DEADLINES, **voters(0.758036)}), "divide", 0)
    assert nearest(seen[0], 50) == 30
    assert nearest(seen[0], 10) == 10
    assert barrier(seen[0]) is None


@pytest.mark.parametrize(
    ("changes", "expected", "words"),
    [
        (
            {"claimant.reservation.dialogue": 0.7, "holder.reservation.dialogue": 0.5},
            Outcome.no_bargain,
            "short by 0.1 points for One and 0.1 points for Two",
        ),
        (
            {"holder.preconditions": {"mine": stance("all of it", claimant_gains=True)},
             "claimant.reservation.dialogue": 0.1},
            Outcome.preconditions,
            "absolute here: 'all of it' (Two)",
        ),
        (
            {**voters(0.9), "claimant.reservation.dialogue": 0.1},
            Outcome.publics,
            "stopped by 'a vote of all' (Two): 91",
        ),
    ],
)  # fmt: skip
def test_where_nothing_would_pass_the_barrier_is_named(
    changes: dict[str, Any], expected: Outcome, words: str
) -> None:
    found = explain(pie({**DEADLINES, **changes}), "divide", worlds=4)
    assert found.ending is expected
    assert found.exchanges[0].barrier is expected
    assert words in " ".join(found.exchanges[0].sentences)
    assert found.outcomes[expected] == 4


def test_what_a_precondition_blocks_is_counted() -> None:
    """Half of the shares each; both together leave nothing, either alone leaves half."""
    changes = {
        "claimant.preconditions": {"more": stance("more", claimant_area={"below": 0.505})},
        "holder.preconditions": {"less": stance("less", claimant_area={"at_least": 0.495})},
    }
    with opening(pie(changes), "divide", 8) as (scene, talk):
        gate = precondition_gate(scene, talk)
    assert (gate.worlds, gate.closed) == (8, 8)
    assert {one.name for one in gate.obstacles} == {"more", "less"}
    for one in gate.obstacles:
        assert one.blocked == pytest.approx(51 / 101)
        assert (one.worlds, one.alone) == (8, 8)


def test_what_a_ratifier_would_stop_is_counted() -> None:
    with opening(pie(voters(0.758036)), "divide", 8) as (scene, talk):
        gate = ratifier_gate(scene, talk)
    [vote] = gate.obstacles
    assert (vote.role, vote.name, vote.worlds, vote.alone) == (Role.HOLDER, "vote", 8, 0)
    assert vote.blocked == pytest.approx(70 / 101)


def paid(profile: str) -> Scenario:
    """The claimant gets the pie for money, which is worth less to the holder than waiting."""
    level = {
        "label": "money",
        "flow": q(1, "units"),
        "payer": "claimant",
        "profile": profile,
    }
    return pie(
        {
            "dispute.clauses.money": {
                "label": "money",
                "kind": "economy",
                "baseline": "none",
                "levels": {"none": {"label": "none"}, "some": level},
            },
            "deals.divide.stages.pie": {
                "label": "a sale",
                "fixed": {"title": "shared", "administration": "1.0000", "money": "some"},
            },
            "claimant.preferences.weights.payment": q(0.5),
            "holder.preferences.weights.economy": q(1),
            "holder.reservation.dialogue": uniform(0.1, 0.3),
        }
    )


@pytest.mark.parametrize(("profile", "leaves"), [("front", 16), ("back", 0)])
def test_who_has_the_money_may_leave(profile: str, leaves: int) -> None:
    with opening(paid(profile), "divide", 16) as (scene, talk):
        found = leaving(scene, talk)
    assert found.worlds == found.signable == 16
    assert found.gains == {Role.CLAIMANT: 0, Role.HOLDER: leaves}
    assert found.unstable[Role.HOLDER, "nash"] == leaves
    assert found.unstable[Role.HOLDER, "sequential"] == leaves
    assert found.unstable[Role.CLAIMANT, "nash"] == 0


def test_offers_repeated_in_turn_are_told_once() -> None:
    found = explain(pie({"holder.reservation.dialogue": 1.5}), "divide", worlds=2)
    assert len(found.exchanges) == 2
    answers = {exchange.answer for exchange in found.exchanges}
    assert answers == {Answer.below_reservation, Answer.passed}
    assert found.exchanges[0].last >= 38
