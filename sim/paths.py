"""Paths of shipped configs and scenarios: inside a wheel, or beside `sim` in the repository."""

from pathlib import Path

__all__ = ["configs_dir", "scenarios_dir"]

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
