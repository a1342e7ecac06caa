"""Inference of declared numbers from what was observed, and the check of the inference itself."""
