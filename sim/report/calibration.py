"""Calibration as a page in Markdown, and its ranges as a file that can be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml as pyyaml

from sim.equations.rejection import effective
from sim.experiments.history.calibration import CalibrationResult
from sim.report.tables import markdown_table

__all__ = ["page", "ranges"]

_HEAD = """\
# Calibration

Written by `make calibrate`; do not edit. {factors} factors bend the numbers of a kind together, the
same for all sides, disputes and episodes (`configs/calibration/prior.yaml`). Approximate Bayesian
computation by rejection: a Latin hypercube draws them from the prior, each draw plays every episode
and control of `configs/hindcast/history.yaml` from the table at which its talks began (by
`agenda=single`, as the mixture over what was on it), and the draws nearest to the marks are kept.
No mark belongs to one episode. The shipped scenarios do not use the result; `calibration=fitted`
chooses it.
"""
_MARKED = """\
A misfit of 1 is one scale away from the wanted range. *As they stand*: all factors 1. *Any draw*:
the least and the most that a draw from the prior brought. *Fitted*: the weighted mean over kept
draws, and where 90 % of them lie.
"""
_SAID = """\
*Width* is the central 90 % after, as a share of before. *Departure* is the greatest gap between the
two distributions; a factor is informed where it exceeds what so few draws bring by chance (one in
twenty would by luck). Of the others history says nothing: any value of the prior does as well.
"""


_LEFT_OUT = """\
Log scores of each episode (higher is better): by all numbers as they stand, by all draws of the
prior, by the draws that are kept where the episode is left out of all marks, and by the base rate.
"""
_PROFILED = """\
Log-likelihood of all episodes, the mean over the draws in each fifth of a factor's prior, less that
of the best fifth. *Flat*: the gap between two fifths is no more than chance brings (in one factor
of twenty it is by luck).
"""


def ranges(result: CalibrationResult) -> str:
    """Return the fitted ranges as the text of a calibration file.

    Parameters
    ----------
    result : CalibrationResult
    """
    fitted = result.fitted()
    values: dict[str, Any] = {"name": fitted.name, "label": fitted.label}
    for name, quantity in fitted.quantities().items():
        values[name] = quantity.model_dump(mode="json", exclude_none=True, exclude={"source"})
    text: str = pyyaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)
    settings = ", ".join(f"{key} {value:g}" for key, value in result.settings.items())
    return f"# Written by `islands calibrate` ({settings}); do not edit.\n{text}"


def page(result: CalibrationResult) -> str:
    """Return a calibration in Markdown.

    Parameters
    ----------
    result : CalibrationResult
    """
    settings, kept = result.settings, int((result.weights > 0).sum())
    size = (
        f"{settings['draws']:,} draws, {settings['each']} worlds of each structure for each of "
        f"them, agenda {result.agenda}, seed {settings['seed']};\n{kept} draws are kept (worth "
        f"{effective(result.weights):.0f} equal ones), the farthest at a distance of "
        f"{result.tolerance:.2f}.\n"
    )
    head = _HEAD.format(factors=len(result.factors.columns))
    parts = [head, size, "## Marks\n", _MARKED, *_marks(result), ""]
    parts += ["## What does not fit\n", *(f"- {text}" for text in result.misfits() or ["nothing"])]
    parts += ["", "## Factors\n", _SAID, *_factors(result), ""]
    parts += ["## Each episode left out\n", _LEFT_OUT, *_left_out(result), ""]
    parts += ["## What the episodes identify\n", _PROFILED, *_profile(result), ""]
    return "\n".join(parts)


def _marks(result: CalibrationResult) -> Iterator[str]:
    head = ["mark", "wanted", "as they stand", "any draw", "fitted", "90 %", "misfit"]
    return markdown_table(head, map(_mark, result.marks_table().to_dict("records")))


def _mark(row: Mapping[Any, Any]) -> list[str]:
    wanted = f"{row['wanted_low']:g} to {row['wanted_high']:g}"
    span = f"{row['low']:.3f} to {row['high']:.3f}"
    drawn = f"{row['least']:.3f} to {row['most']:.3f}"
    plain, fitted = f"{row['plain']:.3f}", f"{row['fitted']:.3f}"
    return [str(row["mark"]), wanted, plain, drawn, fitted, span, f"{row['misfit']:.2f}"]


_FACTOR_HEADS = [
    "factor",
    "before (5, 50, 95 %)",
    "after",
    "width",
    "departure",
    "by chance",
    "informed",
]


def _factors(result: CalibrationResult) -> Iterator[str]:
    found = result.factors_table().sort_values("departure", ascending=False)
    return markdown_table(_FACTOR_HEADS, map(_factor, found.to_dict("records")))


def _factor(row: Mapping[Any, Any]) -> list[str]:
    before = ", ".join(f"{row[f'prior_{key}']:.2f}" for key in ("low", "median", "high"))
    after = ", ".join(f"{row[key]:.2f}" for key in ("low", "median", "high"))
    informed = "**yes**" if row["informed"] else "no"
    gaps = [f"{row['departure']:.2f}", f"{row['noise']:.2f}"]
    return [str(row["factor"]), before, after, f"{100 * row['width']:.0f} %", *gaps, informed]


def _left_out(result: CalibrationResult) -> Iterator[str]:
    names = ["plain", "prior", "fitted", "base"]
    table = result.left_out
    rows = [[row["episode"], *_two(row[name] for name in names)] for _, row in table.iterrows()]
    rows.append(["mean", *_two(table[names].mean())])
    yield from markdown_table(["episode", "as they stand", "any draw", "fitted", "base rate"], rows)


def _profile(result: CalibrationResult) -> Iterator[str]:
    table = result.profile().sort_values("spread", ascending=False)
    head = ["factor", "lowest fifth", "second", "third", "fourth", "highest fifth"]
    rows = []
    for row in table.to_dict("records"):
        means = [row[f"fifth_{place}"] for place in range(1, 6)]
        said = "yes" if row["flat"] else "**no**"
        gaps = _two(mean - max(means) for mean in means)
        rows.append([row["factor"], *gaps, *_two([row["noise"]]), said])
    yield from markdown_table([*head, "by chance", "flat"], rows)


def _two(numbers: Iterable[float]) -> list[str]:
    return [f"{number:.2f}" for number in numbers]
