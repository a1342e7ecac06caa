"""Compilation of inner loops by numba, kept on disk wherever this user may write."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.paths import private_folder

__all__ = ["compiled_on_disk"]


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
