"""Colours and words of all pictures: readable in a user's style, and the same everywhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from sim.domain.scenario import Scenario
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep.result import SweepResult
from sim.experiments.unlock.unlocking import Unlocking
from sim.plotting import PICTURES, heatmap, line, tornado
from sim.plotting.style import (
    GREY,
    OUTCOME_COLOURS,
    ROLE_COLOURS,
    ground,
    ink,
    key_label,
    series,
    tint,
)
from tests.plotting import planted


def luminance(colour: Any) -> float:
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Any, other: Any) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def faint(picture: Callable[..., Axes], result: object) -> dict[str, Any]:
    """Return the words around the data that hardly stand out from the ground, with their colour."""
    figure = picture(result).get_figure(root=True)
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    found: dict[str, Any] = {}
    for ax in figure.findobj(Axes):
        words = [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels()]
        legend = ax.get_legend()
        words += [*ax.get_yticklabels(), *(legend.get_texts() if legend else ())]
        words += [text for text in ax.texts if getattr(text, "xycoords", "") == "axes fraction"]
        found |= {text.get_text(): text.get_color() for text in words if text.get_text()}
    return {
        text: colour
        for text, colour in found.items()
        if contrast(colour, figure.get_facecolor()) < 4.5
    }


@pytest.mark.parametrize("style", ["default", "dark_background"])
@pytest.mark.parametrize("name", [name for name in PICTURES if name not in planted.UNFIT])
def test_words_of_a_run_stand_out_from_the_ground(
    played: EnsembleResult, name: str, style: str
) -> None:
    with plt.style.context(style):
        assert faint(PICTURES[name], played) == {}


@pytest.mark.parametrize("name", [name for name in PICTURES if name not in planted.UNFIT])
def test_a_long_title_is_broken_and_not_cut_off(played: EnsembleResult, name: str) -> None:
    title = "A dispute whose title has hardly any room over a picture at all, and goes on"
    long = played.scenario.model_copy(update={"title": title})
    figure = PICTURES[name](replace(played, scenario=long)).get_figure(root=True)
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    for ax in figure.findobj(Axes):
        if ax._left_title.get_text():
            assert ax._left_title.get_window_extent().x1 <= figure.bbox.x1


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_words_of_sweeps_and_searches_stand_out_from_the_ground(
    two: SweepResult, found: Unlocking, style: str
) -> None:
    with plt.style.context(style):
        assert [faint(line, two), faint(heatmap, two), faint(tornado, found)] == [{}, {}, {}]


@pytest.mark.parametrize("behind", ["white", "black"])
def test_colours_stand_out_from_a_white_ground_and_from_a_black_one(behind: str) -> None:
    colours = [GREY, *ROLE_COLOURS.values()]
    colours += OUTCOME_COLOURS.values() if behind == "black" else ()
    assert [colour for colour in colours if contrast(colour, behind) < 3] == []


def test_the_user_chooses_the_ink_and_the_ground() -> None:
    assert (ink(), ground(), tint(0.77)) == ("#222222", "#ffffff", "#555555")
    with plt.rc_context({"text.color": "#FFEEDD", "axes.facecolor": "#102030"}):
        assert (ink(), ground()) == ("#ffeedd", "#102030")
        assert (tint(1.0), tint(0.0)) == (ink(), ground())
        assert series(6) == ("#ffeedd", "-")
    with plt.rc_context({"axes.facecolor": "none", "figure.facecolor": "#102030"}):
        assert ground() == "#102030"
    assert series(7) == (series(0)[0], "--")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("holder.preferences.weights.standing", "West: weights: standing"),
        ("holder.public.opposition", "a public: opposition"),
        ("dispute.clauses.recognition.levels.explicit", "the past: the claimant accepts the past"),
        (
            "holder.preconditions.title_first.penalty",
            "West: no transfer without recognition: penalty",
        ),
        ("strategy@claimant.strategy", "East: strategy"),
    ],
)
def test_keys_are_said_with_the_labels_of_the_files(isles: Scenario, key: str, text: str) -> None:
    assert key_label(isles, key) == text
