"""Read how a profile evaluates an issue."""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

from sim.domain.exchange import Constant, Evaluation, Figures, Issue, Line, Triangle
from sim.io.genius.looking import Lookup
from sim.io.library import nearest
from sim.io.wording import shown

__all__ = ["evaluation_of", "evaluations_given"]

_FORMS = ("linear", "triangular", "constant")


def evaluations_given(element: Element, issue: Issue, look: Lookup) -> dict[str, float]:
    """Return what a profile says of each value of a discrete issue.

    Parameters
    ----------
    element : Element
        The issue in the profile.
    issue : Issue
        The issue in the domain.
    look : Lookup
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
    element: Element, issue: Issue, given: dict[str, float], look: Lookup
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
    look : Lookup
        Where faults are noted.
    """
    if issue.kind != "discrete":
        return _by_form(element, issue, look)
    missing = [value for value in issue.values if value not in given]
    if missing and len(given) == len(element.findall("item")):
        look.wrong(f"issue.{issue.index}", f"an item for {missing[0]!r}", "nothing")
    return Figures(tuple(given.get(value, 0.0) for value in issue.values))


def _by_form(element: Element, issue: Issue, look: Lookup) -> Evaluation:
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


def _line(evaluator: Element, issue: Issue, key: str, look: Lookup) -> Line:
    if "slope" in evaluator.attrib or "offset" in evaluator.attrib:
        slope, offset = (look.number(evaluator, name, key) for name in ("slope", "offset"))
        return Line(slope, offset, issue.low if issue.kind == "integer" else 0.0)
    names = ("parameter1", "parameter0")
    slope, offset = (look.number(evaluator, name, key) for name in names)
    return Line(slope, offset)


def _triangle(evaluator: Element, key: str, look: Lookup) -> Triangle:
    names = ("parameter0", "parameter1", "parameter2")
    low, high, top = (look.number(evaluator, name, key) for name in names)
    if not low <= top <= high or math.isinf(high - low):
        got = f"{low:g} to {high:g} with the top at {top:g}"
        look.wrong(key, "a triangle whose top lies between its ends", got)
    return Triangle(low, high, top)
