"""The smallest unlocking change: on pies where it is known by arithmetic.

Tests `sim.experiments.unlock` and `sim.experiments.pinned`.
"""

import math

import numpy as np
import pytest

from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.pinned import play_pinned
from sim.experiments.unlock.certificate import certificate
from sim.experiments.unlock.designer import deal_changes
from sim.experiments.unlock.least import least_change
from sim.experiments.unlock.stated import Measure, directions, stated
from sim.experiments.unlock.trials import TrialRunner, first, threshold
from sim.experiments.unlock.unlock import unlock
from sim.experiments.unlock.unlocking import WIDTH
from tests.disputes import DEADLINES, ONE, TWO, firmer, hungry, pie, stance, uniform

SD = 0.6 / math.sqrt(12)  # of both numbers below


@pytest.fixture(scope="module")
def narrow() -> Scenario:
    return hungry(uniform(0.3, 0.9), 0.6)  # settles in a sixth of the worlds


@pytest.fixture(scope="module")
def wide() -> Scenario:
    return hungry(uniform(0.3, 0.9), uniform(0.4, 1.0))


def test_pinning_worlds_is_overriding_them_one_by_one(narrow: Scenario) -> None:
    key, values = ONE, np.array([0.35, np.nan, 0.5, 0.39])
    pinned = play_pinned(narrow, "divide", 4, {key: values}).columns
    drawn = play_pinned(narrow, "divide", 4, {}).columns
    for world, value in enumerate(values):
        number = dict(narrow.quantities())[key]
        alone = narrow if np.isnan(value) else narrow.with_values({key: number.at(float(value))})
        expected = play_pinned(alone, "divide", 4, {}).columns
        for column in drawn:
            np.testing.assert_array_equal(pinned[column][world], expected[column][world])


def test_pinning_refuses_what_the_scenario_does_not_have(narrow: Scenario) -> None:
    with pytest.raises(KeyError):
        play_pinned(narrow, "divide", 4, {"claimant.reservation.pride": np.zeros(4)})


def test_side_by_side_each_trial_has_worlds_of_its_own(wide: Scenario) -> None:
    runner = TrialRunner(wide, "divide")
    trials = [{ONE: np.full(64, value)} for value in np.linspace(0.3, 0.9, 20)]
    whole = runner.play({}, 1024)
    for number, trial_outcome in enumerate(runner.side_by_side([{}] * 20, 64)):
        same = whole.part(first(number, 64), 64)
        np.testing.assert_array_equal(trial_outcome.settled, same.settled)
    shares = [trial_outcome.settled.mean() for trial_outcome in runner.side_by_side(trials, 64)]
    assert shares[0] > 0.3 > shares[-1] == 0


def test_one_number_where_all_worlds_need_the_same(narrow: Scenario) -> None:
    """One must ask for at most 1 - 0.6 = 0.4: (0.6 - 0.4) / sd below its mean."""
    found = unlock(narrow, "divide", 0.5)
    assert found.settled == pytest.approx(1 / 6, abs=0.05)
    best = found.singles.iloc[0]
    assert best["keys"] == (ONE,)
    assert best["does"]
    assert best["change"] == pytest.approx(0.2 / SD, abs=0.02)
    assert best["change_low"] <= 0.2 / SD <= best["change_high"] + 0.02
    assert best["values"][0] == pytest.approx(0.4, abs=0.005)
    assert best["settled"] == 1.0


def test_one_number_against_one_that_stays_uncertain(wide: Scenario) -> None:
    """P(two <= 1 - x) = 1/2 at x = 0.3, the very end; P(one <= 1 - y) = 1/2 at y = 0.4."""
    found = unlock(wide, "divide", 0.4)
    assert found.settled == pytest.approx(0.5 * 0.5**2, abs=0.04)  # a triangle of the square
    rows = found.singles.set_index("keys")
    one, two = rows.loc[[(ONE,)]].iloc[0], rows.loc[[(TWO,)]].iloc[0]
    # P(two <= 1 - x) = 0.4 at x = 0.36; P(one <= 1 - y) = 0.4 at y = 0.46
    assert one["change_low"] <= (0.6 - 0.36) / SD <= one["change_high"]
    assert two["change_low"] <= (0.7 - 0.46) / SD <= two["change_high"]
    assert one["settled_low"] <= 0.4 <= one["settled_high"]


