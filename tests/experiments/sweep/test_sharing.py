"""What the cells of a sweep share is what each would have worked out for itself.

Tests `sim.domain.draws` and `sim.model.plan`.
"""

from dataclasses import fields

import numpy as np
import pytest

from sim.domain import draws
from sim.domain.draws import Draws
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.model import plan
from sim.model.talks import TalksModel
from sim.randomness import Streams


def another(quantity: Quantity) -> Quantity:
    """Return the quantity at another value that it may well have."""
    low, high = (0.5, 0.5) if quantity.is_none else quantity.bounds
    return quantity.at(0.75 * low + 0.25 * high if low < high else 0.9 * low)


def test_a_plan_depends_on_nothing_that_its_key_leaves_out(isles: Scenario) -> None:
    deal = isles.deals["two_steps"]
    for key, quantity in isles.quantities():
        if key.startswith(("deals.", "dispute.", "environment.")):
            continue  # of these the plan is another one, or knows nothing
        moved = isles.replaced({key: another(quantity)})
        found, expected = plan.plan_for(moved, deal), plan._make(moved, deal)
        assert len(found.nodes) == len(expected.nodes), key
        for pair, other in zip(found.features, expected.features, strict=True):
            for one, two in zip(pair, other, strict=True):
                for item in fields(one):
                    shown = getattr(one, item.name), getattr(two, item.name)
                    assert np.array_equal(*shown), f"{key} changes {item.name}"


def test_replacing_is_what_validating_anew_gives(isles: Scenario) -> None:
    numbers = dict(list(isles.quantities())[::17])
    values = {key: another(quantity) for key, quantity in numbers.items()}
    assert isles.replaced(values) == isles.with_values(values)
    key = "holder.public.opposition"
    moved = isles.replaced({key: dict(isles.quantities())[key].at(0.5)})
    assert moved.claimant is isles.claimant
    assert moved.dispute is isles.dispute
    with pytest.raises(KeyError, match="no quantity at publik"):
        isles.replaced({"holder.publik": numbers.popitem()[1]})


@pytest.mark.parametrize("engine", ["array", "auto"])
def test_nobody_changes_the_draws_that_all_share(isles: Scenario, engine: str) -> None:
    case = isles.model_copy(update={"engine": engine})
    for deal in case.deals:
        TalksModel(case, deal, worlds=40).run()
    used = Draws(case, Streams(case.seed, 0, 40))
    for key, quantity in case.quantities():
        if not key.startswith("deals."):
            fresh = draws.draw_by_world.__wrapped__(
                quantity, used._purposes[id(quantity)], used.streams
            )
            assert np.array_equal(used._drawn(quantity), fresh), key
