"""Two profiles at one table: published figures, brute force, and talks that end as talks do.

Tests `sim.report.bargaining`.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from fractions import Fraction
from io import StringIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from sim.domain.bargaining import Constant, Domain, Figures, Issue, Line, Profile
from sim.experiments.bargaining import Bargain, bargain
from sim.io.bargaining import Terms
from sim.report.bargaining import render_bargain
from tests.tobacco import DOMAIN, ENGLAND, ZIMBABWE


@pytest.fixture(scope="module")
def tobacco() -> Bargain:
    return bargain(ENGLAND, ZIMBABWE, Terms())


def test_the_published_figures_of_england_and_zimbabwe(tobacco: Bargain) -> None:
    assert DOMAIN.packages(steps=2) == len(tobacco.value[0]) == 576
    assert tobacco.frontier.sum() == 25
    assert tobacco.zopa.all()
    points = tobacco.points().set_index("point")
    figures = {
        "nash": (0.9109, 0.7332),
        "kalai_smorodinsky": (0.8223, 0.7866),
        "egalitarian": (0.8223, 0.7866),
        "utilitarian": (0.9109, 0.7332),
    }
    for point, (one, two) in figures.items():
        assert points.loc[point, "value_claimant"] == pytest.approx(one, abs=5e-5)
        assert points.loc[point, "value_holder"] == pytest.approx(two, abs=5e-5)


def test_the_talks_of_england_and_zimbabwe(tobacco: Bargain) -> None:
    rounds = tobacco.rounds
    assert rounds["proposer"].tolist() == ["claimant", "holder"] * 2 + ["claimant"]
    assert rounds["answer"].tolist() == ["below_demand"] * 4 + ["accepted"]
    assert tobacco.signed == rounds["package"].iloc[-1] == 197
    assert tobacco.dominated_by() == 0
    assert tobacco.text(197) == "50; half; more tariffs; more imports; committee on a fund"


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Profile, Profile]:
    """Profiles in tenths, thirds and the like, which binary sums miss by their last digit."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    issues = tuple(
        Issue(place, f"issue {place}", "discrete", tuple(f"v{n}" for n in range(size)))
        for place, size in enumerate(sizes)
    )
    domain = Domain("any", issues)

    def profile(name: str) -> Profile:
        parts = [draw(st.integers(1, 4)) for _ in sizes]
        figures = [draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)) for n in sizes]
        blank = Profile(
            name,
            domain,
            tuple(part / sum(parts) for part in parts),
            tuple(Figures(tuple(map(float, row))) for row in figures),
        )
        least = st.fractions(0, 1, max_denominator=10) | st.sampled_from(by_hand(blank))
        return replace(
            blank,
            reservation_value=float(draw(least)),
            discount_factor=draw(st.sampled_from((1.0, 0.5, 0.01))),
        )

    return profile("one"), profile("two")


def exact(number: float) -> Fraction:
    """Return the simple fraction that a number stands for."""
    return Fraction(number).limit_denominator(1_000)


def by_hand(profile: Profile) -> list[Fraction]:
    """Return every package's value, added up value by value, in fractions."""
    rows = []
    for form in profile.evaluations:
        assert isinstance(form, Figures)
        largest = max(form.figures)
        rows.append(
            [exact(figure / largest) if largest else Fraction(0) for figure in form.figures]
        )
    weights = [exact(weight) for weight in profile.weights]
    return [
        sum((weight * figure for weight, figure in zip(weights, row, strict=True)), Fraction(0))
        for row in itertools.product(*rows)
    ]


Pair = tuple[Fraction, Fraction]


