"""`import sim` is cheap and offers what notebooks use."""

import subprocess
import sys

import pytest

import sim


def test_everything_named_can_be_had() -> None:
    for name in sim.__all__:
        assert getattr(sim, name) is not None
        assert name in dir(sim)


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = sim.runn


def test_importing_sim_loads_nothing_heavy() -> None:
    heavy = ("numpy", "mesa", "hydra", "pandas")
    code = f"import sys, sim; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert sim.__version__ == version("four-islands")
