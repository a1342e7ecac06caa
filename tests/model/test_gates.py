"""Gates of a stage: each is open where some package passes it, by a look at every package."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from sim.domain.interest import ROLES
from sim.domain.outcome import GATES, Outcome, Phase
from sim.domain.results import BlockResult
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.gates import judge_gates
from sim.model.round import demand
from sim.model.view import RoundView
from sim.model.worlds import WorldStates
from sim.quantities import Bools
from tests.disputes import pie, q, uniform
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, model

FEW = 32


def plainly(view: RoundView, in_hand: Bools) -> Iterator[tuple[str, Bools]]:
    """Yield each gate and which packages pass it, ratifier by ratifier."""
    worth = [view.open_value(side) >= view.reservation(side)[:, None] for side in (0, 1)]
    clear = ~view.forbidden(0) & ~view.forbidden(1)
    consent = view.consent(0) & view.consent(1)
    agreed, passing = np.ones_like(clear), np.ones_like(clear)
    for side, (role, party) in enumerate(zip(ROLES, view.context.parties, strict=True)):
        aspired = demand(party.government.demand, view.position(side))
        agreed &= view.net_value(side) >= aspired[:, None]
        votes = party.government.package_values[view.node].features.votes
        passes = {"public": np.ones_like(clear), "parliament": np.ones_like(clear)}
        for place, (name, ratifier) in enumerate(party.government.side.ratifiers.items()):
            if ratifier.kind == "ally":
                continue
            approval = view.context.conditions[side].approval
            least = party.ratifiers.required_of(name, view.worlds, approval)[:, None]
            kind = "parliament" if ratifier.kind == "parliament" else "public"
            passes[kind] &= (view.support(side) >= least) | ~votes[place]
        yield from ((f"{role.value}_{kind}", each) for kind, each in passes.items())
        passing &= passes["public"] & passes["parliament"]
    agreed |= in_hand
    yield "worth", worth[0] & worth[1]
    yield "preconditions", clear
    yield "allies", consent
    yield "table", agreed
    yield "all", worth[0] & worth[1] & clear & consent & agreed & passing


def compared(model: TalksModel, monkeypatch: pytest.MonkeyPatch) -> int:
    """Play a model, look at every package beside the gates, and return in how many worlds."""
    seen = 0

    def look(view: RoundView, states: WorldStates) -> None:
        nonlocal seen
        judge_gates(view, states)
        package = states.package[view.worlds]
        in_hand = package[:, None] == np.arange(view.zopa.shape[1])
        for name, passed in plainly(RoundView(view.context, view.node, view.worlds), in_hand):
            found = states.gates[[*GATES].index(name), view.worlds]
            np.testing.assert_array_equal(found, passed.any(axis=1), err_msg=name)
        seen += len(view.worlds)

    monkeypatch.setattr("sim.model.talks.judge_gates", look)
    model.run()
    return seen


@settings(LAW, max_examples=LAW.max_examples // 4)
@given(disputes())
def test_a_gate_is_open_where_any_package_passes_it(dispute: Changes) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        compared(model({**dispute, "engine": "array"}), monkeypatch)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("scenario", "deal"),
    [
        ("singapore_2018", "two_islands_first"),
        ("singapore_2018", "treaty_first"),
        ("second_edition", "functional_ladder"),
    ],
)
def test_gates_of_large_tables_are_open_where_any_package_passes_them(
    scenario: str, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = load_scenario(scenario, ["agenda=single", "engine=array", "rounds=12"])
    assert compared(TalksModel(case, deal, worlds=FEW), monkeypatch) > FEW // 4


def open_in(result: BlockResult) -> dict[str, Bools]:
    return {name: result.columns[f"gate_{name}"] for name in GATES}


def test_all_gates_are_open_where_a_text_is_in_force() -> None:
    changes = {
        "claimant.reservation.dialogue": uniform(0.0, 1.0),
        "holder.reservation.dialogue": uniform(0.0, 1.0),
        "claimant.leader.deadline_rounds": 5.0,
        "holder.leader.deadline_rounds": 5.0,
        "holder.ratifiers.vote": {
            "kind": "referendum",
            "label": "a vote",
            "quota": q(0.5, "share"),
            "noise": q(0.2, "share"),
        },
    }
    result = TalksModel(pie({**changes, "engine": "array"}), "divide", worlds=64).run()
    opened, settled = open_in(result), result.columns["outcome"] == Outcome.settled.code
    assert settled.any()
    assert not settled.all()
    for name, each in opened.items():
        assert each[settled].all(), name
        assert not (opened["all"] & ~each).any(), name
    assert not opened["all"][result.columns["outcome"] == Outcome.no_bargain.code].any()


def test_worlds_are_judged_in_parts_as_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = {f"{role.value}.reservation.dialogue": uniform(0.0, 1.0) for role in ROLES}
    scenario, ended = pie({**dialogue, "engine": "array", "rounds": 2}), []
    for cells in (2**17, 64):
        monkeypatch.setattr("sim.model.gates._CELLS", cells)
        ended.append(TalksModel(scenario, "divide", worlds=64).run().columns)
    assert ended[0]["gate_worth"].any()
    for name, column in ended[0].items():
        np.testing.assert_array_equal(column, ended[1][name], err_msg=name)


def test_what_is_agreed_in_the_last_round_has_come_through_the_gates_of_the_table() -> None:
    changes = {"holder.reservation.dialogue": uniform(0.0, 1.0), "engine": "array", "rounds": 1}
    model = TalksModel(
        pie({**changes, "claimant.leader.deadline_rounds": 1.0}), "divide", worlds=64
    )
    model.run()
    agreed = model.states.in_phase(Phase.VOTE)
    assert agreed.any()
    for name in ("worth", "preconditions", "table"):
        assert model.states.gates[[*GATES].index(name), agreed].all()


def opposed(threshold: float) -> dict[str, Bools]:
    """Return the gates of one round where nothing is worth signing to the claimant."""
    vote = {"kind": "referendum", "label": "a vote", "quota": q(0.5, "share")}
    changes = {
        "rounds": 1,
        "engine": "array",
        "claimant.reservation.dialogue": 5.0,
        "holder.public.segments.all.weights": {"territory": q(1)},
        "holder.public.segments.all.threshold": uniform(threshold - 1.0, threshold + 1.0),
        "holder.public.segments.all.spread": q(0.5),
        "holder.ratifiers.vote": {**vote, "noise": q(0.1, "share")},
    }
    return open_in(TalksModel(pie(changes), "divide", worlds=FEW).run())


def test_opposition_never_opens_a_publics_gate_and_is_seen_behind_a_shut_one() -> None:
    """No outcome moves where nothing is worth signing, and still the public's gate shuts."""
    rising = [opposed(threshold) for threshold in (-1.0, 0.5, 1.0, 2.5)]
    for less, more in pairwise(rising):
        assert not (more["holder_public"] & ~less["holder_public"]).any()
        for name in {*GATES} - {"holder_public"}:
            np.testing.assert_array_equal(less[name], more[name], err_msg=name)
    assert not any(each["worth"].any() for each in rising)
    shares = [float(each["holder_public"].mean()) for each in rising]
    assert shares[0] == 1.0 > shares[1] > shares[2] > shares[3] == 0.0


def test_gates_of_texts_that_few_vote_on_and_of_agreed_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A treaty never passes, a text without form needs no vote; the impatient sign early."""
    votes_on = {"texts": [{"frame": ("treaty",)}], "assumption": "test"}
    vote = {"kind": "referendum", "label": "a vote", "quota": q(0.5, "share"), "noise": q(0.0)}
    changes = {
        "deals.divide.stages.pie.negotiable": {
            "administration": "all",
            "form": ["treaty", "no_form"],
        },
        "holder.public.segments.all.threshold": 9.0,
        "holder.ratifiers.vote": {**vote, "votes_on": votes_on},
        "holder.reservation.dialogue": uniform(0.0, 1.0),
        "claimant.leader.discount_factor": 0.1,
        "holder.leader.discount_factor": 0.1,
        "rounds": 1,
        "engine": "array",
    }
    model = TalksModel(pie(changes), "divide", worlds=FEW)
    assert compared(model, monkeypatch) == FEW
    gates = dict(zip(GATES, model.states.gates, strict=True))
    assert gates["holder_public"].all()
    assert gates["table"].any()
    assert not gates["all"].all()