def test_two_numbers_give_no_more_than_is_needed() -> None:
    """Asked for at most 1 together, two of mean 0.7 and sd 0.115 give by 0.4 / 0.115 in all."""
    scenario = hungry(firmer(0.5, 0.9), firmer(0.3, 1.1))
    found = least_change(scenario, "divide", 0.9)
    assert {one.direction.key for one in found.moved} == {ONE, TWO}
    assert sum(one.value for one in found.moved) == pytest.approx(1.0, abs=0.02)
    assert found.share is not None
    assert (found.share.share, found.share.beats) == (1.0, True)


def test_what_is_not_needed_is_given_back() -> None:
    """One must fall to 0.4; two is small whatever it is, and a stance of no firmness stays."""
    scenario = hungry(firmer(0.5, 0.9), 0.6, a=stance(0, 0))
    assert least_change(scenario, "divide", 0.9).moved == ()  # one falls to 0.5 at most
    scenario = hungry(firmer(0.3, 0.9), firmer(0.58, 0.6), a=stance(0, 0))
    found = least_change(scenario, "divide", 0.9)
    assert [one.direction.key for one in found.moved] == [ONE]
    assert found.moved[0].value == pytest.approx(0.4, abs=0.02)
    assert found.units == pytest.approx(0.2 / SD, abs=0.1)


@pytest.mark.nightly
def test_more_than_twelve_numbers_are_found() -> None:
    """Fourteen stances forbid every division; each must go, beyond its declared range."""
    names = [f"s{number}" for number in range(14)]
    scenario = hungry(0.2, 0.2, **{name: stance(0.95, 1.0) for name in names})
    found = least_change(scenario, "divide", 0.5)
    assert {one.direction.key.split(".")[2] for one in found.moved} == {*names}
    assert all(one.beyond for one in found.moved)
    assert found.share is not None
    assert found.share.low > 0.4
    assert found.share.base == 0.0


def test_where_no_single_value_does_it() -> None:
    found = unlock(hungry(uniform(0.5, 0.9), uniform(0.6, 1.0)), "divide", 0.5, change="numbers")
    assert found.closes
    assert not found.singles["does"].any()
    assert (found.singles["settled_high"] < 0.5).all()
    assert found.least is not None
    assert found.least.share is None
    assert not found.singles["beats"].any()
    assert "No single number moves the share by more than luck" in " ".join(str(found).split())


def test_only_what_beats_the_same_worlds_left_alone_is_listed() -> None:
    """One helps to a half; two hardly matters and is not named."""
    found = unlock(hungry(uniform(0.3, 0.9), uniform(0.5, 0.502)), "divide", 0.999, [ONE, TWO])
    listed = found.singles.set_index("keys")["beats"]
    assert bool(listed.loc[[(ONE,)]].iloc[0])
    assert not bool(listed.loc[[(TWO,)]].iloc[0])
    row = found.singles.set_index("keys").loc[[(ONE,)]].iloc[0]
    assert row["base"] == pytest.approx(1 / 3, abs=0.1)
    assert f"{TWO}=" not in str(found)


def test_the_certificate_names_the_fewest_that_stop_everything() -> None:
    """A blocks half of the shares and b the other half: neither can be spared."""
    gains = {**stance(1, 1), "blocks": [{"claimant_area": {"at_least": 0.5}}]}
    nothing = {**stance(1, 1), "blocks": [{"claimant_area": {"below": 0.5}}]}
    soft = {**stance(0.2, 0.2), "blocks": [{}]}
    found = certificate(hungry(0.2, 0.2, a=gains, b=nothing, c=soft), "divide")
    assert found is not None
    assert {gate.name for gate in found.gates} == {"a", "b"}
    assert found.share == 1.0
    assert certificate(hungry(0.2, 0.2, a=gains), "divide") is None


