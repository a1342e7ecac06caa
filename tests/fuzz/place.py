"""Where targets write, and how they type a command."""

from __future__ import annotations

import tempfile
from atexit import register
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from shutil import rmtree
from typing import Any


@cache
def scratch() -> Path:
    """Return a folder of this process for everything that is written."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.get_configdir(), mpl.get_cachedir()  # makes them once
    folder = Path(tempfile.mkdtemp(prefix="islands-fuzz-"))
    register(rmtree, folder, ignore_errors=True)
    return folder


def islands(*arguments: str) -> None:
    """Type a command; what it would say goes nowhere."""
    from sim.cli.dispatch import main

    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        main(["--debug", *arguments])


def printed(page: Any) -> None:
    """Print a page as a terminal would; what it says goes nowhere."""
    from sim.report.screen import display

    with redirect_stdout(StringIO()):
        display(page)
