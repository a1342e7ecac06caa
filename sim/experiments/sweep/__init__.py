"""Sweeps: many settings of one scenario, played so that nothing finished is ever lost."""

from sim.experiments.sweep.result import SweepResult, load_sweep
from sim.experiments.sweep.run import sweep

__all__ = ["SweepResult", "load_sweep", "sweep"]
