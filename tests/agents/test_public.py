"""A public between its polls: calibration, choices, backlash, goodwill and advocacy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from sim.agents.public import approvals, best_answers, choices
from sim.domain.draws import Draws
from sim.domain.public import Approval, Choice
from sim.domain.scenario import Scenario
from sim.quantities import Cells, Floats
from sim.randomness import Streams
from tests.agents.publics import ANY_PACKAGE, mixed, public_of, segment
from tests.disputes import pie, q, uniform

HALF = {"administration": "0.5000", "title": "shared"}
POLL = {"type": "approval", "question": "Half of it?", "date": "2000-01", "package": HALF}


def asked(opposition: float, undecided: float | None = None) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "claimant.public.polls": {"half": POLL},
        "claimant.public.calibration": "half",
        "claimant.public.opposition": q(opposition, "share"),
    }
    if undecided is not None:
        changes["claimant.public.undecided"] = q(undecided, "share")
    return changes


def answered(scenario: Scenario, worlds: int = 32) -> dict[str, Floats]:
    public = public_of(scenario, worlds=worlds)
    draws = Draws(scenario, Streams(scenario.seed, 0, worlds))
    described = scenario.claimant.public
    poll = described.polls["half"]
    assert isinstance(poll, Approval)
    got = approvals(public, described, poll, draws)
    return {name: got.of(name) for name in got.names}


# -- calibration -------------------------------------------------------------------------------


@pytest.mark.parametrize("opposition", [0.02, 0.35, 0.74, 0.97])
def test_opposition_calibrates_the_thresholds(opposition: float) -> None:
    got = answered(mixed(asked(opposition)))
    assert got["oppose"] == pytest.approx(opposition, abs=1e-9)
    assert got["favour"] == pytest.approx(1 - opposition, abs=1e-9)


@pytest.mark.parametrize(("opposition", "undecided"), [(0.74, 0.09), (0.3, 0.5), (0.2, 0.0)])
def test_the_undecided_stand_apart(opposition: float, undecided: float) -> None:
    got = answered(mixed(asked(opposition, undecided)))
    assert got["oppose"] == pytest.approx(opposition, abs=1e-9)
    assert got["no_answer"] == pytest.approx(undecided)
    assert got["favour"] == pytest.approx(1 - opposition - undecided, abs=1e-9)


def test_all_thresholds_move_by_the_same_and_other_questions_follow() -> None:
    plain, moved = public_of(mixed()), public_of(mixed(asked(0.8)))
    shift = moved.threshold - plain.threshold
    assert shift == pytest.approx(np.broadcast_to(shift[:, :1], shift.shape))
    assert np.all(moved.poll(ANY_PACKAGE) < plain.poll(ANY_PACKAGE))


def test_worlds_that_differ_are_each_calibrated() -> None:
    uneven = mixed(asked(0.6))
    data = uneven.model_dump(by_alias=True)
    data["claimant"]["public"]["segments"]["keen"]["weights"]["territory"] = uniform(0.2, 3)
    data["claimant"]["public"]["opposition"] = uniform(0.4, 0.8, "share")
    scenario = Scenario.model_validate(data)
    draws = Draws(scenario, Streams(scenario.seed, 0, 32))
    opposition = scenario.claimant.public.opposition
    assert opposition is not None
    assert answered(scenario)["oppose"] == pytest.approx(draws.of(opposition), abs=1e-9)
    assert public_of(scenario).threshold.std(axis=0).max() > 0.01


def test_without_spread_the_middle_of_the_step_that_meets_the_poll_is_taken() -> None:
    # Two blocks, so support can only be 0, .3 or 1. The few are content up to a shift of .5 and
    # the many up to -.4; between the two the poll is met.
    blocks = {"few": segment(0.3, 0.0, 0.0, territory=1.0), "many": segment("rest", 0.4, 0.0)}
    scenario = pie({"claimant.public.segments": blocks, **asked(0.7)})
    assert answered(scenario)["oppose"] == pytest.approx(0.7)
    assert public_of(scenario).threshold[0] == pytest.approx([0.05, 0.45], abs=1e-6)


# -- choices -----------------------------------------------------------------------------------


def chooser() -> Scenario:
    segments = {
        "land": segment(0.55, 0.0, 0.1, territory=1.0, recognition=0.1),
        "words": segment(0.25, 0.0, 0.1, territory=0.1, recognition=-1.0),
        "silent": segment("rest", 0.0, 0.1),
    }
    answers = {
        "land": {"administration": "1.0000"},
        "words": {"wording": "explicit"},
    }
    poll = {
        "type": "choice",
        "question": "Which?",
        "date": "2000-01",
        "answers": answers,
        "reported": {},
    }
    return pie({"claimant.public.segments": segments, "claimant.public.polls": {"which": poll}})


def test_choices_reproduce_the_shares_of_those_who_answer() -> None:
    scenario = chooser()
    public, described = public_of(scenario, worlds=4), scenario.claimant.public
    poll = described.polls["which"]
    assert isinstance(poll, Choice)
    got = choices(public, described, poll)
    assert got.names == ("land", "words", "no_answer")
    assert got.shares == pytest.approx(np.tile([0.55, 0.25, 0.20], (4, 1)))
    assert best_answers(public, poll)[:, :2].tolist() == [[0, 1]] * 4


# -- between polls -----------------------------------------------------------------------------


def shifted(changes: dict[str, Any], moves: list[tuple[float, float]]) -> list[float]:
    """Return one segment's shift in points after each of some rounds, read off its support."""
    plain = {"all": segment("rest", 0.0, 1.0)}
    public = public_of(pie({"claimant.public.segments": plain, **changes}), worlds=1)
    item = public.opinions(public._described({"wording": "explicit"}))  # concession 1
    read = []
    for concession, delivered in moves:
        public.move(np.array([concession]), np.array([delivered]))
        support = public.support(item, Cells(np.arange(1)), np.array([50.0]))[0, 0]
        read.append(float(_quantile(support)))
    return read


