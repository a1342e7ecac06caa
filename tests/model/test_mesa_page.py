"""Mesa's own page, on the Mesa that is installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from unittest.mock import MagicMock

import pytest

from sim.model import TalksModel
from tests.disputes import pie

pytestmark = pytest.mark.filterwarnings(
    "ignore:Failed to validate hooks:UserWarning"  # solara of how Mesa writes its page
)
solara = pytest.importorskip("solara", reason="needs the extra explore")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """Render the page of a model, and give the model, as the page holds it, with what is shown."""
    if find_spec("altair") is None:  # Mesa imports it for drawings of space, which talks have not
        monkeypatch.setitem(sys.modules, "altair", MagicMock())
    viz = import_module("mesa.visualization")
    case = pie({"claimant.leader.deadline_rounds": 10.0})
    model = solara.reactive(TalksModel(case, "divide", worlds=4))
    parameters = {"case": case, "deal": "divide", "worlds": 4}
    shown = viz.SolaraViz(model, components=[], model_params=parameters, play_interval=1)
    _, context = solara.render(solara.AppLayout(children=[shown]), handle_error=False)
    yield model, context
    context.close()


def press(context: Any, label: str) -> None:
    buttons = context.find(import_module("ipyvuetify").Btn)
    [button] = [each for each in buttons.widgets if label in each.children]
    button.click()


def test_a_model_is_played_on_the_page_of_mesa_and_begun_anew(page: tuple[Any, Any]) -> None:
    model, context = page
    assert model.value.round == 0
    press(context, "Step")
    press(context, "Step")
    assert model.value.round == 2
    assert model.value.datacollector.get_model_vars_dataframe()["talks"].tolist() == [4, 4]
    press(context, "Reset")
    assert model.value.round == 0
    assert model.value.case.name == "pie"
    assert model.value.running
