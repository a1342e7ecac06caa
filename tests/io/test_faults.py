"""One test for each way in which a scenario can be wrong: the file, the key, the nearest name.

Tests `sim.errors` and `sim.io.size`.
"""

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sim.errors import Fault, ScenarioError
from sim.io.config import load_scenario

Case = Callable[..., Path]


def faults(scenario: str | Path, overrides: Sequence[str] = ()) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario, overrides)
    return str(caught.value).splitlines()


def test_unknown_key_in_a_file(case: Case) -> None:
    path = case("holder: {publik: {}}\n")
    assert faults(path) == ["case.yaml: unknown key 'holder.publik'; did you mean 'public'?"]


def test_a_number_without_unit_and_source(case: Case) -> None:
    (fault,) = faults(case("holder: {public: {opposition: 0.5}}\n"))
    assert fault.startswith("case.yaml: holder.public.opposition: expected a quantity {value or")
    assert "write {value: 0.5, unit: points, assumption: why}" in fault


def test_a_number_that_nobody_gave_may_be_set_on_the_command_line(case: Case) -> None:
    path = case("holder: {public: {undecided: null}}\n")
    quantity = load_scenario(path, ["holder.public.undecided=0.25"]).holder.public.undecided
    assert quantity is not None
    assert (quantity.value, quantity.unit, quantity.source) == (0.25, "share", ("override",))


def test_the_answer_to_a_poll_needs_the_poll(case: Case) -> None:
    path = case("holder: {public: {opposition: null, calibration: null}}\n")
    (fault,) = faults(path, ["holder.public.opposition=0.4"])
    assert "'calibration' names" in fault
    assert "'threshold'" in fault


@pytest.mark.parametrize(
    ("override", "meant"),
    [("sceanrio=base", "scenario"), ("years=20", "rounds"), ("nunmber_of_worlds=4", None)],
)
def test_an_unknown_key_of_the_whole(case: Case, override: str, meant: str | None) -> None:
    (fault,) = faults(case(""), [override])
    assert fault.endswith(f"; did you mean {meant!r}?") is (meant is not None)


def test_a_number_without_a_source(case: Case) -> None:
    (fault,) = faults(case("holder: {public: {opposition: {value: 0.5, unit: share}}}\n"))
    assert fault == (
        "case.yaml: holder.public.opposition: "
        "expected 'source: [ids]' or 'assumption: why', got neither"
    )


@pytest.mark.parametrize(
    ("value", "got"), [("many", "'many'"), ("true", "true"), ('"7"', "'7'"), ("2.5", "2.5")]
)
def test_wrong_type(case: Case, value: str, got: str) -> None:
    expected = f"case.yaml: rounds: expected a whole number, got {got}"
    assert faults(case(f"rounds: {value}\n")) == [expected]


def test_a_yaml_boolean_as_a_title(case: Case) -> None:
    assert "got false (YAML reads yes, no, on, off so" in faults(case("title: no\n"))[0]


def test_out_of_range(case: Case) -> None:
    quantity = "{value: 1.5, unit: share, assumption: a}"
    (fault,) = faults(case(f"claimant: {{public: {{opposition: {quantity}}}}}\n"))
    assert fault == "case.yaml: claimant.public.opposition: expected a value in [0, 1], got 1.5"


@pytest.mark.parametrize("value", [".nan", ".inf", "1e999"])
def test_not_a_number(case: Case, value: str) -> None:
    quantity = f"{{value: {value}, unit: share, assumption: a}}"
    (fault,) = faults(case(f"claimant: {{public: {{opposition: {quantity}}}}}\n"))
    assert "claimant.public.opposition.value: expected a finite number" in fault


def test_shares_that_do_not_add_to_one(case: Case) -> None:
    share = "{value: 0.5, unit: share, assumption: a}"
    (fault,) = faults(case(f"holder: {{public: {{segments: {{all: {{share: {share}}}}}}}}}\n"))
    assert "holder.public: shares of segments must add to 1, got 0.5" in fault


def test_an_empty_structure(case: Case) -> None:
    path = case("deals: {empty: {name: empty, label: Empty, stages: {}}}\n")
    assert faults(path) == [
        "case.yaml: deals.empty.stages: expected at least one item, got an empty mapping"
    ]


def test_a_level_that_no_side_values(case: Case) -> None:
    levels = "{none: {label: no tea}, green: {label: green tea}}"
    clause = f"{{label: Tea, baseline: none, levels: {levels}}}"
    (fault,) = faults(case(f"dispute: {{clauses: {{tea: {clause}}}}}\n"))
    assert fault.startswith("case.yaml: dispute.clauses.tea.levels.green: expected a level that at")


