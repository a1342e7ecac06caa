"""Contest of structures: counted by hand from the log, kept in files, and told in a line.

Tests also `sim.model.agenda`.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.domain.agenda import AGENDA, structure_of
from sim.domain.outcome import Milestone
from sim.domain.scenario import Scenario
from sim.experiments.blocks import blocks, pack_scenario
from sim.experiments.contest import WHAT, agenda_kinds
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult, load_result
from sim.model import TalksModel
from sim.model.plan import plan_for
from sim.model.replay import replay
from sim.model.view import RoundView
from tests.disputes import q

AGENDAS = ("open", "tabled")


def on(isles: Scenario, agenda: str) -> Scenario:
    """Return two small islands with all structures on the agenda, and little patience."""
    data = isles.model_dump(by_alias=True, exclude={"evidence"})
    data["protocol"]["patience"] = q(1.0, "rounds")
    case = Scenario.model_validate({**data, "agenda": agenda, "evidence": isles.evidence})
    assert len(case.deals) > 2
    return case


@pytest.fixture(scope="module", params=AGENDAS)
def result(isles: Scenario, request: pytest.FixtureRequest) -> EnsembleResult:
    return run(on(isles, request.param), worlds=64, workers=1)


def test_the_signed_are_those_of_the_log(result: EnsembleResult) -> None:
    log = result.agenda
    first: dict[int, str] = {}
    for row in log.itertuples():
        if row.event == Milestone.signed.name:
            first.setdefault(int(row.world), str(row.structure))
    assert len(set(first.values())) > 1
    rows = result.contest[result.contest["what"] == "signed"].set_index("structure")["share"]
    for name in result.scenario.texts:
        assert rows[name] == pytest.approx(list(first.values()).count(name) / 64)
    assert rows.sum() == pytest.approx((result.worlds["round_signed"].notna()).mean())


def test_what_is_displaced_is_the_best_rival_that_could_have_been_signed(isles: Scenario) -> None:
    case = on(isles, "open")
    log = run(case, worlds=64, workers=1).agenda
    first = log[log["event"] == Milestone.signed.name].drop_duplicates("world")
    assert 0 < first["displaced"].notna().mean() < 1
    seen = 0
    for round_, view in replay(TalksModel(case, AGENDA, worlds=64), 0):
        for row in first[first["round"] == round_].itertuples():
            seen += 1
            found = best_rival(view, int(row.world), str(row.structure), plan_ids(case))
            assert found == ("" if pd.isna(row.displaced) else row.displaced)
    assert seen == len(first)


def plan_ids(case: Scenario) -> list[str]:
    """Return the structure of each package of an open agenda."""
    table = plan_for(case, case.structures[AGENDA]).nodes[0].table
    return [structure_of(table.id_of(package)) for package in range(len(table))]


def best_rival(view: RoundView, world: int, signed: str, structures: list[str]) -> str:
    """Return which other structure has the text that is best for both, by the product."""
    best, found = -1.0, ""
    for package, name in enumerate(structures):
        surplus = [
            float(view.value(i)[world, package] - view.reservation(i)[world]) for i in (0, 1)
        ]
        could = view.signable[world, package] and view.ratifiable[world, package]
        if name != signed and could and surplus[0] * surplus[1] > best:
            best, found = surplus[0] * surplus[1], name
    return found


def test_what_is_closed_are_the_settled_worlds(result: EnsembleResult) -> None:
    rows = result.contest[result.contest["what"] == "closed"].set_index("structure")["share"]
    settled = result.worlds[result.worlds["outcome"] == "settled"]
    assert rows.sum() == pytest.approx(len(settled) / 64)
    found = settled["package"].astype(str).map(structure_of).value_counts()
    assert {name: round(64 * share) for name, share in rows.items() if share} == found.to_dict()


def test_incidence_rises_to_the_share(result: EnsembleResult) -> None:
    curves = result.incidence.groupby(["structure", "what"], observed=True)["incidence"]
    assert curves.apply(lambda curve: bool((np.diff(curve) >= 0).all())).all()
    last = curves.last()
    shares = result.contest.set_index(["structure", "what"])["share"]
    np.testing.assert_allclose(last, shares.reindex(last.index), atol=1e-12)
    total = last.groupby("what", observed=True).sum()
    assert (total <= 1 + 1e-12).all()
    assert set(total.index) == set(WHAT)


def test_each_world_begins_at_one_table_and_offers_come_from_it(isles: Scenario) -> None:
    log = run(on(isles, "tabled"), worlds=64, workers=1).agenda
    event, structure = log["event"].astype(str), log["structure"].astype(str)
    first = log[event == "tabled"].drop_duplicates("world")
    assert len(first) == 64
    assert (first["round"] == 0).all()
    assert first["side"].isna().all()
    at = structure.where(event == "tabled").groupby(log["world"]).ffill()
    signed = event == "signed"
    assert (at[signed] == structure[signed]).all()
    moved = log[(event == "tabled") & (log["round"] > 0)]
    assert moved["side"].notna().all()
    assert 0 < len(moved) < 64 * 12  # some tables are left, and not in every round


def test_weights_say_what_lies_on_the_table_first(isles: Scenario) -> None:
    case = on(isles, "tabled")
    name = sorted(case.deals)[1]
    log = run(case.model_copy(update={"on_the_table": {name: 2.0}}), worlds=32, workers=1).agenda
    first = log[log["event"] == "tabled"].drop_duplicates("world")
    assert set(first["structure"]) == {name}


def test_the_tables_survive_their_folder(result: EnsembleResult, tmp_path: Path) -> None:
    loaded = load_result(result.save(tmp_path / "out"))
    for name in agenda_kinds(result.scenario):
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(result, name))


def test_the_work_of_an_agenda_is_that_of_its_structures(isles: Scenario) -> None:
    case = on(isles, "open").model_copy(update={"worlds": 10_000})
    work = list(blocks(case, pack_scenario(case)))
    assert {block.structures for block in work} == {len(case.deals)}
    alone = case.model_copy(update={"agenda": "single"})
    assert {block.structures for block in blocks(alone, pack_scenario(alone))} == {1}
