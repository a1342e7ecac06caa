"""Comparison of runs, scenarios or changes of one scenario: from words to tables and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from annotated_types import Ge
from pydantic import Field

from sim.cli.options import Command, Form, Overrides, Target, Whole
from sim.cli.results import write_results
from sim.errors import Fault, ScenarioError
from sim.io.files import check_writable
from sim.io.folders import COMPARISON
from sim.report.screen import display, say_overrides, watched

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison

__all__ = ["Compare", "cases_of"]

_VERSUS, _SCENARIO = "vs", "scenario="
_EXAMPLE = "islands compare scenario=S rounds=20 vs rounds=40"


class Compare(Command):
    """Compare runs, scenarios, or one scenario with different overrides, world by world.

    A, B …                  folders of runs, or scenarios by name or path (or scenario=A …);
                            key=value then holds for all scenarios among them
    key=value … vs key=value …
                            one scenario as the words before the first vs say, and with what each
                            later part changes: islands compare scenario=S rounds=20 vs rounds=40

    World w has the same luck in every case, so differences are paired and much surer than those of
    two separate shares. Structures are compared by name, or the only one of each case; two of one
    finished run by islands plot DIR differences than=NAME.
    """

    out: Annotated[Target, Form("DIR")] | None = Field(
        None, description="folder for comparison.csv, .parquet and .png"
    )
    workers: Annotated[Whole, Ge(1)] | None = Field(None, description="processes")
    words: Annotated[
        tuple[str, ...], Overrides("A B [C …] [key=value …] | [key=value …] vs key=value …")
    ] = ()

    def run(self) -> int:
        """Play what is not played yet, and compare."""
        from sim.experiments.comparison import compare
        from sim.experiments.provenance import now
        from sim.report.comparison import comparison_page

        started = now()
        cases, labels = cases_of(self.words)
        if self.out is not None:
            check_writable(self.out)
        found = compare(*cases, labels=labels, workers=self.workers, progress=watched())
        if self.out is not None:
            write_results(self.out, _files(found), found.results[0].scenario, started)
        for scenario in {one.scenario.idle: one.scenario for one in found.results}.values():
            say_overrides((), scenario)
        display(comparison_page(found, self.out))
        return 0


Words = tuple[str, tuple[str, ...]]
"""A folder, or a scenario's name or path, with overrides."""


def cases_of(words: Sequence[str]) -> tuple[list[Words | str], list[str]]:
    """Return the cases that words describe, and what to call them.

    Parameters
    ----------
    words : sequence of str
        Names and folders, ``key=value``, and ``vs`` between parts.

    Raises
    ------
    ScenarioError
        If they describe fewer than two.

    Examples
    --------
    >>> cases_of(["a", "b", "rounds=9"])
    ([('a', ('rounds=9',)), ('b', ('rounds=9',))], ['a', 'b'])
    >>> cases_of(["scenario=a", "scenario=b"])[1]
    ['a', 'b']
    >>> cases_of(["scenario=a", "rounds=9", "vs", "rounds=8", "deals=[x]"])[0][1]
    ('a', ('rounds=8', 'deals=[x]'))
    """
    parts = _parts(words)
    if len(parts) == 1:
        given = [word.removeprefix(_SCENARIO) for word in parts[0]]
        named = [word for word in given if "=" not in word]
        shared = tuple(word for word in given if "=" in word)
        cases = [(name, shared) for name in named]
        labels = named
    else:
        cases = [_case(parts[0], part if place else []) for place, part in enumerate(parts)]
        labels = [_label(part, place) for place, part in enumerate(parts)]
        if not all(parts[1:]):
            expected = f"what the case changes after each vs, as in {_EXAMPLE}"
            raise ScenarioError([Fault("", expected, "nothing")])
    _check_structures([name for name, _ in cases])
    if len(cases) < 2:
        expected = f"two cases: A B …, or … vs …, as in {_EXAMPLE}"
        raise ScenarioError([Fault("", expected, repr(" ".join(words)) if words else "nothing")])
    whole = [name if Path(name).is_dir() and not own else (name, own) for name, own in cases]
    return whole, _told_apart(labels)


def _check_structures(names: Sequence[str]) -> None:
    """Refuse structures in the place of scenarios, and say how these are compared."""
    from sim.io.library import find

    own = [name for name in names if not Path(name).is_dir() and not find("scenario", name)]
    if mistaken := [name for name in own if find("deal", name)]:
        hint = " vs ".join(f"deals={name}" for name in [*mistaken, "ANOTHER"][:2])
        got = (
            f"{', '.join(mistaken)}, which the library has as structures; two of a scenario S are "
            f"compared by: islands compare scenario=S {hint}"
        )
        raise ScenarioError([Fault("", "scenarios, or folders of runs", got)])


def _parts(words: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == _VERSUS:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _case(first: Sequence[str], changed: Sequence[str]) -> Words:
    """Return the first part with the words of a later one laid over it."""
    found: dict[str, str] = {}
    for word in (*first, *changed):
        text = word if "=" in word else f"scenario={word}"
        key = text.partition("=")[0].lstrip("+")
        found[key] = text
    name = found.pop("scenario", "scenario=").partition("=")[2]
    if not name:
        raise ScenarioError([Fault("scenario", "a scenario before the first vs", "none")])
    return name, tuple(found.values())


def _label(part: Sequence[str], place: int) -> str:
    own = [word.removeprefix("scenario=") for word in part]
    return " ".join(own) or ("as it is" if place else "nothing")


def _told_apart(labels: Sequence[str]) -> list[str]:
    """Return labels of which none is there twice."""
    return [
        f"{label} ({place})" if labels.count(label) > 1 else label
        for place, label in enumerate(labels, start=1)
    ]


def _files(found: Comparison) -> dict[str, bytes]:
    """Return the table twice, for spreadsheets and for programs, the picture, and each scenario."""
    from sim.io.dump import dump_scenario
    from sim.io.tables import csv
    from sim.plotting.canvas import image
    from sim.plotting.comparison import comparison
    from sim.report.brief import comparison_brief, written_brief
    from sim.report.comparison import in_words

    others = enumerate(found.results[1:], start=2)
    return {
        **{f"config-{place}.yaml": dump_scenario(one.scenario).encode() for place, one in others},
        "comparison.csv": csv(found.table),
        "comparison.parquet": found.table.to_parquet(index=False),
        "comparison.png": image(comparison(in_words(found))),
        COMPARISON: written_brief(comparison_brief(found)),
    }
