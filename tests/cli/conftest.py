"""The small world of the tests of `sim.io`, and a shell to type in."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.cli import main

_FILE = Path(__file__).parents[1] / "io" / "conftest.py"
_SPEC = spec_from_file_location("small_world", _FILE)
assert _SPEC is not None
assert _SPEC.loader is not None
_WORLD = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_WORLD)
small, case = _WORLD.small, _WORLD.case

Islands = Callable[..., SimpleNamespace]


@pytest.fixture
def islands(
    small: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Islands:
    """Type a command in the small world; get its exit code, output and complaints."""

    def run(*arguments: Any) -> SimpleNamespace:
        words = [str(argument) for argument in arguments]
        monkeypatch.setattr("sys.argv", ["islands", *words])
        code = main()
        said = capsys.readouterr()
        return SimpleNamespace(code=code, out=said.out, err=said.err)

    return run
