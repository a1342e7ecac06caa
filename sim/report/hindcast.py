"""Hindcast as a page in Markdown and on the terminal, its misfits named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich.console import Group
from rich.text import Text

from sim.domain.narration import percent
from sim.domain.outcome import LADDER
from sim.experiments.history.judging import Hindcast
from sim.report.tables import markdown_table, table

__all__ = ["page", "render", "told"]

_RUNGS = [rung.name for rung in LADDER]
_HEAD = """\
# Hindcast

Written by `make hindcast`; do not edit. Each episode is played from its start to two years after
its talks ended, and knows nothing of what came of it. It begins with a structure that was on its
table at the time, by the weights of `on_the_table` in its scenario; sides may then put another
structure of the scenario on the table, or a lesser text (`agenda=tabled`; by `agenda=single` each
is played by itself, and they are mixed). What happened is one rung of the ladder: nothing,
functional, procedural, partial, full. Two rivals know no detail: the *base rate* of attempts to
settle territorial claims and of settlements in the reference class, and *as last time*: the last
rung once more, as often as an agreement follows an agreement or a failure a failure, and base rates
otherwise. Forecasts are smoothed as if 32 worlds had been seen and half a world added to every
rung, so that what never came up counts as rare (1.4 %) and not as impossible; scores do not depend
on how many worlds there are. Two years after the talks is a choice: by one year less, fewer texts
are in force and there are fewer accords. Intervals are 90 %, by resampling the episodes: what nine
can tell, and no more.
"""
_SCORED = """\
Log scores are better the higher they are, Brier and ranked probability scores (`ranked`, which sees
that rungs stand in an order) the lower. The model is ahead where the difference is positive.
"""
_READ = """\
A functional track went on beside most of these talks; the record does not put it on the table. One
reading gives small matters half of every table's weight, to tell misfits of the tables from misfits
of the simulator. Another lets every text take its time to be drafted, in episodes and controls
alike. No other result rests on these readings.

