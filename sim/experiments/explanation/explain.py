"""Ask why a structure ends as it does: over all worlds, and round by round in one."""

from __future__ import annotations

import numpy as np

from sim.domain.outcome import OUTCOMES
from sim.domain.scenario import Scenario
from sim.experiments.explanation.barriers import (
    leaving,
    opening,
    precondition_gate,
    ratifier_gate,
)
from sim.experiments.explanation.explanation import Explanation
from sim.experiments.explanation.sight import watch
from sim.experiments.explanation.story import Teller, told
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS

__all__ = ["Explanation", "explain"]


def explain(
    scenario: Scenario, deal: str, world: int | None = None, worlds: int = BLOCK_WORLDS
) -> Explanation:
    """Return why a structure ends as it does.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    world : int, optional
        The world to tell; absent, the first that ends as most do.
    worlds : int
        The first so many worlds, at most 1,024.
    """
    model = TalksModel(scenario, deal, worlds=worlds)
    try:
        result = model.run()
    finally:
        model.release()
    codes = result.columns["outcome"]
    counts = np.bincount(codes, minlength=len(OUTCOMES))
    if world is None:
        world = int(np.flatnonzero(codes == counts.argmax())[0])
    with opening(scenario, deal, worlds) as (scene, talk):
        gates = precondition_gate(scene, talk), ratifier_gate(scene, talk)
        left = leaving(scene, talk)
    ended, seen, nodes = watch(scenario, deal, world)
    teller = Teller(scenario, nodes, seen, ended.ratifier_names)
    return Explanation(
        scenario=scenario,
        deal=deal,
        outcomes=dict(zip(OUTCOMES, counts.tolist(), strict=True)),
        result=result,
        preconditions=gates[0],
        ratifiers=gates[1],
        leaving=left,
        world=world,
        ending=OUTCOMES[int(ended.columns["outcome"][0])],
        exchanges=tuple(told(teller.exchange(line) for line in ended.record or [])),
    )
