"""Readers of domains and profiles as Genius and the ANAC competitions keep them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from sim.domain.bargaining import (
    Constant,
    Domain,
    Evaluation,
    Figures,
    Issue,
    IssueKind,
    Line,
    Profile,
    Triangle,
)
from sim.domain.frozen import LONGEST_LINE
from sim.errors import Fault, ScenarioError, nearest
from sim.io import xml
from sim.io.faults import shown
from sim.io.files import display

__all__ = [
    "FaultCollector",
    "bounds_of",
    "evaluation_of",
    "evaluations_given",
    "issue_of",
    "kind_of",
    "parse_domain",
    "parse_profile",
    "read_domain",
    "read_profile",
]

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,15}", re.ASCII)


@dataclass
class FaultCollector:
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
        """Return an attribute that must be there, a line of text; empty where it is not."""
        found = element.get(name)
        if found is None:
            self.wrong(f"{key}.{name}", "a value", "nothing")
        elif len(found) > LONGEST_LINE:
            self.wrong(f"{key}.{name}", f"at most {LONGEST_LINE} characters", f"{len(found):,}")
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


_KINDS: dict[str, IssueKind] = {"discrete": "discrete", "integer": "integer", "real": "real"}
_SPELLINGS = ("type", "vtype", "etype")
_FAR = 1e300
"""How far the bounds of an issue may lie from 0."""


def issue_of(element: Element, place: int, look: FaultCollector) -> Issue | None:
    """Return an issue of a domain, or None where not even its index and kind can be told.

    Parameters
    ----------
    element : Element
    place : int
        Which of the issues it is, from 1, for messages about its index.
    look : FaultCollector
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


def kind_of(element: Element, key: str, look: FaultCollector) -> IssueKind | None:
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


def bounds_of(
    element: Element, kind: IssueKind, key: str, look: FaultCollector
) -> tuple[float, float]:
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


_FORMS = ("linear", "triangular", "constant")


def evaluations_given(element: Element, issue: Issue, look: FaultCollector) -> dict[str, float]:
    """Return what a profile says of each value of a discrete issue.

    Parameters
    ----------
    element : Element
        The issue in the profile.
    issue : Issue
        The issue in the domain.
    look : FaultCollector
        Where faults are noted: values that the domain does not have, or with two evaluations.
    """
    found: dict[str, float] = {}
    for place, item in enumerate(element.findall("item"), start=1):
        key = f"issue.{issue.index}.item.{place}"
        value = look.text(item, "value", key)
        figure = look.number(item, "evaluation", key, 0.0)
        if "value" in item.attrib and value not in issue.values:
            hint = nearest(value, list(issue.values))
            look.wrong(f"{key}.value", "a value of the domain", shown(value), hint)
        elif found.setdefault(value, figure) != figure:
            look.wrong(f"{key}.evaluation", f"one evaluation of {value!r}", "two")
    return found


def evaluation_of(
    element: Element, issue: Issue, given: dict[str, float], look: FaultCollector
) -> Evaluation:
    """Return how a profile evaluates an issue.

    Parameters
    ----------
    element : Element
        The issue in the profile.
    issue : Issue
        The issue in the domain.
    given : mapping of value to float
        As `evaluations_given` found them.
    look : FaultCollector
        Where faults are noted.
    """
    if issue.kind != "discrete":
        return _by_form(element, issue, look)
    missing = [value for value in issue.values if value not in given]
    if missing and len(given) == len(element.findall("item")):
        look.wrong(f"issue.{issue.index}", f"an item for {missing[0]!r}", "nothing")
    return Figures(tuple(given.get(value, 0.0) for value in issue.values))


