"""The rules by which files are laid over each other."""

from typing import Any

from sim.io.merge import Layered, lay, origin

POINT = {"value": 1, "unit": "share", "assumption": "a"}
RANGE = {"distribution": "uniform", "low": 0, "high": 1, "unit": "share", "source": ["b"]}


def laid(*layers: dict[str, Any]) -> Layered:
    base = Layered()
    for number, layer in enumerate(layers):
        lay(base, layer, f"{number}.yaml")
    return base


def test_mappings_merge_lists_and_scalars_replace() -> None:
    merged = laid({"a": {"b": 1, "c": [1, 2]}, "d": 1}, {"a": {"c": [3]}, "d": 2})
    assert merged == {"a": {"b": 1, "c": [3]}, "d": 2}


def test_a_quantity_replaces_as_a_whole() -> None:
    assert laid({"q": RANGE}, {"q": POINT}) == {"q": POINT}
    assert laid({"q": POINT}, {"q": RANGE}) == {"q": RANGE}
    assert laid({"q": RANGE}, {"q": {"value": 1}}) == {"q": {"value": 1}}


def test_null_takes_a_key_out() -> None:
    merged = laid({"a": {"b": {"c": 1}, "d": 2}}, {"a": {"b": None}})
    assert merged == {"a": {"d": 2}}
    assert origin(merged, ("a", "b")) == "1.yaml"


def test_every_key_knows_its_file() -> None:
    merged = laid(
        {"a": {"b": 1, "c": [{"x": 1}]}}, {"a": {"b": 2, "n": 1}}, {"a": {"c": [{"x": 2}]}}
    )
    files = [origin(merged, tuple(key.split("."))) for key in ("a", "a.b", "a.n", "a.c.0.x", "a.z")]
    assert files == ["0.yaml", "1.yaml", "1.yaml", "2.yaml", "0.yaml"]


def test_a_replaced_mapping_forgets_its_files() -> None:
    merged = laid({"q": RANGE}, {"q": POINT})
    assert origin(merged, ("q", "distribution")) == "1.yaml"


def test_nothing_is_shared_with_what_was_laid() -> None:
    layer = {"a": {"b": [1]}}
    merged = laid(layer, {"a": {"c": 1}})
    merged["a"]["b"].append(2)
    assert layer == {"a": {"b": [1]}}
