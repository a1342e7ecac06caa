"""Components of the page: controls on one side, outcomes and one world on the other."""

# ruff: noqa: N802 - components are named like classes, as everywhere in Solara

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from operator import methodcaller
from pathlib import Path
from typing import Any

import solara

from sim.domain.frozen import LAST_WORLD
from sim.explorer.controls import Controls, labels
from sim.explorer.files import results_zip, scenario_yaml
from sim.explorer.hooks import (
    ShownResult,
    WorkState,
    asked_for,
    use_download,
    use_partial_results,
    use_task,
)
from sim.explorer.numbers import NAMES, compared, gates, numbers
from sim.explorer.play import PlayOneSide, use_game
from sim.explorer.pool import SIZES, PartialResult
from sim.explorer.settings import NarrationRequest, Setting, narrate
from sim.explorer.state import app_state

__all__ = ["Layout", "Page"]

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_NOTE = (
    "A share is conditional on that structure being the one on the table, and on the declared "
    "preferences and their declared uncertainty. It is no forecast."
)


@solara.component
def Layout(children: list[solara.Element]) -> None:
    """Put the page on the screen without the frame that the page library would add."""
    solara.Style(_STYLE)
    with solara.v.Html(tag="main", class_="explorer"):
        solara.v.Html(tag="div", children=children)


@dataclass(frozen=True)
class PageView:
    """What a page looks at.

    Parameters
    ----------
    settings : tuple of Setting
        One, or two side by side.
    active : int
        Which of them the left side sets.
    """

    settings: tuple[Setting, ...]
    active: int = 0

    @property
    def both(self) -> bool:
        """Return whether two settings stand side by side."""
        return len(self.settings) == 2

    @property
    def setting(self) -> Setting:
        """Return the setting that the left side sets."""
        return self.settings[self.active]

    def changed(self, change: Callable[[Setting], Setting]) -> PageView:
        """Return the view with that setting changed."""
        before, after = self.settings[: self.active], self.settings[self.active + 1 :]
        return PageView((*before, change(self.setting), *after), self.active)

    def moving(self, place: int) -> PageView:
        """Return the view in which the left side sets another of the two."""
        return PageView(self.settings, min(place, len(self.settings) - 1))

    def turned(self) -> PageView:
        """Return the view with a copy beside the setting; or of two, the active one alone."""
        return PageView((self.setting,)) if self.both else PageView(self.settings * 2, 1)


@solara.component
def Page() -> None:
    """Show a setting, or two side by side."""
    shared = app_state()
    view, set_view = solara.use_state(PageView((shared.first,)))
    playing, set_playing = solara.use_state(False)
    game = use_game()
    first = None if playing else view.settings[0]  # who plays has the processes to itself
    beside = view.settings[1] if view.both and not playing else None
    states = [
        use_partial_results(first, shared.pool, not view.both),
        use_partial_results(beside, shared.pool, not view.both),
    ]
    solara.Title(view.setting.base.title)
    _head(view.setting)
    with solara.v.Html(tag="div", class_="switch"):
        _Button("Outcomes", "outcomes", lambda: set_playing(False), not playing)
        _Button("Play one side", "play", lambda: set_playing(True), playing)
    if playing and game.view:
        PlayOneSide(view.setting, game)
        return
    with _part("body", "single" if playing or not view.both else "both"):
        with _part("left"):
            if not playing:
                _switch(view, set_view)
            Controls(view.setting, lambda change: set_view(lambda now: now.changed(change)))
        with _part("right"):
            if playing:
                PlayOneSide(view.setting, game)
                return
            with _part("outcomes"):
                for name, setting, state in zip(NAMES, view.settings, states, strict=False):
                    _outcomes(name if view.both else "", setting, state)
            if view.both:
                _comparison(states)
            OneWorld(view.setting)


def _part(*classes: str) -> solara.Element:
    return solara.v.Html(tag="section", class_=" ".join(classes))


def _head(setting: Setting) -> None:
    title, words = escape(setting.base.title), escape(setting.base.description)
    solara.HTML("header", f"<h1>{title}</h1><p>{words}</p><p class='note'>{_NOTE}</p>")


def _switch(view: PageView, change: Callable[[Callable[[PageView], PageView]], None]) -> None:
    """Show which setting the sliders move, and how to begin or end a comparison."""
    with solara.v.Html(tag="div", class_="switch"):
        for place, name in enumerate(NAMES if view.both else ()):
            act = partial(change, methodcaller("moving", place))
            _Button(f"Move {name}", f"move-{name}", act, place == view.active)
        words = "Compare with a second setting"
        words = f"Keep {NAMES[view.active]} only" if view.both else words
        _Button(words, "compare", partial(change, PageView.turned))


