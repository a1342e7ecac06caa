"""Make one HTML page of a run, to be mailed to someone without Python: it needs no network.

Usage: islands report DIR [out=FILE]

DIR is the folder of a run; FILE, unless said otherwise, lies beside it and is called DIR.html.
"""

from __future__ import annotations

from pathlib import Path

from sim.cli.options import options
from sim.cli.screen import say
from sim.errors import UsageError
from sim.io.files import write_atomically

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Write the page of a run."""
    if not arguments or "=" in arguments[0]:
        raise UsageError("expected the folder of a run: islands report DIR [out=FILE]")
    asked = options(arguments[1:], {"out": Path})
    folder = Path(arguments[0])
    beside = Path(f"{folder.absolute()}.html")
    out = Path(str(asked.get("out", beside)))
    if out.is_dir():
        raise UsageError(f"out: expected a file, got the folder {out}")
    from sim.cli.dossier import dossier
    from sim.experiments.result import load_result
    from sim.plotting import pictures

    result = load_result(folder)
    files = {name: folder / name for name in ("funnel.png", "survival.png")}
    if all(path.is_file() for path in files.values()):
        drawn = {name: path.read_bytes() for name, path in files.items()}
    else:
        drawn = pictures(result)
    write_atomically(out, dossier(result, drawn).encode())
    say(f"Report in {out}")
    return 0
