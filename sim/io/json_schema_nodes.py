"""Turn the JSON Schema of a model into one of what is written in files about it.

Files say less than a model needs, for they are laid over each other: no key is required, and
``key: null`` takes a key out. Only quantities and conditions are always whole.
"""

from __future__ import annotations

from typing import Any, cast

from sim.domain.quantity import PARAMETERS
from sim.io.docstrings import summary_of

__all__ = ["NULL", "Node", "plain", "quantity", "relaxed"]

Node = dict[str, Any]
"""A JSON Schema, or a part of one."""

NULL: Node = {"type": "null"}
_NOISE = {"title", "default", "discriminator"}
_NAMED = {"properties", "$defs"}
_ORIGIN = ["unit", "source", "assumption", "off"]


def plain(node: Any) -> Any:
    """Return a schema without what says nothing to an editor, the first paragraph of every text.

    Tuples become lists of one kind of item and alternatives need not exclude each other, so that
    validators of any draft since 7 agree.
    """
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, float) and node.is_integer():
        return int(node)  # releases of pydantic differ in this
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if key not in _NOISE}
    new: Node = {
        "anyOf" if key == "oneOf" else key: _named(value) if key in _NAMED else plain(value)
        for key, value in kept.items()
    }
    if "prefixItems" in new:
        new["items"] = new.pop("prefixItems")[0]
    text = new.get("description")
    if isinstance(text, str):
        new["description"] = summary_of(text)
    return new


def _named(nodes: Node) -> Node:
    """Return schemas under names that are not words of JSON Schema, whatever they look like."""
    return {name: plain(node) for name, node in nodes.items()}


def relaxed(node: Node) -> Node:
    """Return the schema of an object of which a file may say only a part."""
    new = {key: value for key, value in node.items() if key != "required"}
    if "properties" in new:
        new["properties"] = {name: nullable(part) for name, part in new["properties"].items()}
    if isinstance(new.get("additionalProperties"), dict):
        new["additionalProperties"] = nullable(new["additionalProperties"])
    return new


def nullable(node: Node) -> Node:
    """Return a schema that also takes null; a mapping in its place is relaxed."""
    hint = {key: node[key] for key in ("description",) if key in node}
    inner = relaxed({key: value for key, value in node.items() if key not in hint})
    choices = cast(list[Node], inner["anyOf"] if set(inner) == {"anyOf"} else [inner])
    return {**hint, "anyOf": [*(item for item in choices if item != NULL), NULL]}


def quantity(node: Node) -> Node:
    """Return the schema of a quantity with the rules that its keys have among each other."""
    properties = {name: _without_null(part) for name, part in node["properties"].items()}
    some = {"required": ["source"], "properties": {"source": {"minItems": 1}}}
    origin = {"anyOf": [some, {"required": ["assumption"]}]}
    amount = {"oneOf": [{"required": ["value"]}, {"required": ["distribution"]}]}
    only = {"propertyNames": {"enum": ["value", *_ORIGIN]}}
    point = {"if": {"required": ["value"]}, "then": only}
    rules = [origin, amount, point, *(_distribution(name) for name in PARAMETERS)]
    return {**node, "properties": properties, "allOf": rules}


def _without_null(node: Node) -> Node:
    choices = [item for item in node.get("anyOf", []) if item != NULL]
    if len(choices) == 1:
        hint = {key: value for key, value in node.items() if key != "anyOf"}
        return {**hint, **choices[0]}
    return {**node, "anyOf": choices} if choices else node


def _distribution(name: str) -> Node:
    """Return the rule that a distribution has its own parameters and no others."""
    needed, allowed = PARAMETERS[name]
    chosen = {"properties": {"distribution": {"const": name}}, "required": ["distribution"]}
    keys = ["distribution", *sorted(needed | allowed), *_ORIGIN]
    return {"if": chosen, "then": {"required": sorted(needed), "propertyNames": {"enum": keys}}}