def test_without_a_gate_that_will_do_interests_are_named() -> None:
    found = certificate(hungry(0.7, 0.7), "divide")
    assert found is not None
    assert {(gate.kind, gate.role) for gate in found.gates} == {
        ("interest", "claimant"),
        ("interest", "holder"),
    }


def test_a_stage_that_leaves_title_open_needs_title_added() -> None:
    """The planted edit: the title that the stage fixes as open is left to the talks."""
    scenario = pie({**DEADLINES, "deals.divide.stages.pie.fixed": {"title": "open"}})
    found = deal_changes(scenario, "divide", 0.9)
    assert found
    assert found[0].event == "closed"
    assert any("title" in words for words in found[0].edits)
    assert found[0].share.base == 0.0


def test_what_settles_already_needs_no_change() -> None:
    found = unlock(hungry(0.2, 0.3), "divide", 0.9)
    assert str(found).splitlines()[0] == "divide"
    assert "no change is needed" in str(found)
    assert max(map(len, str(found).splitlines())) <= WIDTH
    assert found.already
    assert found.singles.empty


def test_what_leaves_title_open_is_not_searched() -> None:
    scenario = pie({"deals.divide.stages.pie.fixed": {"title": "open"}, ONE: uniform(0.3, 0.9)})
    found = unlock(scenario, "divide", 0.5, change="numbers")
    assert not found.closes
    assert found.least is None


def test_a_wanted_share_outside_its_range_is_refused(narrow: Scenario) -> None:
    with pytest.raises(ValueError, match="to must lie"):
        unlock(narrow, "divide", 0.0)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ({"distribution": "uniform", "low": 2, "high": 4}, [(2, 3**0.5), (4, 3**0.5)]),
        (
            {"distribution": "uniform", "low": 2, "high": 4, "off": 9},
            [(2, 3**0.5), (9, 6 * 3**0.5)],
        ),
        ({"value": 4, "off": 1}, [(1, 1.0)]),
        ({"value": 4}, []),
        ({"value": "none", "off": "none"}, []),
        (
            {"distribution": "uniform", "low": 2, "high": 4, "off": "none"},
            [(2, 3**0.5), (4, 3**0.5), (math.inf, 1.0)],
        ),
    ],
)
def test_changes_are_measured_in_a_numbers_own_uncertainty(
    number: dict[str, object], expected: list[tuple[float, float]]
) -> None:
    quantity = Quantity.model_validate({**number, "unit": "points", "assumption": "test"})
    found = list(directions("x", quantity))
    assert [direction.end for direction in found] == [end for end, _ in expected]
    np.testing.assert_allclose(
        [direction.reach for direction in found], [far for _, far in expected], rtol=1e-3
    )
    for direction in found:
        at_end = direction.value(np.array([0.0, direction.reach, 99.0]))
        assert at_end[1] == at_end[2] == direction.end
        assert (direction.measure is Measure.switch) == math.isinf(direction.end)


def test_beliefs_and_strategies_are_no_preferences(narrow: Scenario) -> None:
    keys = set(stated(narrow))
    assert ONE in keys
    assert not any(".beliefs." in key or ".strategy." in key or ".turnover." in key for key in keys)


def test_thresholds_beyond_reach_are_told() -> None:
    changes = np.array([0.5] * 40 + [np.inf] * 60)
    assert math.isnan(threshold(changes, 0.5).size)
    assert threshold(changes, 0.4).size == 0.5
    assert math.isinf(threshold(changes, 0.4).high)


def test_structures_that_share_a_table_are_not_edited(narrow: Scenario) -> None:
    shared = narrow.model_copy(update={"agenda": "tabled"})
    with pytest.raises(ScenarioError, match=r"agenda: expected single, .* is edited, got tabled"):
        unlock(shared, "divide", 0.9, change="text")
