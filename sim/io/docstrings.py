"""Read what a docstring says of each parameter, for the hints of editors."""

from __future__ import annotations

import re

__all__ = ["parameters_of", "summary_of"]

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_ENTRY = re.compile(r"^(\w[\w, ]*?)(?: : .*)?$")


def summary_of(text: str) -> str:
    r"""Return the first paragraph of a docstring as one line.

    Examples
    --------
    >>> summary_of("A stage,\nin words.\n\nMore.")
    'A stage, in words.'
    """
    return " ".join(text.strip().split("\n\n")[0].split())


def parameters_of(text: str) -> dict[str, str]:
    r"""Return what the section "Parameters" of a docstring says, by parameter.

    Parameters
    ----------
    text : str
        In numpydoc's form, without indentation.

    Examples
    --------
    >>> parameters_of("A.\n\nParameters\n----------\nlow, high : float\n    Its ends.\n")
    {'low': 'Its ends.', 'high': 'Its ends.'}
    """
    parts = _SECTION.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    said: dict[str, str] = {}
    names: list[str] = []
    for line in sections.get("Parameters", "").splitlines():
        entry = _ENTRY.match(line)
        if entry:
            names = [name.strip() for name in entry[1].split(",")]
        elif line.strip():
            said.update({name: f"{said.get(name, '')} {line.strip()}".strip() for name in names})
    return said
