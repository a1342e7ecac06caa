"""What every strategy inherits: tests over positions of random disputes and over whole plays."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.domain.outcome import Phase
from sim.model import TalksModel
from tests.disputes import pie
from tests.laws.generator import disputes
from tests.laws.play import SIDES, Changes, agreed, mirrored, play, same
from tests.rules import both, rule

TRIES = settings(
    max_examples=25 if os.environ.get("NIGHTLY") else 6, suppress_health_check=list(HealthCheck)
)


def played_by(configs: list[Changes], stages: int | None = None) -> st.SearchStrategy[Changes]:
    """Draw a dispute in which both sides play one of a strategy's configurations."""
    pairs = st.tuples(disputes(stages=stages), st.sampled_from(configs), st.sampled_from(configs))
    return pairs.map(lambda drawn: {**drawn[0], **both(drawn[1], drawn[2])})


def remembers(model: TalksModel) -> np.ndarray:
    """Tell of which worlds each side remembers its demands, and each what it heard first and last.

    Returns
    -------
    ndarray of bool, shape (6, worlds)
    """
    memories = [party.government.memory for party in model.parties]
    demanded = [~np.isneginf(memory.public_position) for memory in memories]
    heard = [~np.isnan(one) for m in memories for one in (m.first_heard, m.last_heard)]
    return np.array([*demanded, *heard])


class Harness:
    """Inherit, name the kind and list further configurations; see `tests.rules.rule`."""

    kind: str
    variants: tuple[dict[str, Any], ...] = ()

    @property
    def configs(self) -> list[Changes]:
        return [rule(self.kind), *(rule(self.kind, **variant) for variant in self.variants)]

    def test_never_demands_or_signs_below_the_reservation_value(self) -> None:
        @TRIES
        @given(played_by(self.configs))
        def check(dispute: Changes) -> None:
            model = TalksModel(pie(dispute), "divide", worlds=3, record=True)
            world = model.run().columns
            for line in model.record or ():
                for side in SIDES:
                    if f"aspiration_{side}" in line:
                        assert line[f"aspiration_{side}"] >= line[f"reservation_{side}"]
            for side in SIDES:
                assert (world[f"value_{side}"] >= world[f"reservation_{side}"])[agreed(world)].all()

        check()

    def test_never_offers_outside_the_structure_or_against_its_own_preconditions(self) -> None:
        @TRIES
        @given(played_by(self.configs))
        def check(dispute: Changes) -> None:
            model = TalksModel(pie(dispute), "divide", worlds=3, record=True)
            model.run_model()
            for line in model.record or ():
                if line.get("package", -1) < 0:
                    continue
                assert line["package"] < len(model.nodes[line["node"]].table)
                proposer = model.parties[line["proposer"].position].government
                values = proposer.package_values[line["node"]]
                assert not values.forbids(line["world"], line["package"])

        check()

    def test_same_seed_same_bits_and_nothing_kept_from_run_to_run(self) -> None:
        @TRIES
        @given(played_by(self.configs))
        def check(dispute: Changes) -> None:
            scenario = pie(dispute)
            first = play(scenario)
            TalksModel(scenario, "divide", worlds=2).step()
            same(first, play(scenario))

        check()

    def test_reset_a_new_stage_starts_without_memory(self) -> None:
        forgotten = 0

        @TRIES
        @given(played_by(self.configs, stages=2))
        def check(dispute: Changes) -> None:
            nonlocal forgotten
            model = TalksModel(pie(dispute), "divide", worlds=3)
            while model.running:
                stage, known = model.states.stages_done.copy(), remembers(model)
                model.step()
                onward = model.states.in_phase(Phase.TALKS) & (model.states.stages_done > stage)
                assert not remembers(model)[:, onward].any()
                forgotten += np.count_nonzero(known[:, onward])

        check()
        assert forgotten, "no talks went on to a second stage with anything to forget"

    def test_mirror(self) -> None:
        @TRIES
        @given(played_by(self.configs))
        def check(dispute: Changes) -> None:
            scenario = pie(dispute)
            world, image = play(scenario), play(mirrored(scenario))
            same(world, image, ("outcome", "round_signed", "package"))
            for one, two in (SIDES, SIDES[::-1]):
                np.testing.assert_array_equal(world[f"value_{one}"], image[f"value_{two}"])

        check()


def transcript(changes: Changes, rounds: int) -> list[tuple[float, str]]:
    """Return what each round's offer is worth to the claimant, and how it was answered."""
    game = {"rounds": rounds, **changes}
    model = TalksModel(pie(game), "divide", worlds=1, record=True)
    model.run()
    lines = [line for line in model.record or () if "package" in line]
    return [(round(line.get("value_claimant", -1.0), 6), line["answer"].name) for line in lines]
