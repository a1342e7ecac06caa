"""Polls as they were published, on the clock of a run."""

import pytest

from sim.domain.interest import Role
from sim.domain.scenario import Scenario
from sim.experiments.polls import Reading, readings, years_between
from sim.io.config import load_scenario


def test_who_is_in_favour_is_who_is_neither_opposed_nor_undecided(isles: Scenario) -> None:
    (found,) = readings(isles, Role.HOLDER)
    assert found.label == "in favour of “Should the near island pass?”"
    assert found.years == 0
    assert found.shares == pytest.approx((0.3, 0.3))
    assert list(readings(isles, Role.CLAIMANT)) == []


def test_choices_are_read_from_the_register_with_their_ranges() -> None:
    scenario = load_scenario("singapore_2018")
    found = {one.label: one for one in readings(scenario, Role.CLAIMANT)}
    public = scenario.claimant.public
    wanted = {}
    for poll in public.polls.values():
        for segment, fact in getattr(poll, "reported", {}).items():
            figure = scenario.evidence[fact].figure
            ends = figure if isinstance(figure, tuple) else (figure, figure)
            wanted[public.segments[segment].label] = ends
    assert len(wanted) > 1
    for label, ends in wanted.items():
        assert isinstance(found[label], Reading)
        assert found[label].shares == pytest.approx([end / 100 for end in ends])


@pytest.mark.parametrize(
    ("start", "date", "years"),
    [("2000", "2001-07-30", 1.5), ("2000-12", "2000-03", -0.75), ("1956-10-19", "1956-10", 0.0)],
)
def test_dates_of_any_length_are_months_apart(start: str, date: str, years: float) -> None:
    assert years_between(start, date) == years


@pytest.mark.parametrize("name", ["moscow_1991", "moscow_1998"])
def test_polls_of_a_span_of_years_are_read(name: str) -> None:
    scenario = load_scenario("singapore_2018", [f"side@holder={name}"])
    assert [*readings(scenario, Role.HOLDER)]
