"""Long description of the package: the README, with links that lead into the repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?://|#)([^)\s]+)\)")


def with_absolute_links(text: str, source: str) -> str:
    """Return a text in Markdown whose relative links lead into the repository.

    Parameters
    ----------
    text : str
    source : str
        Address of the repository.

    Examples
    --------
    >>> with_absolute_links("[a](b.md) [c](https://d)", "https://host/own")
    '[a](https://host/own/blob/main/b.md) [c](https://d)'
    >>> with_absolute_links("![a](b.png)", "https://host/own")
    '![a](https://host/own/raw/main/b.png)'
    """

    def absolute(found: re.Match[str]) -> str:
        picture, words, path = found.groups()
        return f"{picture}[{words}]({source}/{'raw' if picture else 'blob'}/main/{path})"

    return _LINK.sub(absolute, text)


class LongDescription(MetadataHookInterface):
    """Set what the project's page on PyPI shows."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in the field that `pyproject.toml` leaves to this hook."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        source = metadata["urls"]["Source"]
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": with_absolute_links(text, source),
        }