def test_a_stage_that_allocates_an_object_twice(case: Case) -> None:
    levels = "{all: {label: all, allocation: {rock: claimant}}}"
    clauses = (f"{name}: {{label: {name}, kind: title, levels: {levels}}}" for name in "ab")
    stage = "{label: one, fixed: {a: all, b: all}}"
    path = case(
        f"dispute: {{clauses: {{{', '.join(clauses)}}}}}\n"
        f"deals: {{twice: {{name: twice, label: Twice, stages: {{one: {stage}}}}}}}\n"
    )
    assert faults(path) == [
        "case.yaml: deals.twice.stages.one.b: "
        "expected title of rock allocated once, got twice: by a and b"
    ]


def test_an_evidence_id_that_does_not_exist(case: Case) -> None:
    quantity = "{value: 0.5, unit: share, source: [pol_one]}"
    (fault,) = faults(case(f"holder: {{public: {{opposition: {quantity}}}}}\n"))
    assert fault.startswith("case.yaml: holder.public.opposition.source: expected the id of a fact")
    assert fault.endswith("got 'pol_one'; did you mean 'poll_one'?")


def test_a_choice_among_words(case: Case) -> None:
    (fault,) = faults(case("dispute: {clauses: {peace: {kind: titel}}}\n"))
    assert fault.endswith("got 'titel'; did you mean 'title'?")


def test_the_member_of_a_union_that_was_meant(case: Case) -> None:
    (fault,) = faults(
        case("holder: {preconditions: {peace_first: {blocks: [{peace: {nott: [x]}}]}}}\n")
    )
    assert fault.endswith("blocks.0.peace.nott'; did you mean 'not'?")


def test_a_kind_that_does_not_exist(case: Case) -> None:
    (fault,) = faults(case("holder: {ratifiers: {duma: {kind: parliment, label: Duma}}}\n"))
    assert fault.startswith("case.yaml: holder.ratifiers.duma.kind: expected one of 'leader',")
    assert fault.endswith("got 'parliment'; did you mean 'parliament'?")


def test_all_faults_at_once_each_with_its_file(case: Case, small: Path) -> None:
    side = small.parent / "_shipped" / "configs" / "side" / "west.yaml"
    side.write_text(side.read_text().replace("label: the leader", "lable: the leader"))
    path = case("rounds: 0\nclaimant: {publik: {}}\n")
    found = faults(path, ["seed=-1", "worlds=0"])
    west = str(side)
    assert sorted(found) == sorted(
        [
            "command line: seed: expected a value of at least 0, got -1",
            "command line: worlds: expected a value of at least 1, got 0",
            "case.yaml: rounds: expected a value of at least 1, got 0",
            "case.yaml: unknown key 'claimant.publik'; did you mean 'public'?",
            f"{west}: unknown key 'holder.leader.lable'; did you mean 'label'?",
            f"{west}: holder.leader.label: expected a value, got nothing",
        ]
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "deals: [peace_nwo]",
            "deals: expected one of peace_now, status_quo, got 'peace_nwo'; did",
        ),
        ("deals: [./none.yaml]", "deals: expected a file that exists, got './none.yaml'"),
        (
            "evidence: [facst]",
            "evidence: expected one of facts, got 'facst'; did you mean 'facts'?",
        ),
        ("defaults: [bsae]", "defaults: expected one of base, storm, got 'bsae'"),
        (
            "defaults: [base, {override /environment: clam}]",
            "expected one of calm, storm, got 'clam'",
        ),
        ("defaults: [base, {override /enviroment: calm}]", "did you mean 'environment'?"),
        (
            "defaults: [base, {override /side: east}]",
            "override '",
        ),
        ("defaults: [case.yaml]", "expected files that do not build on themselves"),
        ("defaults: base", "defaults: expected a list, got 'base'"),
        ("hydra: {run: {dir: /}}", "hydra: expected keys of the scenario, got settings of Hydra"),
        ("# @package hydra\ndefaults: [base]", "# @package: expected a key of the scenario"),
    ],
)
def test_names_that_do_not_exist(case: Case, text: str, fault: str) -> None:
    (found,) = faults(case(f"{text}\n"))
    assert found.startswith("case.yaml: ")
    assert fault in found


