"""Two ways to work out the same round: whole arrays, or a compiled loop over worlds.

Both give the same bits; a test holds them together. The scenario's `engine` chooses.
"""

from __future__ import annotations

from importlib.util import find_spec

from sim.errors import RunError
from sim.model.engines.array import ArrayEngine
from sim.model.engines.common import Engine, RoundOutcome, Survey

__all__ = ["ArrayEngine", "Engine", "RoundOutcome", "Survey", "engine_of"]


def engine_of(name: str) -> Engine:
    """Return an engine by name.

    Parameters
    ----------
    name : {"auto", "array", "compiled"}
        `auto` is compiled where numba is installed, for any size of job; the bits are the same.

    Raises
    ------
    RunError
        If `compiled` is asked for and numba is not installed.
    """
    compiled = find_spec("numba") is not None
    if name == "compiled" and not compiled:
        raise RunError("engine=compiled needs numba: pip install 'four-islands[fast]'")
    if name == "array" or not compiled:
        return ArrayEngine()
    from sim.model.engines.compiled import CompiledEngine

    return CompiledEngine()
