"""Show what can be set: the scenario, its structures, and a slider for every uncertainty."""

# ruff: noqa: N802 - components are named like classes, as everywhere in Solara

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import solara

from sim.errors import ScenarioError
from sim.explorer.controls import Control, controls, matching
from sim.explorer.desk import desk
from sim.explorer.hooks import fault_text
from sim.explorer.setting import Setting

__all__ = ["Knobs"]


@solara.component_vue("knobs.vue", vuetify=False)
def _Panel(
    choices: dict[str, Any],
    groups: list[dict[str, Any]],
    now: dict[str, Any],
    event_ask: Callable[[list[Any]], None],
) -> None:
    """Show the panel; what it asks for is checked here, not there."""


@solara.component
def Knobs(setting: Setting, set_setting: Callable[[Setting], None]) -> None:
    """Show what can be set.

    Parameters
    ----------
    setting : Setting
    set_setting : callable
        Called with the setting as it is after a change.
    """
    fault, set_fault = solara.use_state("")
    query, set_query = solara.use_state("")
    items = solara.use_memo(lambda: controls(setting.base), [setting.packed])
    groups = solara.use_memo(lambda: grouped(matching(items, query)), [setting.packed, query])

    def pick(name: str) -> None:
        try:
            set_setting(desk().setting(name))
            set_fault("")
        except ScenarioError as error:
            set_fault(f"{name} cannot be shown.\n{fault_text(error)}")

    def move(told: list[Any]) -> None:
        key, value = told
        for item in items:
            if item.key == key:
                set_setting(setting.moving(key, None if value is None else item.on_step(value)))

    acts: dict[str, Callable[[Any], None]] = {
        "pick": pick,
        "move": move,
        "seek": set_query,
        "choose": lambda names: set_setting(setting.playing(tuple(names))),
        "reset": lambda _: set_setting(setting.as_declared()),
    }
    now = {"scenario": setting.name, "chosen": list(setting.deals), "values": dict(setting.values)}
    _Panel(
        choices={"scenarios": list(desk().names), "structures": labels(setting)},
        groups=groups,
        now=now | {"query": query, "fault": fault},
        event_ask=lambda told: acts[told[0]](told[1]),
    )


def labels(setting: Setting) -> list[dict[str, str]]:
    """Return the structures of a setting with their labels, as the page wants them."""
    return [{"name": name, "label": deal.label} for name, deal in setting.base.deals.items()]


def grouped(items: Sequence[Control]) -> list[dict[str, Any]]:
    """Return sliders under their headings, as the page wants them.

    Parameters
    ----------
    items : sequence of Control
        Those of a heading stand together.
    """
    return [
        {"name": name, "items": [_shown(item) for item in found]}
        for name, found in groupby(items, key=lambda item: item.group)
    ]


def _shown(item: Control) -> dict[str, Any]:
    names = ("key", "label", "unit", "declared", "low", "high", "step", "start")
    hint = f"{item.label}\n{item.declared} {item.unit}\n{item.origin}\n{item.key}"
    return {name: getattr(item, name) for name in names} | {"hint": hint}
