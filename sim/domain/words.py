"""Put numbers, their origins and conditions into words."""

from __future__ import annotations

from sim.domain.condition import Condition, Not, Span, Test
from sim.domain.evidence import Register
from sim.domain.quantity import Quantity
from sim.domain.ratifier import Voting

__all__ = ["amount", "condition", "key_words", "printable", "reason"]


def amount(quantity: Quantity) -> str:
    """Return a number or a distribution in words, without its unit.

    Examples
    --------
    >>> amount(Quantity(value=0.74, unit="share", assumption="shown"))
    '0.74'
    >>> amount(Quantity(distribution="normal", mean=2, sd=1, low=0, unit="x", assumption="shown"))
    'normal, mean 2, sd 1, low 0'
    >>> amount(Quantity(distribution="uniform", low=0, high=1, unit="x", assumption="shown"))
    '0 to 1'
    """
    if quantity.distribution is None:
        return quantity.value if isinstance(quantity.value, str) else f"{quantity.value:g}"
    if quantity.distribution == "uniform":
        return f"{quantity.low:g} to {quantity.high:g}"
    if quantity.distribution == "triangular":
        return f"{quantity.low:g} to {quantity.high:g}, most likely {quantity.mode:g}"
    names = ("mean", "sd", "alpha", "beta", "median", "sigma", "low", "high")
    given = {name: getattr(quantity, name) for name in names}
    parts = [f"{name} {value:g}" for name, value in given.items() if value is not None]
    return f"{quantity.distribution}, {', '.join(parts)}"


def reason(quantity: Quantity | Voting, register: Register) -> str:
    """Return where a number (or a say) comes from: sources by id and place, or why assumed."""
    parts = []
    for name in quantity.source:
        fact = register.get(name)
        parts.append(f"{name}: {fact.source}" if fact else name)
    if quantity.assumption:
        parts.append(f"assumed: {quantity.assumption}")
    return "; ".join(parts)


def condition(test: Condition) -> str:
    """Return a condition on packages in words.

    Examples
    --------
    >>> condition({"holder_gives": True, "recognition": Not(**{"not": ("explicit",)})})
    'holder gives and recognition is not explicit'
    """
    return " and ".join(_test(fact, value) for fact, value in test.items())


def key_words(key: str) -> str:
    """Return a dotted key in words.

    Examples
    --------
    >>> key_words("approval.persistence_month")
    'approval: persistence month'
    """
    return key.replace("_", " ").replace(".", ": ")


def _test(fact: str, test: Test) -> str:
    name = fact.replace("_", " ")
    if isinstance(test, bool):
        return name if test else f"not {name}"
    if isinstance(test, Not):
        return f"{name} is not {' or '.join(test.not_)}"
    if isinstance(test, Span):
        least = f"{name} is at least {test.at_least:g}" if test.at_least is not None else ""
        below = f"{name} is below {test.below:g}" if test.below is not None else ""
        return " and ".join(part for part in (least, below) if part)
    return f"{name} is {test if isinstance(test, str) else ' or '.join(test)}"


def printable(text: str) -> str:
    r"""Return a stranger's text without what would move a terminal's cursor.

    Examples
    --------
    >>> printable("one\ntwo \x9b2J")
    'one two  2J'
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)
