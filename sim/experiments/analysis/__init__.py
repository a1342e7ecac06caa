"""Sensitivity analysis and scenario discovery over many settings."""
