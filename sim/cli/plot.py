"""Draw what fits the folder of a run, of a sweep, or of `islands sensitivity`.

Usage: islands plot DIR [PICTURE …] [key=value …]

  of a run        funnel, survival, differences, flow, talks, utility_space, win_sets, opinion,
                  boxes; and tornado, which plays again for a minute and wants to be named
  of a sweep      line and heatmap of a grid, influence of design=sobol or morris, boxes
  without PICTURE  all that fit

  deal=NAME       which structure: all but funnel, survival and differences
  world=N round=N  which world, seen in which round: talks, utility_space
  than=NAME       which structure the others are compared with: differences
  by=OUTCOME      what is drawn, an outcome or zopa_margin: differences, tornado, influence;
                  of a sweep also ladder_RUNG: line, heatmap
  axis=KEY        which axis of a sweep: line; axes=KEY,KEY: heatmap
  event=OUTCOME   what the boxes look for
  worlds=N        how many are played again: tornado, win_sets, opinion
  format=png      or svg, pdf
  out=FOLDER      else DIR-pictures beside the folder
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.options import options
from sim.cli.screen import display, say
from sim.domain.outcome import Outcome
from sim.errors import ScenarioError, UsageError, nearest
from sim.io.files import write_atomically

if TYPE_CHECKING:
    from sim.experiments.result import EnsembleResult
    from sim.experiments.sweep.result import SweepResult

__all__ = ["main"]

_TEXTS = ("deal", "than", "by", "axis", "axes", "event")
_ASKED = {**dict.fromkeys(_TEXTS, str), "world": int, "round": int, "worlds": int}
_KNOWN = {**_ASKED, "format": str, "out": Path}
_STEPS = ("screening", "indices")
"""Folders of the two sweeps of `islands sensitivity`."""


def main(arguments: list[str]) -> int:
    """Write the pictures of a run or of a sweep."""
    words = [word for word in arguments if "=" not in word]
    if not words:
        raise UsageError("expected the folder of a run or sweep: islands plot DIR [PICTURE …]")
    asked = options([word for word in arguments if "=" in word], _KNOWN)
    from sim.plotting.canvas import FORMATS

    kind = str(asked.get("format", "png"))
    _one_of("format", kind, FORMATS)
    folder = Path(words[0]).absolute()
    told = {key: asked[key] for key in _ASKED if key in asked}
    files: dict[str, bytes] = {}
    for prefix, result in _loaded(folder):
        made = _drawn(result, tuple(words[1:]), kind, _told(told, result))
        files |= {f"{prefix}{name}": data for name, data in made.items()}
    out = Path(str(asked.get("out", f"{folder}-pictures")))
    for name, data in files.items():
        write_atomically(out / name, data)
    from rich.text import Text

    said = f"Pictures in {out}/: {', '.join(files)}" if files else "Nothing here can be drawn."
    display(Text(said, overflow="fold"))
    return 0


def _loaded(folder: Path) -> Iterator[tuple[str, EnsembleResult | SweepResult]]:
    """Yield the results of a folder, with what their files begin with."""
    from sim.experiments.result import load_result
    from sim.experiments.sweep.folder import SWEEP
    from sim.experiments.sweep.result import load_sweep

    if (folder / SWEEP).is_file():
        yield "", load_sweep(folder)
    elif steps := [name for name in _STEPS if (folder / name / SWEEP).is_file()]:
        for name in steps:
            yield f"{name}_", load_sweep(folder / name)
    else:
        yield "", load_result(folder)


def _drawn(
    result: EnsembleResult | SweepResult,
    named: tuple[str, ...],
    kind: str,
    told: dict[str, object],
) -> dict[str, bytes]:
    """Return the pictures that are named, or else those that can be drawn."""
    from sim.plotting.pictures import catalogue, drawn, fitting

    for word in named:
        _one_of("", word, catalogue(result))
    names = named or fitting(result)
    _taken(told, names, result)
    files: dict[str, bytes] = {}
    for name in names:
        try:
            files |= drawn(result, (name,), kind, told)
        except ScenarioError as error:
            if named:
                raise
            say(f"no {name}: {error}")
        except ValueError as error:
            if "round_" not in told:
                raise
            raise UsageError(f"round: {error}") from None
    return files


def _told(asked: dict[str, str | int], result: EnsembleResult | SweepResult) -> dict[str, object]:
    """Return the arguments of the pictures, checked against the result."""
    from sim.plotting.swept import MARGIN, MEASURES

    told: dict[str, object] = dict(asked)
    axes = list(getattr(result, "axes", ()))
    known = {
        "deal": result.scenario.deals,
        "than": result.scenario.deals,
        "by": MEASURES if axes else (*Outcome.__members__, MARGIN),
        "axis": axes,
    }
    for key in known.keys() & asked.keys():
        _one_of(key, str(asked[key]), known[key])
    if "axes" in asked:
        told["axes"] = _pair(str(asked["axes"]), axes)
    if "round" in told:
        told["round_"] = told.pop("round")
    if int(asked.get("worlds", 2)) < 2:
        raise UsageError(f"worlds: expected at least 2, got {asked['worlds']}")
    return told


def _pair(text: str, axes: list[str]) -> tuple[str, str]:
    across, _, up = text.partition(",")
    if not up or across == up:
        raise UsageError(f"axes: expected two keys, as in axes=KEY,KEY, got {text!r}")
    for key in (across, up):
        _one_of("axes", key, axes)
    return across, up


def _taken(
    told: dict[str, object], names: tuple[str, ...], result: EnsembleResult | SweepResult
) -> None:
    """Refuse an argument that no picture takes."""
    from sim.plotting.pictures import catalogue, taken

    known = {key for name in names for key in taken(catalogue(result)[name])}
    for key in told:
        if key not in known:
            word = key.rstrip("_")
            raise UsageError(f"{word}: expected a picture that takes it, got {', '.join(names)}")


def _one_of(key: str, word: str, known: Iterable[str]) -> None:
    names = list(known)
    if word not in names:
        near = nearest(word, names)
        hint = f"; did you mean {near!r}?" if near else ""
        place = f"{key}: " if key else ""
        raise UsageError(f"{place}expected one of {', '.join(names)}, got {word!r}{hint}")
