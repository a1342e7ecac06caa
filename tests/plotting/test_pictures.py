"""Catalogue of pictures: each goes where it is told, touches nothing global, and is a file."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from sim.domain.scenario import Scenario
from sim.errors import RunError
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep.result import SweepResult
from sim.plotting import (
    PICTURES,
    SWEPT,
    drawn,
    funnel,
    opinion,
    pictures,
    survival,
    talks,
    utility_space,
    win_sets,
)
from sim.plotting.canvas import image
from sim.plotting.conditions import TAKES
from sim.plotting.pictures import fitting, leading
from tests.plotting import planted


@pytest.mark.parametrize("picture", [funnel, survival])
def test_a_picture_goes_where_it_is_told_and_has_its_words(
    divided: EnsembleResult, picture: Callable[..., Axes]
) -> None:
    figure = Figure()
    axes = figure.subplots(1, 2)
    assert picture(divided, ax=axes[0]) is axes[0]
    assert not axes[1].has_data()
    assert "A pie" in axes[0].get_title(loc="left")
    assert axes[0].get_xlabel()
    assert axes[0].get_legend() is not None


def test_nothing_global_changes(divided: EnsembleResult) -> None:
    before = dict(mpl.rcParams)
    first, second = pictures(divided), pictures(divided)
    assert dict(mpl.rcParams) == before
    assert first == second
    assert list(first) == ["funnel.png", "in_force.png"]
    for data in first.values():
        height, width, _ = imread(io.BytesIO(data)).shape
        assert width == round(7.2 * 150)
        assert height > 300


def test_how_long_it_stays_open_is_drawn_where_some_settle(divided: EnsembleResult) -> None:
    assert leading(planted.settling(divided, 0.02)) == ("funnel", "in_force")
    assert "survival" not in fitting(planted.settling(divided, 0.02))
    assert leading(planted.settling(divided, 0.25)) == ("funnel", "survival")
    assert "survival" in fitting(planted.settling(divided, 0.25))


def test_a_notebook_that_is_given_a_picture_shows_it(divided: EnsembleResult) -> None:
    ax: Any = funnel(divided)
    assert ax._repr_png_() == image(ax)


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_all_that_fit_are_drawn(stepped: EnsembleResult, kind: str) -> None:
    files = drawn(stepped, kind=kind)
    unfit = {*planted.UNFIT, *({"survival"} - {*leading(stepped)})}  # slow; all alike; empty
    fit = [name for name in PICTURES if name not in unfit]
    assert list(files) == [f"{name}.{kind}" for name in fit]
    assert min(map(len, files.values())) > 1_000


@pytest.mark.parametrize("name", ["boxes", "heatmap", "line"])
def test_pictures_need_a_cell_that_was_finished(two: SweepResult, name: str) -> None:
    nothing = dataclasses.replace(two, cells=two.cells.iloc[:0])
    with pytest.raises(RunError, match="no cell of this sweep was finished"):
        drawn(nothing, (name,))


def test_what_fits_depends_on_the_design(one: SweepResult, two: SweepResult) -> None:
    assert fitting(one) == ("line",)
    assert fitting(two)[:2] == ("line", "heatmap")
    names = tuple(name for name in fitting(two) if name != "boxes")
    assert list(drawn(two, names, "svg")) == [f"{name}.svg" for name in names]
    assert set(fitting(two)) <= set(SWEPT)


@pytest.mark.parametrize("picture", [talks, utility_space, win_sets, opinion])
def test_an_unknown_structure_is_refused(
    played: EnsembleResult, picture: Callable[..., Axes]
) -> None:
    with pytest.raises(KeyError, match="projects_only"):
        picture(played, deal="project")


_BROKEN = r"x $\frac{$ %s y"
_SAID = {"label", "unit", "question"}


def broken(value: Any, name: str = "") -> Any:
    """Return plain values with what matplotlib would take for mathematics in every text."""
    if isinstance(value, dict):
        return {key: broken(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [broken(item, name) for item in value]
    return _BROKEN % value if isinstance(value, str) and name in _SAID else value


@pytest.fixture(scope="module")
def formulas(isles: Scenario) -> Scenario:
    values = broken(isles.model_dump(mode="json", exclude_none=True))
    return Scenario.model_validate({**values, "title": _BROKEN % "Two islands"})


def assert_drawn_as_it_stands(ax: Axes) -> None:
    assert image(ax)
    figure = ax.get_figure(root=True)
    assert figure is not None
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert any(r"\frac" in text for text in texts)
    for text in texts:
        assert "$" not in text.replace(r"\$", ""), text


@pytest.mark.parametrize("name", sorted({*PICTURES} - {"contest", "tables", "boxes"}))
def test_a_formula_in_a_label_of_a_run_is_no_formula(formulas: Scenario, name: str) -> None:
    options = {"worlds": 16} if name == "tornado" else {}
    assert_drawn_as_it_stands(PICTURES[name](run(formulas, workers=1), **options))


@pytest.mark.parametrize("name", list(SWEPT))
def test_a_formula_in_a_label_of_a_sweep_is_no_formula(formulas: Scenario, name: str) -> None:
    values = {planted.FRAME: planted.FRAMES, planted.STANDING: planted.VALUES}
    grid = planted.grid(formulas, values)
    sobol = planted.sampled(formulas, [planted.FRAME, planted.STANDING], "sobol", 8)
    assert_drawn_as_it_stands(SWEPT[name](sobol if name == "influence" else grid))


def overridden(scenario: Scenario) -> Scenario:
    return scenario.loaded_with([f"part.number_{turn}=0.{turn}" for turn in range(9)])


@pytest.mark.parametrize("name", ["funnel", "in_force", "gates", "flow", "survival"])
def test_what_was_changed_stands_below_the_title_of_a_run(
    divided: EnsembleResult, name: str
) -> None:
    changed = dataclasses.replace(divided, scenario=overridden(divided.scenario))
    ax = PICTURES[name](changed)
    (told,) = [text.get_text() for text in ax.texts if "part.number" in text.get_text()]
    *_, first, second = told.split("\n")
    assert first.startswith("with part.number_0=0.0, part.number_1=0.1,")
    assert second.endswith(" more")


def test_what_was_changed_stands_in_pictures_of_a_sweep_and_of_conditions(
    isles: Scenario, two: SweepResult
) -> None:
    swept = dataclasses.replace(two, scenario=overridden(two.scenario))
    take = planted.would_take(overridden(isles))
    for picture, result in (
        *((SWEPT[name], swept) for name in ("line", "heatmap")),
        *((TAKES[name], take) for name in TAKES),
    ):
        ax = picture(result)
        said = " ".join([*(text.get_text() for text in ax.texts), ax.get_xlabel()])
        assert "with part.number_0=0.0" in said
