"""Write the baseline anew: ``make baseline``. Nothing else does, and no test."""

from __future__ import annotations

import sys

from tests.baseline.book import BOOK, differences, kept, measured, merged, write
from tests.baseline.measure import CASES, SWEEP
from tests.disputes import ENGINES


def main() -> str | None:
    """Measure all cases and write them down; return why not, if so."""
    if len(ENGINES) < 2:
        return "the baseline is made with both engines; install numba (extra: fast)"
    before = kept()["digests"] if BOOK.is_file() else {}
    after = {}
    for case in (*CASES, SWEEP):
        found = measured(case)
        after[case] = merged(found)
        if torn := differences(case, found, after[case]):
            return "\n".join(["the same must come by every way, whatever it is:", *torn])
        changed = differences(case, found, before.get(case, {}))
        sys.stdout.write(f"{case}: {len(changed)} digests changed\n")
        sys.stdout.write("".join(f"  {line}\n" for line in changed[:10] if case in before))
    write(after)
    return None


if __name__ == "__main__":
    sys.exit(main())
