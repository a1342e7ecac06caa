"""Hunt in all targets, one after another: ``python -m tests.fuzz [SECONDS=600] [TARGET …]``.

Each target runs in a process of its own, with at most 2 GB of memory and 20 seconds for an input.
The summary goes to the terminal and, with all output, to the folder ``fuzz-out``; exit code 1 says
that something was found.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import TARGETS

OUT = Path("fuzz-out")
MEGABYTES, EACH_SECONDS, LONGEST = 2048, 20, 200_000
GRACE = 600
"""Seconds that a hunt may take to start and to end."""


@dataclass(frozen=True)
class Hunted:
    """What came of one target."""

    name: str
    seconds: float
    runs: int
    coverage: int
    megabytes: int
    findings: list[str]


def main(arguments: list[str]) -> int:
    """Hunt, and say what was found."""
    asked = dict(word.split("=", 1) for word in arguments if "=" in word)
    names = [word for word in arguments if "=" not in word] or list(TARGETS)
    seconds = float(asked.get("SECONDS", 600)) / len(names)
    found = [hunt(name, seconds) for name in names]
    lines = ["target        seconds    inputs  coverage  MB peak  findings"]
    for one in found:
        lines.append(
            f"{one.name:<12} {one.seconds:>8.0f} {one.runs:>9,} {one.coverage:>9,} "
            f"{one.megabytes:>8,} {len(one.findings):>9}"
        )
        lines += [f"    {finding}" for finding in one.findings]
    text = "\n".join(lines)
    (OUT / "summary.txt").write_text(f"{text}\n")
    sys.stdout.write(f"{text}\n")
    return int(any(one.findings for one in found))


def hunt(name: str, seconds: float) -> Hunted:
    """Hunt in one target; what stops the process is started again with what time is left."""
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    started, runs, coverage, megabytes, stops = time.monotonic(), 0, 0, 0, 0
    while (left := seconds - (time.monotonic() - started)) > 2 and stops < 20:
        command = [sys.executable, "-m", "tests.fuzz.hunt", name, str(folder)]
        command += [f"-max_total_time={left:.0f}", f"-rss_limit_mb={MEGABYTES}"]
        command += [f"-timeout={EACH_SECONDS}", f"-max_len={LONGEST}", "-print_final_stats=1"]
        command += [f"-artifact_prefix={folder}/findings/"]
        code, said = _ran(command, left + GRACE, folder)
        runs += _last(r"stat::number_of_executed_units: (\d+)|^#(\d+)", said)
        coverage = max(coverage, _last(r"cov: (\d+)", said))
        megabytes = max(megabytes, _last(r"rss: (\d+)Mb", said))
        if code == 0:
            break
        stops += 1
    findings = sorted(p.name for p in (folder / "findings").glob("*") if p.suffix != ".bin")
    if not runs:
        findings.append(f"the hunt did not start: see {folder}/log.txt")
    return Hunted(name, time.monotonic() - started, runs, coverage, megabytes, findings)


def _ran(command: list[str], seconds: float, folder: Path) -> tuple[int, str]:
    """Run a hunt, killed where it neither ends nor is ended; return its exit code and words."""
    log = folder / "log.txt"
    before = log.stat().st_size if log.exists() else 0
    with log.open("a") as file:
        try:
            code = subprocess.run(command, stderr=file, timeout=seconds, check=False).returncode
        except subprocess.TimeoutExpired:
            (folder / "findings").mkdir(exist_ok=True)
            (folder / "findings" / "hang.txt").write_text("killed: it did not come to an end\n")
            code = 1
    return code, log.read_bytes()[before:].decode(errors="replace")


def _last(pattern: str, text: str) -> int:
    found = [int(next(filter(None, match.groups()))) for match in re.finditer(pattern, text, re.M)]
    return found[-1] if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
