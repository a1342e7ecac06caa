"""Find what is wrong with a scenario beyond the types of its values, all faults at once."""

from sim.domain.check.scenario import faults_of

__all__ = ["faults_of"]
