"""A hindcast as a page in Markdown, its misfits named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.domain.outcome import LADDER
from sim.experiments.history.judging import Hindcast

__all__ = ["page"]

_RUNGS = [rung.name for rung in LADDER]
_HEAD = """\
# Hindcast

Written by `make hindcast`; do not edit. Each episode is played as the mixture over the structures
that were on its table at the time (`on_the_table` in its scenario), from its start to two years
after its talks ended, and knows nothing of what came of it. What happened is one rung of the
ladder: nothing, functional, procedural, partial, full. Two rivals know no detail: the *base rate*
of attempts to settle territorial claims and of settlements in the reference class, and *as last
time*: the last rung once more, as often as an agreement follows an agreement or a failure a
failure, and base rates otherwise. Half a world is added to every rung, so that what never came up
counts as rare and not as impossible; the worst log score that an episode can bring is therefore a
matter of how many worlds there are. Two years after the talks is a choice: by one year less,
fewer texts are in force and there are fewer accords. Intervals are 90 %, by resampling the
episodes: what nine can tell, and no more.
"""
_SCORED = """\
Log scores are better the higher they are, Brier scores the lower. The model is ahead where the
difference is positive.
"""
_READ = """\
A functional track went on beside most of these talks; the record does not put it on the table. One
reading gives small matters half of every table's weight, to tell misfits of the tables from misfits
of the simulator. No other result rests on these readings.
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
    parts += ["## Scores\n", *_scores(result), ""]
    parts += ["## What was asked of the whole\n", *_targets(result), ""]
    misfits = [f"- {text}" for text in result.misfits()] or ["None."]
    parts += ["## Misfits\n", *misfits, ""]
    if others:
        parts += ["## Other readings\n", *_others({"as tabled": result, **others}), ""]
    return "\n".join(parts)


def _factors(result: Hindcast) -> str:
    if result.calibration is None:
        return "All numbers as they stand in the scenarios: nothing is fitted."
    return f"With the factors of the calibration `{result.calibration.name}`."


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(cells: list[str]) -> str:
    return _row(["---"] * len(cells))


def _episodes(result: Hindcast) -> Iterator[str]:
    head = ["episode", "years", "on the table", *_RUNGS, "happened"]
    head += ["given to it", "base rate", "as last time"]
    yield from (_row(head), _rule(head))
    for row in result.episodes.to_dict("records"):
        name = f"{row['episode']} (control)" if row["control"] else row["episode"]
        shares = [f"{row[rung]:.3f}" for rung in _RUNGS]
        given = [f"{row[f'given_{who}']:.3f}" for who in ("model", "base", "persistence")]
        happened = f"**{row['ended']}**"
        yield _row([name, f"{row['years']:g}", row["tabled"], *shares, happened, *given])


def _scores(result: Hindcast) -> Iterator[str]:
    yield _SCORED
    head = ["score", "forecast", "mean", "90 %", "model ahead by", "90 %"]
    yield from (_row(head), _rule(head))
    for row in result.scores.to_dict("records"):
        spans = [f"{row[f'{p}low']:.2f} to {row[f'{p}high']:.2f}" for p in ("", "ahead_")]
        mean, ahead = f"{row['mean']:.2f}", f"{row['ahead']:+.2f}"
        yield _row([row["score"], row["forecast"], mean, spans[0], ahead, spans[1]])


_ASKED = {
    "hazard": "yearly hazard of a settlement (some of the 90 % interval)",
    "accord": "share of episodes with an accord below settlement",
}


def _targets(result: Hindcast) -> Iterator[str]:
    head = ["target", "simulated", "90 %", "wanted", "met"]
    yield from (_row(head), _rule(head))
    for row in result.targets.to_dict("records"):
        name = _ASKED.get(row["target"], f"share of {row['target']} that settles (above)")
        span = f"{row['low']:.4f} to {row['high']:.4f}"
        wanted = f"{row['wanted_low']:g} to {row['wanted_high']:g}"
        met = "yes" if row["met"] else "**no**"
        yield _row([name, f"{row['number']:.4f}", span, wanted, met])


def _others(readings: Mapping[str, Hindcast]) -> Iterator[str]:
    yield _READ
    first = next(iter(readings.values()))
    targets = first.targets["target"].tolist()
    head = ["reading", "log score", "ahead of base rate", "Brier score", *targets]
    yield from (_row(head), _rule(head))
    for label, one in readings.items():
        log, brier = (one.scores[one.scores["score"] == name] for name in ("log", "brier"))
        base = log[log["forecast"] == "base"].iloc[0]
        ahead = f"{base['ahead']:+.2f} ({base['ahead_low']:+.2f} to {base['ahead_high']:+.2f})"
        numbers = [f"{number:.3f}" for number in one.targets["number"]]
        means = [f"{part['mean'].iloc[0]:.2f}" for part in (log, brier)]
        yield _row([label, means[0], ahead, means[1], *numbers])
