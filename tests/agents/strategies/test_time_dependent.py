"""Transcripts: a hundred slices, the claimant moves first."""

from __future__ import annotations

import numpy as np

from sim.agents.strategies import demand_of
from sim.agents.strategies.time_dependent import TimeDependentDemand
from sim.domain.draws import Draws
from sim.quantities import EVERYONE
from sim.randomness import Streams
from tests.agents.strategies.harness import Harness, transcript
from tests.disputes import pie
from tests.rules import both, rule


class TestTimeDependent(Harness):
    kind = "time_dependent"
    variants = (
        {"concession_exponent": 0.2, "initial_concession": 0.1},
        {"concession_exponent": 5, "reciprocity": 0.5},
    )


def clocks(claimant: float, holder: float, exponent: float) -> dict[str, object]:
    return {
        **both(rule("time_dependent", concession_exponent=exponent)),
        "claimant.leader.deadline_rounds": claimant,
        "holder.leader.deadline_rounds": holder,
    }


def test_linear_demands_fall_by_equal_steps_until_they_meet() -> None:
    """The claimant asks 1, .8 (round 2), .6; the holder leaves it 0.1 (round 1), .3, and takes .5.

    In round 4 the claimant asks .6; the holder's next demand is .5, worth .45 now: .4 is refused.
    In round 5 the holder asks .5; the claimant's next demand is .4, worth .36 now: accepted.
    """
    assert transcript(clocks(10, 10, 1), 6) == [
        (1.0, "below_demand"),
        (0.1, "below_demand"),
        (0.8, "below_demand"),
        (0.3, "below_demand"),
        (0.6, "below_demand"),
        (0.5, "accepted"),
    ]


def test_who_has_the_earlier_deadline_gets_less() -> None:
    ending = transcript(clocks(2, 20, 1), 8)[-1]
    assert ending[1] == "accepted"
    assert ending[0] < 0.3


def test_boulware_asks_more_than_linear_and_linear_more_than_conceder() -> None:
    """At a fifth of the time the concessions are .2^4, .2 and .2^(1/4): .0016, .2 and .669."""
    third = [transcript(clocks(10, 1000, exponent), 3)[2][0] for exponent in (0.25, 1, 4)]
    assert third == [1.0, 0.8, 0.34]


def test_without_a_clock_the_stationary_demand_is_held() -> None:
    """Rubinstein's share, rounded up to a slice: .53 for .526; a slice short of being accepted."""
    offers = transcript(both(rule("time_dependent")), 4)
    assert offers == [(0.53, "below_demand"), (0.47, "below_demand")] * 2


def test_at_its_deadline_a_side_asks_for_no_more_than_never_signing() -> None:
    """Never signing is worth .2, and the deadline is round 4: .2 is accepted the round before."""
    offers = transcript({**clocks(4, 20, 0), "claimant.reservation.dialogue": 0.2}, 6)
    assert offers[:3] == [(1.0, "below_demand"), (0.2, "below_demand"), (1.0, "below_demand")]
    assert offers[3:] == [(0.2, "accepted")]


def test_clocks_of_all_rounds_say_what_each_round_says() -> None:
    scenario = pie(both(rule("time_dependent", concession_exponent=0.7, initial_concession=0.1)))
    draws = Draws(scenario, Streams(1, 0, 3))
    side = demand_of(scenario.claimant, draws)
    assert isinstance(side, TimeDependentDemand)
    deadline = np.array([2.0, 7.5, np.inf])
    clock = side.clock(deadline)
    assert len(clock) == scenario.rounds + 1
    for round_, line in enumerate(clock):
        each = side.by_clock(round_, deadline, np.zeros(3), EVERYONE)
        np.testing.assert_array_equal(line, each)
