"""Faults of the input and errors that the command line reports, in one tree.

::

    IslandsError            what the command line reports without a traceback
    ├── ScenarioError       the files or overrides are at fault; carries every fault (exit 2)
    ├── UsageError          the command is at fault: unknown, or with a wrong argument (exit 2)
    └── RunError            the simulator is at fault, or the machine under it (exit 1)

A fault is a value (:class:`Fault`), so that functions may return all of a file's faults at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

__all__ = [
    "Fault",
    "IslandsError",
    "RunError",
    "ScenarioError",
    "UsageError",
    "alike",
    "file_error",
    "nearest",
    "one_line",
]

_HEAD, _TAIL = 1_000, 300
"""Characters of a long line that are shown: its beginning, and its end."""
_LONGEST = 200
"""Characters of a name beyond which it is no slip of the pen, and slow to compare."""
_LINES = 12
"""Faults that are shown; a file of a stranger may have any number."""


def one_line(text: str) -> str:
    r"""Return text as one printable line of at most some 1,300 characters.

    What a message quotes comes from strangers: line breaks, control characters of a terminal and
    names of a megabyte are shown, not obeyed.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> one_line("a\n  b \x1b[2J")
    'a b \\x1b[2J'
    """
    line = " ".join(text.split())
    if len(line) > _HEAD + _TAIL:
        line = f"{line[:_HEAD]} … {line[-_TAIL:]}"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


_ALIKE = (
    ("rounds", "years", "turns", "months", "periods", "duration", "horizon"),
    ("tolerance", "quota", "veto"),
    ("worlds", "runs", "samples", "repetitions", "replications", "n"),
    ("opposition", "opposed", "against", "resistance", "poll"),
    ("approval", "popularity", "rating", "ratings"),
    ("deals", "deal", "structure", "structures", "treaty", "agreement"),
    ("workers", "processes", "cores", "jobs", "threads", "cpus"),
    ("out", "output", "folder", "directory", "dir"),
    ("firmness", "stubbornness", "rigidity"),
    ("threshold", "cutoff"),
    ("discount_factor", "discount", "patience", "impatience"),
    ("scenario", "case", "model"),
    ("deadline_rounds", "deadline"),
)
"""Words that are near in meaning; where one of them does not exist, another may be meant."""
_SLIP = 0.8
"""Likeness of letters from which on a name is a slip of the pen, whatever it means."""


def alike(word: str) -> tuple[str, ...]:
    """Return words that are near in meaning to one.

    Examples
    --------
    >>> alike("quota"), alike("sea")
    (('tolerance', 'veto'), ())
    """
    found = (group for group in _ALIKE if word.lower() in group)
    return tuple(other for group in found for other in group if other != word.lower())


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the nearest of the valid names, in letters or in meaning, or None when none is near.

    A name that is valid elsewhere, and not where it was written, is no hint for itself.

    Examples
    --------
    >>> nearest("publik", ["leader", "public"])
    'public'
    >>> nearest("years", ["deals", "rounds"])
    'rounds'
    """
    if len(name) > _LONGEST:
        return None
    lowered = {candidate.lower(): candidate for candidate in names if candidate != name}
    slips = get_close_matches(name.lower(), lowered, n=1, cutoff=_SLIP)
    meant = [word for word in alike(name) if word in lowered]
    close = slips or meant or get_close_matches(name.lower(), lowered, n=1)
    return lowered[close[0]] if close else None


@dataclass(frozen=True, slots=True)
class Fault:
    """State one fault of the input: where it is, what was expected and what was found.

    Parameters
    ----------
    key : str
        Full dotted key at fault, such as ``"holder.public.opposition"``; empty for a whole file.
    expected : str
        What is admissible there, as a noun phrase; empty when `got` says it all.
    got : str
        What was found.
    suggestion : str, optional
        The nearest valid name, when a name is misspelt.
    file : str, optional
        The file that holds the key, or ``"command line"``; filled in by the loader.

    Examples
    --------
    >>> print(Fault("worlds", "a whole number of at least 1", "0", file="command line"))
    command line: worlds: expected a whole number of at least 1, got 0
    >>> print(Fault("holder.publik", "", "unknown key 'holder.publik'", "public", "a.yaml"))
    a.yaml: unknown key 'holder.publik'; did you mean 'public'?
    """

    key: str
    expected: str
    got: str
    suggestion: str | None = None
    file: str | None = None

    def __str__(self) -> str:
        """Say the fault in one line."""
        key = "" if f"'{self.key}'" in self.got else self.key
        place = "".join(f"{part}: " for part in (self.file, key) if part)
        hint = f"did you mean {self.suggestion!r}?" if self.suggestion else ""
        if short := _shortened(self.expected):
            text = f"{self.got} is unknown; {hint or 'expected'} {'(' if hint else ''}{short}"
            return one_line(f"{place}{text}{')' if hint else ''}")
        text = f"expected {self.expected}, got {self.got}" if self.expected else self.got
        return one_line(f"{place}{text}{f'; {hint}' if hint else ''}")

    def located(self, file: str) -> Fault:
        """Return the fault with the file that holds it, unless it names one already."""
        return self if self.file else replace(self, file=file)


_ONE_OF = "one of "


def _shortened(expected: str) -> str:
    """Return the first dozen names of a long list of them, and how many more there are.

    Examples
    --------
    >>> _shortened("one of a, b, c"), _shortened("a number")
    ('', '')
    >>> _shortened("one of " + ", ".join("abcdefghijklmnop"))
    'one of a, b, c, d, e, f, g, h, i, j, k, l and 4 more'
    """
    names = expected.removeprefix(_ONE_OF).split(", ")
    if not expected.startswith(_ONE_OF) or len(names) <= _LINES:
        return ""
    return f"{_ONE_OF}{', '.join(names[:_LINES])} and {len(names) - _LINES:,} more"


class IslandsError(Exception):
    """Be the root of all errors of this package that a user may meet.

    Attributes
    ----------
    exit_code : int
        What the command line exits with.
    """

    exit_code: int = 1

    def __str__(self) -> str:
        """Say it in one line."""
        return one_line(super().__str__())


class ScenarioError(IslandsError):
    """Report all faults of a scenario, its parts and its overrides at once.

    Parameters
    ----------
    faults : iterable of Fault
        At least one fault.

    Examples
    --------
    >>> raise ScenarioError([Fault("rounds", "a whole number", "'x'", file="a.yaml")])
    Traceback (most recent call last):
        ...
    sim.errors.ScenarioError: a.yaml: rounds: expected a whole number, got 'x'
    """

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults in the order found, each once."""
        self.faults: tuple[Fault, ...] = tuple(dict.fromkeys(faults))
        super().__init__(*self.faults)

    def __str__(self) -> str:
        """Say each fault in a line of its own."""
        lines = [str(fault) for fault in self.faults[:_LINES]]
        more = len(self.faults) - len(lines)
        return "\n".join([*lines, *([f"… and {more:,} more faults"] if more else [])])

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Fault, ...]]]:
        """Survive the way back from a worker process."""
        return type(self), (self.faults,)


def file_error(path: Path, expected: str, got: str, key: str = "") -> ScenarioError:
    """Return the error of one fault of a file or folder, or of a key in it."""
    return ScenarioError([Fault(key, expected, got, file=str(path))])


class UsageError(IslandsError):
    """Report a command line that asks for something that does not exist."""

    exit_code = 2


class RunError(IslandsError):
    """Report that a run could not be finished, although its scenario is sound."""

    exit_code = 1
