"""Read the issues of domains and profiles, noting what is wrong with them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from sim.domain.exchange import Issue, IssueKind
from sim.io.genius.looking import Lookup
from sim.io.library import nearest
from sim.io.wording import shown

__all__ = ["bounds_of", "issue_of", "kind_of"]

_KINDS: dict[str, IssueKind] = {"discrete": "discrete", "integer": "integer", "real": "real"}
_SPELLINGS = ("type", "vtype", "etype")
_FAR = 1e300
"""How far the bounds of an issue may lie from 0."""


def issue_of(element: Element, place: int, look: Lookup) -> Issue | None:
    """Return an issue of a domain, or None where not even its index and kind can be told.

    Parameters
    ----------
    element : Element
    place : int
        Which of the issues it is, from 1, for messages about its index.
    look : Lookup
        Where faults are noted.
    """
    index = look.whole(element, "index", f"issue.{place}")
    key = f"issue.{place if index is None else index}"
    name = look.text(element, "name", key)
    kind = kind_of(element, key, look)
    if index is None or kind is None:
        return None
    if index < 0:
        look.wrong(f"{key}.index", "a whole number of at least 0", f"{index}")
    if kind == "discrete":
        items = enumerate(element.findall("item"), start=1)
        values = [look.text(item, "value", f"{key}.item.{n}") for n, item in items]
        if not values:
            look.wrong(key, "at least one item", "none")
        return Issue(index, name, kind, tuple(dict.fromkeys(values)))
    low, high = bounds_of(element, kind, key, look)
    return Issue(index, name, kind, low=low, high=high)


def kind_of(element: Element, key: str, look: Lookup) -> IssueKind | None:
    """Return the kind of an issue, or None where it is none or two."""
    given = [element.get(name) or "" for name in _SPELLINGS]
    words = sorted({word.strip().lower() for word in given if word})
    if len(words) > 1:
        look.wrong(f"{key}.type", "one kind of issue", " and ".join(map(shown, words)))
        return None
    word = words[0] if words else "discrete"
    if word not in _KINDS:
        hint = nearest(word, [*_KINDS])
        look.wrong(f"{key}.type", f"one of {', '.join(_KINDS)}", shown(word), hint)
        return None
    return _KINDS[word]


def bounds_of(element: Element, kind: IssueKind, key: str, look: Lookup) -> tuple[float, float]:
    """Return the bounds of a numbered issue."""
    inside = element.find("range")
    place = element if "lowerbound" in element.attrib or inside is None else inside
    before = len(look.faults)
    bounds = [look.number(place, name, key, -_FAR, _FAR) for name in ("lowerbound", "upperbound")]
    for name, value in zip(("lowerbound", "upperbound"), bounds, strict=True):
        if kind == "integer" and not (value.is_integer() and abs(value) < 2**53):
            look.wrong(f"{key}.{name}", "a whole number", f"{value:g}")
    if bounds[0] > bounds[1] and len(look.faults) == before:
        expected = f"at least the lower bound {bounds[0]:g}"
        look.wrong(f"{key}.upperbound", expected, f"{bounds[1]:g}")
    return bounds[0], bounds[1]
