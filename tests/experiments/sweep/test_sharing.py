"""What the cells of a sweep share is what each would have worked out for itself.

Tests `sim.domain.draws`, `sim.model.plan` and what sides know at the start.
"""

from dataclasses import fields

import numpy as np
import pytest

from sim.domain import draws
from sim.domain.draws import Draws
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.experiments.sweep.cells import PlayedCell
from sim.io.config import load_scenario
from sim.memo import Memo
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


DEAL = "recognise_then_two"


def _moved(case: Scenario) -> list[tuple[str, Scenario]]:
    """Return the case with one number moved after another, one of each of its parts."""
    parts: dict[str, str] = {}
    for key, _ in case.quantities():
        if not key.startswith(("claimant.", "deals.", "dispute.")):
            parts.setdefault(".".join(key.split(".")[:3]), key)
    known = dict(case.quantities())
    moved = [(key, case.replaced({key: another(known[key])})) for key in parts.values()]
    return [("", case), *moved]


def _seen(case: Scenario, plan_of: plan.Plan) -> list[bytes]:
    """Return what both sides see at the start, later stages in it, and what becomes of worlds."""
    model, seen = TalksModel(case, DEAL, worlds=24, plan=plan_of), []
    for party in model.parties:
        seen += [party.public.shares, party.public.threshold, party.public.spread]
        for node, values in enumerate(party.government.package_values):
            seen += [values.static_value, values.keep_probability, values.forbidden]
            seen += [values.penalty, party.government.beliefs.value_error(node)]
    at_start = [each.tobytes() for each in seen]
    return at_start + [each.tobytes() for each in model.run().columns.values()]


@pytest.mark.parametrize("name", ["singapore_2018", "second_edition"])
def test_a_cell_beside_others_is_what_it_is_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [f"deals=[{DEAL}]", "rounds=6", "conditioned=false", "engine=array"]
    cells = _moved(load_scenario(name, asked))
    plans = [plan.plan_for(cell, cell.deals[DEAL]) for _, cell in cells]
    together = [_seen(cell, each) for (_, cell), each in zip(cells, plans, strict=True)]
    monkeypatch.setattr(Memo, "get", lambda *_: None)
    for (key, cell), each, shared in zip(cells, plans, together, strict=True):
        assert _seen(cell, each) == shared, key


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


@pytest.mark.parametrize("whole", [False, True])
def test_a_cell_keeps_of_its_worlds_what_a_model_says_of_them(isles: Scenario, whole: bool) -> None:
    case = isles.model_copy(update={"worlds": 40})
    cell = PlayedCell(case, None, whole)
    for deal in cell.blocks:
        cell.play(deal)
        (kept,), expected = cell.blocks[deal], TalksModel(case, deal, worlds=40).run()
        assert whole == ("next_barrier" in kept.columns)
        for name, values in kept.columns.items():
            assert values.tobytes() == expected.columns[name].tobytes(), name
    assert cell.enough
    assert cell.worlds == 40 * len(cell.blocks)
