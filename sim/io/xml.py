"""Careful XML reader for strangers' files.

Refused, with file, line and column: what is not well-formed, document types and entities (so
neither bombs nor references to other files), deep nesting, too many elements, and files over 5 MB,
which are not even opened. Blank lines and a byte order mark before the XML declaration, which some
editors of negotiation domains write, are passed over.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from sim.errors import Fault, ScenarioError
from sim.io.files import contents, display

__all__ = ["MAX_BYTES", "parse", "read"]

MAX_BYTES = 5_000_000
"""Largest file that is read, in bytes."""
_TOKEN = "token; XML is in UTF-8 unless its first line says otherwise"
_MARK = b"\xef\xbb\xbf"
"""Byte order mark of UTF-8."""
_MAX_DEPTH = 40
_MAX_ELEMENTS = 200_000


def read(path: Path | str) -> Element:
    """Return the root element of an XML file.

    Parameters
    ----------
    path : Path or str
        A regular file of at most 5 MB.

    Raises
    ------
    ScenarioError
        With the first thing that makes the file unreadable.
    """
    return parse(contents(Path(path), "an XML file", MAX_BYTES), display(path))


def parse(data: bytes, file: str = "text") -> Element:
    """Return the root element of XML.

    Parameters
    ----------
    data : bytes
        One document, in UTF-8 or the encoding that its first line declares.
    file : str
        The name that faults carry.

    Raises
    ------
    ScenarioError
        As :func:`read`.

    Examples
    --------
    >>> parse(b"<a b='1'/>").get("b")
    '1'
    """
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(data.lstrip().removeprefix(_MARK).lstrip())
        root: Element = parser.close()
    except ScenarioError as error:
        raise ScenarioError(fault.located(file) for fault in error.faults) from None
    except DefusedXmlException as error:
        got = f"one that declares them ({type(error).__name__})"
        expected = "XML without a document type, entities or references to other files"
        raise ScenarioError([Fault("", expected, got, file=file)]) from None
    except ParseError as error:
        line, column = error.position
        reason = str(error).split(": line", maxsplit=1)[0].replace("token", _TOKEN)
        place = f"line {line}, column {column + 1}"
        raise ScenarioError([Fault(place, "well-formed XML", reason, file=file)]) from None
    except (LookupError, ValueError) as error:
        expected = "XML in UTF-8 or another known encoding"
        raise ScenarioError([Fault("", expected, str(error), file=file)]) from None
    return root


class _Builder(TreeBuilder):
    """Build the tree, counting what a hostile file could inflate."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Open an element."""
        self._depth += 1
        self._elements += 1
        if self._depth > _MAX_DEPTH:
            raise ScenarioError([Fault("", f"at most {_MAX_DEPTH} elements deep", "more")])
        if self._elements > _MAX_ELEMENTS:
            raise ScenarioError([Fault("", f"at most {_MAX_ELEMENTS:,} elements", "more")])
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        """Close an element."""
        self._depth -= 1
        return super().end(tag)
