"""Entry point of `islands`: the registry of commands, and errors as one line and an exit code."""

from __future__ import annotations

import errno
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import IslandsError, UsageError, nearest, one_line
from sim.gc_tuning import collect_garbage_seldom
from sim.paths import private_folder
from sim.report.screen import ReaderGoneError, complain, say

if TYPE_CHECKING:
    from sim.cli.options import Command

__all__ = ["COMMANDS", "command_named", "main"]

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("run.Run", "play a scenario in many worlds; write tables and figures"),
    "compare": ("compare.Compare", "compare runs, scenarios or changes in the same worlds"),
    "sweep": ("sweep.Sweep", "play many settings of a scenario; goes on where it stopped"),
    "status": ("sweep.Status", "tell how far a sweep is, running or stopped"),
    "explain": ("explain.Explain", "say why structures end as they do, and what stops them"),
    "branch": ("branch.Branch", "set something in a round: what would have been, same shocks"),
    "play": ("play.Play", "play one side of a world against the engine; then a debriefing"),
    "infer": ("infer.Infer", "ask what was observed says of uncertain numbers: posteriors"),
    "unlock": ("explain.Unlock", "find the smallest change after which a structure settles"),
    "conditions": ("conditions.Conditions", "ask what it would take, and who is nearest"),
    "sensitivity": ("analysis.Sensitivity", "ask which uncertainty decides what happens"),
    "discover": ("analysis.Discover", "say in words where a structure settles"),
    "new": ("files.New", "write the files of a dispute of your own, to be changed"),
    "explore": ("explore.Explore", "open a page on which to move numbers and look"),
    "list": ("files.List", "name the scenarios, structures, sides and other parts"),
    "show": ("files.Show", "tell a scenario in words: who wants what and why"),
    "validate": ("files.Validate", "check files without running them"),
    "report": ("plot.Report", "make one HTML page of results for a superior, to be mailed"),
    "schema": ("files.Schema", "write the schema of a file for completion in editors"),
    "hindcast": ("history.Hindcast", "forecast the episodes of the record; score forecasts"),
    "calibrate": ("history.Calibrate", "fit what all episodes share to what is known of them"),
    "negotiate": ("exchange.Negotiate", "let two profiles of a Genius domain negotiate"),
    "stability": ("exchange.Stability", "tell which states of a conflict anybody would leave"),
    "plot": ("plot.Plot", "draw what fits the folder of a run or sweep"),
    "evidence": ("evidence.Evidence", "show the facts, and the numbers that rest on them"),
}
"""Class of each command, in this room and loaded when it is asked for, and one line of help."""

INTERRUPTED = 130
_COMPLETION = {"-sc", "--shell-completion"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; absent, those of this process.

    Returns
    -------
    int
        0 when all went well, 1 when the simulator failed, 2 when the input is at fault, 130 when
        interrupted.
    """
    collect_garbage_seldom()
    _show_anything()
    _draw_anywhere()
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        return _dispatch(arguments)
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except ReaderGoneError:
        return 0
    except IslandsError as error:
        if debug:
            raise
        complain(str(error))
        return error.exit_code
    except MemoryError as error:
        if debug:
            raise
        less = "fewer worlds=N, deals=[…] or workers=N need less"
        complain(one_line(f"there is not enough memory: {less} ({error})".removesuffix(" ()")))
        return 1
    except OSError as error:
        if debug or error.errno not in (errno.ENAMETOOLONG, errno.ELOOP):
            return _failed(error, debug=debug)
        complain(one_line(f"expected a path, got {error.filename!r}: {error.strerror}"))
        return UsageError.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort: a log instead of a traceback
        return _failed(error, debug=debug)


def _failed(error: Exception, *, debug: bool) -> int:
    if debug:
        raise error
    text = one_line(str(error)) or "no message"
    complain(f"{type(error).__name__}: {text}; {_logged(error)}")
    return 1


def _logged(error: BaseException) -> str:
    """Write command and traceback of an error to a new temporary file, and say to which."""
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")
    command = " ".join(sys.argv)
    try:
        path = Path(tempfile.gettempdir()) / f"islands_{stamp}.log"
        text = f"{command}\n\n{''.join(traceback.format_exception(error))}"
        path.write_text(text, errors="backslashreplace")
    except OSError:
        return "its details cannot be written anywhere (--debug shows them)"
    return f"the details are in {path}"


_LAST_STREAM = 2


def _show_anything() -> None:
    """Let signs that the terminal's encoding lacks be shown by their number, not fail.

    No file of ours takes the place of a standard stream that is closed, and what a library cannot
    log is not told in tracebacks.
    """
    logging.raiseExceptions = False
    while (taken := os.open(os.devnull, os.O_RDWR)) <= _LAST_STREAM:
        pass
    os.close(taken)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _draw_anywhere() -> None:
    """Let matplotlib draw without a screen, and keep its fonts where this user may write."""
    os.environ["MPLBACKEND"] = "agg"
    if "MPLCONFIGDIR" in os.environ or all(map(_writable, ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"))):
        return
    if folder := private_folder("matplotlib"):
        os.environ["MPLCONFIGDIR"] = str(folder)


_AT_HOME = {"XDG_CONFIG_HOME": "~/.config", "XDG_CACHE_HOME": "~/.cache"}


def _writable(name: str) -> bool:
    """Tell whether a folder that an environment variable may name is there, or can be made."""
    try:
        path = Path(os.environ.get(name) or _AT_HOME[name]).expanduser().absolute()
        above = next(folder for folder in (path, *path.parents) if folder.exists())
        return above.is_dir() and os.access(above, os.W_OK | os.X_OK)
    except (OSError, RuntimeError):  # no home at all
        return False


def _dispatch(arguments: list[str]) -> int:
    if _COMPLETION & set(arguments):
        arguments = ["completion", *(item for item in arguments if item not in _COMPLETION)]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        say(_usage())
        return 0
    if arguments[0] in ("-V", "--version"):
        say(f"islands {_version()}")
        return 0
    name, rest = arguments[0], arguments[1:]
    if "=" in name or name in ("-m", "--multirun"):
        name, rest = "run", arguments
    if name == "completion":
        return int(import_module("sim.cli.completion").main(rest))
    command = command_named(name)
    from sim.cli.options import help_text, parse

    if {"-h", "--help"} & set(rest):
        say(help_text(command, name))
        return 0
    _check_here()
    return parse(command, rest).run()


def _check_here() -> None:
    """Refuse to work in a folder that somebody has removed."""
    try:
        Path.cwd()
    except OSError as error:
        why = "the folder you are in is no longer there: change to one that is"
        raise UsageError(why) from error


def command_named(name: str) -> type[Command]:
    """Return the class of a command.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    if name not in COMMANDS:
        near = nearest(name, list(COMMANDS))
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"unknown command {name!r}{hint} (one of {', '.join(COMMANDS)})")
    module, _, kind = COMMANDS[name][0].partition(".")
    found: type[Command] = getattr(import_module(f"sim.cli.{module}"), kind)
    return found


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {told}" for name, (_, told) in COMMANDS.items()]
    return "\n".join(
        [
            "islands: who could sign what, how often, how soon, and what stops the others",
            "",
            "Usage: islands COMMAND [key=value …]",
            "",
            *lines,
            "",
            "islands COMMAND --help tells more. islands --version; --debug shows tracebacks.",
            'Completion: eval "$(islands --shell-completion install=bash)" (or zsh)',
            "            islands --shell-completion install=fish | source",
        ]
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("four-islands")
    except PackageNotFoundError:
        return "of a source tree that is not installed"
