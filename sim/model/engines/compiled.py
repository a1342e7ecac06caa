"""Landing next: the compiled loop over worlds."""

from sim.model.engines.array import ArrayEngine

CompiledEngine = ArrayEngine