def _by_form(element: Element, issue: Issue, look: FaultCollector) -> Evaluation:
    key = f"issue.{issue.index}.evaluator"
    evaluator = element.find("evaluator")
    if evaluator is None:
        look.wrong(key, f"one of {', '.join(_FORMS)}", "nothing")
        return Constant(0.0)
    form = (evaluator.get("ftype") or "linear").strip().lower()
    if form == "constant":
        return Constant(look.number(evaluator, "parameter0", key, 0.0, 1.0))
    if form == "triangular":
        return _triangle(evaluator, key, look)
    if form != "linear":
        look.wrong(
            f"{key}.ftype", f"one of {', '.join(_FORMS)}", shown(form), nearest(form, [*_FORMS])
        )
        return Constant(0.0)
    return _line(evaluator, issue, key, look)


def _line(evaluator: Element, issue: Issue, key: str, look: FaultCollector) -> Line:
    if "slope" in evaluator.attrib or "offset" in evaluator.attrib:
        slope, offset = (look.number(evaluator, name, key) for name in ("slope", "offset"))
        return Line(slope, offset, issue.low if issue.kind == "integer" else 0.0)
    names = ("parameter1", "parameter0")
    slope, offset = (look.number(evaluator, name, key) for name in names)
    return Line(slope, offset)


def _triangle(evaluator: Element, key: str, look: FaultCollector) -> Triangle:
    names = ("parameter0", "parameter1", "parameter2")
    low, high, top = (look.number(evaluator, name, key) for name in names)
    if not low <= top <= high or math.isinf(high - low):
        got = f"{low:g} to {high:g} with the top at {top:g}"
        look.wrong(key, "a triangle whose top lies between its ends", got)
    return Triangle(low, high, top)


_ADDITIVE = ("", "any", "linear", "additive", "uncertain")
"""Types of profiles that add up issue by issue; an uncertain one also says what agents may know,
and older ones of NegMAS are of type "any"."""
_LEAST = -1e6
"""The lowest value of no agreement, which may be below every value."""
_ROUNDING = 0.02
"""By how much weights may miss 1: figures of two digits."""


def read_domain(path: Path | str) -> Domain:
    """Return the domain that a file describes.

    Parameters
    ----------
    path : Path or str
        An XML file whose root is ``negotiation_template``, or ``utility_space`` as in a profile.

    Raises
    ------
    ScenarioError
        With every fault of the file.
    """
    return parse_domain(xml.read(path), display(path))


def read_profile(path: Path | str, domain: Domain) -> Profile:
    """Return the profile that a file describes.

    Parameters
    ----------
    path : Path or str
        An XML file whose root is ``utility_space``.
    domain : Domain
        What it is a profile of; its issues are found by their index, its values by their name.

    Raises
    ------
    ScenarioError
        With every fault of the file, and everything that does not fit the domain.
    """
    return parse_profile(xml.read(path), domain, display(path), Path(path).stem)


def parse_domain(root: Element, file: str = "text") -> Domain:
    """Return the domain below a root element; see `read_domain`."""
    look = FaultCollector(file)
    if root.tag not in ("negotiation_template", "utility_space"):
        look.wrong("", "a root negotiation_template", f"<{root.tag}>")
    look.stop_if_wrong()
    issues: dict[int, Issue] = {}
    for place, element in enumerate(root.iter("issue"), start=1):
        issue = issue_of(element, place, look)
        if issue and issue.index in issues:
            look.wrong(f"issue.{issue.index}", "each index once", "it twice")
        elif issue:
            issues[issue.index] = issue
    if not issues:
        look.wrong("issue", "at least one issue", "none")
    top = root.find(".//objective")
    name = "domain" if top is None or not top.get("name") else look.text(top, "name", "objective")
    look.stop_if_wrong()
    return Domain(name, tuple(issues.values()))


