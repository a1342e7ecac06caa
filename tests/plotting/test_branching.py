"""Pictures of branches show what the traces and the table say."""

import numpy as np

from sim.domain.outcome import OUTCOME_LABELS
from sim.experiments.branching.branch import branch
from sim.experiments.branching.pairs import branch_worlds
from sim.experiments.result import EnsembleResult
from sim.plotting.branching import branched_worlds, courses, whole_tree
from sim.plotting.pictures import fitting
from tests.plotting.reading import points, words

SET = "holder.leader=successor, environment.processes.sanctions=lifted"


def test_offers_of_both_courses_are_there(played: EnsembleResult) -> None:
    tree = branch(played.scenario, "two_steps", world=0, at=3, set=SET)
    ax = courses(tree)
    panel = ax.child_axes[0]
    for label, course in zip(("as it was", "with what is set"), tree.courses, strict=True):
        trace = course.trace[course.trace["value_claimant"].notna()]
        over = trace["value_claimant"] - trace["reservation_claimant"]
        wanted = np.column_stack([trace["round"], over]).astype(float)
        np.testing.assert_allclose(points(panel, label), wanted)
    assert "world 0" in words(ax)
    assert SET in words(ax).replace("\n", " ")


def test_a_tree_is_drawn_course_by_course(played: EnsembleResult) -> None:
    tree = branch(played.scenario, "two_steps", world=0, at=3, set=SET)
    tree = tree.branch(5, "claimant.leader.approval=20", of=1)
    ax = whole_tree(tree)
    starts = [line.get_xdata()[0] for line in ax.lines if line.get_linewidth() == 2.5]
    assert starts == [-0.5, 2.5, 4.5]
    parents = [line.get_ydata()[0] for line in ax.lines if line.get_linewidth() == 0.8]
    assert parents == [0, 1]
    endings = [OUTCOME_LABELS[course.ending].legend for course in tree.courses]
    assert [label.get_text() for label in ax.get_yticklabels()] == endings
    assert "2: claimant.leader.approval=20" in words(ax)
    assert fitting(tree) == ("branch", "tree")


def test_differences_are_those_of_the_table(played: EnsembleResult) -> None:
    scenario = played.scenario.model_copy(update={"worlds": 32})
    found = branch_worlds(scenario, "two_steps", at=3, set=SET, workers=1)
    ax = branched_worlds(found)
    drawn = ax.containers[0].lines[0].get_xdata()
    np.testing.assert_allclose(drawn, 100 * found.table["difference"])
    assert len(ax.get_yticklabels()) == len(found.table)
    assert "no world ends otherwise" not in words(ax)


def test_that_nothing_changes_is_said_in_words(played: EnsembleResult) -> None:
    scenario = played.scenario.model_copy(update={"worlds": 8})
    found = branch_worlds(scenario, "two_steps", at=3, set="", workers=1)
    assert "no world ends otherwise" in words(branched_worlds(found))
