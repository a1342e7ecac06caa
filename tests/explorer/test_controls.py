"""A slider for every declared uncertainty, share and poll, in words."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import sim
from sim.domain.interest import Role
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.experiments.polls import opposed
from sim.explorer import state as pages
from sim.explorer.controls import Control, Controls, controls, game, matching
from sim.explorer.settings import Setting, setting_of
from sim.explorer.state import AppState
from tests.explorer.conftest import MOVED

NAMES = ["canada_denmark_2018", "singapore_2018", "declaration_1956"]


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> Scenario:
    return sim.load_scenario(request.param)


def test_every_declared_uncertainty_has_one(case: Scenario) -> None:
    known = dict(case.quantities())
    declared = [key for key, quantity in known.items() if quantity.is_uncertain]
    found = [item.key for item in controls(case) if item.key in declared]
    assert found == [key for key in declared if key in found]
    still = set(declared) - set(found)
    assert all(np.ptp(known[key].bounds) == 0 for key in still)
    assert len(found) > 90


def test_a_share_that_nobody_ranges_has_one_from_end_to_end(case: Scenario) -> None:
    """Wherever it stands, alone or with all the others, the scenario is sound."""
    known = dict(case.quantities())
    shares = [item for item in controls(case) if not _is_ranged(known, item)]
    assert [item.high for item in shares] == [100.0 if i.unit == "percent" else 1.0 for i in shares]
    assert {item.low for item in shares} == {0.0}
    for end in ("low", "high"):
        there = setting_of(case, case.name)
        for item in shares:
            there = there.moving(item.key, getattr(item, end))
        Scenario.model_validate(there.scenario().model_dump(by_alias=True))


def _is_ranged(known: dict[str, Quantity], item: Control) -> bool:
    return item.key in known and np.ptp(known[item.key].bounds) > 0


def test_a_poll_that_nothing_sets_starts_where_the_segments_put_it() -> None:
    case = sim.load_scenario("singapore_2018")
    items = controls(case)
    poll = next(item for item in items if item.key == "claimant.public.opposition")
    assert poll.key not in dict(case.quantities())
    assert poll.start == round(float(opposed(case, Role.CLAIMANT).mean()), 2)
    assert "?" in poll.origin
    groups = [item.group for item in items]
    assert groups.index(poll.group) == items.index(poll)
    assert groups[: groups.index(poll.group) + groups.count(poll.group)][-1] == poll.group
    moved = setting_of(case, case.name).moving(poll.key, 0.6).scenario()
    assert opposed(moved, Role.CLAIMANT).mean() == pytest.approx(0.6, abs=0.01)


def test_a_slider_stays_within_what_is_declared(case: Scenario) -> None:
    known = dict(case.quantities())
    for item in controls(case):
        low, high = known[item.key].bounds if _is_ranged(known, item) else (0.0, 100.0)
        assert low - 1e-9 <= item.low < item.high <= high + 1e-9, item.key
        assert item.low <= item.start <= item.high
        steps = np.array([item.low, item.high, item.start]) / item.step
        assert np.allclose(steps, np.round(steps), atol=1e-6), item.key
        assert 15 <= (item.high - item.low) / item.step <= 101, item.key


def test_every_slider_says_what_it_is_and_where_it_comes_from(case: Scenario) -> None:
    known = dict(case.quantities())
    for item in controls(case):
        assert item.label, item.key
        assert item.unit, item.key
        assert item.declared, item.key
        assert " · " in item.group, item.key
        assert "_" not in item.label, item.key
        assert ": " in item.origin or item.key not in known, item.key


def test_sources_are_told_in_the_words_of_the_register() -> None:
    case = sim.load_scenario("singapore_2018")
    known = dict(case.quantities())
    sourced = next(item for item in controls(case) if known[item.key].source)
    fact = case.evidence[known[sourced.key].source[0]]
    assert fact.says in sourced.origin
    assert str(fact.source) in sourced.origin


def _one(low: float, high: float, step: float) -> Control:
    words = {"key": "a.b", "group": "A · b", "label": "b", "unit": "points"}
    return Control(
        **words, declared="", origin="assumed: so", low=low, high=high, step=step, start=low
    )


@pytest.mark.parametrize(
    ("value", "expected"), [(0.30000000000000004, 0.3), (-4.0, 0.1), (9.0, 0.7), (0.349, 0.3)]
)
def test_values_fall_on_steps_within_the_ends(value: float, expected: float) -> None:
    assert _one(0.1, 0.7, 0.1).on_step(value) == expected


def test_search_wants_every_word_somewhere(scenario: Scenario) -> None:
    items = controls(scenario)
    found = matching(items, "ottawa STANDING weights")
    assert [item.key for item in found] == ["claimant.preferences.weights.standing"]
    assert matching(items, "") == items
    assert matching(items, "standing nowhere") == ()


def test_the_game_is_offered_in_words_with_what_is_declared(scenario: Scenario) -> None:
    setting = setting_of(scenario).choosing("rounds", "8", {}.__getitem__)
    shown = {item["name"]: item for item in game(setting, ("hold_up",))}
    assert shown["rounds"]["value"] == "8"
    assert shown["rounds"]["declared"] == str(scenario.rounds)
    assert shown["holder.strategy"]["options"] == [{"name": "hold_up", "label": "hold up"}]
    assert scenario.holder.label in shown["holder.strategy"]["label"]


@pytest.fixture
def panel(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, list[Any]]]:
    """Show the controls, and give them with all settings that come of what they ask for."""
    solara = pytest.importorskip("solara", reason="needs the extra explore")
    monkeypatch.setattr(pages, "_SHARED", [AppState(None, setting.name, setting)])
    found: list[Any] = []

    def change(act: Any) -> None:
        found.append(act(setting))

    box, context = solara.render(Controls(setting, change), handle_error=False)
    yield box.children[0], found
    context.close()


@pytest.mark.parametrize(
    "message",
    [
        *(["move", [MOVED[0], value]] for value in ("x", [1], {}, float("nan"))),
        *(["move", wish] for wish in (None, 5, [MOVED[0]], [["x"], 1], ["no.such.key", 1])),
        *(["pick", name] for name in (["x"], 5, None, "../../etc/passwd")),
        *(["game", wish] for wish in (None, ["rounds"], [["rounds"], "3"], ["odd", ""])),
        *(["game", ["rounds", value]] for value in (5, "9" * 5000, "²", "-1", None)),
        ["game", ["agenda", ["open"]]],
        *(["explode", 1], ["move"], [], {}, None, 5, "ab", [["move"], 1]),
    ],
)
def test_what_no_page_of_ours_asks_for_changes_nothing(
    panel: tuple[Any, list[Any]], message: Any
) -> None:
    shown, found = panel
    shown.vue_ask(message)
    assert found == []
    assert shown.now["fault"] == ""


def test_what_the_page_asks_for_is_done(panel: tuple[Any, list[Any]], setting: Setting) -> None:
    shown, found = panel
    for value in (MOVED[1], 10**400, float("inf"), None):
        shown.vue_ask(["move", [MOVED[0], value]])
    shown.vue_ask(["game", ["rounds", "5"]])
    shown.vue_ask(["choose", 5])
    assert [dict(there.values) for there in found[:4]] == [*[dict([MOVED])] * 3, {}]
    assert found[4].base.rounds == 5
    assert found[5].deals == ()
    for asked, words in ((5, "5"), ("x " * 50_000, "x " * 100)):
        shown.vue_ask(["seek", asked])
        assert shown.now["query"] == words
