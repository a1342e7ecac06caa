"""Play one scenario from overrides to files, and print what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from threading import Thread

from sim.cli.screen import display
from sim.io.config import load_run
from sim.io.files import check_writable

__all__ = ["folder", "play"]


def play(overrides: Sequence[str], default: Path | None = None) -> None:
    """Run a scenario and save its results.

    Parameters
    ----------
    overrides : sequence of str
        ``key=value``, among them ``scenario=NAME``.
    default : Path, optional
        Where results go unless ``out`` says otherwise.
    """
    scenario, settings = load_run(None, overrides)
    out = settings.out or default or folder()
    check_writable(out)
    from sim.experiments import ensemble
    from sim.report.outcomes import render

    # What draws takes long to import, and is not needed before the worlds have been played.
    Thread(target=import_module, args=("sim.plotting",), daemon=True).start()
    result = ensemble.run(scenario, workers=settings.workers, progress=sys.stderr.isatty())
    from sim.plotting import pictures

    result.save(out, also=pictures(result))
    display(render(result, out))


def folder() -> Path:
    """Return the folder of a run without a name: by its time, to the microsecond."""
    return Path("outputs") / datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")
