"""For every test: no window opens, hypothesis tries the same examples, no model stays behind."""

import logging
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# What is started in the background of a shell ignores Ctrl-C, and so does all that it starts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# `HYPOTHESIS_PROFILE=search` looks for new counterexamples; the default repeats itself.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def _forget_models() -> Iterator[None]:
    """Let go of a test's models: Mesa 3.3 would keep every one for ever."""
    yield
    mesa = sys.modules.get("mesa")
    getattr(getattr(mesa, "Agent", None), "_ids", {}).clear()


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Take back how Hydra sets up logging when it tells about itself: its stream is soon closed."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
    for handler in [one for one in root.handlers if type(one) is logging.StreamHandler]:
        root.removeHandler(handler)