def parse_profile(
    root: Element, domain: Domain, file: str = "text", name: str = "profile"
) -> Profile:
    """Return the profile below a root element; see `read_profile`."""
    look = FaultCollector(file)
    if root.tag != "utility_space":
        look.wrong("", "a root utility_space", f"<{root.tag}>")
    if (form := root.get("type", "").lower()) not in _ADDITIVE:
        look.wrong("utility_space.type", "an additive profile", shown(form))
    look.stop_if_wrong()
    elements = _by_index(root, look)
    for index in sorted(set(elements) - {issue.index for issue in domain.issues}):
        look.wrong(f"issue.{index}", "an issue of the domain", "one that it does not have")
    evaluations = []
    for issue in domain.issues:
        element = elements.get(issue.index)
        if element is None:
            look.wrong(f"issue.{issue.index}", f"the issue {issue.name!r}", "nothing")
            continue
        if _fits(element, issue, look):
            given = evaluations_given(element, issue, look)
            evaluations.append(evaluation_of(element, issue, given, look))
    weights = _weights(root, domain, look)
    reservation = _alone(root, "reservation", 0.0, look, least=_LEAST)
    discount = _alone(root, "discount_factor", 1.0, look) or 1.0
    look.stop_if_wrong()
    return Profile(name, domain, weights, tuple(evaluations), reservation, discount)


def _by_index(root: Element, look: FaultCollector) -> dict[int, Element]:
    found: dict[int, Element] = {}
    for place, element in enumerate(root.iter("issue"), start=1):
        index = look.whole(element, "index", f"issue.{place}")
        if index is not None and index in found:
            look.wrong(f"issue.{index}", "each index once", "it twice")
        elif index is not None:
            found[index] = element
    return found


def _fits(element: Element, issue: Issue, look: FaultCollector) -> bool:
    key, before = f"issue.{issue.index}", len(look.faults)
    kind, name = kind_of(element, key, look), element.get("name")
    if kind is not None and kind != issue.kind:
        look.wrong(f"{key}.type", f"{issue.kind}, as in the domain", kind)
    if name is not None and name.strip() != issue.name.strip():
        look.wrong(f"{key}.name", f"{issue.name!r}, as in the domain", shown(name))
    if len(look.faults) == before and issue.kind != "discrete":
        bounded = element.find("range") is not None or "lowerbound" in element.attrib
        bounds = bounds_of(element, issue.kind, key, look) if bounded else (issue.low, issue.high)
        if bounds != (issue.low, issue.high):
            expected = f"the bounds {issue.low:g} and {issue.high:g} of the domain"
            look.wrong(key, expected, f"{bounds[0]:g} and {bounds[1]:g}")
    return len(look.faults) == before


def _weights(root: Element, domain: Domain, look: FaultCollector) -> tuple[float, ...]:
    """Return the weights of the issues; those of objectives are passed over."""
    found: dict[int, float] = {}
    before = len(look.faults)
    for place, element in enumerate(root.iter("weight"), start=1):
        index = look.whole(element, "index", f"weight.{place}")
        if index is not None and any(issue.index == index for issue in domain.issues):
            if index in found:
                look.wrong(f"weight.{index}", "each index once", "it twice")
            found[index] = look.number(element, "value", f"weight.{index}", 0.0, 1.0)
    for issue in domain.issues:
        if issue.index not in found:
            look.wrong(f"weight.{issue.index}", f"the weight of {issue.name!r}", "nothing")
    total = sum(found.values())
    if len(look.faults) == before and abs(total - 1.0) > _ROUNDING:
        look.wrong("weight", "weights that add to 1", f"{total:.4g}")
    return tuple(found.get(issue.index, 0.0) for issue in domain.issues)


def _alone(
    root: Element, tag: str, absent: float, look: FaultCollector, *, least: float = 0.0
) -> float:
    """Return the value of an element, of at most 1, that stands once or not at all."""
    found = list(root.iter(tag))
    if not found:
        return absent
    if len(found) > 1:
        look.wrong(tag, "one value", f"{len(found)}")
    inside = found[0].find("value")
    if inside is not None and "value" not in found[0].attrib:
        found[0].set("value", inside.text or "")
    return look.number(found[0], "value", tag, least, 1.0)
