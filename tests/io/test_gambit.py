"""Games written for Gambit: read back and solved by hand, by `subgame_perfect`, and by pygambit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.equations.subgame_perfect import OfferGame, value_of_proposing, values_by_draw
from sim.errors import ScenarioError
from sim.io.gambit import FiniteOffers, cells, check_gambit, efg_text, nfg_text, nodes

SHARES = st.integers(0, 64).map(lambda number: number / 64)


@st.composite
def offered(draw: st.DrawFn, packages: int = 4, rounds: int = 3) -> FiniteOffers:
    size = draw(st.integers(1, packages))
    value = [np.array(draw(st.lists(SHARES, min_size=size, max_size=size))) for _ in range(2)]
    pair = st.tuples(SHARES, SHARES)
    return FiniteOffers(
        title='a "pie"',
        sides=("A", "B"),
        packages=tuple(map(str, range(size))),
        value=(value[0], value[1]),
        reservation=draw(pair),
        kept=draw(pair),
        rounds=draw(st.integers(1, rounds)),
        first=draw(st.integers(0, 1)),
    )


Payoff = tuple[float, float]


def solved(lines: Iterator[str]) -> Payoff:
    """Go backwards through a written tree; who is indifferent takes what is best for the other."""
    line = next(lines)
    if line.startswith("t"):
        one, two = re.search(r"{ (\S+), (\S+) }$", line)[1], re.search(r"(\S+) }$", line)[1]
        return float(one), float(two)
    choices = re.findall(r'"([^"]*)"', line.partition("{")[2])
    ends = [solved(lines) for _ in choices]
    if line.startswith("c"):
        shares = [float(share) for share in re.findall(r'" ([0-9.]+)', line.partition("{")[2])]
        pairs = [*zip(shares, ends, strict=True)]
        one, two = (sum(share * end[side] for share, end in pairs) for side in (0, 1))
        return one, two
    side = int(line.split()[2]) - 1
    return max(ends, key=lambda end: (round(end[side], 12), end[1 - side]))


def table_of(offers: FiniteOffers) -> OfferGame:
    one, two = offers.value
    return OfferGame(
        value=(one[None, :], two[None, :]),
        reservation=(np.array([offers.reservation[0]]), np.array([offers.reservation[1]])),
        feasible=np.ones((1, len(one)), dtype=bool),
        kept=(np.array([offers.kept[0]]), np.array([offers.kept[1]])),
        outside=(np.full(1, -np.inf), np.full(1, -np.inf)),
    )


def perfect(offers: FiniteOffers) -> float:
    """Return what offering first is worth by the recursion."""
    last = (offers.first + offers.rounds - 1) % 2
    rounds = np.array([float(offers.rounds)])
    return float(value_of_proposing(table_of(offers), offers.first, last, rounds)[0])


@given(offered())
def test_the_tree_backwards_is_the_recursion(offers: FiniteOffers) -> None:
    lines = efg_text(offers).splitlines()
    assert lines[0] == 'EFG 2 R "a \'pie\'" { "A" "B" }'
    assert len(lines) == 3 + nodes(len(offers.packages), offers.rounds)
    walk = iter(lines[3:])
    assert solved(walk)[offers.first] == pytest.approx(perfect(offers), abs=1e-9)
    assert next(walk, None) is None


@settings(max_examples=25)
@given(offered(packages=2, rounds=2))
def test_the_table_holds_the_equilibrium_and_ends_of_the_tree_alone(offers: FiniteOffers) -> None:
    head, _, _, *rows = nfg_text(offers).splitlines()
    assert len(rows) == cells(len(offers.packages), offers.rounds)
    sizes = [len(re.findall(r'"[^"]*"', side)) for side in re.findall(r"{ (\"[^{}]*) }", head)[1:]]
    table = np.array([row.split() for row in rows], dtype=float).reshape(*sizes[::-1], 2)
    ends = {line.partition("{ ")[2] for line in efg_text(offers).splitlines() if line[0:1] == "t"}
    assert {f"{row.replace(' ', ', ')} }}" for row in rows} == ends
    best_first, best_second = table[..., 0].max(axis=1), table[..., 1].max(axis=0)
    pure = [
        table[two, one].tolist()
        for two, one in product(*map(range, table.shape[:2]))
        if table[two, one, 0] == best_first[two] and table[two, one, 1] == best_second[one]
    ]
    walk = iter(efg_text(offers).splitlines()[3:])
    assert list(solved(walk)) in pure


def test_games_that_are_too_large_are_refused_in_a_line() -> None:
    check_gambit(Path("x.efg"), 4, 3)
    check_gambit(Path("x.nfg"), 3, 2)
    for name, packages, rounds, said in (
        (
            "x.efg",
            576,
            2,
            "game: expected at most 250,000 nodes (they grow as packages^rounds), got",
        ),
        ("x.efg", 576, 20, "got over a billion for 576 packages and 20 rounds"),
        ("x.nfg", 3, 3, "game: expected at most 100,000 cells"),
        ("x.nfg", 400_000, 2, "over a billion"),
        ("x.txt", 1, 2, "game: expected a file .efg or .nfg, got 'x.txt'"),
    ):
        with pytest.raises(ScenarioError) as caught:
            check_gambit(Path(name), packages, rounds)
        assert said in str(caught.value)
        assert len(caught.value.faults) == 1


@pytest.mark.parametrize(("packages", "rounds"), [(1, 3), (2, 2)])
def test_gambit_finds_the_same_equilibria(packages: int, rounds: int, tmp_path: Path) -> None:
    why = "GPL, so no dependency: installed by hand"
    gambit = pytest.importorskip("pygambit", minversion="17.0.0b2", reason=why)
    random = np.random.default_rng(packages + rounds)
    offers = FiniteOffers(
        title="random",
        sides=("A", "B"),
        packages=tuple(map(str, range(packages))),
        value=(random.random(packages), random.random(packages)),
        reservation=(0.1, 0.2),
        kept=(0.9, 0.7),
        rounds=rounds,
    )
    (tmp_path / "x.efg").write_text(efg_text(offers), encoding="utf-8")
    tree = gambit.read_efg(str(tmp_path / "x.efg"))
    (tmp_path / "x.nfg").write_text(nfg_text(offers), encoding="utf-8")
    games = [tree, gambit.read_nfg(str(tmp_path / "x.nfg"))]
    found = [
        {
            tuple(round(float(equilibrium.payoffs[side]), 9) for side in "AB")
            for equilibrium in gambit.nash.enumpure_solve(game).equilibria
        }
        for game in games
    ]
    assert all(each == found[0] for each in found)
    ours = solved(iter(efg_text(offers).splitlines()[3:]))
    assert tuple(round(worth, 9) for worth in ours) in found[0]
    assert ours[0] == pytest.approx(perfect(offers), abs=1e-9)


@settings(max_examples=25)
@given(offered(packages=3, rounds=2), st.sampled_from((0.0, 0.3, 0.5, 1.0)))
def test_a_tree_with_moves_of_chance_backwards_is_the_recursion(
    offers: FiniteOffers, chance: float
) -> None:
    drawn = replace(offers, first=0, chance=chance)
    lines = efg_text(drawn).splitlines()
    assert len(lines) == 3 + nodes(len(drawn.packages), drawn.rounds, drawn=True)
    assert lines[3].startswith('c "" 1 "" { "A offers" ')
    one, two = map(Fraction, re.findall(r'offers" (\S+)', lines[3]))
    assert (one + two, one) == (1, Fraction(str(chance)))
    walk = iter(lines[3:])
    found = solved(walk)
    assert next(walk, None) is None
    _, before = values_by_draw(table_of(drawn), np.array([chance]), np.array([float(drawn.rounds)]))
    assert found == pytest.approx([each[0] for each in before], abs=1e-9)


def test_chance_has_no_strategic_form() -> None:
    with pytest.raises(ScenarioError, match=r"a file \.efg where it is drawn who offers"):
        check_gambit(Path("x.nfg"), 2, 1, drawn=True)
    check_gambit(Path("x.efg"), 4, 3, drawn=True)
