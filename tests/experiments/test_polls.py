"""Polls as they were published, on the clock of a run."""

import pytest

from sim.domain.interest import Role
from sim.domain.scenario import Scenario
from sim.experiments.polls import Reading, opposed, readings, years_between
from sim.io.config import load_scenario
from tests.disputes import pie, q


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


def test_opposed_is_to_whom_the_text_is_worth_less_than_their_threshold() -> None:
    """The text is worth 0 to all, thresholds are N(0.5244, 1), a tenth have no opinion."""
    poll = {
        "type": "approval",
        "question": "Nothing?",
        "date": "2000",
        "package": {"title": "shared"},
    }
    public = "claimant.public"
    all_ = f"{public}.segments.all"
    known = {f"{all_}.threshold": 0.5244, f"{all_}.spread": 1.0, f"{public}.calibration": "asked"}
    changes = {**known, f"{public}.polls": {"asked": poll}, f"{public}.undecided": q(0.1, "share")}
    found = opposed(pie(changes), Role.CLAIMANT, 8)
    assert found == pytest.approx([0.63] * 8, abs=1e-4)
    set_ = pie({**changes, f"{public}.opposition": q(0.4, "share")})
    assert opposed(set_, Role.CLAIMANT, 8) == pytest.approx([0.4] * 8)


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
