"""Faults on purpose: commands that write, each stopped or starved at one operation on files.

``python -m tests.faults [COMMAND …]`` tries every command at every operation below its folder.
"""

from __future__ import annotations

import errno
import json
import os
import pkgutil
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["COMMANDS", "FAULTS", "Typed", "abandoned", "attack", "contents_of", "undisturbed"]

SMALL = (
    "scenario=dispute/scenario.yaml",
    "deals=[dispute_line]",
    "worlds=8",
    "rounds=4",
    "engine=array",
    "workers=1",
)
"""A scenario of the template, which `prepared` writes, in few worlds."""
_FRAME = "holder.preferences.frame_factor"


@dataclass(frozen=True)
class Typed:
    """A command, what is typed while it runs, and what must have been written before.

    Parameters
    ----------
    words : tuple of str
    lines : str
    after : tuple of str
        Names of commands that are typed first.
    """

    words: tuple[str, ...]
    lines: str = ""
    after: tuple[str, ...] = ()


def _s(*words: str, lines: str = "", after: tuple[str, ...] = ()) -> Typed:
    return Typed(words, lines, after)


COMMANDS: dict[str, Typed] = {
    "run": _s("run", *SMALL, "out=out", "format=csv", "draws=true"),
    "multirun": _s("run", "-m", *SMALL, "seed=1,2", "out=out"),
    "compare": _s("compare", *SMALL, "vs", "rounds=3", "out=out"),
    "sweep": _s(
        "sweep", *SMALL, "holder.preferences.frame_factor=0.3,0.5", "out=out", "format=csv"
    ),
    "sensitivity": _s(
        "sensitivity",
        *SMALL,
        f"{_FRAME}=interval(0.3,0.5)",
        "trajectories=2",
        "base=2",
        "out=out",
    ),
    "branch": _s("branch", *SMALL, "at=1", "set=holder.leader=successor", "out=out"),
    "branch_world": _s(
        "branch", *SMALL, "world=1", "at=1", "set=holder.leader=successor", "out=out"
    ),
    "infer": _s("infer", *SMALL, "worlds=64", "observed=readings.yaml", "keep=20", "out=out"),
    "conditions": _s("conditions", *SMALL, "effort=quick", "out=out"),
    "play": _s(
        "play", *SMALL, "side=claimant", "game=out.json", lines="auto\nauto\nauto\nauto\nauto\n"
    ),
    "schema": _s("schema", "out=out"),
    "new": _s("new", "dispute", "pond", "in=out"),
    "negotiate": _s(
        "negotiate", "domain.xml", "one.xml", "two.xml", "rounds=2", "out=out", "game=out.efg"
    ),
    "plot": _s("plot", "out", "funnel", "gates", after=("run",)),
    "report": _s("report", "out", after=("run",)),
}
"""Every command that writes, in a folder that `prepared` has filled."""

READINGS = """\
observed:
  nothing_yet:
    label: nothing is signed
    kind: signed
    at: 1
    value: false
    assumption: for the test
"""


def imported() -> None:
    """Import all that commands may ask for, so that a child need not."""
    import sim

    for module in pkgutil.walk_packages(sim.__path__, "sim."):
        if "explore" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)


def prepared(folder: Path) -> Path:
    """Fill a folder with what the commands read, and return it."""
    from sim.domain.bargaining import Domain, Figures, Issue, Profile
    from sim.io.genius import domain_xml, profile_xml
    from sim.io.template import write_dispute

    folder.mkdir(parents=True)
    write_dispute("dispute", folder)
    (folder / "readings.yaml").write_text(READINGS, encoding="utf-8")
    issues = tuple(Issue(place, f"i{place}", "discrete", ("yes", "no")) for place in (1, 2))
    domain = Domain("two", issues)
    (folder / "domain.xml").write_bytes(domain_xml(domain))
    for name, best in (("one", (2.0, 1.0)), ("two", (1.0, 2.0))):
        profile = Profile(name, domain, (0.4, 0.6), (Figures(best), Figures((1.0, 3.0))))
        (folder / f"{name}.xml").write_bytes(profile_xml(profile))
    return folder


