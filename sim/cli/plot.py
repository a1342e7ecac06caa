"""Pictures of a result, and its page, from its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge
from pydantic import Field

from sim.cli.options import Argument, Command, Flag, Form, Pair, Target, Whole, one_of
from sim.errors import Fault, ScenarioError, UsageError
from sim.io.folders import BRANCH, COMPARISON, CONDITIONS, SWEEP, check_run
from sim.report.screen import display, say

if TYPE_CHECKING:
    from sim.plotting.pictures import Drawable

__all__ = ["Plot", "Report"]

_STEPS = ("screening", "indices")
"""Folders of the two sweeps of `islands sensitivity`."""


class Plot(Command):
    """Draw what fits a folder: of a run, a sweep, `islands sensitivity`, `conditions` or `branch`.

    of a run        funnel, in_force, gates, survival, differences, flow, talks, utility_space,
                    win_sets, opinion, boxes; and tornado, which plays again and wants to be named
    of a sweep      line and heatmap of a grid, influence of design=sobol or morris, boxes
    of conditions   ladder; matrix and map, of each structure or of deal=NAME
    of a branch     branch; tree, of several branches of one world (they are played once more)
    without PICTURE  all that fit
    """

    folder: Annotated[str, Argument("DIR")]
    pictures: Annotated[tuple[str, ...], Argument("[PICTURE …]")] = ()
    deal: str | None = Field(
        None,
        description="which structure: all but funnel, in_force, gates, survival and differences",
    )
    world: Whole | None = Field(None, description="which world: talks, utility_space")
    round_: Whole | None = Field(
        None, alias="round", description="seen in which round: talks, utility_space"
    )
    than: str | None = Field(
        None, description="which structure the others are compared with: differences"
    )
    by: Annotated[str, Form("OUTCOME")] | None = Field(
        None,
        description="what is drawn, an outcome or zopa_margin: differences, tornado, influence; of "
        "a sweep also ladder_RUNG, gate_NAME: line, heatmap",
    )
    axis: Annotated[str, Form("KEY")] | None = Field(
        None, description="which axis of a sweep: line"
    )
    axes: Annotated[Pair, Form("KEY,KEY", "two keys, as in axes=KEY,KEY")] | None = Field(
        None, description="which axes of a sweep: heatmap"
    )
    event: Annotated[str, Form("OUTCOME")] | None = Field(
        None, description="what the boxes look for"
    )
    worlds: Annotated[Whole, Ge(2)] | None = Field(
        None, description="how many are played again: tornado, win_sets, opinion"
    )
    format: str = Field("png", description="or svg, pdf")
    out: Annotated[Target, Form("DIR")] | None = Field(
        None, description="else DIR-pictures beside the folder"
    )

    def run(self) -> int:
        """Write the pictures of a run or of a sweep."""
        folder = Path(self.folder).absolute()
        if not folder.is_dir():
            check_run(folder)
        from rich.text import Text

        from sim.io.files import write_together
        from sim.plotting.canvas import FORMATS

        one_of("format", self.format, FORMATS)
        files: dict[str, bytes] = {}
        without: list[str] = []
        for prefix, result in _loaded(folder):
            made = _drawn(result, self.pictures, self.format, _told(self, result), without)
            files |= {f"{prefix}{name}": data for name, data in made.items()}
        out = self.out or Path(f"{folder}-pictures")
        replaced = [name for name in files if (out / name).is_file()]
        if files:
            write_together(out, files)
        for text in without:
            say(fill(text, 100, break_on_hyphens=False))
        said = f"Pictures in {out}/: {', '.join(files)}." if files else "Nothing here can be drawn."
        said += f" Replaced, what was there: {', '.join(replaced)}." if replaced else ""
        display(Text(said, overflow="fold"))
        return 0


def _loaded(folder: Path) -> Iterator[tuple[str, Drawable]]:
    """Yield the results of a folder, with what their files begin with."""
    from sim.experiments.branching.folder import load_branch
    from sim.experiments.conditions.folder import load_conditions
    from sim.experiments.result import load_result
    from sim.experiments.sweep.result import load_sweep

    if (folder / CONDITIONS).is_file():
        yield "", load_conditions(folder)
    elif (folder / BRANCH).is_file():
        yield "", load_branch(folder)
    elif (folder / SWEEP).is_file():
        yield "", load_sweep(folder)
    elif steps := [name for name in _STEPS if (folder / name / SWEEP).is_file()]:
        for name in steps:
            yield f"{name}_", load_sweep(folder / name)
    else:
        yield "", load_result(folder)


def _drawn(
    result: Drawable,
    named: tuple[str, ...],
    kind: str,
    told: dict[str, object],
    without: list[str],
) -> dict[str, bytes]:
    """Return the pictures that are named, or else those that can be drawn, and why not others."""
    from sim.plotting.pictures import catalogue, drawn, fitting

    for word in named:
        one_of("", word, catalogue(result))
    names = named or fitting(result)
    _taken(told, names, result)
    files: dict[str, bytes] = {}
    for name in names:
        try:
            made = drawn(result, (name,), kind, told)
            if not made:
                got = f"{told['deal']}, which has no {name}"
                raise ScenarioError([Fault("deal", f"a structure with a {name}", got)])
            files |= made
        except ScenarioError as error:
            if named:
                raise
            without.append(f"no {name}: {error}")
        except ValueError as error:
            if "round_" not in told:
                raise
            raise UsageError(f"round: {error}") from None
    return files


def _told(asked: Plot, result: Drawable) -> dict[str, object]:
    """Return the arguments of the pictures, checked against the result."""
    from sim.domain.outcome import Outcome
    from sim.plotting.style import MARGIN, MEASURES

    told: dict[str, Any] = asked.model_dump(
        exclude={"folder", "pictures", "format", "out"}, exclude_none=True
    )
    axes = list(getattr(result, "axes", ()))
    known = {
        "deal": result.scenario.structures,
        "than": result.scenario.structures,
        "by": MEASURES if axes else (*Outcome.__members__, MARGIN),
        "axis": axes,
    }
    for key in known:
        if key in told:
            one_of(key, told[key], known[key])
    if asked.axes:
        _check_axes(asked.axes, axes)
    return told


def _check_axes(pair: tuple[str, str], axes: list[str]) -> None:
    if pair[0] == pair[1]:
        raise UsageError(f"axes: expected two keys, as in axes=KEY,KEY, got {','.join(pair)!r}")
    for key in pair:
        one_of("axes", key, axes)


def _taken(told: dict[str, object], names: tuple[str, ...], result: Drawable) -> None:
    """Refuse an argument that no picture takes."""
    from sim.plotting.pictures import catalogue, taken

    known = {key for name in names for key in taken(catalogue(result)[name])}
    for key in told:
        if key not in known:
            word = key.rstrip("_")
            raise UsageError(f"{word}: expected a picture that takes it, got {', '.join(names)}")


class Report(Command):
    """Make one HTML page, to be mailed to someone without Python: it needs no network.

    Of a run, a sweep, a comparison, conditions or a branch. It begins with a brief for a superior,
    that prints on one sheet: what came of it, pictures, limits. Of a run the tables, the scenario
    and its sources follow; appendix=false leaves them out.
    """

    folder: Annotated[str, Argument("DIR")]
    out: Target | None = Field(None, description="else DIR.html, beside the folder")
    appendix: Flag = Field(
        True, description="of a run: all tables, the scenario and where it comes from"
    )

    def run(self) -> int:
        """Write the page."""
        folder = Path(self.folder)
        if not any((folder / name).is_file() for name in (SWEEP, CONDITIONS, COMPARISON, BRANCH)):
            check_run(folder)
        out = self.out or Path(f"{folder.absolute()}.html")
        if out.is_dir():
            raise UsageError(f"out: expected a file, got the folder {out}")
        from sim.io.files import write_atomically

        write_atomically(out, _page(folder, self.appendix).encode())
        say(f"Report in {out}")
        return 0


def _page(folder: Path, appendix: bool) -> str:
    """Return the page of a folder of results."""
    from sim.experiments.branching.folder import load_branch
    from sim.experiments.conditions.folder import load_conditions
    from sim.experiments.sweep.result import load_sweep
    from sim.plotting.pictures import drawn, fitting
    from sim.report import brief

    if (folder / COMPARISON).is_file():
        return brief.brief_page(brief.read_brief(folder), _found(folder, ["comparison.png"]) or {})
    if (folder / SWEEP).is_file():
        swept = load_sweep(folder)
        names = tuple(name for name in fitting(swept) if name != "boxes")
        return brief.brief_page(brief.sweep_brief(swept), drawn(swept, names))
    if (folder / CONDITIONS).is_file():
        found = load_conditions(folder)
        nearest = {"deal": found.ordered()[0]}
        return brief.brief_page(brief.conditions_brief(found), drawn(found, options=nearest))
    if (folder / BRANCH).is_file():
        branched = load_branch(folder)
        return brief.brief_page(brief.branch_brief(branched), drawn(branched))
    return _page_of_run(folder, appendix)


def _page_of_run(folder: Path, appendix: bool) -> str:
    """Return the page of a run, with the pictures that its folder has, or else new ones."""
    from sim.experiments.result import load_result
    from sim.plotting import pictures
    from sim.plotting.pictures import leading
    from sim.report.dossier import dossier

    result = load_result(folder)
    names = [f"{name}.png" for name in leading(result)]
    drawn = _found(folder, names) or pictures(result)
    return dossier(result, {name: drawn[name] for name in names}, appendix=appendix)


def _found(folder: Path, names: list[str]) -> dict[str, bytes] | None:
    """Return the pictures that a folder has, if it has all of them."""
    from sim.io.files import MAX_BYTES, contents

    files = {name: folder / name for name in names}
    if not all(path.is_file() for path in files.values()):
        return None
    return {name: contents(path, "a picture", MAX_BYTES) for name, path in files.items()}
