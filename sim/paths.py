"""Paths of shipped configs and scenarios, of extras, and of caches."""

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from shlex import quote
from types import ModuleType

from sim.errors import UsageError

__all__ = [
    "alone",
    "configs_dir",
    "install_hint",
    "module_of_extra",
    "needs_extra",
    "private_folder",
    "scenarios_dir",
]

_PACKAGE = Path(__file__).resolve().parent


def configs_dir() -> Path:
    """Find the folder of the shipped configs.

    Returns
    -------
    pathlib.Path
        Absolute path of an existing folder: ``sim/_shipped/configs`` of an installed wheel,
        otherwise ``configs`` of the repository.

    Raises
    ------
    FileNotFoundError
        If neither exists, which means a broken installation.
    """
    return _find(_PACKAGE, "configs")


def scenarios_dir() -> Path:
    """Find the folder of the shipped scenarios.

    Returns
    -------
    pathlib.Path
        Absolute path of an existing folder: ``sim/_shipped/scenarios`` of an installed wheel,
        otherwise ``scenarios`` of the repository.

    Raises
    ------
    FileNotFoundError
        If neither exists, which means a broken installation.
    """
    return _find(_PACKAGE, "scenarios")


def _find(package: Path, name: str) -> Path:
    candidates = (package / "_shipped" / name, package.parent / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    looked_in = " or ".join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(
        f"expected the shipped {name} in {looked_in}, found neither; "
        "reinstall the package (pip install --force-reinstall four-islands)"
    )


def install_hint(extra: str) -> str:
    """Say what to type to install an extra: from PyPI, or into the clone that is running.

    Parameters
    ----------
    extra : str
        Its name in ``pyproject.toml``.

    Examples
    --------
    >>> install_hint("fast").startswith("pip install ")
    True
    """
    clone = _PACKAGE.parent
    if (clone / "pyproject.toml").is_file():  # the name of a package that PyPI need not know
        return f"pip install -e {quote(f'{clone}[{extra}]')}"
    return f"pip install 'four-islands[{extra}]'"


def needs_extra(what: str, package: str, extra: str) -> UsageError:
    """Return the refusal of what cannot be done without an extra.

    Parameters
    ----------
    what : str
        What was asked for.
    package : str
        What it needs.
    extra : str
        Its name in ``pyproject.toml``.

    Examples
    --------
    >>> str(needs_extra("design=sobol", "SALib", "sweep"))[:37]
    'design=sobol needs SALib: pip install'
    """
    return UsageError(f"{what} needs {package}: {install_hint(extra)}")


def module_of_extra(name: str, what: str, package: str, extra: str) -> ModuleType:
    """Return a module that an extra brings.

    Parameters
    ----------
    name : str
        Of the module, in full.
    what, package, extra : str
        As `needs_extra` has them.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise needs_extra(what, package, extra) from error


def private_folder(name: str) -> Path | None:
    """Return a folder of this user alone among the temporary files, the same in every process.

    Parameters
    ----------
    name : str
        What it is for.

    Returns
    -------
    pathlib.Path or None
        None where there is no such place, or where somebody else may have put something into it.
    """
    if not hasattr(os, "getuid"):
        return None
    try:
        folder = Path(tempfile.gettempdir()).absolute() / f"four-islands-{os.getuid()}"
        if folder.parent == Path.cwd():  # what is left where nothing else can be written
            return None
        for path in (folder, folder / name):
            path.mkdir(mode=0o700, exist_ok=True)
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
                return None
            if stat.S_IMODE(found.st_mode) & 0o022 or not os.access(path, os.W_OK):
                return None
    except OSError:
        return None
    return folder / name


@contextmanager
def alone(folder: Path, seconds: float = 10.0) -> Iterator[None]:
    """Let other processes that ask for the same wait, where the system can; none waits for ever.

    Parameters
    ----------
    folder : Path
        In which something is looked at and then replaced.
    seconds : float
        How long at most.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        for _ in range(int(seconds / _PAUSE)):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_PAUSE)
                continue
            except OSError:  # a file system without locks
                pass
            break
        yield
    finally:
        os.close(handle)


_PAUSE = 0.02
"""Seconds between two tries."""
