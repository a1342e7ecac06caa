"""Law 10: worlds mirror, and the unit of a side's utility does not matter."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.disputes import pie
from tests.laws.generator import disputes
from tests.laws.play import LAW, SIDES, Changes, in_units, mirrored, play, same

SHARED = ("outcome", "stage", "barrier_next", "ladder", "pending", "unvoted", "package")
SHARED += ("refused_voluntarily", "round_signed", "round_end", "zopa_margin")
SIDED = ("value", "reservation", "support")


@LAW
@given(disputes())
def test_law_10_swapping_the_sides_mirrors_every_world(dispute: Changes) -> None:
    scenario = pie(dispute)
    world, image = play(scenario), play(mirrored(scenario))
    same(world, image, SHARED)
    for name in SIDED:
        for one, two in (SIDES, SIDES[::-1]):
            np.testing.assert_array_equal(world[f"{name}_{one}"], image[f"{name}_{two}"])


def test_law_10_a_mirror_of_a_mirror_is_the_world_itself() -> None:
    halves = pie({"dispute.clauses.administration.grid.steps": 17})
    assert mirrored(mirrored(halves)) == halves


@LAW
@given(disputes(), st.sampled_from(SIDES), st.sampled_from((0.25, 2.0, 8.0)))
def test_law_10_the_unit_of_a_sides_utility_changes_no_outcome(
    dispute: Changes, side: str, scale: float
) -> None:
    """Powers of two, so that nothing is rounded and ties remain ties."""
    scenario = pie(dispute)
    world, other = play(scenario), play(in_units(scenario, side, scale))
    same(world, other, (*SHARED[:-1], "rejected_by", "walked_back_by"))
    np.testing.assert_array_equal(world[f"value_{side}"] * scale, other[f"value_{side}"])
