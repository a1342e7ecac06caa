"""Look up attributes of elements, noting every fault with the file and the key that it is under."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from sim.errors import Fault, ScenarioError
from sim.io.wording import shown

__all__ = ["Lookup"]

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,15}", re.ASCII)


@dataclass
class Lookup:
    """What was found wrong with a file so far.

    Parameters
    ----------
    file : str
        As messages name it.
    faults : list of Fault
    """

    file: str
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, key: str, expected: str, got: str, hint: str | None = None) -> None:
        """Note a fault."""
        self.faults.append(Fault(key, expected, got, hint, self.file))

    def stop_if_wrong(self) -> None:
        """Raise what was noted, if anything."""
        if self.faults:
            raise ScenarioError(self.faults)

    def text(self, element: Element, name: str, key: str) -> str:
        """Return an attribute that must be there; empty where it is not."""
        found = element.get(name)
        if found is None:
            self.wrong(f"{key}.{name}", "a value", "nothing")
        return found or ""

    def number(
        self, element: Element, name: str, key: str, low: float = -math.inf, high: float = math.inf
    ) -> float:
        """Return an attribute as a number in [low, high]; `low` or 0 where it is none."""
        text = element.get(name)
        value = float(text.strip()) if text and _NUMBER.fullmatch(text.strip()) else math.nan
        if math.isfinite(value) and low <= value <= high:
            return value
        wanted = "a finite number"
        if math.isfinite(low) or math.isfinite(high):
            wanted = f"a number of at least {low:g}" if high == math.inf else "a number in "
            wanted += "" if high == math.inf else f"[{low:g}, {high:g}]"
        self.wrong(f"{key}.{name}", wanted, shown(text))
        return low if math.isfinite(low) else 0.0

    def whole(self, element: Element, name: str, key: str) -> int | None:
        """Return an attribute as a whole number, or None where it is none."""
        text = element.get(name)
        if text and _WHOLE.fullmatch(text.strip()):
            return int(text)
        self.wrong(f"{key}.{name}", "a whole number", shown(text))
        return None
