"""Command line as a module: ``python -m sim`` is ``islands``."""

from __future__ import annotations

import sys

from sim.cli.dispatch import main

if __name__ == "__main__":
    sys.exit(main())
