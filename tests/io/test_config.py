"""From files and overrides to a scenario, and back.

Tests `sim.io.dump`, `sim.io.hydra_source`, `sim.io.library` and `sim.io.overrides`.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra

import sim
from sim.domain.scenario import SCHEMA_VERSION
from sim.errors import ScenarioError
from sim.io.config import BASE, dump_scenario, load_run, load_scenario
from sim.io.kinds import check_file
from sim.io.library import list_names

Case = Callable[..., Path]


def test_a_scenario_is_assembled_from_its_parts(small: Path) -> None:
    scenario = load_scenario("base")
    assert (scenario.claimant.name, scenario.holder.name) == ("east", "west")
    assert scenario.environment.name == "calm"
    assert scenario.claimant.strategy.kind == "time_dependent"
    assert list(scenario.deals) == ["peace_now", "status_quo"]
    assert (scenario.worlds, scenario.rounds) == (100, 40)
    assert str(scenario.evidence["poll_one"].source) == "A paper (2018-12)"


def test_a_scenario_builds_on_another(small: Path) -> None:
    scenario = load_scenario("storm")
    assert (scenario.name, scenario.title) == ("storm", "The base case")
    assert scenario.environment.name == "storm"
    opposition = scenario.holder.public.opposition
    assert opposition is not None
    assert (opposition.value, opposition.distribution) == (0.9, None)


def test_the_last_word_is_the_command_line(small: Path) -> None:
    chosen = ["environment=calm", "side@holder=north", "deals=[status_quo]", "+worlds=7"]
    scenario = load_scenario("storm", chosen)
    assert scenario.environment.name == "calm"
    assert scenario.holder.name == "north"
    assert list(scenario.deals) == ["status_quo"]
    assert scenario.worlds == 7


def test_an_override_makes_a_point_of_a_quantity(small: Path) -> None:
    chosen = ["holder.public.opposition=0.5", "claimant.leader.deadline_rounds=none"]
    scenario = load_scenario("base", chosen)
    opposition, deadline = (
        scenario.holder.public.opposition,
        scenario.claimant.leader.deadline_rounds,
    )
    assert opposition is not None
    assert (opposition.value, opposition.distribution) == (0.5, None)
    assert (opposition.unit, opposition.off) == ("share", 0)
    assert (opposition.source, opposition.assumption) == (("override",), None)
    assert deadline.is_none


def test_an_override_may_be_a_distribution(small: Path) -> None:
    chosen = "holder.public.opposition={distribution: uniform, low: 0.1, high: 0.2}"
    opposition = load_scenario("base", [chosen]).holder.public.opposition
    assert opposition is not None
    assert (opposition.low, opposition.unit, opposition.source) == (0.1, "share", ("override",))


def test_an_override_may_name_what_only_the_schema_knows(small: Path) -> None:
    assert not load_scenario(
        "base", ["environment.approval.enabled=false"]
    ).environment.approval.enabled


def test_an_override_may_name_what_lies_below_a_key_that_no_file_has(small: Path) -> None:
    key = "claimant.beliefs.other_weights.factors"
    believed = load_scenario("base", [f"{key}.closure=0"]).claimant.beliefs.other_weights
    assert believed is not None
    told = believed.factors["closure"]
    assert (told.value, told.unit, told.source) == (0, "factor", ("override",))
    with pytest.raises(ScenarioError, match=r"factrs"):
        load_scenario("base", ["claimant.beliefs.other_weights.factrs.closure=0"])
    with pytest.raises(ScenarioError, match=r"factors\.glory"):
        load_scenario("base", [f"{key}.glory=0"])


def test_null_and_tilde_take_a_key_out(small: Path) -> None:
    assert load_scenario("base", ["holder.public.undecided=null"]).holder.public.undecided is None
    assert not load_scenario("base", ["~holder.preconditions.peace_first"]).holder.preconditions


@pytest.mark.parametrize("form", ["case.yaml", "./case.yaml", "./case", "/abs/case.yaml"])
def test_a_path_in_any_form(case: Case, form: str) -> None:
    path = case("name: mine\n")
    assert load_scenario(form.replace("/abs", str(path.parent))).name == "mine"


def test_a_path_with_spaces_and_quotes(case: Case) -> None:
    assert load_scenario(case("name: mine\n", "it's my case.yaml")).name == "mine"


def test_scenarios_are_looked_for_in_order(
    case: Case, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / "scenarios").mkdir()
    (small / "mine").mkdir()
    base = (small.parent / "_shipped/scenarios/base.yaml").read_text()
    case(base.replace("name: base", "name: here"), "scenarios/base.yaml")
    assert load_scenario("base").name == "here"
    case(base.replace("name: base", "name: first"), "mine/base.yaml")
    monkeypatch.setenv("ISLANDS_SCENARIOS", f"{small / 'none'}:{small / 'mine'}")
    assert load_scenario("base").name == "first"
    assert list_names("scenario") == ["base", "storm"]


def test_paths_in_a_file_are_relative_to_the_file(case: Case, small: Path) -> None:
    (small / "deep").mkdir()
    calm = (small.parent / "_shipped/configs/environment/calm.yaml").read_text()
    case(f"# defaults: none\n{calm.replace('Calm', 'Mine')}", "deep/env.yaml")
    deal = (small.parent / "_shipped/configs/deal/status_quo.yaml").read_text()
    case(f"# defaults: none\n{deal.replace('status_quo', 'mine')}", "deep/deal.yaml")
    case("name: under\n", "deep/under.yaml")
    path = case(
        "defaults: [./under.yaml, {override /environment: ./env.yaml}]\n"
        "deals: [deal.yaml, peace_now]\n",
        "deep/top.yaml",
    )
    scenario = load_scenario(path)
    assert (scenario.name, scenario.environment.label) == ("under", "Mine")
    assert list(scenario.deals) == ["mine", "peace_now"]


@pytest.mark.parametrize("name", ["base", "storm"])
def test_a_dumped_scenario_is_the_same_scenario(small: Path, name: str) -> None:
    chosen = ["holder.leader.deadline_rounds=none", "claimant.public.opposition=0.1", "title='1e3'"]
    scenario = load_scenario(name, chosen)
    path = small / "config.yaml"
    path.write_text(dump_scenario(scenario))
    assert load_scenario(path) == scenario
    assert dump_scenario(load_scenario(path)) == path.read_text()


def test_structures_that_speak_of_other_clauses_are_not_of_this_dispute(small: Path) -> None:
    path = small.parent / "_shipped/configs/deal/other.yaml"
    path.write_text("{name: other, label: Other, stages: {s: {label: s, fixed: {tea: green}}}}")
    assert "other" not in load_scenario("base").deals


def test_settings_of_a_run_are_no_part_of_the_scenario(small: Path) -> None:
    scenario, settings = load_run("base", ["out=there", "workers=2"])
    assert (settings.out, settings.workers) == (Path("there"), 2)
    assert scenario == load_scenario("base")


def test_hydra_is_left_as_it_was(small: Path, tmp_path: Path) -> None:
    load_scenario("base")
    assert not GlobalHydra.instance().is_initialized()
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.yaml").write_text("x: 1\n")
    with initialize_config_dir(str(tmp_path / "app"), **BASE):
        load_scenario("storm")
        with pytest.raises(ScenarioError):
            load_scenario("nothing")
        assert compose("main").x == 1


def test_threads_do_not_disturb_each_other(small: Path) -> None:
    names = ["base", "storm"] * 8
    with ThreadPoolExecutor(4) as pool:
        assert [scenario.name for scenario in pool.map(load_scenario, names)] == names


def test_a_file_of_a_newer_program_is_refused_before_anything_else(case: Case) -> None:
    path = case("schema_version: 99\nnever_heard_of: 1\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert str(caught.value) == (
        f"{path.name}: schema_version: expected at most {SCHEMA_VERSION}, "
        "the version that this four-islands reads (update it), got 99"
    )


VERSION_1 = """
schema_version: 1
environment:
  oil: {enabled: false, drift: {value: 0, unit: log price, assumption: test}}
  events: {summit: {label: a summit, round: 1, assumption: test, sanctions: lifted}}
