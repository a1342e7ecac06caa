"""The schemas for editors are fresh, and say of the shipped files what the loader says of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from sim.io import yaml
from sim.io.dump import dump_scenario
from sim.io.json_schema import SCHEMAS, json_schema, parameters_of, schema_text
from sim.io.library import list_names
from sim.paths import configs_dir, scenarios_dir
from tests.disputes import pie

CONFIGS = configs_dir()
FILES = [
    *(("scenario", path) for path in sorted(scenarios_dir().glob("*.yaml"))),
    *((kind, path) for kind in SCHEMAS for path in sorted((CONFIGS / kind).glob("*.yaml"))),
]
WRITTEN = CONFIGS / "calibration" / "fitted.yaml"
"""By a command, which may write it anywhere."""
NAMES = [f"{kind}/{path.stem}" for kind, path in FILES]
SHARE = {"value": 0.5, "unit": "share", "source": ["poll"]}


def faults(kind: str, values: object) -> list[str]:
    """Return what a validator objects to."""
    judge = pytest.importorskip("jsonschema", reason="needs jsonschema")
    validator = judge.Draft7Validator(json_schema(kind))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(values)]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_shipped_schema_is_fresh(kind: str) -> None:
    shipped = (CONFIGS / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert shipped == schema_text(kind), "run: islands schema out=configs/schema"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_one(kind: str) -> None:
    schema = json_schema(kind)
    assert json.loads(schema_text(kind)) == schema
    judge = pytest.importorskip("jsonschema", reason="needs jsonschema")
    judge.Draft7Validator.check_schema(schema)


@pytest.mark.parametrize(("kind", "path"), FILES, ids=NAMES)
def test_shipped_files_fit_their_schema(kind: str, path: Path) -> None:
    assert faults(kind, yaml.read(path)) == []


@pytest.mark.parametrize(("kind", "path"), FILES, ids=NAMES)
def test_shipped_files_name_their_schema(kind: str, path: Path) -> None:
    if path == WRITTEN:
        return
    first = path.read_text(encoding="utf-8").splitlines()[0]
    marker, _, named = first.partition("=")
    assert marker == "# yaml-language-server: $schema"
    assert Path(named).name == f"{kind}.json"
    if CONFIGS.name == "configs":  # the repository; a wheel gives its folders other names
        assert (path.parent / named).resolve() == (CONFIGS / "schema" / f"{kind}.json").resolve()


def test_a_resolved_scenario_fits(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(dump_scenario(pie()))
    assert faults("scenario", yaml.read(tmp_path / "config.yaml")) == []


@pytest.mark.parametrize("name", [item for item in list_names("scenario") if item != "base"][:3])
def test_little_is_enough(name: str) -> None:
    some = {"holder": {"public": {"opposition": SHARE}}, "claimant": {"label": None}}
    assert faults("scenario", {"defaults": [name, "_self_"], "deals": "all", **some}) == []
    assert faults("scenario", {"defaults": [{"override /side@holder": "x"}], "deals": ["a"]}) == []


@pytest.mark.parametrize(
    "values",
    [
        {"dels": "all"},
        {"deals": "some"},
        {"worlds": 0},
        {"holder": {"publik": {}}},
        {"defaults": "base"},
        {"defaults": [{"override /sides": "x"}]},
        {"holder": {"public": {"opposition": 0.5}}},
    ],
)
def test_what_the_loader_refuses_is_refused(values: dict[str, Any]) -> None:
    assert faults("scenario", values)


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": None},
        {"source": []},
        {"low": 0},
        {"distribution": "uniform", "low": 0, "high": 1},
        {"value": "much"},
    ],
)
def test_a_quantity_is_whole(changes: dict[str, Any]) -> None:
    for change in ({}, {"value": "none"}):
        values = {"leader": {"deadline_rounds": {**SHARE, **change}}}
        assert faults("side", values) == []
    assert faults("side", {"leader": {"deadline_rounds": {**SHARE, **changes}}})


def test_a_distribution_has_its_own_parameters() -> None:
    base = {"distribution": "beta", "unit": "share", "assumption": "shown"}
    for more, fits in (
        ({"alpha": 1, "beta": 2}, True),
        ({"alpha": 1}, False),
        ({"alpha": 1, "beta": 2, "sd": 1}, False),
    ):
        values = {"leader": {"audience_cost": {**base, **more}}}
        assert (faults("side", values) == []) is fits


def test_a_structure_is_whole_but_for_its_name() -> None:
    stages = {"only": {"label": "A text", "fixed": {"title": "all"}}}
    assert faults("deal", {"label": "A", "stages": stages}) == []
    assert faults("deal", {"stages": stages})
    assert faults("deal", {"label": None, "stages": stages})


def test_keys_carry_hints() -> None:
    hints = json_schema("side")["$defs"]["Preferences"]["properties"]
    assert hints["weights"]["description"].startswith("Points per unit of the interest")
    assert parameters_of("No parameters.") == {}
