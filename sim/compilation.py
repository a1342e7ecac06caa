"""Compilation of inner loops by numba: kept on disk where this user may write, made beside work.

Half a minute is long for a first answer. `CompiledBeside` has another process compile, so that
this one can go on without loops until they are there.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.paths import alone, private_folder

__all__ = ["CompiledBeside", "compiled_on_disk"]


def compiled_on_disk(function: Callable[..., Any], **options: Any) -> Any:
    """Return a function compiled when first called; what comes of it is kept on disk.

    Numba keeps it beside the source or at home. Where neither can be written (a read-only
    installation, a user without a home) it is kept in a private folder among the temporary
    files, or where that is impossible not at all. A disk that is full later on stops nothing.

    Parameters
    ----------
    function : callable
    **options
        Of ``numba.njit``.
    """
    import numba
    from numba import njit

    config: Any = numba.config
    before = config.CACHE_DIR
    if not before and _homeless():
        config.CACHE_DIR = _folder()  # else numba would make a folder named "~" here
    try:
        return _forgiving(njit(cache=True, **options)(function))
    except RuntimeError:
        config.CACHE_DIR = _folder()
        with suppress(RuntimeError):
            return _forgiving(njit(cache=True, **options)(function))
        return njit(**options)(function)
    finally:
        config.CACHE_DIR = before


def _homeless() -> bool:
    try:
        return not Path("~").expanduser().is_absolute()
    except RuntimeError:
        return True


def _folder() -> str:
    return str(private_folder("numba") or "")


def _forgiving(dispatcher: Any) -> Any:
    """Let what cannot be written to disk go unwritten."""
    with suppress(AttributeError):  # numba has no public name for it
        cache = dispatcher._cache
        save = cache.save_overload

        def saved(*arguments: Any) -> None:
            with suppress(OSError):
                save(*arguments)

        cache.save_overload = saved
    return dispatcher


EVERY = 0.5
"""Seconds between two looks for loops that another process compiles."""
_LONGEST = 180.0
"""Seconds that are waited for another process."""


class CompiledBeside:
    """Function that another process compiles, for those who can do without until then.

    The process ends with this one, however that ends; it waits where another, of a run beside
    this one, is at the same loops. What cannot be had so is compiled here, when called.

    Parameters
    ----------
    dispatcher : Any
        What `compiled_on_disk` returned for a function that can be imported.
    """

    def __init__(self, dispatcher: Any) -> None:
        self._dispatcher = dispatcher
        self._signature: tuple[Any, ...] = ()
        self._looked = -EVERY
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False

    def ready(self, arguments: Callable[[], tuple[Any, ...]]) -> bool:
        """Return whether to call the function: whether it need not be compiled first.

        Parameters
        ----------
        arguments : callable
            Returns what the function would be called with; asked once.
        """
        if not self._ready and time.monotonic() - self._looked >= EVERY:
            self._ready = self._look(arguments)
            self._looked = time.monotonic()
        return self._ready

    def make_ready(self, arguments: Callable[[], tuple[Any, ...]]) -> None:
        """Have the function compiled, here or by whoever is at it, as long as it may take."""
        if not self._ready:
            with _alone(self._dispatcher):
                self._dispatcher.compile(_types(arguments()))  # looks on disk first
            self._ready = True

    def _look(self, arguments: Callable[[], tuple[Any, ...]]) -> bool:
        if not self._signature:
            self._signature = _types(arguments())
        if self._dispatcher.overloads or _kept(self._dispatcher, self._signature):
            return True
        try:
            self._process = self._process or _start(self._dispatcher.py_func, self._signature)
        except OSError:
            return True
        return self._process.poll() is not None


def _types(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    from numba import typeof

    return tuple(map(typeof, arguments))


def _kept(dispatcher: Any, signature: tuple[Any, ...]) -> bool:
    """Return whether loops are on disk; True where they cannot be kept there."""
    try:  # numba has no public names for it
        cache = dispatcher._cache
        key = cache._index_key(signature, dispatcher.targetctx.codegen())
        name = cache._cache_file._load_index().get(key)
        return name is not None and Path(cache._cache_file._data_path(name)).is_file()
    except AttributeError:
        return True


def _start(function: Callable[..., Any], signature: tuple[Any, ...]) -> subprocess.Popen[bytes]:
    """Start a process that compiles a function; it ends when its standard input does."""
    here = str(Path(__file__).resolve().parents[1])
    paths = [here, *(path for path in sys.path if Path(path).is_absolute())]
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", "from sim.compilation import _compile; _compile()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,
    )
    atexit.register(_end, process)
    assert process.stdin is not None
    pickle.dump((function.__module__, function.__qualname__, signature), process.stdin)
    process.stdin.flush()
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def _compile() -> None:
    """Compile what standard input names, unless another process does; end when it is closed."""
    module, name, signature = pickle.load(sys.stdin.buffer)  # noqa: S301 - from `_start`
    threading.Thread(target=_end_with_input, daemon=True).start()
    dispatcher = getattr(import_module(module), name)
    with _alone(dispatcher):
        dispatcher.compile(signature)  # looks on disk first


def _alone(dispatcher: Any) -> AbstractContextManager[None]:
    """Let other processes that compile for the same folder wait."""
    with suppress(AttributeError, OSError):  # numba has no public names for it
        dispatcher._cache._impl.locator.ensure_cache_path()
        return alone(Path(dispatcher._cache._cache_path), _LONGEST)
    return nullcontext()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
