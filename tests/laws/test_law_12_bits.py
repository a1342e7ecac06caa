"""Law 12: the same seed gives the same bits, however the work is cut or ordered."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import TalksModel
from tests.disputes import pie, uniform
from tests.laws.generator import disputes
from tests.laws.play import LAW, SIDES, Changes, play, same


@LAW
@given(disputes(), st.integers(1, 6), st.integers(0, 5))
def test_law_12_a_part_of_a_block_computes_what_the_whole_would(
    dispute: Changes, worlds: int, first: int
) -> None:
    """Also: the first n worlds of a longer run are those of a shorter one."""
    whole = play(dispute, worlds=first + worlds)
    part = play(dispute, worlds=worlds, first=first)
    same({name: column[first:] for name, column in whole.items()}, part)


@LAW
@given(disputes())
def test_law_12_nothing_is_left_behind_by_what_ran_before(dispute: Changes) -> None:
    scenario = pie(dispute)
    first = play(scenario)
    interrupted = TalksModel(scenario, "divide", worlds=4)
    interrupted.step()
    play(scenario, rng=scenario.seed + 1)
    same(first, play(scenario))


@LAW
@given(disputes(stages=1), st.integers(1, 2**16))
def test_law_12_another_seed_is_another_run_and_zero_is_a_seed(dispute: Changes, seed: int) -> None:
    """What never signing is worth is drawn for both sides, so that no two runs are alike.

    One stage: where all worlds have carried out a first one and have yet to meet about the next,
    nothing is left to tell runs by.
    """
    drawn = {f"{side}.reservation.dialogue": uniform(0.0, 1.0) for side in SIDES}
    zero, other = (pie({**dispute, **drawn, "seed": number}) for number in (0, seed))
    of_zero, of_other = play(zero), play(other)
    same(of_zero, play(other, rng=0))
    same(of_other, play(zero, rng=seed))
    with pytest.raises(AssertionError):
        same(of_zero, of_other)


@pytest.mark.skipif(find_spec("numba") is None, reason="the compiled engine needs numba")
@LAW
@given(disputes())
def test_law_12_both_engines_give_the_same_bits(dispute: Changes) -> None:
    array, compiled = (play({**dispute, "engine": engine}) for engine in ("array", "compiled"))
    same(array, compiled)
