"""For every test: no window opens, and hypothesis tries the same examples each time."""

import os

from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# `HYPOTHESIS_PROFILE=search` looks for new counterexamples; the default repeats itself.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
