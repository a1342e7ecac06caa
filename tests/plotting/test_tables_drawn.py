"""Talks, spaces, win-sets and opinion show what the model says, and refuse what is not there."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.domain.interest import ROLES
from sim.errors import ScenarioError
from sim.experiments.result import EnsembleResult
from sim.experiments.tabletop import opinions, tabletop
from sim.plotting import opinion, talks, utility_space, win_sets


def line(ax: Axes, label: str) -> np.ndarray:
    """Return the points of the line whose label starts so."""
    (found,) = [each for each in ax.lines if str(each.get_label()).startswith(label)]
    return np.asarray(found.get_xydata())


def words(ax: Axes) -> str:
    return " ".join(text.get_text() for text in ax.texts) + ax.get_title(loc="left")


def test_talks_are_the_trace(played: EnsembleResult) -> None:
    trace = played.trace("projects_only", 0)
    ax = talks(played, deal="projects_only", world=0)
    panels = ax.child_axes
    for role, panel in zip(ROLES, panels, strict=False):
        for proposer in ROLES:
            made = trace[(trace["proposer"] == proposer.value) & trace["offer"].notna()]
            label = f"offer by {played.scenario.side(proposer).label}"
            wanted = made[["round", f"value_{role.value}"]].to_numpy(dtype=np.float64)
            np.testing.assert_allclose(line(panel, label), wanted)
        demand = trace[f"aspiration_{role.value}"].dropna()
        np.testing.assert_allclose(line(panel, "demanded")[1:-1, 1], demand)
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


def test_a_space_is_the_table_of_that_round(played: EnsembleResult) -> None:
    top = tabletop(played.scenario, "strait", world=0, round_=3)
    ax = utility_space(played, deal="strait", world=0, round_=3)
    assert "world 0, round 3" in words(ax)
    least = [float(top.talk.reservation(side)[0]) for side in (0, 1)]
    np.testing.assert_allclose(line(ax, "worth never"), [least])
    kinds = ("against", "would fail", "clear")
    among = [each for each in ax.lines if str(each.get_label()).startswith(kinds)]
    points = np.concatenate([np.asarray(each.get_xydata()) for each in among])
    worth = np.stack([top.talk.value(side)[0] for side in (0, 1)], axis=1)
    np.testing.assert_allclose(np.sort(points, axis=0), np.sort(worth, axis=0))
    on_the_frontier = line(ax, "Pareto")
    for point in on_the_frontier:
        assert not np.any(np.all(worth > point, axis=1))


def test_a_text_that_is_signed_has_its_star(played: EnsembleResult) -> None:
    ax = utility_space(played, deal="strait")
    trace = played.trace("strait", 0)
    row = trace[trace["answer"] == "accepted"].iloc[0]
    np.testing.assert_allclose(line(ax, "signed"), [[row["value_claimant"], row["value_holder"]]])


def test_win_sets_are_the_publics_at_the_start(played: EnsembleResult) -> None:
    top = tabletop(played.scenario, "two_steps", worlds=64)
    ax = win_sets(played, deal="two_steps", worlds=64)
    dots = np.asarray(ax.collections[0].get_offsets())
    support = [100 * np.median(top.talk.support(side), axis=0) for side in (0, 1)]
    np.testing.assert_allclose(np.sort(dots, axis=0), np.sort(np.stack(support, 1), axis=0))
    shares = np.asarray(ax.collections[0].get_array())
    np.testing.assert_allclose(np.sort(shares), np.sort(100 * top.talk.ratifiable.mean(axis=0)))
    assert "the near island passes" in " ".join(words(ax).split())


def test_opinion_is_drawn_with_its_spread_and_the_poll(played: EnsembleResult) -> None:
    table = opinions(played.scenario, "strait", worlds=64)
    ax = opinion(played, deal="strait", worlds=64)
    for role, panel in zip(ROLES, ax.child_axes, strict=True):
        rows = table[table["role"] == role.value]
        np.testing.assert_allclose(line(panel, "median")[:, 1], 100 * rows["median"])
        assert (rows["low"] <= rows["median"]).all()
        assert (rows["median"] <= rows["high"]).all()
    legend = ax.child_axes[1].get_legend()
    assert legend is not None
    assert "poll 2000" in " ".join(text.get_text() for text in legend.get_texts())


@pytest.mark.parametrize("picture", [talks, utility_space, win_sets, opinion])
def test_an_unknown_structure_is_refused(played: EnsembleResult, picture: type[Axes]) -> None:
    with pytest.raises(KeyError, match="projects_only"):
        picture(played, deal="project")


def test_a_round_after_the_end_is_refused(played: EnsembleResult) -> None:
    with pytest.raises(ValueError, match="expected a round before"):
        utility_space(played, deal="strait", world=0, round_=12)


def test_opinion_of_a_text_that_a_forged_table_lacks(played: EnsembleResult) -> None:
    forged = dataclasses.replace(played, packages=played.packages.iloc[:0])
    with pytest.raises(ScenarioError, match=r"packages: expected a row for .*, got none"):
        opinion(forged, deal="strait", worlds=64)
