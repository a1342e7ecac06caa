"""Take decisions from bytes: the same bytes, the same decisions; past their end, all are zero."""

from __future__ import annotations


class Reader:
    """Read numbers from the front of bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def byte(self) -> int:
        """Return the next byte."""
        return self.bytes(1)[0] if self else 0

    def word(self) -> int:
        """Return the next four bytes as a whole number."""
        return int.from_bytes(self.bytes(4), "little")

    def bytes(self, number: int) -> bytes:
        """Return the next bytes, as many as there are."""
        self._at += number
        return self._data[self._at - number : self._at]

    def pick(self, items: list[str]) -> str:
        """Return one of some items."""
        return items[self.byte() % len(items)]

    def __bool__(self) -> bool:
        """Tell whether anything is left."""
        return self._at < len(self._data)