holder:
  preferences: {oil_sensitivity: {value: 0, unit: log, assumption: test}}
"""
REPLACED = {
    "holder.preferences.oil_sensitivity": "holder.preferences.sensitivities.oil",
    "environment.events.summit.sanctions": "environment.events.summit.steps.sanctions",
    "environment.oil": "environment.processes.oil, with kind: ar1, a start and "
    "multiplies: {economy: {rule: exponential}}",
    "environment.oil.enabled": "environment.processes.oil.enabled",
    "environment.oil.drift": "environment.processes.oil.mean",
}


def test_every_key_of_an_earlier_version_is_told_what_it_is_called_now(case: Case) -> None:
    path = case(VERSION_1)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    said = str(caught.value).splitlines()
    assert said == [
        f"{path.name}: unknown key '{key}', which version 2 of the schema replaced by {now}"
        for key, now in REPLACED.items()
    ]


def test_overrides_and_parts_of_an_earlier_version_are_told_too(small: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("base", ["environment.oil.drift=0.1", "environment.oill.drift=0.1"])
    told = "which version 2 of the schema replaced by environment.processes.oil.mean"
    first, second = str(caught.value).splitlines()
    assert first == f"command line: unknown key 'environment.oil.drift', {told}"
    assert "replaced" not in second
    Path("environment").mkdir()
    path = Path("environment/mine.yaml")
    path.write_text("name: mine\nlabel: Mine\noil: {enabled: false}\n")
    with pytest.raises(ScenarioError, match=r"'oil', which version 2 .* by processes\.oil, with"):
        check_file(path)


def test_what_is_written_names_its_version(small: Path) -> None:
    assert f"\nschema_version: {SCHEMA_VERSION}\n" in dump_scenario(load_scenario("base"))


def test_a_number_whose_name_has_a_dot_is_set_by_the_key_that_is_listed() -> None:
    key = "protocol.effect_years.0.25"
    scenario = sim.load_scenario("canada_denmark_2018", overrides=[f"{key}=0.4"])
    numbers = dict(scenario.quantities())
    assert numbers[key].value == 0.4
    assert numbers["protocol.effect_years.0"].value != 0.4
    other = numbers[key].at(0.3)
    for again in (scenario.replaced({key: other}), scenario.with_values({key: other})):
        found = dict(again.quantities())
        assert {name for name in numbers if found[name] != numbers[name]} == {key}
        assert found[key].value == 0.3
