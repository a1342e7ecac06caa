"""Every picture looks as it did; `make pictures` renews the baselines, to be looked at."""

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure

from sim.experiments.result import EnsembleResult
from sim.plotting import PICTURES, differences, talks, utility_space

looks_the_same = pytest.mark.mpl_image_compare(baseline_dir="baseline", savefig_kwargs={"dpi": 50})


def drawn(picture: Callable[..., Any], result: object, **options: Any) -> Figure:
    figure = picture(result, **options).get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


@looks_the_same
@pytest.mark.parametrize("name", PICTURES)
def test_a_run(played: EnsembleResult, name: str) -> Figure:
    return drawn(PICTURES[name], played)


@looks_the_same
def test_differences_in_the_margin(played: EnsembleResult) -> Figure:
    return drawn(differences, played, than="two_steps", by="zopa_margin")


@looks_the_same
def test_talks_without_a_text(played: EnsembleResult) -> Figure:
    return drawn(talks, played, deal="all_at_once", world=3)


@looks_the_same
def test_a_space_without_agreement(played: EnsembleResult) -> Figure:
    return drawn(utility_space, played, deal="all_at_once", world=3, round_=2)
