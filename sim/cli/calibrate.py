"""Fit the factors that all episodes share to what is known of them together.

Usage: islands calibrate [key=value …]

  draws=N               draws of the factors (1024)
  each=N                worlds of each structure for each draw, a divisor of 1,024 (32)
  keep=N                how many draws in a hundred are kept (5)
  seed=N                (1855)
  prior=NAME            what to start from, of `islands list calibrations` (prior)
  out=FILE              write the fitted ranges; choose them with calibration=FILE
  doc=FILE              write a page: misfits by mark, and what history says nothing about
  workers=N             processes

The same arguments give the same files, to the byte.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sim.cli.options import options
from sim.cli.screen import say
from sim.io.files import write_atomically

__all__ = ["main"]

_KNOWN = {
    **dict.fromkeys(("draws", "each", "keep", "seed", "workers"), int),
    "prior": str,
    **dict.fromkeys(("out", "doc"), Path),
}


def main(arguments: list[str]) -> int:
    """Calibrate, and show what came of it."""
    from sim.experiments.history.calibration import CalibrationSizes, run
    from sim.io.history import load_calibration
    from sim.report.calibration import page, ranges

    given: dict[str, Any] = {**options(arguments, _KNOWN)}
    sizes: dict[str, Any] = {name: given[name] for name in ("draws", "each") if name in given}
    if "keep" in given:
        sizes["keep"] = given["keep"] / 100
    rest = {name: given[name] for name in ("seed", "workers") if name in given}
    prior = load_calibration(given.get("prior", "prior"))
    result = run(prior=prior, sizes=CalibrationSizes(**sizes), **rest, progress=sys.stderr.isatty())
    texts = {"out": ranges(result), "doc": page(result)}
    for name in texts.keys() & given.keys():
        write_atomically(Path(given[name]), texts[name].encode())
    say(texts["doc"].rstrip())
    return 0
