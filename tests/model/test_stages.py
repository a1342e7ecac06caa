"""Two stages: what the first changes for the second, and why the second comes or does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.domain.interest import ROLES
from sim.equations.solutions import nash_choice
from sim.equations.zopa import surplus
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.foresight import expected_surplus
from sim.model.view import RoundView, round_context
from tests.agents.publics import segment
from tests.disputes import pie, q
from tests.model.next_stage import NEXT_STAGES, NextStage, next_stage

HASTE = {"claimant.leader.deadline_rounds": 0, "holder.leader.deadline_rounds": 0}


def part(claimant: float, holder: float) -> dict[str, Any]:
    return {
        "label": "a part",
        "area": q(1, "pies"),
        "controller": "holder",
        "divisible": True,
        "value": {"claimant": q(claimant), "holder": q(holder)},
    }


def moves(name: str) -> dict[str, Any]:
    given = {"label": "given", "allocation": {name: "claimant"}}
    levels = {"kept": {"label": "kept"}, "given": given}
    return {"label": name, "kind": "administration", "baseline": "kept", "levels": levels}


def two_stages(changes: dict[str, Any] | None = None, gain: float = 3.0) -> dict[str, Any]:
    """The holder gives a near part (2 and 1 points), then a far one (`gain` and 1 points).

    What the claimant offers for each is worth 1.5 to the holder and costs the claimant 1.5.
    """
    bargain = {
        "label": "offered",
        "effects": {"claimant": {"price": -1.5}, "holder": {"price": 1.5}},
        "assumption": "test",
    }
    offers = {"none": {"label": "none"}, "offered": bargain}
    stages = {
        "near": {"label": "the near part", "fixed": {"near": "given", "first": "offered"}},
        "far": {
            "label": "the far part",
            "fixed": {"far": "given", "second": "offered", "title": "shared"},
        },
    }
    weights = {"claimant": (2.0 + gain, 1.0), "holder": (2.0, 1.0)}
    shape: dict[str, Any] = {
        "dispute.interests": {"price": "what is offered"},
        "dispute.objects": {"near": part(2.0, 1.0), "far": part(gain, 1.0)},
        "dispute.clauses.administration": moves("near"),
        "dispute.clauses.near": moves("near"),
        "dispute.clauses.far": moves("far"),
        "dispute.clauses.first": {"label": "first", "baseline": "none", "levels": offers},
        "dispute.clauses.second": {"label": "second", "baseline": "none", "levels": offers},
        "dispute.clauses.title": {
            "label": "title",
            "kind": "title",
            "baseline": "open",
            "levels": {
                name: {"label": name, "allocation": {"near": level, "far": level}}
                for name, level in (("open", "open"), ("shared", "joint"))
            },
        },
        "deals": {
            "staged": {"name": "staged", "label": "staged", "assumption": "test", "stages": stages}
        },
        "rounds": 12,
    }
    for side, (territory, price) in weights.items():
        shape[f"{side}.preferences.weights"] = {"territory": q(territory), "price": q(price)}
        shape[f"{side}.leader.discount_factor"] = 1
    return {**HASTE, **shape, **(changes or {})}


def played(changes: dict[str, Any] | None = None, **how: Any) -> tuple[TalksModel, NextStage, int]:
    model = TalksModel(pie(two_stages(changes, **how)), "staged", worlds=1)
    model.run_model()
    columns = model.result().columns
    reason = NEXT_STAGES[int(next_stage(columns)[0])]
    return model, reason, int(columns["stage"][0])


def shift_of(claimant: float = 0.0, holder: float = 0.0) -> dict[str, Any]:
    """The near part, once given, shifts power by so many points."""
    given = {
        "label": "given",
        "allocation": {"near": "claimant"},
        "leverage": {"claimant": claimant, "holder": holder},
        "assumption": "test",
    }
    return {
        "dispute.clauses.near.levels.given": given,
        "claimant.commitment.leverage": q(1.0),
        "holder.commitment.leverage": q(1.0),
    }


# -- what the first stage changes --------------------------------------------------------------


def test_what_was_given_need_not_be_bought_again() -> None:
    model, reason, stage = played()
    assert (reason, stage) == (NextStage.finished, 2)
    second = model.parties[0].government.package_values[1].features.column("territory")
    assert second == pytest.approx([3.0 / 5.0])  # the far part only


def test_a_later_delay_is_not_laid_on_what_was_handed_over_before() -> None:
    later = {"label": "later", "years": q(5, "years")}
    changes = two_stages()
    changes["dispute.clauses.when"] = {
        "label": "when",
        "kind": "schedule",
        "levels": {"later": later},
    }
    changes["deals"]["staged"]["stages"]["far"]["fixed"]["when"] = "later"
    changes["claimant.leader.discount_factor"] = 0.9
    model = TalksModel(pie(changes), "staged", worlds=1)
    second = model.parties[0].government.package_values[1].features.column("territory")
    assert second == pytest.approx([0.9**5 * 3.0 / 5.0])


def test_the_first_stage_is_worth_what_it_opens() -> None:
    model, *_ = played()
    everyone = np.arange(1)
    values = [
        party.government.package_values[0].static_value[everyone, 0] for party in model.parties
    ]
    # near 2 - 1.5, then far 3 - 1.5; for the holder -1 + 1.5 twice.
    assert values == [pytest.approx([2.0]), pytest.approx([1.0])]


def test_power_shifted_is_gained_now_and_asked_for_later() -> None:
    model, *_ = played(shift_of(holder=0.25))
    first, second = (
        model.parties[1].government.package_values[node].static_value[0, 0] for node in (0, 1)
    )
    # Later: .5 less the .25 that never signing has gained. Now: .5, that .25, and what is left.
    assert second == pytest.approx(0.25)
    assert first == pytest.approx(0.5 + 0.25 + 0.25)


@pytest.mark.parametrize(("shift", "stage"), [(0.4, 2), (0.6, 1)])
def test_a_side_that_the_first_stage_has_strengthened_may_refuse_the_second(
    shift: float, stage: int
) -> None:
    _, reason, reached = played(shift_of(holder=shift))
    assert reached == stage
    assert reason is (NextStage.finished if stage == 2 else NextStage.no_bargain)


@pytest.mark.parametrize("shift", [-0.6, -1.9])
def test_a_side_that_the_first_stage_would_weaken_asks_whether_the_second_comes(
    shift: float,
) -> None:
    # Signing the second regains what the first has cost in power, so nothing is lost where it
    # comes; where the other would then refuse it, the first is not worth its .5 either.
    _, reason, reached = played(shift_of(claimant=shift, holder=0.4))
    assert (reason, reached) == (NextStage.finished, 2)
    _, reason, reached = played(shift_of(claimant=shift, holder=0.6))
    assert (reason, reached) == (NextStage.no_bargain, 0)


# -- why the second stage comes or does not ----------------------------------------------------


def referendum(quota: float, noise: float) -> dict[str, Any]:
    vote = {"kind": "referendum", "label": "vote", "quota": q(quota), "noise": q(noise)}
    rash = {"claimant.beliefs.caution": 0, "holder.beliefs.caution": 0}
    return {**rash, "holder.ratifiers": {"vote": vote}}


def split() -> dict[str, Any]:
    """Half of the holder's public would give the near part and will not end the matter."""
    halves = {
        "easy": segment(0.5, -9.0, 0.0),
        "hard": segment("rest", 0.0, 0.0, price=1.0, territory=2.0, closure=-2.0),
    }
    return {"holder.public.segments": halves}