@solara.component
def _Button(words: str, hook: str, act: Callable[[], None], pressed: bool = False) -> None:
    """Show a button."""
    attributes = {"type": "button", "data-testid": hook, "aria-pressed": str(pressed).lower()}
    button = solara.v.Html(tag="button", children=[words], attributes=attributes)
    solara.v.use_event(button, "click", lambda *_: act())


def _outcomes(name: str, setting: Setting, state: WorkState[ShownResult]) -> None:
    """Show what has come of a setting so far."""
    with _part("setting"):
        if name:
            solara.HTML("h2", f"{name}: {escape(setting.base.title)}")
        if state.fault:
            solara.HTML("pre", escape(state.fault), classes=["fault"])
        if not setting.deals:
            solara.HTML("p", "Choose at least one structure.", classes=["note"])
        elif state.value is None:
            solara.HTML("p", "Playing the first worlds …", classes=["note"])
        else:
            _partial_result(name, setting, state.value)


def _partial_result(name: str, setting: Setting, shown: ShownResult) -> None:
    partial_result = shown.partial_result
    fresh = partial_result.setting == setting
    hook = name or NAMES[0]
    words = f"{partial_result.worlds:,} worlds of every structure"
    words += "" if fresh and partial_result.worlds == SIZES[-1] else ", more on their way …"
    count = {"data-testid": f"worlds-{hook}", "data-worlds": str(partial_result.worlds * fresh)}
    solara.HTML("p", words, classes=["note"], attributes=count)
    if not name and shown.verdict:
        lines = "".join(f"<li>{escape(line)}</li>" for line in shown.verdict)
        solara.HTML("ul", lines, classes=["verdict"], attributes={"data-testid": "verdict"})
    if shown.picture:
        _picture(shown)
    if not name:
        solara.HTML("div", numbers(partial_result), classes=["scroll"])
        solara.HTML("div", gates(partial_result), classes=["scroll"])
    with solara.v.Html(tag="div", class_="downloads"):
        stem = f"{partial_result.setting.base.name}_{hook.lower()}"
        _Download(
            scenario_yaml, partial_result, f"{stem}.yaml", f"scenario-{hook}", "Scenario (YAML)"
        )
        _Download(results_zip, partial_result, f"{stem}.zip", f"results-{hook}", "Results (ZIP)")


def _picture(shown: ShownResult) -> None:
    source = f"data:image/png;base64,{b64encode(shown.picture).decode()}"
    words = "Settlement funnel: how the worlds of every structure end; the table has the numbers"
    solara.HTML(
        "img",
        attributes={
            "src": source,
            "alt": words,
            "class": "funnel" if shown.drawn else "funnel old",
        },
    )


@solara.component
def _Download(
    made: Callable[[PartialResult], bytes],
    partial_result: PartialResult,
    file: str,
    hook: str,
    words: str,
) -> None:
    """Offer a file, made of what is on screen when it is asked for."""
    token = use_download(partial(made, partial_result), app_state().downloads)
    address = {"href": f"/files/{token}/{file}", "download": file, "data-testid": hook}
    solara.v.Html(tag="a", children=[words], attributes=address)


def _comparison(states: list[WorkState[ShownResult]]) -> None:
    one, other = (state.value for state in states)
    if one and other:
        solara.HTML("div", compared(one.partial_result, other.partial_result), classes=["scroll"])


@solara.component_vue("one_world.vue", vuetify=False)
def _WorldPanel(
    structures: list[dict[str, str]],
    now: dict[str, Any],
    narration: dict[str, Any],
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
    (deal, world), ask = solara.use_state((next(iter(setting.base.structures)), 0))
    deal = deal if deal in setting.base.structures else next(iter(setting.base.structures))
    request = NarrationRequest(setting.packed, setting.values, deal, world)
    state = use_task(narrate, request, app_state().pool)
    narration = state.value if state.value and state.value.request == request else None
    rounds = narration.rounds if narration else ()

    def take(wish: Any) -> None:
        name, number = asked_for(wish)
        if name in setting.base.structures and type(number) is int:
            ask((name, min(max(number, 0), LAST_WORLD)))

    _WorldPanel(
        structures=labels(setting),
        now={"structure": deal, "world": world, "most": LAST_WORLD, "fault": state.fault},
        narration={
            "rounds": [{"number": n, "sentences": list(s)} for n, s in rounds],
            "ending": narration.ending if narration else "",
        },
        event_ask=take,
    )
