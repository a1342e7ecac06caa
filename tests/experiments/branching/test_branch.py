"""One world and its branches: told, drawn from, saved and played again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.branching.branch import BranchTree, branch, date_of, load_branches
from sim.experiments.result import EnsembleResult
from tests.disputes import DEADLINES, pie

WAITS = {
    "claimant.leader.deadline_rounds": 12,
    "holder.leader.deadline_rounds": 12,
    "holder.reservation.dialogue": 2.0,
    "rounds": 20,
    "engine": "array",
}
"""Nothing is worth signing to the holder: a pie is worth at most 1."""
CHEAP = "holder.reservation.dialogue=0.2"
LATE = {
    "engine": "array",
    "protocol.ratification_years": {"3": {"value": 1, "unit": "probability", "assumption": "test"}},
}


@pytest.fixture(scope="module")
def tree() -> BranchTree:
    return branch(pie(WAITS), world=0, at=6, set=CHEAP)


def test_a_branch_signs_what_would_never_have_been_signed(tree: BranchTree) -> None:
    whole, changed = tree.courses
    assert whole.signed is None
    assert whole.ending.name == "no_bargain"
    assert changed.signed is not None
    assert changed.signed[0] >= 6
    told = list(tree.sentences())
    assert told[0].startswith(f"With {CHEAP} from round 6 (2006-01) on, text ")
    assert "would have been signed in round" in told[0]
    assert told[1].startswith("As it was, nothing is signed; in the end: in no round was any")
    assert told[2] == "The two courses part in round 6."


def test_before_the_round_both_are_the_same(tree: BranchTree) -> None:
    one, two = (course.trace[course.trace["round"] < 6] for course in tree.courses)
    assert len(one) == 6
    assert_frame_equal(one, two, check_dtype=False)


def test_the_table_begins_at_the_round_and_tells_repetitions_once(tree: BranchTree) -> None:
    table = tree.table()
    assert list(table.columns) == ["first", "last", "as it was", CHEAP]
    assert table["first"].min() == 6
    assert len(table) < 14
    assert table["as it was"].str.contains("no offer").any()
    offers, name = tree.courses[1].trace["package"].dropna(), tree.courses[1].signed
    assert name is not None
    place = int(name[1].rpartition("/")[2])
    assert tree.texts[name[1]] == f"text {place + 1}"
    assert set(tree.texts) == set(offers)
    assert table[CHEAP].str.contains(f"offers text {place + 1}: accepted").any()


def test_an_offer_is_made_in_turn_and_signed_only_if_it_is_accepted(tree: BranchTree) -> None:
    changed = tree.courses[1]
    assert changed.signed is not None
    round_, package = changed.signed
    made = changed.trace[changed.trace["package"] == package].iloc[-1]
    early = tree.branch(round_ - 4, [CHEAP, f"{made['proposer']}.offer={package}"])
    told = early.courses[-1].trace
    row = told[(told["round"] == round_ - 4) & told["proposer"].notna()].iloc[0]
    assert (row["package"], row["proposer"]) == (package, made["proposer"])
    alone = tree.branch(round_ - 4, f"{made['proposer']}.offer={package}").courses[-1]
    assert alone.signed is None, "what is worth too little is signed by nobody"
    other = "holder" if made["proposer"] == "claimant" else "claimant"
    with pytest.raises(ScenarioError, match="a round in which it is its turn"):
        tree.branch(round_ - 4, f"{other}.offer={package}")
    with pytest.raises(ScenarioError, match="the id of a package, as divide"):
        tree.branch(round_ - 4, f"{made['proposer']}.offer=divide/9/9999")


def test_setting_nothing_changes_nothing() -> None:
    same = branch(pie(WAITS), world=3, at=5, set="")
    assert list(same.sentences())[2] == "The two courses are the same in everything that happens."
    assert same.parts_in() is None


def test_a_world_of_a_run_is_branched_as_the_world_is(played: EnsembleResult) -> None:
    tree = played.branch("two_steps", 1030, at=0, set={})
    row = played.worlds[(played.worlds["deal"] == "two_steps") & (played.worlds["world"] == 1030)]
    assert tree.courses[1].ending.name == row["outcome"].iloc[0]
    assert_frame_equal(tree.courses[0].trace, tree.courses[1].trace, check_dtype=False)


def test_a_tree_of_branches_is_saved_and_played_again(tree: BranchTree, tmp_path: Path) -> None:
    grown = tree.branch(6, "claimant.leader.deadline_rounds=9", of=1).branch(2, CHEAP)
    assert [course.of for course in grown.courses] == [None, 0, 1, 0]
    path = grown.save(tmp_path / "tree.json")
    again = load_branches(pie(WAITS), path)
    assert again.to_json() == grown.to_json()
    for one, two in zip(grown.courses, again.courses, strict=True):
        assert one.trace.equals(two.trace)
    assert list(grown.sentences(2))[1].startswith(f"With {CHEAP} alone, ")


def test_what_was_signed_before_is_not_said_to_be_signed_after(tree: BranchTree) -> None:
    """Votes follow three rounds after the signature; what is set in between signs nothing."""
    scenario = pie({**DEADLINES, "holder.reservation.dialogue": 0.2, "rounds": 9, **LATE})
    changed = branch(scenario, world=0, at=4, set="holder.reservation.dialogue=0.1")
    signed = changed.courses[1].signed
    assert signed is not None
    assert signed[0] < 4
    name = changed.texts[signed[1]]
    told = f"nothing more would be signed ({name} was signed before that, in round {signed[0]} ("
    assert told in next(changed.sentences())


def test_texts_of_one_number_are_told_apart(tree: BranchTree) -> None:
    course = replace(tree.courses[0], texts={"one/0/0002": 3, "two/0/0002": 3, "one/0/0004": 5})
    assert replace(tree, courses=(course,)).texts == {
        "one/0/0002": "text 3 (one/0/0002)",
        "two/0/0002": "text 3 (two/0/0002)",
        "one/0/0004": "text 5",
    }


def test_a_file_of_something_else_is_refused(tree: BranchTree, tmp_path: Path) -> None:
    path = tree.save(tmp_path / "tree.json")
    with pytest.raises(ScenarioError, match="branches of pie as it is"):
        load_branches(pie({**WAITS, "seed": 9}), path)
    values = json.loads(path.read_text(encoding="utf-8"))
    for broken, said in [
        ({**values, "world": -1}, "world: expected a value of at least 0, got -1"),
        ({**values, "deal": "x"}, "deal: expected one of divide, got 'x'"),
        ({**values, "more": 1}, "unknown key 'more'"),
        ({"world": 3}, "deal: expected a value, got nothing"),
    ]:
        path.write_text(json.dumps(broken), encoding="utf-8")
        with pytest.raises(ScenarioError, match=rf"tree\.json: {said}"):
            load_branches(pie(WAITS), path)
    for endings in (["rejected", values["endings"][1]], values["endings"][:1], []):
        path.write_text(json.dumps({**values, "endings": endings}), encoding="utf-8")
        with pytest.raises(ScenarioError, match="expected the endings that its branches come to"):
            load_branches(pie(WAITS), path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ScenarioError, match="JSON"):
        load_branches(pie(WAITS), path)


def test_what_cannot_be_branched_is_refused(isles: Scenario, tree: BranchTree) -> None:
    scenario = pie(
        {**DEADLINES, "holder.reservation.dialogue": 0.2, "rounds": 9, "engine": "array"}
    )
    with pytest.raises(ScenarioError, match="a round in which world 0 still goes on"):
        branch(scenario, world=0, at=8, set=CHEAP)
    with pytest.raises(ScenarioError, match="a round from 0 to 8"):
        branch(scenario, world=0, at=9, set=CHEAP)
    with pytest.raises(ScenarioError, match="deal: expected one of strait"):
        branch(isles, world=0, at=1, set="")
    for world in (-1, 1.5, "1", None, True, 10**11):
        with pytest.raises(ScenarioError, match="world: expected a world from 0 to 9,999,999"):
            branch(scenario, world=world, at=1, set="")
    for at in (1.5, "1", None, True):
        with pytest.raises(ScenarioError, match="at: expected a round from 0 to 8"):
            branch(scenario, world=0, at=at, set="")
    tree.branch(np.int64(2), CHEAP, of=np.int64(0)).to_json()
    with pytest.raises(ScenarioError, match="a course that is there by round 2"):
        tree.branch(2, CHEAP, of=1)
    with pytest.raises(ScenarioError, match="its only successor in office already"):
        branch(pie(WAITS), world=0, at=2, set="holder.leader=successor").branch(
            4, "holder.leader=successor", of=1
        )


def test_a_round_has_a_month_where_the_start_has_one() -> None:
    assert [date_of(pie({"start": start}), 5) for start in ("2000-11", "2000")] == ["2005-11", ""]
