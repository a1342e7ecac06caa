"""The page: what can be set on one side, what comes of it on the other."""

# ruff: noqa: N802 - components are named like classes, as everywhere in Solara

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

import solara

from sim.explorer.controls import Controls
from sim.explorer.files import results_zip, scenario_yaml
from sim.explorer.growth import SIZES, PartialResult
from sim.explorer.hooks import Shown, State, use_growth, use_offer
from sim.explorer.numbers import NAMES, compared, numbers
from sim.explorer.one_world import OneWorld
from sim.explorer.settings import Setting
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
class View:
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

    def changed(self, setting: Setting) -> View:
        """Return the view with that setting replaced."""
        before, after = self.settings[: self.active], self.settings[self.active + 1 :]
        return View((*before, setting, *after), self.active)

    def turned(self) -> View:
        """Return the view with a copy beside the setting; or of two, the active one alone."""
        return View((self.setting,)) if self.both else View(self.settings * 2, 1)


@solara.component
def Page() -> None:
    """Show a setting, or two side by side."""
    shared = app_state()
    view, look = solara.use_state(View((shared.first,)))
    beside = view.settings[1] if view.both else None
    states = [
        use_growth(view.settings[0], shared.pool, not view.both),
        use_growth(beside, shared.pool, not view.both),
    ]
    solara.Title(view.setting.base.title)
    _head(view.setting)
    with _part("body", "both" if view.both else "single"):
        with _part("left"):
            _switch(view, look)
            Controls(view.setting, lambda setting: look(view.changed(setting)))
        with _part("right"):
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


def _switch(view: View, look: Callable[[View], None]) -> None:
    """Show which setting the sliders move, and how to begin or end a comparison."""
    with solara.v.Html(tag="div", class_="switch"):
        for place, name in enumerate(NAMES if view.both else ()):
            there = View(view.settings, place)
            _Button(f"Move {name}", f"move-{name}", partial(look, there), there == view)
        words = "Compare with a second setting"
        words = f"Keep {NAMES[view.active]} only" if view.both else words
        _Button(words, "compare", partial(look, view.turned()))


@solara.component
def _Button(words: str, hook: str, act: Callable[[], None], pressed: bool = False) -> None:
    """Show a button."""
    attributes = {"type": "button", "data-testid": hook, "aria-pressed": str(pressed).lower()}
    button = solara.v.Html(tag="button", children=[words], attributes=attributes)
    solara.v.use_event(button, "click", lambda *_: act())


def _outcomes(name: str, setting: Setting, state: State[Shown]) -> None:
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
            _grown(name, setting, state.value)


def _grown(name: str, setting: Setting, shown: Shown) -> None:
    grown = shown.grown
    fresh = grown.setting == setting
    hook = name or NAMES[0]
    words = f"{grown.worlds:,} worlds of every structure"
    words += "" if fresh and grown.worlds == SIZES[-1] else ", more on their way …"
    count = {"data-testid": f"worlds-{hook}", "data-worlds": str(grown.worlds * fresh)}
    solara.HTML("p", words, classes=["note"], attributes=count)
    if shown.picture:
        _picture(shown)
    if not name:
        solara.HTML("div", numbers(grown), classes=["scroll"])
    with solara.v.Html(tag="div", class_="downloads"):
        stem = f"{grown.setting.base.name}_{hook.lower()}"
        _Download(scenario_yaml, grown, f"{stem}.yaml", f"scenario-{hook}", "Scenario (YAML)")
        _Download(results_zip, grown, f"{stem}.zip", f"results-{hook}", "Results (ZIP)")


def _picture(shown: Shown) -> None:
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
    made: Callable[[PartialResult], bytes], grown: PartialResult, file: str, hook: str, words: str
) -> None:
    """Offer a file, made of what is on screen when it is asked for."""
    word = use_offer(partial(made, grown), app_state().offers)
    address = {"href": f"/files/{word}/{file}", "download": file, "data-testid": hook}
    solara.v.Html(tag="a", children=[words], attributes=address)


def _comparison(states: list[State[Shown]]) -> None:
    one, other = (state.value for state in states)
    if one and other:
        solara.HTML("div", compared(one.grown, other.grown), classes=["scroll"])
