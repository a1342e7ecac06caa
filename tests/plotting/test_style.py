"""Colours and words of all pictures: readable in a user's style, and the same everywhere."""

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from sim.experiments.result import EnsembleResult
from sim.plotting import differences, flow, funnel, talks, utility_space
from sim.plotting.style import ink, series, small_ink


def luminance(colour: Any) -> float:
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Any, other: Any) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def around(figure: Figure) -> dict[str, Any]:
    """Return the colours of the words around the data, which stand on the ground itself."""
    found: dict[str, Any] = {}
    for ax in figure.findobj(Axes):
        words = [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
        legend = ax.get_legend()
        words += [*(legend.get_texts() if legend else ()), *ax.get_xticklabels()]
        found |= {text.get_text(): text.get_color() for text in words if text.get_text()}
    return found


@pytest.mark.parametrize("style", ["default", "dark_background"])
@pytest.mark.parametrize("picture", [funnel, flow, talks, utility_space, differences])
def test_words_stand_out_from_the_ground(
    played: EnsembleResult, picture: Callable[..., Axes], style: str
) -> None:
    with plt.style.context(style):
        figure = picture(played).get_figure(root=True)
        assert isinstance(figure, Figure)
        figure.draw_without_rendering()
        faint = {
            text: colour
            for text, colour in around(figure).items()
            if contrast(colour, figure.get_facecolor()) < 4.5
        }
    assert faint == {}


def test_the_user_chooses_the_ink() -> None:
    assert (ink(), small_ink()) == ("#222222", "#555555")
    with plt.rc_context({"text.color": "#FFEEDD"}):
        assert ink() == "#FFEEDD"
        assert series(6) == ("#FFEEDD", "-")
    assert series(7) == (series(0)[0], "--")
