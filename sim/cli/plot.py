"""Draw what fits the folder of a run.

Usage: islands plot DIR [PICTURE …] [key=value …]

  PICTURE           funnel, survival, differences, flow, talks, utility_space, win_sets, opinion;
                    without one, all that fit are drawn
  deal=NAME         the structure to draw: flow, talks, utility_space, win_sets, opinion
  world=N round=N   which world, seen in which round: talks, utility_space
  than=NAME by=OUTCOME   differences: from which structure, and in the share of which outcome or
                    in zopa_margin
  format=png        or svg, pdf
  out=FOLDER        else DIR-pictures beside the folder
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.options import options
from sim.cli.screen import say
from sim.domain.outcome import Outcome
from sim.errors import UsageError
from sim.io.atomic import write_atomically
from sim.io.library import nearest

if TYPE_CHECKING:
    from sim.experiments.result import EnsembleResult

__all__ = ["main"]

_ASKED = {"deal": str, "world": int, "round": int, "than": str, "by": str}
_KNOWN = {**_ASKED, "format": str, "out": Path}


def main(arguments: list[str]) -> int:
    """Write the pictures of a run."""
    words = [word for word in arguments if "=" not in word]
    if not words:
        raise UsageError("expected the folder of a run: islands plot DIR [PICTURE …]")
    asked = options([word for word in arguments if "=" in word], _KNOWN)
    from sim.experiments.loading import load_result
    from sim.plotting.canvas import FORMATS
    from sim.plotting.pictures import PICTURES, drawn, fitting

    kind = str(asked.get("format", "png"))
    _one_of("format", kind, FORMATS)
    for word in words[1:]:
        _one_of("", word, PICTURES)
    folder = Path(words[0]).absolute()
    result = load_result(folder)
    names = tuple(words[1:]) or fitting(result)
    told = _told({key: asked[key] for key in _ASKED if key in asked}, result)
    _taken(told, names)
    try:
        files = drawn(result, names, kind, told)
    except ValueError as error:
        if "round_" not in told:
            raise
        raise UsageError(f"round: {error}") from None
    out = Path(str(asked.get("out", folder.with_name(f"{folder.name}-pictures"))))
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_atomically(out / name, data)
    say(f"Pictures in {out}: {', '.join(files)}")
    return 0


def _told(asked: dict[str, str | int], result: EnsembleResult) -> dict[str, object]:
    """Return the arguments of the pictures, checked against the run."""
    told: dict[str, object] = dict(asked)
    for key in ("deal", "than"):
        if key in asked:
            _one_of(key, str(asked[key]), result.scenario.deals)
    if "by" in asked:
        _one_of("by", str(asked["by"]), (*Outcome.__members__, "zopa_margin"))
    if "round" in told:
        told["round_"] = told.pop("round")
    return told


def _taken(told: dict[str, object], names: tuple[str, ...]) -> None:
    """Refuse an argument that no picture takes."""
    from sim.plotting.pictures import PICTURES, taken

    known = {key for name in names for key in taken(PICTURES[name])}
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
