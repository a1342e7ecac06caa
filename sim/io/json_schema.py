"""Write the schemas of files as JSON Schema, for completion and checking in editors.

They say what may stand in a file and not all that must be so: whether the parts of a scenario fit
together is what ``islands validate`` tells.
"""

from __future__ import annotations

import json
from collections import ChainMap
from inspect import cleandoc
from typing import Any

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
from sim.domain.scenario import Scenario
from sim.domain.side import Side
from sim.domain.strategy import Strategy
from sim.io import library
from sim.io.docstrings import parameters_of
from sim.io.json_schema_nodes import NULL, Node, plain, quantity, relaxed

__all__ = ["SCHEMAS", "json_schema", "schema_text"]

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
    model = plain(TypeAdapter(SCHEMAS[kind]).json_schema(schema_generator=_Hinting))
    parts = model.pop("$defs", {})
    if "Quantity" in parts:
        parts["Quantity"] = quantity(parts["Quantity"])
    if kind in library.PARTS:
        model = relaxed(model)
        parts = {name: part if name in _WHOLE else relaxed(part) for name, part in parts.items()}
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
        said = ChainMap(*(parameters_of(cleandoc(each.__doc__ or "")) for each in classes))
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
        (held,) = (node for node in properties[key]["anyOf"] if node != NULL)
        names = {"type": "array", "items": {"type": "string"}}
        node = {"anyOf": [names, {"const": "all"}, held, NULL]}
        hint = properties[key].get("description")
        properties[key] = {"description": hint, **node} if hint else node
