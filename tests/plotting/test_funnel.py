"""Settlement funnel: bars are the shares, with the interval of the share settled."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from sim.domain.outcome import OUTCOMES
from sim.domain.scenario import Scenario
from sim.experiments.result import EnsembleResult
from sim.plotting import funnel
from tests.plotting import planted


def test_bars_are_the_shares_and_fill_the_row(divided: EnsembleResult) -> None:
    some = planted.settling(divided, 0.25)
    ax = funnel(some)
    widths = [bars[0].get_width() for bars in ax.containers[: len(OUTCOMES)]]
    shares = [100 * some.outcomes[outcome.name].iloc[0] for outcome in OUTCOMES]
    np.testing.assert_allclose(widths, shares)
    assert sum(widths) == pytest.approx(100)


def test_the_interval_of_settled_is_drawn(divided: EnsembleResult) -> None:
    some = planted.settling(divided, 0.25)
    ax = funnel(some)
    (bar,) = ax.containers[len(OUTCOMES)].lines[2]
    ends = bar.get_segments()[0][:, 0]
    row = some.outcomes.iloc[0]
    np.testing.assert_allclose(ends, [100 * row["settled_low"], 100 * row["settled_high"]])


def test_what_is_small_stands_beside_the_bars_on_a_log_axis(divided: EnsembleResult) -> None:
    some = planted.settling(divided, 0.02)
    ax = funnel(some)
    (beside,) = ax.child_axes
    assert beside.get_xscale() == "log"
    marks = [each.get_xdata()[0] for each in beside.lines if each.get_marker() == "o"]
    np.testing.assert_allclose(marks, [100 * some.outcomes["settled"].iloc[0]])
    (interval,) = (each for each in beside.lines if each.get_marker() != "o")
    row = some.outcomes.iloc[0]
    ends = [100 * row["settled_low"], 100 * row["settled_high"]]
    np.testing.assert_allclose(interval.get_xdata(), np.maximum(ends, beside.get_xlim()[0]))
    assert not funnel(planted.settling(divided, 0.25)).child_axes


def test_the_interval_does_not_strike_through_numbers(divided: EnsembleResult) -> None:
    ax = funnel(planted.settling(divided, 0.25))
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    caps = ax.containers[len(OUTCOMES)].lines[1]
    lowest = min(text.get_window_extent().y0 for text in ax.texts)
    assert max(cap.get_window_extent().y1 for cap in caps) < lowest


def test_fourteen_structures_do_not_overlap(divided: EnsembleResult) -> None:
    deal = divided.scenario.deals["divide"]
    names = [f"structure_{number}" for number in range(14)]
    label = "A structure whose label is so long that it takes two lines"
    deals = {name: deal.model_copy(update={"name": name, "label": label}) for name in names}
    scenario: Scenario = divided.scenario.model_copy(update={"deals": deals})
    outcomes = pd.concat([divided.outcomes] * 14, ignore_index=True)
    outcomes["deal"] = pd.Categorical(names, categories=names)
    copies = [divided.worlds.assign(deal=name) for name in names]
    worlds = pd.concat(copies, ignore_index=True)
    worlds["deal"] = pd.Categorical(worlds["deal"], categories=names)
    many = dataclasses.replace(divided, scenario=scenario, outcomes=outcomes, worlds=worlds)
    ax = funnel(many)
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.get_yticklabels()]
    boxes.sort(key=lambda box: -box.y0)
    assert all(below.y1 <= above.y0 for above, below in pairwise(boxes))
    legend = ax.get_legend()
    assert legend is not None
    assert legend.get_window_extent().y0 >= 0


def test_two_pictures_stand_in_the_order_of_the_scenario(played: EnsembleResult) -> None:
    labels = [
        text.get_text().split()[0] for text in funnel(played, as_declared=True).get_yticklabels()
    ]
    assert labels == [deal.label.split()[0] for deal in played.scenario.structures.values()]
