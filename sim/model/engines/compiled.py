from sim.model.engines.array import ArrayEngine as CompiledEngine  # landing next