@pytest.mark.parametrize(
    ("override", "fault"),
    [
        ("+typo=1", "unknown key 'typo'"),
        ("++wrolds=1", "unknown key 'wrolds'; did you mean 'worlds'?"),
        ("holder.publik.opposition=1", "unknown key 'holder.publik'; did you mean 'public'?"),
        ("holder.public.segments.al.share=1", "'holder.public.segments.al'; did you mean 'all'?"),
        ("holder.public.opposition.value=1", "the bare key holder.public.opposition=NUMBER"),
        ("holder.preconditions.peace_first.blocks.0=1", "expected a list as a whole"),
        ("environment=storrm", "environment: expected one of calm, storm, got 'storrm'; did you"),
        ("enviroment=storm", "unknown key 'enviroment'; did you mean 'environment'?"),
        ("environment=./none.yaml", "environment: expected a file that exists"),
        ("side=east", "Did you mean to override one of side@claimant, side@holder?"),
        ("sied@holder=east", "got 'sied'; did you mean 'side'?"),
        ("side@holder=eats", "side@holder: expected one of east, north, west, got 'eats'"),
        (
            "scenario=bsae",
            "scenario: expected one of base, storm, got 'bsae'; did you mean 'base'?",
        ),
        ("worlds", "expected key=value, got 'worlds'"),
        ("storm", "expected key=value, got 'storm'; did you mean 'scenario=storm'?"),
        ("=1", "expected key=value, got '=1'"),
        ("worlds=1,2", "expected one value"),
        ("title=${oc.env:HOME}", "expected a value without interpolation"),
        ("out=3", "out: expected a path, got 3"),
        ("workers=0", "workers: expected a whole number of at least 1, got 0"),
        ("deals=[]", "deals: expected at least one item"),
        ("deals=[peace_now", "both brackets and no space, as in deals=[peace_now], got"),
        ("deals=peace_now]", "both brackets and no space, as in deals=[peace_now], got"),
        ("holder.public.opposition=40%", "a number, as in holder.public.opposition=0.4, got '40%'"),
        ("west.public.opposition=0.4", "did you mean 'holder.public.opposition'?"),
    ],
)
def test_overrides(small: Path, override: str, fault: str) -> None:
    (found,) = faults("base", [override])
    assert found.startswith("command line: ")
    assert fault in found


def test_a_list_that_a_shell_took_apart_is_one_fault_with_the_line_to_write(small: Path) -> None:
    (fault,) = faults("base", ["deals=[peace_now,", "status_quo]", "rounds=3"])
    assert "expected a list without spaces: deals=[peace_now,status_quo], got" in fault


def test_a_file_that_is_there_and_no_scenario_is_not_said_to_be_missing(small: Path) -> None:
    readme = small / "README.md"
    readme.write_text("words")
    (fault,) = faults("base", [f"environment={readme}"])
    assert f"expected a YAML file, as every environment is, got another file, '{readme}'" in fault


def test_of_many_names_a_dozen_are_told_after_the_nearest() -> None:
    names = [f"name_{number:02}" for number in range(20)]
    said = str(Fault("deals", f"one of {', '.join(names)}", "'nam_07'", "name_07"))
    assert said.startswith("deals: 'nam_07' is unknown; did you mean 'name_07'? (one of name_00, ")
    assert said.endswith("name_11 and 8 more)")


def test_all_faults_of_the_command_line_at_once(small: Path) -> None:
    assert len(faults("base", ["typo=1", "holder.publik=2", "seeed=3"])) == 3


@pytest.mark.parametrize("worlds", ["10**12", "1000000000000", "1e12"])
def test_a_trillion_worlds_name_their_memory_and_time(small: Path, worlds: str) -> None:
    (fault,) = faults("base", [f"worlds={worlds}"])
    assert "worlds: expected a value of at most 10,000,000, got 1,000,000,000,000" in fault
    assert "TB of memory" in fault
    assert "of work" in fault


def test_a_run_that_does_not_fit_into_memory(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.io.size.memory", lambda: 1e6)
    (fault,) = faults("base", ["worlds=1000000"])
    assert "worlds: expected at most 2,500 on this machine, got 1,000,000" in fault


def test_faults_come_back_from_a_worker(small: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("base", ["worlds=0"])
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - pickled on this line
    assert again.faults == caught.value.faults
    assert again.exit_code == 2


def test_the_faults_of_all_parts_are_told_at_once(small: Path) -> None:
    """Two parts that are no YAML hide neither each other nor what is wrong elsewhere."""
    shipped = small.parent / "_shipped" / "configs"
    for name in ("side/east", "dispute/rock"):
        with (shipped / f"{name}.yaml").open("a", encoding="utf-8") as file:
            file.write("a: [\n")
    (small / "case.yaml").write_text(
        "defaults: [base]\nrounds: -3\ndeals: [peace_now, peace]\nholder: {publik: {}}\n"
    )
    found = faults("case.yaml")
    assert [line.partition(": ")[0].rpartition("/")[2] for line in found] == [
        "rock.yaml",
        "east.yaml",
        *["case.yaml"] * 3,
    ]
    assert "'peace' is unknown" in found[2] or "got 'peace'" in found[2]
    assert {"publik" in line for line in found[3:]} == {True, False}
