"""Read domains and profiles; see the package."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from sim.domain.exchange import Domain, Issue, Profile
from sim.io import xml
from sim.io.contents import display
from sim.io.genius.evaluations import evaluation_of, evaluations_given
from sim.io.genius.issues import bounds_of, issue_of, kind_of
from sim.io.genius.looking import Lookup
from sim.io.wording import shown

__all__ = ["parse_domain", "parse_profile", "read_domain", "read_profile"]

_ADDITIVE = ("", "linear", "additive", "uncertain")
"""Types of profiles that add up issue by issue; an uncertain one also says what agents may know."""
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
    look = Lookup(file)
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
    look.stop_if_wrong()
    top = root.find(".//objective")
    name = (top.get("name") if top is not None else None) or "domain"
    return Domain(name, tuple(issues.values()))


def parse_profile(
    root: Element, domain: Domain, file: str = "text", name: str = "profile"
) -> Profile:
    """Return the profile below a root element; see `read_profile`."""
    look = Lookup(file)
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
    reservation = _alone(root, "reservation", 0.0, look)
    discount = _alone(root, "discount_factor", 1.0, look) or 1.0
    look.stop_if_wrong()
    return Profile(name, domain, weights, tuple(evaluations), reservation, discount)


def _by_index(root: Element, look: Lookup) -> dict[int, Element]:
    found: dict[int, Element] = {}
    for place, element in enumerate(root.iter("issue"), start=1):
        index = look.whole(element, "index", f"issue.{place}")
        if index is not None and index in found:
            look.wrong(f"issue.{index}", "each index once", "it twice")
        elif index is not None:
            found[index] = element
    return found


def _fits(element: Element, issue: Issue, look: Lookup) -> bool:
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


def _weights(root: Element, domain: Domain, look: Lookup) -> tuple[float, ...]:
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


def _alone(root: Element, tag: str, absent: float, look: Lookup) -> float:
    """Return the value of an element in [0, 1] that stands once or not at all."""
    found = list(root.iter(tag))
    if not found:
        return absent
    if len(found) > 1:
        look.wrong(tag, "one value", f"{len(found)}")
    inside = found[0].find("value")
    if inside is not None and "value" not in found[0].attrib:
        found[0].set("value", inside.text or "")
    return look.number(found[0], "value", tag, 0.0, 1.0)
