"""Keep the digests of the baseline, and say what differs from them and what that may come from."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from tests.baseline.measure import Digests

ROOT = Path(__file__).resolve().parents[2]
BOOK = Path(__file__).with_name("digests.json")
_LIBRARIES = ("numpy", "scipy", "numba", "llvmlite", "pandas", "mesa")


def kept() -> dict[str, Any]:
    """Return what was written down: `made_with`, and `digests` of each case."""
    book: dict[str, Any] = json.loads(BOOK.read_text(encoding="utf-8"))
    return book


def write(digests: dict[str, Digests]) -> None:
    """Write digests down, with what they were made with."""
    book = {"made_with": here(), "digests": digests}
    BOOK.write_text(json.dumps(book, indent=1) + "\n", encoding="utf-8")


def here() -> dict[str, str]:
    """Return what bits may depend on besides the code."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()),
        "python": platform.python_version(),
        **{name: _version(name) for name in _LIBRARIES},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def measured(case: str) -> dict[str, Digests]:
    """Return the digests of a case, by each way to get at them, measured in a new process.

    There numpy uses nothing that only some processors have: its powers and exponentials differ in
    the last bit from one processor to the next.
    """
    features = np.show_config(mode="dicts")["SIMD Extensions"]
    beyond = [*features.get("found", ()), *features.get("not found", ())]
    done = subprocess.run(
        [sys.executable, "-m", "tests.baseline.measure", case],
        cwd=ROOT,
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(beyond)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Digests] = json.loads(done.stdout)
    return found


def merged(found: dict[str, Digests]) -> Digests:
    """Return the digests of all ways in one; where they disagree, the first way's."""
    whole: Digests = {}
    for digests in reversed(found.values()):
        for deal, columns in digests.items():
            whole[deal] = {**whole.get(deal, {}), **columns}
    return whole


def differences(case: str, found: dict[str, Digests], expected: Digests) -> list[str]:
    """Name case, structure, way (engine, workers) and column of all that is not as expected."""
    faults = []
    for way, digests in found.items():
        tables = {name.partition(".")[0] for columns in digests.values() for name in columns}
        for deal in {**expected, **digests}:
            known = {
                name: value
                for name, value in expected.get(deal, {}).items()
                if name.partition(".")[0] in tables
            }
            seen = digests.get(deal, {})
            faults += [
                f"{case}, {deal}, {way}, {name}: {known.get(name)} became {seen.get(name)}"
                for name in {**known, **seen}
                if known.get(name) != seen.get(name)
            ]
    return faults


def suspects(made_with: dict[str, str]) -> str:
    """Say what is not as it was when the digests were written, if anything."""
    now = here()
    other = [
        f"{name} {made_with.get(name)}, here {now.get(name)}"
        for name in {**made_with, **now}
        if made_with.get(name) != now.get(name)
    ]
    if not other:
        return "Platform and libraries are those it was made with: the code computes otherwise."
    return (
        "Bits are promised per platform and lock file, and the baseline was made with others: "
        f"{'; '.join(other)}. So this need not be the code."
    )
