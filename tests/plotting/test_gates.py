"""Gates: bars are the shares of the table, those of ratifiers only where there are such."""

import dataclasses
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest

from sim.domain.outcome import GATE_HEADS, GATES
from sim.experiments.result import EnsembleResult
from sim.experiments.tables import gates_of
from sim.plotting import gates


def test_bars_are_the_shares_in_the_order_of_the_funnel(played: EnsembleResult) -> None:
    names = gates_of(played.scenario)
    planted = {f"gate_{name}": 0.1 * turn for turn, name in enumerate(GATES)}
    ax = gates(dataclasses.replace(played, outcomes=played.outcomes.assign(**planted)))
    filled = ax.containers[1::2]
    assert len(filled) == len(names)
    whole = ax.containers[0][0].get_width()
    for bars, name in zip(filled, names, strict=True):
        widths = [bar.get_width() / whole for bar in bars]
        np.testing.assert_allclose(widths, planted[f"gate_{name}"])
    said = [label.get_text().strip() for label in ax.get_xticklabels()]
    assert said == [GATE_HEADS[name] for name in names]
    labels = [text.get_text().split()[0] for text in ax.get_yticklabels()]
    known = [played.scenario.deals[str(name)].label.split()[0] for name in played.ordered().index]
    assert labels == known


def test_no_head_reaches_into_another(
    played: EnsembleResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("sim.plotting.gates"), "gates_of", lambda _: tuple(GATES))
    ax = gates(played)
    ax.figure.draw_without_rendering()
    labels = [label for label in ax.get_xticklabels() if label.get_text()]
    assert len(labels) == len(GATES)
    for lower in (False, True):
        level = [each for each in labels if each.get_text().startswith("\n") is lower]
        for one, two in pairwise(each.get_window_extent() for each in level):
            assert one.x1 < two.x0


def test_gates_of_ratifiers_are_left_out_where_there_are_none(divided: EnsembleResult) -> None:
    assert gates_of(divided.scenario) == ("worth", "preconditions", "table", "all")
    assert len(gates(divided).get_xticks()) == 4
