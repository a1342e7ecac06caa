"""Send the command line to its command, and turn every error into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper

from sim.cli.log import write_log
from sim.cli.registry import COMMANDS
from sim.cli.screen import complain, say
from sim.errors import IslandsError, UsageError, one_line
from sim.memo import gc_tuning

__all__ = ["main"]

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
    gc_tuning()
    _show_anything()
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        return _dispatch(arguments)
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except IslandsError as error:
        if debug:
            raise
        complain(str(error))
        return error.exit_code
    except Exception as error:  # the last resort: a log instead of a traceback
        if debug:
            raise
        text = one_line(str(error)) or "no message"
        complain(f"{type(error).__name__}: {text}; the details are in {write_log(error)}")
        return 1


def _show_anything() -> None:
    """Let signs that the terminal's encoding lacks be shown by their number, not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


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
    module = import_module(_module(name))
    if {"-h", "--help"} & set(rest):
        say(module.help() if hasattr(module, "help") else (module.__doc__ or "").strip())
        return 0
    return int(module.main(rest))


def _module(name: str) -> str:
    if name == "completion":
        return "sim.cli.completion"
    if name in COMMANDS:
        return COMMANDS[name].module
    near = get_close_matches(name, COMMANDS, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UsageError(f"unknown command {name!r}{hint} (one of {', '.join(COMMANDS)})")


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.help}" for name, command in COMMANDS.items()]
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
        ]
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("four-islands")
    except PackageNotFoundError:
        return "of a source tree that is not installed"
