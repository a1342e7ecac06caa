"""Formulas of the literature as pure functions of arrays; they know no agent and no file."""
