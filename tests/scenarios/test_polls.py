"""At the polls' dates the publics of `singapore_2018` answer as they were reported to have done.

* Kyodo, December 2018, "Which way forward over the four islands is best?": just over half, in
  (50, 55] %, two first and the others later; 28.6 % all four at once; 7.3 % two are enough; 4.2 %
  give the claim up. A choice among answers: each segment names the answer whose package is worth
  most to it, and segments count by their shares.
* Levada, November 2018, "Should some of the islands pass to Japan for the sake of a peace
  treaty?": 74 % against, 17 % for, 9 % undecided. An approval of the declared package, with the
  undecided apart. One figure does not tell segments apart: that they differ is assumed.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.public import approvals, best_answers, choices
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.public import Approval, Choice
from sim.domain.scenario import Scenario
from sim.io.config import load_scenario
from sim.randomness import Streams
from tests.agents.publics import public_of

WORLDS = 1024
FIRST = (0, 1024, 5120)
"""First worlds of the blocks that are asked."""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("singapore_2018")


def kyodo(scenario: Scenario) -> Choice:
    poll = scenario.claimant.public.polls["kyodo_2018"]
    assert isinstance(poll, Choice)
    return poll


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize(
    ("answer", "percent"), [("four_at_once", 28.6), ("two_enough", 7.3), ("give_up", 4.2)]
)
def test_kyodo_2018_which_way_is_best(
    scenario: Scenario, answer: str, percent: float, first: int
) -> None:
    public = public_of(scenario, Role.CLAIMANT, WORLDS, first)
    got = 100 * choices(public, scenario.claimant.public, kyodo(scenario)).of(answer)
    assert np.all(np.abs(got - percent) <= 1.0), f"{answer}: {got.min():.1f} to {got.max():.1f} %"


@pytest.mark.parametrize("first", FIRST)
def test_kyodo_2018_just_over_half_say_two_first(scenario: Scenario, first: int) -> None:
    public = public_of(scenario, Role.CLAIMANT, WORLDS, first)
    got = choices(public, scenario.claimant.public, kyodo(scenario))
    two_first = 100 * got.of("two_first")
    assert np.all((two_first > 50) & (two_first <= 55)), f"{two_first.min()} to {two_first.max()}"
    assert got.shares.sum(axis=1) == pytest.approx(1.0)
    assert np.all(got.of("no_answer") > 0)


@pytest.mark.parametrize("first", FIRST)
def test_kyodo_2018_each_segment_gives_its_own_answer_in_every_world(
    scenario: Scenario, first: int
) -> None:
    public = public_of(scenario, Role.CLAIMANT, WORLDS, first)
    poll, segments = kyodo(scenario), list(scenario.claimant.public.segments)
    best = best_answers(public, poll)
    strays = {
        answer: float(np.mean(best[:, segments.index(answer)] != place))
        for place, answer in enumerate(poll.answers)
    }
    assert strays == dict.fromkeys(poll.answers, 0.0)


@pytest.mark.parametrize("first", FIRST)
def test_levada_2018_should_some_islands_pass_for_a_peace_treaty(
    scenario: Scenario, first: int
) -> None:
    described = scenario.holder.public
    poll = described.polls["levada_2018"]
    assert isinstance(poll, Approval)
    public = public_of(scenario, Role.HOLDER, WORLDS, first)
    draws = Draws(scenario, Streams(scenario.seed, first, WORLDS))
    got = approvals(public, described, poll, draws)
    for answer, percent in (("oppose", 74), ("favour", 17), ("no_answer", 9)):
        assert np.all(np.abs(100 * got.of(answer) - percent) <= 1.0), answer


def test_figures_stand_in_the_register(scenario: Scenario) -> None:
    reported = kyodo(scenario).reported
    assert set(reported) == set(kyodo(scenario).answers)
    opposition = scenario.holder.public.opposition
    assert opposition is not None
    for name in (*reported.values(), *opposition.source):
        assert name in scenario.evidence
    figures = {answer: scenario.evidence[name].figure for answer, name in reported.items()}
    assert (figures["four_at_once"], figures["two_enough"], figures["give_up"]) == (28.6, 7.3, 4.2)
    assert scenario.evidence["levada_2018_oppose_transfer"].figure == 74


@pytest.mark.parametrize("percent", [40, 70])
def test_opposition_may_be_set_for_the_public_of_segments(percent: int) -> None:
    moved = load_scenario("singapore_2018", [f"claimant.public.opposition={percent / 100}"])
    public = moved.claimant.public
    assert public.calibration is not None
    poll = public.polls[public.calibration]
    assert isinstance(poll, Approval)
    asked = public_of(moved, Role.CLAIMANT, 64, 0)
    draws = Draws(moved, Streams(moved.seed, 0, 64))
    got = approvals(asked, public, poll, draws).of("oppose")
    assert 100 * got == pytest.approx(percent, abs=0.5)
