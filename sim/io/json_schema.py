"""JSON Schema of every kind of file, for completion and checking in editors.

Files say less than a model needs, for they are laid over each other: no key is required, and
``key: null`` takes a key out. Only quantities and conditions are always whole.

They say what may stand in a file and not all that must be so: whether the parts of a scenario fit
together is what ``islands validate`` tells.
"""

from __future__ import annotations

import json
import re
from collections import ChainMap
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from sim.domain.deal import Deal
from sim.domain.dispute import Dispute
from sim.domain.environment import Environment, Protocol
from sim.domain.evidence import Register
from sim.domain.frozen import Frozen
from sim.domain.game import Game
from sim.domain.history import Calibration
from sim.domain.quantity import PARAMETERS
from sim.domain.scenario import Scenario
from sim.domain.side import Side
from sim.domain.strategy import Strategy
from sim.io import library
from sim.io.docstrings import docstring

__all__ = ["SCHEMAS", "json_schema", "parameters_of", "schema_text"]

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_ENTRY = re.compile(r"^(\w[\w, ]*?)(?: : .*)?$")


def parameters_of(text: str) -> dict[str, str]:
    r"""Return what the section "Parameters" of a docstring says, by parameter.

    Parameters
    ----------
    text : str
        In numpydoc's form, without indentation.

    Examples
    --------
    >>> parameters_of("A.\n\nParameters\n----------\nlow, high : float\n    Its ends.\n")
    {'low': 'Its ends.', 'high': 'Its ends.'}
    """
    parts = _SECTION.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    said: dict[str, str] = {}
    names: list[str] = []
    for line in sections.get("Parameters", "").splitlines():
        entry = _ENTRY.match(line)
        if entry:
            names = [name.strip() for name in entry[1].split(",")]
        elif line.strip():
            said.update({name: f"{said.get(name, '')} {line.strip()}".strip() for name in names})
    return said


Node = dict[str, Any]
"""A JSON Schema, or a part of one."""

_NULL: Node = {"type": "null"}
_NOISE = {"title", "default", "discriminator"}
_NAMED = {"properties", "$defs"}
_ORIGIN = ["unit", "source", "assumption", "off", "resolve"]


def _plain(node: Any) -> Any:
    """Return a schema without what says nothing to an editor, the first paragraph of every text.

    Tuples become lists of one kind of item and alternatives need not exclude each other, so that
    validators of any draft since 7 agree.
    """
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if isinstance(node, float) and node.is_integer():
        return int(node)  # releases of pydantic differ in this
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if key not in _NOISE}
    new: Node = {
        "anyOf" if key == "oneOf" else key: _named(value) if key in _NAMED else _plain(value)
        for key, value in kept.items()
    }
    if "prefixItems" in new:
        new["items"] = new.pop("prefixItems")[0]
    text = new.get("description")
    if isinstance(text, str):
        new["description"] = " ".join(text.strip().split("\n\n")[0].split())
    return new


def _named(nodes: Node) -> Node:
    """Return schemas under names that are not words of JSON Schema, whatever they look like."""
    return {name: _plain(node) for name, node in nodes.items()}


def _relaxed(node: Node) -> Node:
    """Return the schema of an object of which a file may say only a part."""
    new = {key: value for key, value in node.items() if key != "required"}
    if "properties" in new:
        new["properties"] = {name: _nullable(part) for name, part in new["properties"].items()}
    if isinstance(new.get("additionalProperties"), dict):
        new["additionalProperties"] = _nullable(new["additionalProperties"])
    return new


def _nullable(node: Node) -> Node:
    """Return a schema that also takes null; a mapping in its place is relaxed."""
    hint = {key: node[key] for key in ("description",) if key in node}
    inner = _relaxed({key: value for key, value in node.items() if key not in hint})
    choices = cast(list[Node], inner["anyOf"] if set(inner) == {"anyOf"} else [inner])
    return {**hint, "anyOf": [*(item for item in choices if item != _NULL), _NULL]}


def _quantity(node: Node) -> Node:
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
    choices = [item for item in node.get("anyOf", []) if item != _NULL]
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


SCHEMAS: dict[str, Any] = {
    "scenario": Scenario,
    "dispute": Dispute,
    "side": Side,
    "strategy": Strategy,
    "environment": Environment,
    "protocol": Protocol,
    "calibration": Calibration,
    "deal": Deal,
    "evidence": Register,
    "game": Game,
}
"""The kinds of files that have a schema, and what they describe."""

_DRAFT = "http://json-schema.org/draft-07/schema#"
_WHOLE = {"Quantity", "Not"}
"""What a file always says as a whole."""


def json_schema(kind: str) -> Node:
    """Return the JSON Schema (draft 7) of a kind of file, as it is written by hand.

    Parameters
    ----------
    kind : str
        One of `SCHEMAS`.
    """
    model = _plain(TypeAdapter(SCHEMAS[kind]).json_schema(schema_generator=_Hinting))
    parts = model.pop("$defs", {})
    if "Quantity" in parts:
        parts["Quantity"] = _quantity(parts["Quantity"])
    if kind in library.PARTS:
        model = _relaxed(model)
        parts = {name: part if name in _WHOLE else _relaxed(part) for name, part in parts.items()}
        _let_build(model, parts)
    if kind == "scenario":
        _name_parts(model["properties"])
    if kind == "deal":
        model["required"].remove("name")  # the name of the file, unless it says another
    head = {"$schema": _DRAFT, "title": f"{kind}: {library.GROUPS[kind]}"}
    return {**head, **model, "$defs": parts}


class _Hinting(GenerateJsonSchema):
    """Say at every key of a model what the docstring of its class says, or of one it inherits."""

    def model_schema(self, schema: core_schema.ModelSchema) -> Node:
        """Return the schema of a model, with a hint at every key."""
        node = super().model_schema(schema)
        classes = [each for each in schema["cls"].__mro__ if issubclass(each, Frozen)]
        said = ChainMap(*(parameters_of(docstring(each)) for each in classes))
        for name, part in node.get("properties", {}).items():
            if name in said:
                part.setdefault("description", said[name])
        return node


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a kind of file as the text of a file, the same every time."""
    return json.dumps(json_schema(kind), indent=1, ensure_ascii=False) + "\n"


def _let_build(model: Node, parts: Node) -> None:
    """Let a file build on others of its kind, in place; a kind may be one of several models."""
    choices = [parts[choice["$ref"].rpartition("/")[2]] for choice in model.get("anyOf", [])]
    for node in choices or [model]:
        node["properties"] = {"defaults": _defaults(), **node["properties"]}


def _defaults() -> Node:
    """Return the schema of a defaults list."""
    group = rf"^(override )?/?({'|'.join(library.PARTS)})(@[A-Za-z_.]+)?$"
    swap: Node = {
        "type": "object",
        "propertyNames": {"pattern": group},
        "additionalProperties": {"type": ["string", "null"]},
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {
        "description": (
            "Files of the same kind to build on, _self_ for this one among them, and parts to swap:"
            " 'override /GROUP: NAME'. A later one wins."
        ),
        "type": "array",
        "items": {"anyOf": [{"type": "string"}, swap]},
    }


def _name_parts(properties: Node) -> None:
    """Let a scenario name its structures and its registers instead of holding them, in place."""
    for key in ("deals", "evidence"):
        (held,) = (node for node in properties[key]["anyOf"] if node != _NULL)
        names = {"type": "array", "items": {"type": "string"}}
        node = {"anyOf": [names, {"const": "all"}, held, _NULL]}
        hint = properties[key].get("description")
        properties[key] = {"description": hint, **node} if hint else node
