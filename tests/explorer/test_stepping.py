"""One world told round by round is the world that was played."""

import pytest

import sim
from sim.domain.outcome import Outcome
from sim.explorer.settings import Asked, Setting, tell


@pytest.mark.parametrize("deal", ["hans_line", "hans_statement"])
def test_the_world_told_is_the_world_played(setting: Setting, deal: str) -> None:
    run = sim.run(setting.scenario(), worlds=8, deals=[deal], workers=1)
    for row in run.worlds.to_dict("records"):
        told = tell(Asked(setting.packed, setting.values, deal, row["world"]))
        assert told.ending == Outcome[row["outcome"]].value
        numbers = [number for number, _ in told.rounds]
        assert numbers == sorted(set(numbers))
        traced = run.trace(deal, row["world"])
        assert numbers == sorted(set(traced["round"]))
        assert all(sentences for _, sentences in told.rounds)


def test_a_moved_number_changes_the_tale(setting: Setting) -> None:
    key = "claimant.preferences.weights.closure"
    tales = [
        tell(Asked(setting.packed, there.values, "hans_line", 3)).rounds
        for there in (setting.moving(key, 10.0), setting.moving(key, 100.0))
    ]
    assert tales[0] != tales[1]
