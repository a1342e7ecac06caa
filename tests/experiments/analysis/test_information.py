"""The value of knowing a number before choosing, on choices where it is known by arithmetic.

Tests `sim.experiments.analysis.information`.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.errors import RunError
from sim.experiments.analysis.information import information, value_of_information
from sim.experiments.result import EnsembleResult


def planted(worlds: int = 1024) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two choices: one is right where x < 1/2, the other with probability y."""
    luck = np.random.default_rng(5)
    numbers = pd.DataFrame(luck.random((worlds, 4)), columns=["x", "y", "luck", "other"])
    came = {"sure": numbers["x"] < 0.5, "open": numbers["luck"] < numbers["y"]}
    return numbers, pd.DataFrame(came).astype(float)


def test_the_value_of_knowing_is_that_of_the_right_choice() -> None:
    """Either choice does in a half. Knowing x: 1 below and 1/2 above, a gain of 1/4.

    Knowing y: max(1/2, y), a gain of 1/8, as is luck's; knowing the other number: nothing.
    """
    table = value_of_information(*planted()).set_index("key")
    assert list(table.index[:1]) == ["x"]
    for key, gain in (("x", 0.25), ("y", 0.125), ("luck", 0.125)):
        row = table.loc[key]
        assert row["low"] <= gain <= row["high"]
        assert row["value"] == pytest.approx(gain, abs=0.035)
        assert row["telling"]
    assert not table.loc["other", "telling"]
    assert table.loc["other", "value"] < 0.03
    assert (table.loc["x", "at_low"], table.loc["x", "at_high"]) == ("sure", "open")


def test_luck_alone_is_seldom_told() -> None:
    """Forty numbers that say nothing: about a twentieth of them exceed the floor."""
    luck = np.random.default_rng(8)
    numbers = pd.DataFrame(luck.random((512, 40)), columns=[f"n{n}" for n in range(40)])
    came = pd.DataFrame({"a": luck.random(512) < 0.3, "b": luck.random(512) < 0.3}).astype(float)
    assert value_of_information(numbers, came)["telling"].sum() <= 6


def test_it_is_told_in_words(played: EnsembleResult) -> None:
    told = list(information(played, "first_stage").sentences())
    assert "one would choose" in told[0]


def test_one_structure_leaves_no_choice(played: EnsembleResult) -> None:
    alone = played.worlds[played.worlds["deal"] == played.worlds["deal"].iloc[0]]
    with pytest.raises(RunError, match="two structures"):
        information(replace(played, worlds=alone))