def stance(**blocks: Any) -> dict[str, Any]:
    item = {"label": "never", "blocks": [blocks], "firmness": q(1.0), "penalty": q(0.0)}
    return {"holder.preconditions": {"never": item}}


def suspended(round_: int) -> dict[str, Any]:
    event = {"label": "rupture", "round": round_, "suspend_rounds": 99, "assumption": "test"}
    return {"environment.events": {"rupture": event}}


WHY: dict[NextStage, dict[str, Any]] = {
    NextStage.finished: {},
    NextStage.no_bargain: {
        "holder.reservation.entrenchment.gain": 0.9,
        "holder.reservation.entrenchment.speed": 0.5,
    },
    NextStage.preconditions: stance(far=["given"]),
    NextStage.untabled: suspended(2),
    NextStage.rejected: {**split(), **referendum(0.53, 0.006)},
    NextStage.publics: {**split(), **referendum(0.53, 0.0)},
}


@pytest.mark.parametrize("reason", list(WHY))
def test_each_reason_why_the_second_stage_did_not_come(reason: NextStage) -> None:
    _, got, stage = played(WHY[reason])
    assert (got, stage) == (reason, 2 if reason is NextStage.finished else 1)


def test_a_first_stage_still_being_carried_out_is_pending() -> None:
    changes = two_stages({"rounds": 4})
    later = {"label": "later", "years": q(9, "years")}
    changes["dispute.clauses.when"] = {"label": "when", "kind": "schedule", "levels": {"l": later}}
    changes["deals"]["staged"]["stages"]["near"]["fixed"]["when"] = "l"
    columns = TalksModel(pie(changes), "staged", worlds=1).run().columns
    assert NEXT_STAGES[int(next_stage(columns)[0])] is NextStage.pending
    assert columns["barrier_next"].tolist() == [-1]


