r"""Audience costs in alternating offers, net against net.

A side that has publicly demanded D and pays k for every point of retreat has :math:`x - k (D - x)`
from a share x below D. That is linear in x and zero at :math:`a = k D / (1 + k)`: a side that has
nothing better to wait for accepts from a on, however patient it is, and two sides that both fall
short of what they demanded divide :math:`1 - a_1 - a_2` as Rubinstein's divide 1:

.. math:: x_1 = a_1 + (1 - a_1 - a_2) \frac{1 - \delta_2}{1 - \delta_1 \delta_2}

References
----------
B. Leventoglu, A. Tarar (2005). Prenegotiation public commitment in domestic and international
bargaining. https://doi.org/10.1017/S0003055405051750
A. Muthoo (1996). A bargaining model based on the commitment tactic.
https://doi.org/10.1006/jeth.1996.0046
"""

from __future__ import annotations

from typing import Any

import pytest

from sim.model.talks import playing
from tests.disputes import ENGINES, pie
from tests.rules import both, rule

SLICES = 1000
STEPS = "dispute.clauses.administration.grid.steps"
Costs = tuple[float, float]


def signed(changes: dict[str, Any], costs: Costs, demands: Costs) -> tuple[int, float]:
    """Return in which round a pie is signed, and what its first mover gets.

    Costs are points of utility per point of retreat.
    """
    sides = zip(("claimant", "holder"), costs, strict=True)
    game = {f"{side}.leader.audience_cost": 2 * cost for side, cost in sides}
    game |= {f"{side}.leader.approval_weight": 0.5 for side in ("claimant", "holder")}
    game |= {"rounds": 1, "protocol.audience_cost": "net", **changes}
    with playing(pie(game), "divide", worlds=1) as model:
        for party, demand in zip(model.parties, demands, strict=True):
            party.government.memory.public_position[:] = demand
        model.step()
        columns = model.result().columns
    return int(columns["round_signed"][0]), float(columns["value_claimant"][0])


def accepts(share: int, discount: float, engine: str, kind: str = "net") -> bool:
    """Tell whether the holder, past its deadline, accepts so many of 100 slices: k = 1.5, D = 0.8.

    Nothing else is on the table, so waiting is worth this text, a round later.
    """
    game = {
        "engine": engine,
        "protocol.audience_cost": kind,
        STEPS: 101,
        "deals.divide.stages.pie.negotiable.administration": [f"{1 - share / 100:.4f}"],
        "holder.leader.discount_factor": discount,
        "holder.leader.deadline_rounds": 0,
    }
    return signed(game, (0.0, 1.5), (0.0, 0.8))[0] == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("discount", [0.05, 0.5, 0.9, 0.999])
def test_who_retreats_accepts_from_k_d_over_1_plus_k_at_every_discount_factor(
    discount: float, engine: str
) -> None:
    least = 1.5 * 0.8 / (1 + 1.5)
    assert least == pytest.approx(0.48)
    assert [accepts(share, discount, engine) for share in (47, 49, 80)] == [False, True, True]


@pytest.mark.parametrize("engine", ENGINES)
def test_gross_the_least_share_hangs_on_patience(engine: str) -> None:
    """The first edition's comparison: kD / (1 + k - d), here 0.6 and 0.75."""
    for discount, least in ((0.5, 60), (0.9, 75)):
        found = [accepts(share, discount, engine, "gross") for share in (least - 1, least + 1)]
        assert found == [False, True]


@pytest.mark.parametrize("discount", [0.1, 0.9])
def test_a_last_offer_leaves_the_other_what_it_can_explain_at_home(discount: float) -> None:
    game = {
        STEPS: SLICES + 1,
        "holder.leader.discount_factor": discount,
        **both(rule("subgame_perfect", horizon_rounds=1)),
    }
    assert signed(game, (0.0, 1.5), (0.0, 0.8)) == (0, pytest.approx(0.52, abs=1.5 / SLICES))


@pytest.mark.parametrize(
    ("discounts", "costs", "demands", "share"),
    [
        ((0.9, 0.8), (1.0, 0.5), (0.9, 0.9), 0.628571),
        ((0.8, 0.9), (0.25, 2.0), (0.95, 0.9), 0.265),
        ((0.95, 0.95), (1.0, 0.0), (0.8, 0.0), 0.707692),
        ((0.99, 0.9), (0.0, 3.0), (0.0, 0.8), 0.366972),
    ],
)
def test_two_sides_divide_what_lies_between_what_each_can_explain(
    discounts: Costs, costs: Costs, demands: Costs, share: float
) -> None:
    least = [k * demand / (1 + k) for k, demand in zip(costs, demands, strict=True)]
    first = (1 - discounts[1]) / (1 - discounts[0] * discounts[1])
    assert share == pytest.approx(least[0] + (1 - sum(least)) * first, abs=5e-7)
    game = {
        STEPS: SLICES + 1,
        "claimant.leader.discount_factor": discounts[0],
        "holder.leader.discount_factor": discounts[1],
        **both(rule("subgame_perfect")),
    }
    error = (1 + discounts[1] / (1 - discounts[0] * discounts[1])) / SLICES
    found = signed(game, costs, demands)
    assert found == (0, pytest.approx(share, abs=2 * error))
