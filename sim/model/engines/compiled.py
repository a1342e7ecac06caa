"""Work out a round by a compiled loop over worlds.

The loops keep the array engine's order of arithmetic and call scipy's own normal distribution
function, so the two engines give the same bits. A package's
support is worked out only where a decision needs it.
"""

from __future__ import annotations

import re
from typing import Any

import numba.experimental.function_type  # noqa: F401 (lets numba pass functions by address)
import numpy as np
from numba import types
from numba.extending import get_cython_function_address
from scipy.special import cython_special

from sim.equations.offering import NONE
from sim.model.engines.common import Survey
from sim.model.engines.kernels import offer_rows, survey_rows
from sim.model.engines.now import Beheld, behold
from sim.model.table import Scene, look
from sim.quantities import Floats, Ints


def _address_of_ndtr() -> int:
    for name, capsule in cython_special.__pyx_capi__.items():
        if re.fullmatch(r"(__pyx_fuse_\d)?ndtr", name) and '"double (double' in repr(capsule):
            address: int = get_cython_function_address("scipy.special.cython_special", name)
            return address
    raise ImportError("scipy.special.cython_special has no ndtr for real numbers")


class _NormalDistribution(types.WrapperAddressProtocol):
    """Hand scipy's distribution function of the normal to compiled code."""

    def __init__(self) -> None:
        self._address = _address_of_ndtr()

    def __wrapper_address__(self) -> int:
        """Return the address of `scipy.special.ndtr` for real numbers."""
        return self._address

    def signature(self) -> Any:
        """Return the type of the function."""
        return types.float64(types.float64)


class CompiledEngine:
    """The engine in numba."""

    name = "compiled"

    def __init__(self) -> None:
        self.normal = _NormalDistribution()
        self._beheld: tuple[Beheld, Beheld] | None = None

    def survey(self, scene: Scene, node: int, worlds: Ints) -> Survey:
        """Look at a node in some worlds; see `Engine`."""
        beheld = (behold(scene, node, worlds, 0), behold(scene, node, worlds, 1))
        level = np.empty(len(worlds), dtype=np.int64)
        margin = np.empty(len(worlds))
        top = (np.empty(len(worlds)), np.empty(len(worlds)))
        survey_rows(worlds, beheld[0], beheld[1], level, margin, top, self.normal)
        self._beheld = beheld
        talk = look(scene, node, worlds, (beheld[0].value, beheld[1].value))
        return Survey(talk, level, margin, top)

    def offer(self, scene: Scene, survey: Survey, side: int, aspiration: Floats) -> Ints:
        """Return what a side would offer at an aspiration; see `Engine`."""
        if self._beheld is None:
            raise RuntimeError("a side can only offer at a table that was surveyed")
        talk = survey.talk
        choice = np.full(len(talk.worlds), NONE, dtype=np.int64)
        own, other = self._beheld[side], self._beheld[1 - side]
        beliefs = scene.parties[side].government.beliefs
        slips = (beliefs.slip(talk, side, side), beliefs.slip(talk, 1 - side, side))
        asked = (beliefs.asked(talk.node, side).levels, beliefs.asked(talk.node, 1 - side).levels)
        offer_rows(talk.worlds, own, other, aspiration, slips, asked, choice, self.normal)
        return choice
