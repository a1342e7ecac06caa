"""Array types of the simulator, and the order of their axes.

Every array of the simulator keeps its axes in one order, so that a reader never has to guess:

``(world, segment | object, package, interest)``

A leading ``round`` axis appears only in recorded traces and in exogenous shocks. Utilities are in
*points* (one side's own unit; sides' points are never compared except by the utilitarian and
egalitarian solutions), shares lie in [0, 1], approvals in percent (0 to 100), time in rounds
unless a name ends in ``_years``, money in thousand millions of US dollars a year.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""Any array of floats."""
Bools: TypeAlias = NDArray[np.bool_]
"""Any array of truth values."""
Ints: TypeAlias = NDArray[np.int64]
"""Any array of integers."""
Rows: TypeAlias = NDArray[np.int64] | slice
"""Some worlds of a block: their places, or a slice of them, which copies nothing."""
EVERYONE = slice(None)
"""All worlds of a block."""

BLOCK_WORLDS = 1024
"""Worlds advanced together by one model; part of the definition of a block."""
MONTHS_PER_YEAR = 12.0
