"""Target: files that build on each other, by their lists of defaults."""

from __future__ import annotations

import shutil
from random import Random
from typing import Any

import yaml

from tests.fuzz.guard import inside, judged
from tests.fuzz.place import islands, scratch
from tests.fuzz.reader import Reader
from tests.fuzz.trees import ODD

_FILES = 8
_NAMED = (
    *("_self_", "_self_", "pie", "./n9.yaml", "../n0.yaml", "~/x.yaml", "/etc/passwd", "..", ""),
    *("china_russia_2004", "norway_russia_2010", "./n0", "config", "hydra", "side/beijing_2004"),
    *("/side/beijing_2004", "optional x", "${x}", "a\x00b", "x" * 400, "n0.yaml@_global_", "島"),
)
_KEYS = (
    *("override /environment", "environment", "side@claimant", "/side@holder", "override /side@x"),
    *("strategy@claimant.strategy", "protocol", "hydra/launcher", "override hydra/output", "x", ""),
    *("optional environment", "scenario", "deal", "override /protocol@_here_", "calibration"),
)
_CHOSEN = (
    "fixed",
    "stable",
    "alternating_quarterly",
    "beijing_2004",
    "moscow_2004",
    "null",
    "./n1.yaml",
)


def read_defaults(data: bytes) -> None:
    """Write up to eight files whose defaults lists name each other, and read the first."""
    from sim.io.config import load_scenario

    reader = Reader(data)
    folder = scratch() / "built"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    number = 1 + reader.byte() % _FILES
    for place in range(number):
        (folder / f"n{place}.yaml").write_text(_file(place, number, reader), encoding="utf-8")
    with inside(scratch()):
        judged(lambda: load_scenario(folder / "n0.yaml"))
        judged(lambda: islands("validate", *(str(path) for path in sorted(folder.iterdir()))))


def _file(place: int, number: int, reader: Reader) -> str:
    """Return a file, mostly of a sound form, that builds on later ones more often than not."""
    items: list[Any] = []
    for _ in range(reader.byte() % 5):
        kind = reader.byte() % 8
        if kind < 4:
            items.append(f"./n{min(place + 1 + reader.byte() % number, number)}.yaml")
        elif kind == 4:
            items.append(reader.pick([*_NAMED]))
        elif kind == 5:
            items.append({reader.pick([*_KEYS]): reader.pick([*_CHOSEN])})
        elif kind == 6:
            items.append(ODD[reader.byte() % len(ODD)])
        else:
            items.append(f"./n{reader.byte() % number}.yaml")
    if place == number - 1 and reader.byte() % 4:
        items = ["china_russia_2004", *items[:1]]
    values: dict[str, Any] = {"name": f"n{place}", "worlds": 4, "rounds": 3}
    if items or reader.byte() % 3:
        values["defaults"] = items if reader.byte() % 16 else ODD[reader.byte() % len(ODD)]
    if not reader.byte() % 8:
        values[reader.pick(["dispute", "claimant", "deals", "protocol", "evidence", "title"])] = (
            ODD[reader.byte() % len(ODD)]
        )
    header = ("", "", "", "# @package _global_\n", "# @package hydra\n", "# @package a.b\n")
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True)
    return header[reader.byte() % len(header)] + text


def default_seeds() -> list[bytes]:
    """Return decisions long enough for eight files."""
    return [bytes([number % _FILES]) + Random(number).randbytes(160) for number in range(48)]
