"""Talks are the trace of a world."""

import numpy as np

from sim.domain.interest import ROLES
from sim.experiments.result import EnsembleResult
from sim.plotting import talks
from tests.plotting.reading import points, words


def test_talks_are_the_trace(played: EnsembleResult) -> None:
    trace = played.trace("projects_only", 0)
    ax = talks(played, deal="projects_only", world=0)
    panels = ax.child_axes
    for role, panel in zip(ROLES, panels, strict=False):
        for proposer in ROLES:
            made = trace[(trace["proposer"] == proposer.value) & trace["offer"].notna()]
            label = f"offer by {played.scenario.side(proposer).label}"
            wanted = made[["round", f"value_{role.value}"]].to_numpy(dtype=np.float64)
            np.testing.assert_allclose(points(panel, label), wanted)
        demand = trace[f"aspiration_{role.value}"].dropna()
        np.testing.assert_allclose(points(panel, "demanded")[1:-1, 1], demand)
    kinds = [label.get_text() for label in panels[-1].get_yticklabels()]
    assert kinds == ["signed", "ratified", "carried out"]
    assert "Joint projects only: world 0" in words(ax)
    assert "every 6 months" in panels[-1].get_xlabel()


def test_talks_without_events_have_no_line_for_them(played: EnsembleResult) -> None:
    worlds = played.worlds[played.worlds["deal"] == "all_at_once"]
    quiet = int(worlds.loc[worlds["outcome"] == "no_bargain", "world"].iloc[0])
    trace = played.trace("all_at_once", quiet)
    assert not trace["answer"].isin(["accepted", "ratified", "suspended"]).any()
    assert len(talks(played, deal="all_at_once", world=quiet).child_axes) == 3
