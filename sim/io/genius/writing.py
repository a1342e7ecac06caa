"""Writers of domains and profiles in the newest spelling of Genius; see the package."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sim.domain.bargaining import Constant, Domain, Evaluation, Figures, Issue, Line, Profile

__all__ = ["domain_xml", "profile_xml"]

_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def domain_xml(domain: Domain) -> bytes:
    """Return a domain as the bytes of an XML file.

    Parameters
    ----------
    domain : Domain

    Raises
    ------
    ValueError
        If a name holds a character that XML cannot.
    """
    root = Element("negotiation_template")
    space = SubElement(root, "utility_space", number_of_issues=str(len(domain.issues)))
    top = _objective(space, domain)
    for issue in domain.issues:
        element = _issue(top, issue)
        for place, value in enumerate(issue.values, start=1):
            SubElement(element, "item", index=str(place), value=_text(value))
    return _bytes(root)


def profile_xml(profile: Profile) -> bytes:
    """Return a profile as the bytes of an XML file.

    Parameters
    ----------
    profile : Profile

    Raises
    ------
    ValueError
        If a name holds a character that XML cannot.
    """
    domain = profile.domain
    root = Element("utility_space", number_of_issues=str(len(domain.issues)))
    top = _objective(root, domain)
    for issue, evaluation in zip(domain.issues, profile.evaluations, strict=True):
        _evaluated(_issue(top, issue), issue, evaluation)
    for issue, weight in zip(domain.issues, profile.weights, strict=True):
        SubElement(top, "weight", index=str(issue.index), value=repr(weight))
    SubElement(root, "discount_factor", value=repr(profile.discount_factor))
    SubElement(root, "reservation", value=repr(profile.reservation_value))
    return _bytes(root)


def _objective(parent: Element, domain: Domain) -> Element:
    index = min(issue.index for issue in domain.issues) - 1
    number = index if index >= 0 else max(issue.index for issue in domain.issues) + 1
    kinds = {"type": "objective", "etype": "objective"}
    name = _text(domain.name)
    return SubElement(parent, "objective", {"index": str(number), "name": name, **kinds})


def _issue(parent: Element, issue: Issue) -> Element:
    kinds = dict.fromkeys(("type", "etype", "vtype"), issue.kind)
    named = {"index": str(issue.index), "name": _text(issue.name), **kinds}
    if issue.kind == "integer":
        named |= {"lowerbound": str(int(issue.low)), "upperbound": str(int(issue.high))}
    element = SubElement(parent, "issue", named)
    if issue.kind == "real":
        SubElement(element, "range", lowerbound=repr(issue.low), upperbound=repr(issue.high))
    return element


def _evaluated(element: Element, issue: Issue, evaluation: Evaluation) -> None:
    if isinstance(evaluation, Figures):
        pairs = zip(issue.values, evaluation.figures, strict=True)
        for place, (value, figure) in enumerate(pairs, start=1):
            named = {"value": _text(value), "evaluation": repr(figure)}
            SubElement(element, "item", {"index": str(place), **named})
        return
    if isinstance(evaluation, Constant):
        given = {"ftype": "constant", "parameter0": repr(evaluation.evaluation)}
    elif isinstance(evaluation, Line):
        counted = issue.kind == "integer" and evaluation.start == issue.low
        names = ("slope", "offset") if counted else ("parameter1", "parameter0")
        figures = (repr(evaluation.slope), repr(evaluation.offset))
        given = {"ftype": "linear", **dict(zip(names, figures, strict=True))}
    else:
        figures3 = (evaluation.low, evaluation.high, evaluation.top)
        given = {f"parameter{place}": repr(figure) for place, figure in enumerate(figures3)}
        given = {"ftype": "triangular", **given}
    SubElement(element, "evaluator", given)


def _text(text: str) -> str:
    if found := _UNWRITABLE.search(text):
        raise ValueError(f"expected text that XML can hold, got {found[0]!r} in {text!r}")
    return text


def _bytes(root: Element) -> bytes:
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"