def brute(gains: list[Pair]) -> dict[str, int | None]:
    """Return the points by comparing everything with everything; ties as the formulas say."""
    fit = [k for k, (one, two) in enumerate(gains) if one >= 0 and two >= 0]
    if not fit:
        return dict.fromkeys(("nash", "kalai_smorodinsky", "egalitarian", "utilitarian"))
    ideal = [max(gains[k][side] for k in fit) for side in (0, 1)]

    def relative(k: int) -> list[Fraction]:
        return [gains[k][side] / ideal[side] if ideal[side] else Fraction(1) for side in (0, 1)]

    scores = {
        "nash": lambda k: (gains[k][0] * gains[k][1],),
        "kalai_smorodinsky": lambda k: tuple(sorted(relative(k))),
        "egalitarian": lambda k: tuple(sorted(gains[k])),
        "utilitarian": lambda k: (gains[k][0] + gains[k][1],),
    }
    return {name: max(fit, key=lambda k: (score(k), -k)) for name, score in scores.items()}


def dominates(package: Pair, other: Pair) -> bool:
    return package != other and package[0] >= other[0] and package[1] >= other[1]


@settings(max_examples=80)
@given(pairs())
def test_values_frontier_zopa_and_points_by_exact_fractions(pair: tuple[Profile, Profile]) -> None:
    found = bargain(*pair, Terms(rounds=3))
    hands = [by_hand(profile) for profile in pair]
    for value, hand in zip(found.value, hands, strict=True):
        assert value == pytest.approx([float(number) for number in hand], abs=1e-12)
    values = list(zip(*hands, strict=True))
    assert found.frontier.tolist() == [
        not any(dominates(other, package) for other in values) for package in values
    ]
    least = [exact(profile.reservation_value) for profile in pair]
    gains = [(one - least[0], two - least[1]) for one, two in values]
    assert found.zopa.tolist() == [one >= 0 and two >= 0 for one, two in gains]
    got = {
        row["point"]: None if np.isnan(row["value_claimant"]) else int(row["package"])
        for row in found.points().to_dict("records")
    }
    assert got == brute(gains)
    if found.signed is not None:
        better = [dominates(package, values[found.signed]) for package in values]
        assert found.dominated_by() == np.count_nonzero(found.zopa & better)


@pytest.mark.parametrize(
    ("weights", "least"),
    [
        ((0.7, 0.1, 0.2), (0.8, 0.2)),  # 0.7 + 0.1 is less than 0.8 in binary
        ((1 / 3, 1 / 3, 1 / 3), (2 / 3, 1 / 3)),  # rounded up, and down
        ((0.445421847642, 0.2, 0.354578152358), (0.6454218476424, 0.354578152358)),
    ],
)
def test_a_package_worth_as_much_as_no_agreement_is_found_and_signed(
    weights: tuple[float, ...], least: tuple[float, float]
) -> None:
    yes_no = tuple(Issue(n, f"issue {n}", "discrete", ("yes", "no")) for n in range(3))
    domain = Domain("opposed", yes_no)
    one = Profile("one", domain, weights, (Figures((1.0, 0.0)),) * 3, least[0])
    two = Profile("two", domain, weights, (Figures((0.0, 1.0)),) * 3, least[1])
    found = bargain(one, two, Terms())
    assert found.zopa[1]
    assert [value[1] for value in found.value] == [round(number, 12) for number in least]
    assert found.frontier.all()
    assert set(found.points()["package"]) == {1}
    assert found.signed is not None
    assert found.zopa[found.signed]
    assert "worth signing to both, margin 0.0000" in printed(found)


@settings(max_examples=40)
@given(pairs(), st.sampled_from(("linear", "boulware", "conceder", "tit_for_tat", "hold_up")))
def test_nobody_signs_below_the_reservation_value(
    pair: tuple[Profile, Profile], strategy: str
) -> None:
    found = bargain(*pair, Terms(rounds=6, strategies=(strategy, "linear")))
    assert len(found.rounds) <= 6
    if found.signed is not None:
        assert found.zopa[found.signed]
    elif not found.zopa.any():
        assert len(found.rounds) == 6