# -- texts that need no vote -------------------------------------------------------------------


def voted_when(texts: list[dict[str, Any]], effect: str) -> dict[str, Any]:
    """Three years to a vote that passes everything, and another time where there is none."""
    vote = {"kind": "referendum", "label": "a vote", "quota": q(0), "noise": q(0)}
    years = {"ratification": "3", "effect": effect}
    lags = {f"protocol.{key}_years": {when: q(1, "probability")} for key, when in years.items()}
    voting = {"votes_on": {"texts": texts, "assumption": "test"}}
    return {**HASTE, **lags, "holder.ratifiers": {"vote": {**vote, **voting}}, "rounds": 12}


def test_each_text_is_in_force_when_those_who_vote_on_it_have_voted() -> None:
    for texts, rounds in (([], (1, 1)), ([{"closed": True}], (1, 3)), ([{}], (3, 3))):
        model = TalksModel(pie(two_stages(voted_when(texts, "1"))), "staged", worlds=2)
        waits = []
        while model.running:
            model.step()
            states = model.states
            if states.force_round[0] == model.round - 1:
                waits.append(int(states.force_round[0] - states.round_signed[0]))
        assert tuple(waits) == rounds


def test_a_stage_that_comes_sooner_is_worth_more_beforehand() -> None:
    """The worth of the second stage is discounted by the time that the first takes."""

    def foreseen(texts: list[dict[str, Any]], effect: str) -> float:
        patience = {"claimant.leader.discount_factor": 0.8}
        scenario = pie(two_stages({**voted_when(texts, effect), **patience}))
        party = TalksModel(scenario, "staged", worlds=1).parties[0]
        return float(party.government.package_values[0].static_value[0, 0])

    never, first = foreseen([], "10000"), [{"closed": False}]
    sooner, later = foreseen([], "1") - never, foreseen(first, "1") - never
    assert sooner > 0
    assert later / sooner == pytest.approx(0.8**2)


def foreseen(growth: float) -> list[np.ndarray]:
    """Return what the sides see in packages, later stages in it, under an urgency that grows."""
    told = [f"{role.value}.reservation.urgency.growth={growth}" for role in ROLES]
    asked = ["deals=[functional_ladder]", "conditioned=false", "engine=array", *told]
    model = TalksModel(load_scenario("second_edition", asked), "functional_ladder", worlds=64)
    parties = model.parties
    return [values.static_value for one in parties for values in one.government.package_values]


def test_later_stages_are_foreseen_with_the_urgency_of_the_time_at_which_they_begin() -> None:
    calm, urgent = foreseen(0.0), foreseen(20.0)
    assert any((one != two).any() for one, two in zip(calm, urgent, strict=True))


@pytest.mark.parametrize("deal", ["functional_ladder", "untethered_then_treaty"])
def test_what_is_expected_of_a_stage_is_the_solution_among_all_its_packages(deal: str) -> None:
    asked = [f"deals=[{deal}]", "conditioned=false", "engine=array"]
    model = TalksModel(load_scenario("second_edition", asked), deal, worlds=32)
    context = round_context(model.parties, model.environment, 0, 0.0)
    governments = [party.government for party in model.parties]
    for node in range(1, len(model.nodes)):
        view = RoundView(context, node, np.arange(32))
        expected = expected_surplus(governments, view, model.draws)
        for own, found in enumerate(expected):
            mine = surplus(view.value(own), view.reservation(own))
            theirs = surplus(view.believed_value(own), view.believed_reservation(own))
            lawful = view.unbarred(own, view.believed_lawful(own, view.forbidden(own)))
            choice = nash_choice(mine, theirs, lawful)
            best = np.where(choice >= 0, mine[np.arange(32), choice], 0.0)
            assert found.tobytes() == best.tobytes()