def _quantile(share: float) -> float:
    grid = np.linspace(-8, 8, 160_001)
    return float(np.interp(share, ndtr(grid), grid))


def test_backlash_grows_while_a_concession_is_on_the_table_and_then_fades() -> None:
    changes = {
        "claimant.public.backlash.growth": 0.8,
        "claimant.public.backlash.half_life_years": 2,
        "protocol.round_years": 0.5,
    }
    fade = 0.5**0.25
    got = shifted(changes, [(1, 0), (1, 0), (0, 0), (0, 0)])
    expected = [-0.4, -0.4 * (1 + fade), -0.4 * (1 + fade) * fade, -0.4 * (1 + fade) * fade**2]
    assert got == pytest.approx(expected, abs=1e-6)
    assert shifted(changes, [(0.25, 0)]) == pytest.approx([-0.1], abs=1e-6)


def test_backlash_turns_against_concessions_only() -> None:
    plain = {"all": segment("rest", 0.0, 1.0)}
    growing = {"claimant.public.backlash.growth": 0.8, "claimant.public.segments": plain}
    public = public_of(pie(growing), worlds=1)
    public.move(np.ones(1), np.zeros(1))
    harmless = public.opinions(public._described({"form": "treaty"}))
    assert public.support(harmless, Cells(np.arange(1)), np.array([50.0])) == pytest.approx(0.5)


def test_goodwill_follows_what_is_delivered_and_cools() -> None:
    changes = {
        "claimant.public.goodwill.gain": 0.6,
        "claimant.public.goodwill.half_life_years": 1,
    }
    got = shifted(changes, [(0, 1), (0, 1), (0, 0)])
    assert got == pytest.approx([0.6, 0.9, 0.45], abs=1e-6)


