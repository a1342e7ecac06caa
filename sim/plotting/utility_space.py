"""Utility space of a stage: its packages by what they are worth to both sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.domain.interest import ROLES
from sim.domain.outcome import Answer
from sim.equations.pareto import frontier
from sim.equations.solutions import kalai_smorodinsky_choice, nash_choice
from sim.equations.zopa import snapped, surplus, zopa
from sim.experiments.result import EnsembleResult
from sim.experiments.tabletop import Tabletop, tabletop
from sim.plotting.canvas import heading, legend_aside, open_axes, tidy
from sim.plotting.style import deal_label, ground, ink, known, wrapped
from sim.quantities import Bools, Floats

__all__ = ["utility_space"]

_KINDS = (
    ("against a firm precondition", "x", "#E69F00", "#E69F00"),
    ("would fail ratification", "v", "#CC79A7", None),
    ("clear, and would be ratified", "o", "#009E73", "#009E73"),
)
"""What a package runs into: word, mark, edge and face; without a face it is hollow."""


def utility_space(
    result: EnsembleResult,
    *,
    deal: str | None = None,
    world: int | None = None,
    round_: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the utility space of one stage in one world.

    Parameters
    ----------
    result : EnsembleResult
    deal : str, optional
        A structure; absent, the one with the widest margin of agreement.
    world : int, optional
        Absent, the first that signs; if none does, the one of median margin.
    round_ : int, optional
        Absent, the round in which the world first signs something, or the first.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure.
    ValueError
        If the world has ended before the round.
    """
    deal = known(result.scenario, deal or str(result.ordered()["margin"].idxmax()))
    world = _world_to_show(result.worlds, deal) if world is None else world
    trace = result.trace(deal, world)
    signed = trace[trace["answer"] == Answer.accepted.name]
    if round_ is None:
        round_ = int(signed["round"].iloc[0]) if len(signed) else 0
    top = tabletop(result.scenario, deal, world=world, round_=round_)
    ax = open_axes(ax, 5.2)
    _packages(ax, top)
    _solutions(ax, top)
    _signed(ax, top, signed[signed["round"] == round_])
    _name_axes(ax, result, top)
    legend_aside(ax)
    where = f"stage: {top.node.label}; world {world}, round {round_}"
    scenario = result.scenario
    heading(ax, deal_label(scenario, deal, 70), wrapped(where, 100, 2), scenario.overrides)
    return ax


def _world_to_show(worlds: pd.DataFrame, deal: str) -> int:
    own = worlds[worlds["deal"] == deal]
    signed = own[own["round_signed"].notna()]
    if len(signed):
        return int(signed["world"].iloc[0])
    ordered = own.sort_values("zopa_margin", kind="stable")
    return int(ordered["world"].iloc[len(ordered) // 2])


def _worth(top: Tabletop) -> tuple[Floats, Floats]:
    return top.talk.value(0)[0], top.talk.value(1)[0]


def _surplus(top: Tabletop) -> tuple[Floats, Floats]:
    talk = top.talk
    one, two = _worth(top)
    return surplus(one, talk.reservation(0)[0]), surplus(two, talk.reservation(1)[0])


def _clear(top: Tabletop) -> Bools:
    return np.asarray(~(top.talk.forbidden(0)[0] | top.talk.forbidden(1)[0]))


def _packages(ax: Axes, top: Tabletop) -> None:
    one, two = _worth(top)
    clear, passes = _clear(top), top.talk.ratifiable[0]
    kinds = (~clear, clear & ~passes, clear & passes)
    for (word, mark, edge, face), among in zip(_KINDS, kinds, strict=True):
        if among.any():
            ax.plot(
                one[among],
                two[among],
                mark,
                color=edge,
                markerfacecolor=face or ground(),
                markersize=5,
                label=f"{word} ({int(among.sum())})",
            )
    best = np.flatnonzero(frontier(_share(one), _share(two)))
    best = best[np.argsort(one[best], kind="stable")]
    ax.plot(one[best], two[best], color=ink(), linewidth=1, label="Pareto frontier")


def _share(worth: Floats) -> Floats:
    """Return values as shares of the largest, by which equal ones are told from rounding."""
    return snapped(worth / (np.abs(worth).max() or 1.0))


def _solutions(ax: Axes, top: Tabletop) -> None:
    """Draw the zone of possible agreement and the points that theory picks in it."""
    one, two = _worth(top)
    least = (float(top.talk.reservation(0)[0]), float(top.talk.reservation(1)[0]))
    ax.axvline(least[0], color=ink(), linewidth=0.8, linestyle="--")
    ax.axhline(least[1], color=ink(), linewidth=0.8, linestyle="--")
    ax.plot(*least, "+", color=ink(), markersize=10, label="worth never signing")
    gains = _surplus(top)
    feasible = np.ones(len(one), dtype=bool)
    rules = (
        ("Nash", nash_choice, "D", 10),
        ("Kalai–Smorodinsky", kalai_smorodinsky_choice, "s", 15),
    )
    for name, rule, mark, size in rules:
        chosen = int(rule(*gains, feasible))
        if chosen >= 0:
            ax.plot(
                one[chosen],
                two[chosen],
                mark,
                markersize=size,
                color="none",
                markeredgecolor=ink(),
                markeredgewidth=1.3,
                label=name,
            )
    _shade(ax, (one, two), least, some=bool(zopa(*gains).any()))


def _shade(
    ax: Axes, worth: tuple[Floats, Floats], least: tuple[float, float], *, some: bool
) -> None:
    """Shade where both sides would rather sign than not."""
    spans = [np.ptp([*values, floor]) or 1.0 for values, floor in zip(worth, least, strict=True)]
    for axis, values, floor, span in zip("xy", worth, least, spans, strict=True):
        low, high = min(values.min(), floor), max(values.max(), floor)
        ax.set(**{f"{axis}lim": (low - 0.06 * span, high + 0.08 * span)})
    across, up = ax.get_xlim(), ax.get_ylim()
    ax.fill_between(
        (least[0], across[1]),
        least[1],
        up[1],
        color="#56B4E9",
        alpha=0.2,
        linewidth=0,
        zorder=0,
        label=f"ZOPA: both would gain{'' if some else ' (empty)'}",
    )


def _signed(ax: Axes, top: Tabletop, signed: pd.DataFrame) -> None:
    ids = [top.node.table.id_of(place) for place in range(len(top.node.table))]
    one, two = _worth(top)
    for name in signed["package"]:
        if name in ids:
            at = ids.index(name)
            ax.plot(
                one[at],
                two[at],
                "*",
                markersize=17,
                color="#D55E00",
                markeredgecolor=ground(),
                label="signed",
            )


def _name_axes(ax: Axes, result: EnsembleResult, top: Tabletop) -> None:
    names = [wrapped(result.scenario.side(role).label, 60, 1) for role in ROLES]
    ax.set_xlabel(f"worth to {names[0]} (points)")
    ax.set_ylabel(f"worth to {names[1]} (points)")
    tidy(ax)
