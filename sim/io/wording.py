"""Put pydantic's kinds of errors into words: what was expected, and what came."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["expected_of", "shown"]

_EXPECTED = {
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a mapping",
    "enum": "one of {expected}",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "a value above {gt}",
    "greater_than_equal": "a value of at least {ge}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "int_type": "a whole number",
    "less_than": "a value below {lt}",
    "less_than_equal": "a value of at most {le}",
    "list_type": "a list",
    "literal_error": "one of {expected}",
    "string_type": "text",
    "too_long": "at most {max_length} items",
    "too_short": "at least {min_length} items",
    "tuple_type": "a list",
    "union_tag_invalid": "one of {expected_tags}",
    "union_tag_not_found": "the key {discriminator}",
}
_MODELS = {
    "Quantity": "a quantity {value or distribution, unit, source or assumption}",
}
_WIDTH = 60


def expected_of(problem: dict[str, Any]) -> tuple[str, str]:
    """Return what was expected and what came.

    Parameters
    ----------
    problem : dict
        One entry of ``ValidationError.errors()``.

    Returns
    -------
    expected, got : str
        `expected` is empty when `got` is a whole sentence.
    """
    kind, context, value = problem["type"], problem.get("ctx", {}), problem["input"]
    if kind == "value_error":
        message = str(problem["msg"]).removeprefix("Value error, ")
        if match := re.fullmatch(r"expected (.*), got (.*)", message, re.S):
            return match[1], match[2]
        return "", message
    if kind in ("model_type", "model_attributes_type"):
        return _MODELS.get(context.get("class_name", ""), "a mapping"), shown(value)
    if kind == "union_tag_invalid":
        return _EXPECTED[kind].format(**context), repr(context["tag"])
    if kind not in _EXPECTED:
        return "", f"{problem['msg']} (got {shown(value)})"
    if "expected" in context:
        context = {**context, "expected": context["expected"].replace(" or ", ", ")}
    for name in {"gt", "ge", "lt", "le"} & set(context):
        context = {**context, name: f"{context[name]:,}"}
    expected = _EXPECTED[kind].format(**context)
    if "expected" in context and "," not in expected:
        expected = expected.removeprefix("one of ")
    if kind == "too_short" and context.get("min_length") == 1:
        expected = "at least one item"
    got = shown(value)
    if isinstance(value, bool) and kind in ("string_type", "literal_error", "enum"):
        got += " (YAML reads yes, no, on, off so; put a name in quotes)"
    return expected, got


def shown(value: Any) -> str:
    """Return a value as a message shows it: as in YAML, and short.

    Examples
    --------
    >>> shown(True), shown(None), shown("x"), shown({"a": 1, "b": 2})
    ('true', 'nothing', "'x'", 'a mapping of a, b')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        text = f"a mapping of {', '.join(map(str, value))}" if value else "an empty mapping"
    elif isinstance(value, list):
        text = f"[{', '.join(map(shown, value))}]"
    else:
        text = repr(value)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
