"""Draw what fits the folder of a run.

Usage: islands plot DIR [PICTURE …] [format=png|svg|pdf] [out=FOLDER]

PICTURE is one of funnel, survival, differences, flow; without one, all that fit are drawn. They go
to DIR-pictures beside the folder, unless said otherwise.
"""

from __future__ import annotations

from pathlib import Path

from sim.cli.options import options
from sim.cli.screen import say
from sim.errors import UsageError
from sim.io.atomic import write_atomically
from sim.io.library import nearest

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Write the pictures of a run."""
    words = [word for word in arguments if "=" not in word]
    if not words:
        raise UsageError("expected the folder of a run: islands plot DIR [PICTURE …]")
    asked = options([word for word in arguments if "=" in word], {"format": str, "out": str})
    from sim.experiments.loading import load_result
    from sim.plotting import PICTURES, drawn
    from sim.plotting.canvas import FORMATS

    kind = str(asked.get("format", "png"))
    if kind not in FORMATS:
        raise UsageError(f"format: expected one of {', '.join(FORMATS)}, got {kind!r}")
    for word in words[1:]:
        if word not in PICTURES:
            near = nearest(word, list(PICTURES))
            hint = f"; did you mean {near!r}?" if near else ""
            raise UsageError(f"expected one of {', '.join(PICTURES)}, got {word!r}{hint}")
    folder = Path(words[0]).absolute()
    out = Path(str(asked.get("out", folder.with_name(f"{folder.name}-pictures"))))
    files = drawn(load_result(folder), tuple(words[1:]) or None, kind)
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_atomically(out / name, data)
    say(f"Pictures in {out}: {', '.join(files)}")
    return 0
