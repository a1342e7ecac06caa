"""For every test: no window opens, and hypothesis tries the same examples each time."""

import os
import signal

from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# What is started in the background of a shell ignores Ctrl-C, and so does all that it starts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# `HYPOTHESIS_PROFILE=search` looks for new counterexamples; the default repeats itself.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