_NOBODY = 999_999_999
"""A number that no process has."""


def abandoned(path: Path, kind: str = "tmp") -> Path:
    """Return the name of what a killed process would leave beside a path."""
    from sim.io.files import draft

    name = draft(path, kind).name.replace(f"-{os.getpid()}-", f"-{_NOBODY}-")
    return path.with_name(name)


def is_draft(name: str) -> bool:
    """Tell whether a path below a folder is of what was not written whole."""
    return any(part.startswith(".") for part in Path(name).parts)


_TIMES = ("started", "finished")
_STAMP = re.compile(rb"\d{4}-\d\d-\d\d[T_ ]\d\d[:-]\d\d[:-]\d\d([+-]\d\d:\d\d|-\d{6})?")


def contents_of(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, hidden ones too, without clock time and its own path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if path.name == "provenance.json":
            values = json.loads(data)
            data = json.dumps({k: v for k, v in values.items() if k not in _TIMES}).encode()
        if path.name == "multirun.yaml":
            data = b""  # Hydra's own record, with clock times in names of folders
        if path.suffix in (".html", ".yaml"):
            data = _STAMP.sub(b"", data.replace(str(folder).encode(), b""))
        found[path.relative_to(folder).as_posix()] = data
    return found


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _interrupted() -> None:
    raise KeyboardInterrupt


def _refused(number: int) -> Callable[[], None]:
    def fault() -> None:
        raise OSError(number, os.strerror(number))

    return fault


FAULTS: dict[str, Callable[[], None]] = {
    "killed": _killed,
    "interrupted": _interrupted,
    "full disk": _refused(errno.ENOSPC),
    "read-only": _refused(errno.EROFS),
    "no descriptors": _refused(errno.EMFILE),
}
"""What may happen at an operation on files, by name."""
_OPENING = ("open", "os.mkdir", "os.rename")
_CLOSING = ("os.remove", "os.rmdir")
_WRITING = os.O_WRONLY | os.O_RDWR
_PATIENCE = 300.0


class _Watch:
    """Count operations that change files below a folder; one of them ends in a fault."""

    def __init__(self, folder: Path, fault: str, at: int) -> None:
        self._below, self._fault, self._at = f"{folder}{os.sep}", FAULTS.get(fault), at
        all_ = fault in ("", "killed", "interrupted")
        self._events = {*_OPENING, *(_CLOSING if all_ else ())}
        self.seen = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in self._events or not isinstance(arguments[0], (str, bytes)):
            return
        if event == "open" and not arguments[2] & _WRITING:
            return
        if not str(Path(os.fsdecode(arguments[0])).absolute()).startswith(self._below):
            return
        self.seen += 1
        if self.seen == self._at and self._fault is not None:
            self._fault()


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Parameters
    ----------
    code : int
        Exit code; below 0, a signal.
    said : str
        Standard error.
    operations : int
        How many operations changed files below its folder; -1 where it was killed.
    """

    code: int
    said: str
    operations: int


def typed(command: Typed, folder: Path, fault: str = "", at: int = 0) -> Ended:
    """Type a command in a child of this process, and let one operation on files fail."""
    log, count = (folder.with_name(f"{folder.name}.{kind}") for kind in ("log", "count"))
    count.write_text("-1")
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = _child(command, folder, log, count, _Watch(folder, fault, at))
        finally:
            os._exit(code)
    until = time.monotonic() + _PATIENCE
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    said = log.read_text(errors="replace")
    return Ended(os.waitstatus_to_exitcode(ended[1]), said, int(count.read_text()))


def _child(command: Typed, folder: Path, log: Path, count: Path, watch: _Watch) -> int:
    from sim.cli import main

    os.chdir(folder)
    reading, writing = os.pipe()
    os.write(writing, command.lines.encode())
    os.close(writing)
    os.dup2(reading, 0)
    for number in (1, 2):
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        setattr(sys, name, os.fdopen(number, mode, closefd=False))
    sys.argv = ["islands", *command.words]
    sys.addaudithook(watch)
    code = main(list(command.words))
    seen = watch.seen
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    count.write_text(str(seen))
    return code


def undisturbed(name: str, folder: Path) -> tuple[dict[str, bytes], int]:
    """Type a command, and what must come before it, in a new folder.

    Returns
    -------
    (contents, operations)
        What the folder holds, and how many operations the command took.
    """
    prepared(folder)
    for each in (*COMMANDS[name].after, name):
        ended = typed(COMMANDS[each], folder)
        if ended.code:
            raise AssertionError(f"{each}: exit code {ended.code}: {ended.said}")
    return contents_of(folder), ended.operations


def attack(name: str, fault: str, at: int, folder: Path, whole: dict[str, bytes]) -> list[str]:
    """Let one operation of a command fail, type it again, and say all that is not as it should be.

    Parameters
    ----------
    name, fault : str
        Of `COMMANDS` and `FAULTS`.
    at : int
        Which operation, from 1 on.
    folder : Path
        A new one.
    whole : dict of name to bytes
        What an undisturbed command writes.
    """
    prepared(folder)
    for each in COMMANDS[name].after:
        typed(COMMANDS[each], folder)
    ended = typed(COMMANDS[name], folder, fault, at)
    left = [key for key in contents_of(folder) if is_draft(key)]
    again = typed(_gone_on(name, folder), folder)
    now = contents_of(folder)
    other = sorted(key for key in now.keys() | whole.keys() if now.get(key) != whole.get(key))
    text = ended.said + again.said
    made = name == "new" and ended.code == 0  # the fault was at what it can do without
    codes = {"killed": (-signal.SIGKILL,), "interrupted": (0, 130)}.get(fault, (0, 1, 2))
    wrong = {
        f"exit code {ended.code}": ended.code not in codes,
        f"drafts left: {left}": fault != "killed" and bool(left),
        f"the same again: exit code {again.code}": again.code != (2 if made else 0),
        f"other files in the end: {other}": bool(other),
        f"said {text}": any(word in text for word in ("Traceback", "details are in")),
    }
    return [what for what, there in wrong.items() if there]


def _gone_on(name: str, folder: Path) -> Typed:
    """Return what is typed after a fault: the same, but for a game, which is gone on with."""
    command = COMMANDS[name]
    if name == "play" and (folder / "out.json").is_file():
        return Typed(("play", *SMALL, "game=out.json"), command.lines)
    return command


def main(words: list[str]) -> int:
    """Try every fault at operations of commands, and tell what is not as it should be.

    Parameters
    ----------
    words : list of str
        Names of commands; none, all; a number first is how many operations are tried.
    """
    most = int(words.pop(0)) if words and words[0].isdigit() else 1_000
    imported()
    bad = 0
    for name in words or COMMANDS:
        with tempfile.TemporaryDirectory() as scratch:
            whole, operations = undisturbed(name, Path(scratch) / "whole")
            chosen = random.Random(name).sample(range(1, operations + 1), min(most, operations))
            for fault in FAULTS:
                found = {}
                for at in sorted(chosen):
                    folder = Path(scratch) / f"{fault}-{at}"
                    found[at] = attack(name, fault, at, folder, whole)
                    shutil.rmtree(folder)
                wrong = {at: what for at, what in found.items() if what}
                bad += len(wrong)
                said = [f"{name}, {fault}: {len(found)} of {operations}, {len(wrong)} bad"]
                said += [f"  {at}: {what}" for at, what in wrong.items()]
                sys.stdout.write("\n".join([*said, ""]))
                sys.stdout.flush()
    return bad


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
