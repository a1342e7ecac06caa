"""Controls of the page: every declared uncertainty, share and poll in words, with its slider."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import solara

from sim.domain.evidence import Register
from sim.domain.interest import Role
from sim.domain.narration import amount, key_words, reason
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.polls import implied_opposition
from sim.explorer.hooks import asked_for, fault_text
from sim.explorer.settings import Setting, offered
from sim.explorer.state import app_state

__all__ = ["Control", "Controls", "controls", "matching"]

_STEPS = 100
"""About how many positions a slider has."""
_SCALES = {"share": 1.0, "probability": 1.0, "percent": 100.0}
"""Where the slider of a number without a declared range ends, by its unit."""
_DIVIDES = re.compile(r"\.segments\.[^.]+\.share$|_years\.")
"""Keys of shares that divide a whole among them."""
_AS_SEGMENTS = "As its segments declare, in 95 % of worlds at the start; moved, all move alike."
_LONGEST = 200
"""Letters of a query that count; each word is looked for in all numbers."""
_TAIL = 0.005
"""Where a slider ends on the side on which a distribution does not."""


@dataclass(frozen=True)
class Control:
    """A slider.

    Parameters
    ----------
    key : str
        Dotted key of the quantity.
    group : str
        Under which heading it stands: the side and the part of it, in words.
    label : str
        What it is, in words.
    unit : str
    declared : str
        The declared uncertainty, in words.
    origin : str
        Its sources and assumptions, in words.
    low, high, step : float
        Ends and step of the slider; `low` and `high` are multiples of `step`, inside the declared
        range.
    start : float
        The median of the declared uncertainty, on a step.
    """

    key: str
    group: str
    label: str
    unit: str
    declared: str
    origin: str
    low: float
    high: float
    step: float
    start: float

    def shown(self, value: float) -> str:
        """Return a value of the slider as the page writes it."""
        return f"{self.on_step(value):g}"

    def on_step(self, value: float) -> float:
        """Return the value of the slider nearest to a number."""
        steps = round(min(max(value, self.low), self.high) / self.step)
        return float(f"{steps * self.step:.10g}")


def controls(scenario: Scenario) -> tuple[Control, ...]:
    """Return a slider for every declared uncertainty and for every share that is a number.

    A share, a probability or a percentage has ends although nobody declared a range; those that
    divide a whole among them have no slider, for one alone cannot move. A poll on which a public is
    calibrated has one, too, where nothing sets how many are opposed.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    tuple of Control
        In the order of the schema; a poll that nothing sets leads what is said of its public.
    """
    found = [
        _control(key, quantity, scenario)
        for key, quantity in scenario.quantities()
        if _has_width(quantity) or (quantity.unit in _SCALES and not _DIVIDES.search(key))
    ]
    for poll in (poll for role in Role for poll in _unset_poll(scenario, role)):
        groups = [item.group for item in found]
        found.insert(groups.index(poll.group) if poll.group in groups else len(found), poll)
    return tuple(found)


def _has_width(quantity: Quantity) -> bool:
    return quantity.is_uncertain and quantity.bounds[0] < quantity.bounds[1]


def _unset_poll(scenario: Scenario, role: Role) -> Iterator[Control]:
    """Yield the slider of how many are opposed, where a public is asked and nothing sets it."""
    public, implied = scenario.side(role).public, implied_opposition(scenario, role)
    if implied is not None:
        key = f"{role.value}.public.opposition"
        group, label = _names(key, scenario)
        mean, low, high = implied
        yield Control(
            key=key,
            group=group,
            label=label,
            unit="share",
            declared=f"{low:.2f} to {high:.2f}",
            origin=f"{_AS_SEGMENTS}\n“{public.polls[str(public.calibration)].question}”",
            low=0.0,
            high=1.0,
            step=0.01,
            start=round(mean, 2),
        )


def matching(items: Sequence[Control], query: str) -> tuple[Control, ...]:
    """Return the sliders in whose words, key or origin every word of a query occurs.

    Parameters
    ----------
    items : sequence of Control
    query : str
    """
    words = query.lower().split()
    return tuple(item for item in items if all(word in _text(item) for word in words))


def _text(item: Control) -> str:
    return f"{item.group} {item.label} {item.key} {item.unit} {item.origin}".lower()


def _control(key: str, quantity: Quantity, scenario: Scenario) -> Control:
    group, label = _names(key, scenario)
    low, high = _ends(quantity) if _has_width(quantity) else (0.0, _SCALES[quantity.unit])
    step = _step(high - low)
    low, high = math.ceil(low / step - 1e-9) * step, math.floor(high / step + 1e-9) * step
    draft = Control(
        key=key,
        group=group,
        label=label,
        unit=quantity.unit,
        declared=amount(quantity),
        origin=_origin(quantity, scenario.evidence),
        low=float(f"{low:.10g}"),
        high=float(f"{high:.10g}"),
        step=step,
        start=0.0,
    )
    return replace(draft, start=draft.on_step(quantity.point))


def _ends(quantity: Quantity) -> tuple[float, float]:
    """Return the declared range; of a distribution without an end, where nearly all of it lies."""
    if quantity.distribution in ("uniform", "triangular", "beta"):
        return quantity.bounds
    low, high = _TAIL, 1.0 - _TAIL
    least, most = quantity.quantile(np.array([low, high])).tolist()
    return (
        least if quantity.low is None else quantity.low,
        most if quantity.high is None else quantity.high,
    )


def _step(width: float) -> float:
    """Return 1, 2 or 5 times a power of ten that cuts a width into about so many steps."""
    rough = width / _STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    factor = next(number for number in (1, 2, 5, 10) if rough <= number * power * 1.0001)
    return float(f"{factor * power:.10g}")


def _names(key: str, scenario: Scenario) -> tuple[str, str]:
    """Return heading and label of a quantity, with the labels of the parts on the way to it."""
    first, *rest = key.split(".")
    node: object = getattr(scenario, first)
    roles = {role.value: scenario.side(role).label for role in Role}
    heading = roles.get(first, key_words(first).capitalize())
    words: list[str] = []
    for part in rest:
        node = node.get(part) if isinstance(node, dict) else getattr(node, part)
        named = getattr(node, "label", None) if node is not None and len(words) else None
        words.append(str(named) if named else key_words(part))
    if len(words) > 1:
        return f"{heading} · {words[0]}", ": ".join(words[1:])
    return f"{heading} · both sides" if first == "resolve" else heading, words[0]


def _origin(quantity: Quantity, register: Register) -> str:
    """Return where a number comes from; the facts themselves in their own words."""
    facts = [f"“{register[name].says}”" for name in quantity.source if name in register]
    return "\n".join([reason(quantity, register), *facts])


# ruff: noqa: N802 - components are named like classes, as everywhere in Solara


@solara.component_vue("controls.vue", vuetify=False)
def _Panel(
    choices: dict[str, Any],
    groups: list[dict[str, Any]],
    now: dict[str, Any],
    event_ask: Callable[[list[Any]], None],
) -> None:
    """Show the panel; what it asks for is checked here, not there."""


@solara.component
def Controls(setting: Setting, change: Callable[[Callable[[Setting], Setting]], None]) -> None:
    """Show what can be set.

    Parameters
    ----------
    setting : Setting
    change : callable
        Called with what makes the setting after a change out of the one before it: requests may
        come faster than the page is drawn, and each must find what those before it have set.
    """
    fault, set_fault = solara.use_state("")
    query, set_query = solara.use_state("")
    items = solara.use_memo(lambda: controls(setting.base), [setting.packed])
    groups = solara.use_memo(lambda: grouped(matching(items, query)), [setting.packed, query])

    def pick(name: Any) -> None:
        if name not in app_state().names:
            return
        try:
            picked = app_state().setting(name)
            change(lambda _: picked)
            set_fault("")
        except ScenarioError as error:
            set_fault(f"{name} cannot be shown.\n{fault_text(error)}")

    def move(request: Any) -> None:
        key, value = asked_for(request)
        found = [item for item in items if item.key == key]
        if found and (value is None or (isinstance(value, int | float) and value == value)):
            place = None if value is None else found[0].on_step(value)
            change(lambda now: now.moving(key, place) if now.packed == setting.packed else now)

    def choose_game(request: Any) -> None:
        name, value = asked_for(request)
        known = offered(setting.declared, app_state().strategies)
        if name in known and (value == "" or _can_be(name, value, known[name])):
            try:
                change(lambda now: now.choosing(name, value, app_state().strategy))
                set_fault("")
            except ScenarioError as error:
                set_fault(fault_text(error))

    acts: dict[str, Callable[[Any], None]] = {
        "pick": pick,
        "move": move,
        "seek": lambda words: set_query(str(words)[:_LONGEST]),
        "game": choose_game,
        "choose": lambda names: change(lambda now: now.playing(_listed(names))),
        "turn": lambda name: change(lambda now: now.turning(name)),
        "reset": lambda _: change(lambda now: now.as_declared()),
    }

    def act(message: Any) -> None:
        name, wish = asked_for(message)
        if name in acts:
            acts[name](wish)

    now = {"scenario": setting.name, "chosen": list(setting.deals), "values": dict(setting.values)}
    _Panel(
        choices={
            "scenarios": list(app_state().names),
            "structures": labels(setting),
            "game": game(setting, app_state().strategies),
        },
        groups=groups,
        now=now | {"query": query, "fault": fault},
        event_ask=act,
    )


def _can_be(name: str, value: Any, known: Sequence[str]) -> bool:
    """Tell whether something of the game can be chosen so."""
    if name == "rounds":
        return isinstance(value, str) and value.isdecimal() and len(value) < 10
    return value in known


def _listed(names: Any) -> tuple[Any, ...]:
    return tuple(names) if isinstance(names, list) else ()


_GAME = {
    "rounds": "Rounds",
    "first_mover": "Who offers first",
    "agenda": "Structures on the table",
    "dependence": "Numbers of a side hang together",
}
_AGENDAS = {"single": "each by itself", "open": "all at once", "tabled": "one at a time"}


def game(setting: Setting, strategies: Sequence[str]) -> list[dict[str, Any]]:
    """Return what of the game can be chosen, in words, as the page wants it.

    Parameters
    ----------
    setting : Setting
    strategies : sequence of str
        Names of those that there are.
    """
    roles = {role.value: setting.base.side(role).label for role in Role}
    declared = setting.declared
    as_declared = {
        "rounds": str(declared.rounds),
        "first_mover": roles[declared.protocol.first_mover],
        "agenda": _AGENDAS[declared.agenda],
        "dependence": declared.dependence,
        **{f"{r.value}.strategy": key_words(declared.side(r).strategy.kind) for r in Role},
    }
    words = {**roles, **_AGENDAS}
    return [
        {
            "name": name,
            "label": _GAME.get(name) or f"Strategy of {roles[name.partition('.')[0]]}",
            "declared": as_declared[name],
            "value": dict(setting.choices).get(name, ""),
            "options": [{"name": v, "label": words.get(v, key_words(v))} for v in values],
        }
        for name, values in offered(declared, strategies).items()
    ]


def labels(setting: Setting) -> list[dict[str, str]]:
    """Return the structures of a setting with their labels, as the page wants them."""
    return [{"name": name, "label": deal.label} for name, deal in setting.base.structures.items()]


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