@pytest.mark.parametrize(("approval", "sign"), [(30.0, -1), (50.0, 0), (65.0, 1)])
def test_an_unpopular_leaders_advocacy_hurts(approval: float, sign: int) -> None:
    changes = {
        "claimant.public.advocacy": 0.02,
        "claimant.public.neutral_approval": 50,
        "claimant.public.segments": {"all": segment("rest", 0.0, 1.0)},
    }
    public = public_of(pie(changes), worlds=1)
    item = public.opinions(public._described(HALF))
    support = public.support(item, Cells(np.arange(1)), np.array([approval]))[0, 0]
    assert support == pytest.approx(float(ndtr(0.02 * (approval - 50))))
    assert np.sign(support - 0.5) == sign
    assert public.poll(HALF) == pytest.approx(0.5)  # asked by a pollster, nobody advocates


def test_packages_that_look_alike_share_an_opinion() -> None:
    public = public_of(mixed())
    shown = public.opinions(public._described(HALF))
    assert shown.values.shape == (64, 3, 1)
    assert shown.column.tolist() == [0]
    assert public.opinions(public._described(dict(HALF))) is shown


def test_a_few_opinions_are_those_of_all() -> None:
    public = public_of(mixed(), worlds=256)
    shown = public.opinions(public._described(HALF))
    few = shown.at(np.array([3, 200]), np.array([0, 0]))
    assert "values" not in vars(shown)
    assert few.tobytes() == shown.values[[3, 200], :, 0].tobytes()
    assert shown.at(np.array([3, 200]), np.array([0, 0])).tobytes() == few.tobytes()


# -- cues ------------------------------------------------------------------------------------------

CAMPAIGN = {"effect": q(0.5), "cost": q(4.0), "half_life_years": q(1, "years")}
CUES = {"claimant.public.cues": {"advocacy": q(0.4), "campaign": CAMPAIGN}}
LED = {**CUES, "environment.cues": {"enabled": True}, "claimant.public.advocacy": 0.02}
APART = {
    "claimant.public.segments": {
        "sure": segment(0.5, 1.0, 0.0),
        "open": segment("rest", 0.0, 2.0),
    }
}


def led(changes: dict[str, Any], approval: float, campaigns: bool) -> float:
    """Return support for a text of a leader of some approval."""
    public, cells = public_of(pie({**APART, **changes}), worlds=1), Cells(np.arange(1))
    item = public.opinions(public._described(HALF))
    run = np.full((1, 1), campaigns)
    return float(public.support(item, cells, np.array([approval]), run)[0, 0])


def test_cues_move_a_segment_by_its_spread_and_nobody_who_is_sure() -> None:
    assert led(LED, 50.0, False) == pytest.approx(0.25)
    assert led(LED, 70.0, False) == pytest.approx(0.5 * float(ndtr(0.8)))
    assert led(LED, 50.0, True) == pytest.approx(0.5 * float(ndtr(0.5)))
    assert led(LED, 30.0, True) == pytest.approx(0.5 * float(ndtr(-0.3)))


def test_without_cues_advocacy_is_in_points_and_nobody_campaigns() -> None:
    off = {**LED, "environment.cues": {"enabled": False}}
    assert led(off, 70.0, True) == pytest.approx(0.5 * float(ndtr(0.02 * 20 / 2)))
    assert public_of(pie(off), worlds=1).campaign_cost is None


def test_a_campaign_is_forgotten() -> None:
    public, cells = public_of(pie({**APART, **LED}), worlds=1), Cells(np.arange(1))
    public.campaign[:] = 1.0
    public.move(np.zeros(1), np.zeros(1))
    item = public.opinions(public._described(HALF))
    support = public.support(item, cells, np.array([50.0]))[0, 0]
    assert support == pytest.approx(0.5 * float(ndtr(0.25)))


def test_citizens_follow_cues_as_segments_do() -> None:
    many = {**LED, "claimant.public.citizens": 40_000}
    assert led(many, 70.0, True) == pytest.approx(led(LED, 70.0, True), abs=0.01)


@pytest.mark.parametrize("on", [False, True])
def test_only_one_way_to_advocate_plays_a_part(on: bool) -> None:
    keys = dict(pie({**LED, "environment.cues": {"enabled": on}}).quantities())
    assert ("claimant.public.advocacy" in keys) is not on
    assert ("claimant.public.cues.advocacy" in keys) is on
    assert "holder.public.advocacy" in keys