The functional tracks of the record (kelp 1963 and 1981, visits 1991, fishing 1998) are no episodes
of their own. It says that they were agreed, and not which of their kind were tried and failed: a
list of what came about would reward whoever always expects an agreement.
"""


def page(result: Hindcast, others: Mapping[str, Hindcast] | None = None) -> str:
    """Return a hindcast in Markdown.

    Parameters
    ----------
    result : Hindcast
    others : mapping of label to Hindcast, optional
        Other readings of the same history, for comparison.
    """
    worlds = int(result.episodes["worlds"].iloc[0])
    parts = [_HEAD, f"{worlds:,} worlds of each structure. {_factors(result)}\n"]
    parts += ["## Episodes and controls\n", *_episodes(result), ""]
    parts += ["## Episode by episode\n", *told(result), ""]
    parts += ["## Scores\n", *_scores(result), ""]
    parts += ["## What was asked of the whole\n", *_targets(result), ""]
    misfits = [f"- {text}" for text in result.misfits()] or ["None."]
    parts += ["## Misfits\n", *misfits, "", *_hazard(result)]
    if others:
        parts += ["## Other readings\n", *_others({"as tabled": result, **others}), ""]
    return "\n".join(parts)


def _factors(result: Hindcast) -> str:
    if result.calibration is None:
        return "All numbers as they stand in the scenarios: nothing is fitted."
    return f"With the factors of the calibration `{result.calibration.name}`."


_SPOKEN = ("model", "base", "persistence")
"""Forecasts in the order in which a table tells what they gave to what happened."""


def _episodes(result: Hindcast) -> Iterator[str]:
    head = ["episode", "years", "on the table", *_RUNGS, "happened"]
    head += ["given to it", "base rate", "as last time"]
    return markdown_table(head, map(_episode, result.episodes.to_dict("records")))


def _episode(row: Mapping[Any, Any]) -> list[str]:
    name = f"{row['episode']} (control)" if row["control"] else row["episode"]
    happened = f"**{row['ended']}**"
    return [name, f"{row['years']:g}", row["tabled"], *_shares(row), happened, *_given(row)]


def _shares(row: Mapping[Any, Any]) -> list[str]:
    return [f"{row[rung]:.3f}" for rung in _RUNGS]


def _given(row: Mapping[Any, Any]) -> list[str]:
    return [f"{row[f'given_{who}']:.3f}" for who in _SPOKEN]


def told(result: Hindcast) -> Iterator[str]:
    """Yield what the model would have said of each episode, beside what happened.

    Parameters
    ----------
    result : Hindcast

    Yields
    ------
    str
        Markdown: a sentence on all, and an item for each episode and control.
    """
    rows = result.episodes.to_dict("records")
    episodes = [row for row in rows if not row["control"]]
    ahead = sum(row["given_model"] > row["given_base"] for row in episodes)
    yield (
        f"In {ahead} of {len(episodes)} episodes the model gave more to what happened than the "
        "base rate did.\n"
    )
    for row in rows:
        happened = (result.history.episodes | result.history.controls)[row["episode"]]
        first, second, *_ = sorted(_RUNGS, key=lambda rung: -row[rung])
        model, base = row["given_model"], row["given_base"]
        why = f" ({happened.assumption})" if happened.assumption else ""
        yield (
            f"- **{row['episode']}**, from {row['start']}. *Model:* {_likely(row, first)}, then "
            f"{_likely(row, second)}. *Happened:* {row['ended']}{why}. Given to "
            f"it: {percent(model)} % by the model, {percent(base)} % by the base rate; the model "
            f"is {'ahead' if model > base else 'behind'}."
        )


def _hazard(result: Hindcast) -> Iterator[str]:
    """Yield what the episodes themselves can say of a hazard that is below the wanted one."""
    row = result.targets.set_index("target").loc["hazard"]
    if row["met"]:
        return
    years = float(result.episodes.loc[~result.episodes["control"], "years"].sum())
    settled = sum(item.ended == "full" for item in result.history.episodes.values())
    least, most = (np.exp(-years * row[key]) for key in ("wanted_high", "wanted_low"))
    yield (
        f"The episodes last {years:g} years together, some at the same time; {settled} of them "
        f"settled. At the wanted hazard none would in {percent(least)} to {percent(most)} % of "
        f"such records, by the model's in {percent(np.exp(-years * row['number']))} %: the "
        "episodes cannot tell these apart. What contradicts the model is the reference class, old "
        "claims of high salience elsewhere, some of which were settled.\n"
    )


def _likely(row: Mapping[Any, Any], rung: str) -> str:
    return f"{rung} ({percent(row[rung])} %)"


_SCORE_HEADS = ("score", "forecast", "mean", "90 %", "model ahead by", "90 %")


def _scores(result: Hindcast) -> Iterator[str]:
    yield _SCORED
    yield from markdown_table(_SCORE_HEADS, map(_score, result.scores.to_dict("records")))


def _score(row: Mapping[Any, Any]) -> list[str]:
    spans = [f"{row[f'{p}low']:.2f} to {row[f'{p}high']:.2f}" for p in ("", "ahead_")]
    mean, ahead = f"{row['mean']:.2f}", f"{row['ahead']:+.2f}"
    return [row["score"], row["forecast"], mean, spans[0], ahead, spans[1]]


_ASKED = {
    "hazard": "yearly hazard of a settlement (some of the 90 % interval)",
    "accord": "share of episodes with an accord below settlement",
}


def _targets(result: Hindcast) -> Iterator[str]:
    head = ["target", "simulated", "90 %", "wanted", "met"]
    return markdown_table(head, map(_target, result.targets.to_dict("records")))


def _target(row: Mapping[Any, Any]) -> list[str]:
    name = _ASKED.get(row["target"], f"share of {row['target']} that settles (above)")
    span = f"{row['low']:.4f} to {row['high']:.4f}"
    return [name, f"{row['number']:.4f}", span, _wanted(row), "yes" if row["met"] else "**no**"]


def _wanted(row: Mapping[Any, Any]) -> str:
    return f"{row['wanted_low']:g} to {row['wanted_high']:g}"


def _others(readings: Mapping[str, Hindcast]) -> Iterator[str]:
    yield _READ
    first = next(iter(readings.values()))
    targets = first.targets["target"].tolist()
    head = ["reading", "log score", "ahead of base rate", "Brier score", "ranked", *targets]
    yield from markdown_table(head, (_reading(*item) for item in readings.items()))


def _reading(label: str, one: Hindcast) -> list[str]:
    log, brier, ranked = (
        one.scores[one.scores["score"] == name] for name in ("log", "brier", "ranked")
    )
    base = log[log["forecast"] == "base"].iloc[0]
    ahead = f"{base['ahead']:+.2f} ({base['ahead_low']:+.2f} to {base['ahead_high']:+.2f})"
    means = [f"{part['mean'].iloc[0]:.2f}" for part in (log, brier, ranked)]
    return [
        label,
        means[0],
        ahead,
        *means[1:],
        *(f"{number:.3f}" for number in one.targets["number"]),
    ]


def render(result: Hindcast) -> Group:
    """Return a hindcast as tables and lines for the terminal.

    Parameters
    ----------
    result : Hindcast
    """
    heads = ("years", *_RUNGS, "given", "base rate", "as last time")
    episodes = table("episode", *heads[:6], "happened", *heads[6:], right=heads)
    for row in result.episodes.to_dict("records"):
        told = (f"{row['years']:g}", *_shares(row), row["ended"], *_given(row))
        episodes.add_row(row["episode"], *told)
    scores = table(*_SCORE_HEADS, right=_SCORE_HEADS[2:])
    for row in result.scores.to_dict("records"):
        scores.add_row(*_score(row))
    lines = [_verdict(row) for row in result.targets.to_dict("records")]
    misfits = [f"- {text}" for text in result.misfits()]
    lines += ["", "Misfits:", *misfits] if misfits else ["No misfits."]
    return Group(episodes, Text(), scores, Text(), *map(Text, lines))


def _verdict(row: Mapping[Any, Any]) -> str:
    verdict = "met" if row["met"] else "missed"
    return f"{row['target']}: {row['number']:.4f}, wanted {_wanted(row)}: {verdict}"
