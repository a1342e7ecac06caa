"""Show one world of one structure, round by round, in words."""

# ruff: noqa: N802 - components are named like classes, as everywhere in Solara

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from sim.explorer.controls import labels
from sim.explorer.hooks import use_told
from sim.explorer.settings import Asked, Setting
from sim.explorer.state import app_state

__all__ = ["MOST", "OneWorld"]

MOST = 9_999_999
"""The last world that can be asked for."""


@solara.component_vue("one_world.vue", vuetify=False)
def _Panel(
    structures: list[dict[str, str]],
    now: dict[str, Any],
    told: dict[str, Any],
    event_ask: Callable[[list[Any]], None],
) -> None:
    """Show the panel; stepping from round to round needs no word from here."""


@solara.component
def OneWorld(setting: Setting) -> None:
    """Show one world of a setting.

    Parameters
    ----------
    setting : Setting
    """
    (deal, world), ask = solara.use_state((next(iter(setting.base.deals)), 0))
    deal = deal if deal in setting.base.deals else next(iter(setting.base.deals))
    asked = Asked(setting.packed, setting.values, deal, world)
    state = use_told(asked, app_state().pool)
    told = state.value if state.value and state.value.asked == asked else None
    rounds = [{"number": n, "sentences": list(s)} for n, s in told.rounds] if told else []

    def take(wish: list[Any]) -> None:
        name, number = wish
        if name in setting.base.deals and type(number) is int:
            ask((name, min(max(number, 0), MOST)))

    _Panel(
        structures=labels(setting),
        now={"structure": deal, "world": world, "most": MOST, "fault": state.fault},
        told={"rounds": rounds, "ending": told.ending if told else ""},
        event_ask=take,
    )