def test_an_ultimatum_and_patience_decide_as_theory_says() -> None:
    """Rubinstein (1982) on a pie of 1,001 slices: the first mover's share is within the grid."""
    slices = Domain("pie", (Issue(1, "slice", "integer", low=0.0, high=1000.0),))
    rounds, factors = 40, (0.9**39, 0.8**39)
    one = Profile("one", slices, (1.0,), (Line(0.001, 0.0),), 0.0, factors[0])
    two = Profile("two", slices, (1.0,), (Line(-0.001, 1.0),), 0.0, factors[1])
    perfect = ("subgame_perfect", "subgame_perfect")
    settings = [((side, "leader", "deadline_rounds"), "none") for side in ("claimant", "holder")]
    found = bargain(one, two, Terms(rounds, 2, perfect, settings))
    assert found.signed is not None
    assert len(found.rounds) == 1
    share = (1 - 0.8) / (1 - 0.9 * 0.8)
    assert found.value[0][found.signed] == pytest.approx(share, abs=0.001 * (1 + 0.8 / 0.28))


def test_discounting_is_seen_from_the_start() -> None:
    domain = Domain("one", (Issue(1, "pie", "real", low=0.0, high=1.0),))
    one = Profile("one", domain, (1.0,), (Line(1.0, 0.0),), 0.0, 0.25)
    two = Profile("two", domain, (1.0,), (Line(-1.0, 1.0),))
    found = bargain(one, two, Terms(rounds=5, steps=11))
    assert [found.discounted(0, round_) for round_ in (0, 2, 4)] == [1.0, 0.5, 0.25]
    assert found.discounted(1, 4) == 1.0


def printed(found: Bargain) -> str:
    written = StringIO()
    Console(width=120, file=written).print(render_bargain(found))
    return written.getvalue()


def test_the_tables_fit_and_say_the_figures(tobacco: Bargain) -> None:
    text = printed(tobacco)
    assert max(map(len, text.splitlines())) <= 120
    assert "4 × 4 × 3 × 3 × 4 = 576 packages" in " ".join(text.split())
    assert "Pareto frontier: 25 packages, 25 of them in the ZOPA" in text
    assert re.search(r"nash +0\.9109 +0\.7332 +0\.9109 +0\.7332 +377 10; full;", text)
    assert re.search(r"4 claimant: accepted +0\.7677 +0\.8273", text)
    assert "Package 197 is signed in round 4, on the Pareto frontier." in text


def test_strange_words_move_no_cursor_and_are_no_markup() -> None:
    strange = "[red]\x9b2J[/nothing]"
    domain = Domain(strange, (Issue(1, strange, "discrete", (strange, "plain")),))
    one, two = (
        Profile(strange, domain, (1.0,), (Figures(figures),))
        for figures in ((1.0, 0.0), (1.0, 0.5))
    )
    text = printed(bargain(one, two, Terms(rounds=2)))
    assert "[red] 2J[/nothing]" in text
    assert "\x9b" not in text


def test_an_empty_zopa_has_no_points_and_nothing_is_signed() -> None:
    domain = Domain("apart", (Issue(1, "x", "real", low=0.0, high=1.0),))
    one = Profile("one", domain, (1.0,), (Line(1.0, 0.0),), 0.75)
    two = Profile("two", domain, (1.0,), (Constant(0.5),), 0.6)
    found = bargain(one, two, Terms(rounds=4))
    assert found.points()["value_claimant"].isna().all()
    assert found.signed is None
    text = printed(found)
    assert "0 packages (0 %) are worth signing to both, margin -0.1000" in text
    assert "Nothing is signed in 4 rounds: they keep 0.7500 and 0.6000." in text
    assert "1 of them real, cut into 11 values each" in text


def test_many_rows_are_thinned_out_evenly() -> None:
    domain = Domain("fine", (Issue(1, "x", "integer", low=0.0, high=300.0),))
    one = Profile("one", domain, (1.0,), (Line(1 / 300, 0.0),), 0.9)
    two = Profile("two", domain, (1.0,), (Line(-1 / 300, 1.0),), 0.9)
    text = printed(bargain(one, two, Terms(rounds=100)))
    assert "Pareto frontier, 40 of 301" in text
    assert "Talks, 40 of 100" in text
