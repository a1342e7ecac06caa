import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.offering import NONE, best_acceptable, best_for_other

VALUES = st.lists(st.integers(0, 3), min_size=5, max_size=5)


@given(st.lists(st.booleans(), min_size=5, max_size=5), VALUES, VALUES)
def test_the_choice_is_lexicographic(
    allowed: list[bool], theirs: list[int], own: list[int]
) -> None:
    """Best for the other, then for oneself, then the lowest index: by sorting."""
    ranked = sorted((-theirs[k], -own[k], k) for k in range(5) if allowed[k])
    rows = (np.array([values], dtype=float) for values in (theirs, own))
    choice = int(best_for_other(np.array([allowed]), *rows)[0])
    assert choice == (ranked[0][2] if ranked else NONE)


@given(VALUES, VALUES, st.integers(0, 3))
def test_the_best_hope_is_among_what_the_other_would_take(
    own: list[int], theirs: list[int], least: int
) -> None:
    hope = best_acceptable(
        np.array([own], dtype=float), np.array([theirs], dtype=float), np.array([float(least)])
    )
    taken = [mine for mine, other in zip(own, theirs, strict=True) if other >= least]
    assert hope[0] == max(taken, default=-np.inf)
