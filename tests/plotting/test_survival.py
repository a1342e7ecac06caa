"""Survival: the curve is that of Kaplan and Meier."""

from itertools import pairwise

import numpy as np
from matplotlib.colors import to_hex

from sim.equations.statistics import kaplan_meier
from sim.experiments.result import EnsembleResult
from sim.experiments.tables import settlement_times
from sim.plotting import survival
from sim.plotting.style import OUTCOME_COLOURS
from tests.plotting import planted


def test_the_curve_is_kaplan_meiers(divided: EnsembleResult) -> None:
    some = planted.settling(divided, 0.5)
    curve = kaplan_meier(*settlement_times(some.worlds, 40))
    ax = survival(some)
    (line,) = ax.lines
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert x[0] == 0
    assert y[0] == 100
    np.testing.assert_allclose(x[1:-1], curve.times * some.scenario.protocol.round_years)
    np.testing.assert_allclose(y[1:-1], 100 * curve.survival)
    assert x[-1] == 40


def test_where_nothing_settles_that_is_said(divided: EnsembleResult) -> None:
    ax = survival(planted.settling(divided, 0.0))
    legend = ax.get_legend()
    assert legend is not None
    assert "no world settles: divide the pie" in legend.get_texts()[0].get_text()
    assert ax.get_ylim()[0] > 50
    assert any("not at 0" in text.get_text() for text in ax.texts)


def test_structures_stand_in_the_order_of_all_pictures(played: EnsembleResult) -> None:
    legend = survival(played).get_legend()
    assert legend is not None
    told = " ".join(" ".join(text.get_text().split()) for text in legend.get_texts())
    labels = [played.scenario.deals[str(deal)].label for deal in played.ordered().index]
    places = [told.index(label) for label in labels]
    assert places == sorted(places)


def test_lines_are_in_no_outcomes_colour_and_show_under_each_other(played: EnsembleResult) -> None:
    lines = [line for line in survival(played).lines if line.get_drawstyle() == "steps-post"]
    assert len(lines) > 1
    assert not {to_hex(line.get_color()).upper() for line in lines} & {*OUTCOME_COLOURS.values()}
    widths = [line.get_linewidth() for line in lines]
    assert all(first > second for first, second in pairwise(widths))
