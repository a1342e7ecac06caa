"""Statements against tables of truth, and rankings by statements against a published conflict."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.game import Game, faults_of_game
from sim.domain.statements import fault_of_statement, holds, ranked
from sim.io.kinds import read_game

NAMES = ("a", "b", "c")
ATOMS = st.sampled_from(NAMES)
JOINED = {
    "&": lambda one, two: one and two,
    "|": lambda one, two: one or two,
    "if": lambda one, two: one or not two,
    "iff": lambda one, two: one == two,
}
Tree = str | tuple


def grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.tuples(st.just("-"), inner) | st.tuples(st.sampled_from([*JOINED]), inner, inner)


def written(tree: Tree) -> str:
    if isinstance(tree, str):
        return tree
    if tree[0] == "-":
        return f"not ({written(tree[1])})"
    return f"({written(tree[1])}) {tree[0]} ({written(tree[2])})"


def truth(tree: Tree, taken: set[str]) -> bool:
    if isinstance(tree, str):
        return tree in taken
    if tree[0] == "-":
        return not truth(tree[1], taken)
    return bool(JOINED[tree[0]](truth(tree[1], taken), truth(tree[2], taken)))


@given(st.recursive(ATOMS, grown, max_leaves=8))
def test_a_statement_holds_where_it_is_true(tree: Tree) -> None:
    statement = written(tree)
    assert fault_of_statement("x", statement, NAMES) is None
    for bits in product((False, True), repeat=3):
        taken = {name for name, bit in zip(NAMES, bits, strict=True) if bit}
        assert holds(statement, taken) is truth(tree, taken)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("-a & b", "(-a) & b"),
        ("a | b & c", "a | (b & c)"),
        ("a if b | c", "a if (b | c)"),
        ("a if b iff c", "(a if b) iff c"),
        ("a iff b if c", "a iff (b if c)"),
        ("a if b if c", "(a if b) if c"),
        ("- -a", "a"),
        ("NOT a AND b IF c", "(not a & b) if c"),
        ("\"a\" or 'b'", "a | b"),
    ],
)
def test_what_binds_more_tightly_goes_first(short: str, full: str) -> None:
    for bits in product((False, True), repeat=3):
        taken = {name for name, bit in zip(NAMES, bits, strict=True) if bit}
        assert holds(short, taken) is holds(full, taken)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("", "expected an option, not or ( at character 1 of '', got the end"),
        ("a &", "expected an option, not or ( at character 4 of 'a &', got the end"),
        ("a b", "expected &, |, if, iff or the end at character 3 of 'a b', got 'b'"),
        ("(a | b", "expected &, |, if, iff or ) at character 7 of '(a | b', got the end"),
        ("a)", "expected &, |, if, iff or the end at character 2 of 'a)', got ')'"),
        ("a + b", "at character 3 of 'a + b', got '+'"),
        ("a & bb", "expected an option of a maker at character 5 of 'a & bb', got 'bb'; did you"),
        ("iff", "expected an option, not or ( at character 1 of 'iff', got 'iff'"),
        ("(" * 41 + "a", "expected at most 40 parentheses in each other at character 42"),
        ("a" * 1001, "expected at most 1,000 characters, got 1,001"),
        ("__import__('os')", "at character 11 of"),
    ],
)
def test_faults_name_the_place(statement: str, said: str) -> None:
    fault = fault_of_statement("makers.x.statements.1", statement, (*NAMES, "b", "bc"))
    assert fault is not None
    assert said in str(fault)
    assert str(fault).startswith("makers.x.statements.1: ")


def test_a_long_list_is_no_sum_of_floats() -> None:
    states = {"both": ["a", "b"], "first": ["a"], "last": ["b"], "none": []}
    assert ranked(["a", *["c"] * 58, "b"], states) == (("both",), ("first",), ("last",), ("none",))


ELMIRA = {
    "ministry": ["accept", "-abandon", "-modify", "insist iff -modify"],
    "company": ["accept iff modify", "-abandon", "-insist", "delay iff -insist"],
    "town": ["-abandon", "-modify", "accept if -modify", "insist if modify", "-delay", "insist"],
}
"""Statements and rankings below are those of the example that gmcr-py keeps (Examples/Elmira.gmcr),
a program made with the support of Hipel and Kilgour; its compound ones are written shorter. It puts
the four states in which the company abandons its plant together by hand, as the literature does."""
RANKS = {
    "ministry": ["9", "3", "4", "10", "7", "1", "2", "8"],
    "company": ["1", "4", "10", "7", "2", "3", "9", "8"],
    "town": ["9", "3", "7", "1", "10", "8", "4", "2"],
}
OWN = {"ministry": ["modify"], "company": ["delay", "accept", "abandon"], "town": ["insist"]}


def elmira() -> Game:
    """Return the conflict by options: insist by what the company does by modify, as numbered."""
    numbers = product(("", "insist"), ("delay", "accept", "abandon"), ("", "modify"))
    states = {str(n): [name for name in taken if name] for n, taken in enumerate(numbers, start=1)}
    makers = {name: {"options": OWN[name], "statements": said} for name, said in ELMIRA.items()}
    return Game.model_validate({"states": states, "makers": makers})


def test_elmira_by_statements_is_ranked_as_published() -> None:
    game = elmira()
    assert faults_of_game(game) == []
    for name, ranks in RANKS.items():
        found = game.makers[name].ranks(game.states)
        assert all(len(tied) == 1 for tied in found)
        stays = [state for (state,) in found if "abandon" not in game.states[state]]
        assert stays == ranks


def test_elmira_by_statements_is_the_shipped_one_where_nothing_is_abandoned() -> None:
    shipped, game = read_game("elmira"), elmira()
    same = dict(zip(("1", "2", "3", "4", "7", "8", "9", "10"), shipped.states, strict=False))
    for name in ("ministry", "town"):  # sources differ on how the company ranks the rest
        ranks = game.makers[name].ranks(game.states)
        listed = [same[state] for (state,) in ranks if state in same]
        assert [*listed, "s9"] == [state for (state,) in shipped.makers[name].ranks(shipped.states)]
