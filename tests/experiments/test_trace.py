"""A trace tells the same story as the table of worlds."""

import numpy as np
import pandas as pd
import pytest

from sim.domain.outcome import Answer
from sim.experiments.result import EnsembleResult


def picked(played: EnsembleResult) -> list[tuple[str, int]]:
    """Pick worlds of every structure and outcome, also beyond the first block."""
    worlds = played.worlds
    groups = worlds.groupby(["deal", "outcome"], observed=True)
    ends = pd.concat([groups.head(2), groups.tail(1)])
    return [(str(row["deal"]), int(row["world"])) for _, row in ends.iterrows()]


def test_traces_agree_with_the_table_of_worlds(played: EnsembleResult) -> None:
    chosen = picked(played)
    assert len(chosen) > 30
    assert any(world >= 1024 for _, world in chosen)
    table = played.worlds.set_index(["deal", "world"])
    for deal, world in chosen:
        told, row = played.trace(deal, world), table.loc[(deal, world)]
        signed = told[told["round"] == row["round_signed"]]
        if pd.isna(row["round_signed"]):
            assert Answer.ratified.name not in set(told["answer"])
            continue
        text = signed[signed["answer"] == Answer.accepted.name].iloc[0]
        assert text["package"] == row["package"]
        for name in ("value", "reservation"):
            for side in ("claimant", "holder"):
                assert text[f"{name}_{side}"] == pytest.approx(row[f"{name}_{side}"], abs=0)
        fails = (told["answer"] == Answer.rejected.name).sum()
        assert bool(fails) == pd.notna(row["rejected_by"])


def test_a_trace_is_in_words(played: EnsembleResult) -> None:
    told = pd.concat([played.trace(deal, world) for deal, world in picked(played)])
    offers = told["offer"].dropna()
    assert offers.str.contains("the near island passes").any()
    for why, answer in zip(told["why"], told["answer"], strict=True):
        assert why.startswith(Answer[answer].value)
    assert told["why"].str.contains("no transfer without recognition").any()
    assert set(told["proposer"].dropna()) == {"claimant", "holder"}
    np.testing.assert_allclose(told["years"].astype(float), 0.5 * told["round"])


def test_what_does_not_exist_cannot_be_told(played: EnsembleResult) -> None:
    with pytest.raises(KeyError, match="known are strait"):
        played.trace("bridge", 0)
    with pytest.raises(ValueError, match="from 0 on"):
        played.trace("strait", -1)
