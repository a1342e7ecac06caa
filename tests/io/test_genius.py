"""Domains and profiles: what is written is read again, in every spelling, and faults are told.

Tests `sim.domain.bargaining`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.bargaining import (
    Constant,
    Domain,
    Evaluation,
    Figures,
    Issue,
    Line,
    Profile,
    Triangle,
)
from sim.errors import ScenarioError
from sim.experiments.bargaining import bargain
from sim.io.bargaining import Terms
from sim.io.genius import (
    domain_xml,
    parse_domain,
    parse_profile,
    profile_xml,
    read_domain,
    read_profile,
)
from sim.io.xml import parse
from tests.tobacco import DOMAIN, ENGLAND, ZIMBABWE

words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
        lambda letter: letter >= " " or letter in "\t\n\r"
    ),
    min_size=1,
    max_size=8,
)
shares = st.floats(0, 1)
numbers = st.floats(-1e6, 1e6)


@st.composite
def issues(draw: st.DrawFn, index: int) -> Issue:
    kind = draw(st.sampled_from(("discrete", "integer", "real")))
    if kind == "discrete":
        values = draw(st.lists(words, min_size=1, max_size=4, unique=True))
        return Issue(index, draw(words), kind, tuple(values))
    low, high = sorted(draw(st.tuples(st.integers(-50, 50), st.integers(-50, 50))))
    if kind == "integer":
        return Issue(index, draw(words), kind, low=float(low), high=float(high))
    bounds = sorted(draw(st.tuples(numbers, numbers)))
    return Issue(index, draw(words), kind, low=bounds[0], high=bounds[1])


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    indexes = draw(st.lists(st.integers(0, 30), min_size=1, max_size=4, unique=True))
    domain = Domain(draw(words), tuple(draw(issues(index)) for index in indexes))
    parts = [draw(st.integers(0, 9)) for _ in indexes[1:]]
    weights = [*(part / 50 for part in parts), 1 - sum(part / 50 for part in parts)]
    return Profile(
        "profile",
        domain,
        tuple(weights),
        tuple(draw(evaluations(issue)) for issue in domain.issues),
        draw(shares),
        draw(st.floats(1e-9, 1)),
    )


def evaluations(issue: Issue) -> st.SearchStrategy[Evaluation]:
    if issue.kind == "discrete":
        size = len(issue.values)
        figures = st.lists(st.floats(0, 1e9), min_size=size, max_size=size)
        return st.builds(Figures, figures.map(tuple))
    start = st.sampled_from((0.0, issue.low) if issue.kind == "integer" else (0.0,))
    ends = st.tuples(numbers, numbers, numbers).map(sorted)
    triangles = ends.map(lambda three: Triangle(three[0], three[2], three[1]))
    lines = st.builds(Line, numbers, numbers, start)
    return st.one_of(lines, triangles, st.builds(Constant, shares))


@given(profiles())
def test_what_is_written_is_read_again(profile: Profile) -> None:
    domain = parse_domain(parse(domain_xml(profile.domain)))
    assert domain == profile.domain
    assert parse_profile(parse(profile_xml(profile)), domain) == profile


def test_a_profile_reads_as_its_own_domain() -> None:
    assert parse_domain(parse(profile_xml(ENGLAND))) == DOMAIN


def test_files_are_read_and_named_by_their_name(tmp_path: Path) -> None:
    (tmp_path / "domain.xml").write_bytes(domain_xml(DOMAIN))
    (tmp_path / "Zimbabwe.xml").write_bytes(profile_xml(ZIMBABWE))
    domain = read_domain(tmp_path / "domain.xml")
    assert domain == DOMAIN
    assert domain.packages(steps=2) == 576
    assert read_profile(tmp_path / "Zimbabwe.xml", domain) == ZIMBABWE


def test_a_name_that_xml_cannot_hold_is_not_written() -> None:
    bad = Domain("bell", (Issue(1, "\a", "discrete", ("x",)),))
    with pytest.raises(ValueError, match="XML can hold"):
        domain_xml(bad)


OLD = """
<?xml version="1.0"?>
<negotiation_template number_of_sessions="1">
 <agent class="agents.Simple" name="A" utility_space="a.xml"/>
 <utility_space number_of_issues="0">
  <objective index="1" name="car" type="objective" etype="objective">
   <objective index="7" name="comfort" type="objective">
    <issue index="2" name="radio" vtype="discrete"><item value="good"/><item value="none"/></issue>
   </objective>
   <issue index="3" name="doors" etype="Discrete"><item value="2"/><item value="4"/></issue>
   <issue index="4" name="colour"><item value="red"/><item value="red"/></issue>
   <issue index="5" name="price" type="integer" vtype="integer">
    <range lowerbound="10" upperbound="20"/>
   </issue>
   <issue index="6" name="days" type="real"><range lowerbound="0" upperbound="2.5"/></issue>
  </objective>
  <discount_factor><value>0.5</value></discount_factor>
 </utility_space>
</negotiation_template>
"""
PROFILE = """
<utility_space>
 <objective index="1" name="car">
  <weight index="2" value="0.2"/><weight index="3" value="0.2"/><weight index="4" value="0.2"/>
  <weight index="5" value="0.2"/><weight index="6" value="0.2"/><weight index="1" value="1"/>
  <objective index="7" name="comfort">
   <issue index="2" name="radio"><item value="none" evaluation="1"/>
    <item value="good" evaluation="4" cost="9"/>
    <similarity_function><criteria_function><item value="odd"/></criteria_function>
    </similarity_function></issue>
  </objective>
  <issue index="3" name="doors" type="discrete"><item value="2" evaluation="0"/>
   <item value="4" evaluation="0.0"/></issue>
  <issue index="4" name="colour"><item value="red" evaluation="2"/>
   <item value="red" evaluation="2"/></issue>
  <issue index="5" name="price" type="integer" lowerbound="10" upperbound="20">
   <evaluator ftype="linear" parameter0="2" parameter1="-0.1"/></issue>
  <issue index="6" name="days" type="real">
   <evaluator ftype="triangular" parameter0="0" parameter1="2.5" parameter2="1"/></issue>
 </objective>
 <discount_factor><value>0.9</value></discount_factor>
 <reservation value=" 0.25 "/>
</utility_space>
"""
OLD_ISSUES = (
    Issue(2, "radio", "discrete", ("good", "none")),
    Issue(3, "doors", "discrete", ("2", "4")),
    Issue(4, "colour", "discrete", ("red",)),
    Issue(5, "price", "integer", low=10.0, high=20.0),
    Issue(6, "days", "real", low=0.0, high=2.5),
)


def test_old_spellings() -> None:
    domain = parse_domain(parse(OLD.encode()))
    assert domain == Domain("car", OLD_ISSUES)
    profile = parse_profile(parse(PROFILE.encode()), domain)
    assert profile.evaluations == (
        Figures((4.0, 1.0)),
        Figures((0.0, 0.0)),
        Figures((2.0,)),
        Line(-0.1, 2.0),
        Triangle(0.0, 2.5, 1.0),
    )
    assert profile.weights == (0.2,) * 5
    assert (profile.reservation_value, profile.discount_factor) == (0.25, 0.9)


def test_new_spelling_of_a_line_counts_from_the_lower_bound() -> None:
    old = '<evaluator ftype="linear" parameter0="2" parameter1="-0.1"/>'
    new = '<evaluator slope="-0.1" offset="1"/>'
    domain = parse_domain(parse(OLD.encode()))
    profile = parse_profile(parse(PROFILE.replace(old, new).encode()), domain)
    assert profile.evaluations[3] == Line(-0.1, 1.0, start=10.0)


def test_a_discount_factor_of_zero_discounts_nothing() -> None:
    domain = parse_domain(parse(OLD.encode()))
    text = PROFILE.replace("<value>0.9</value>", "<value>0</value>")
    assert parse_profile(parse(text.encode()), domain).discount_factor == 1.0


NEGMAS = """<utility_space type="any" number_of_issues="0">
<objective index="1" etype="objective" type="objective" description="" name="any">
<issue index="1" etype="discrete" type="discrete" vtype="discrete" name="i1">
    <item index="1" value="v1" evaluation="1.0" />
    <item index="2" value="v2" evaluation="0.0" />
</issue>
<weight index="1" value="1.0">
</weight>
</objective>
<reservation value="-0.25" />
</utility_space>
"""


def test_a_profile_as_older_negmas_writes_it() -> None:
    root = parse(NEGMAS.encode())
    profile = parse_profile(root, parse_domain(root))
    assert (profile.evaluations, profile.weights) == ((Figures((1.0, 0.0)),), (1.0,))
    assert profile.reservation_value == -0.25
    assert parse_profile(parse(profile_xml(profile)), profile.domain) == profile
    found = bargain(profile, profile, Terms(rounds=2))
    assert found.gains[0].tolist() == [1.25, 0.25]
    assert found.zopa.all()


def test_a_profile_of_any_type_still_has_to_add_up() -> None:
    root = parse(NEGMAS.replace(' evaluation="1.0"', "").encode())
    with pytest.raises(ScenarioError, match=r"item.1.evaluation: expected a number"):
        parse_profile(root, parse_domain(root))


DOMAIN_FAULTS = [
    ("<negotiation_template number", "<auction number", "expected a root negotiation_template"),
    ('index="3" name="doors"', 'index="2" name="doors"', "issue.2: expected each index once"),
    ('index="3" name="doors"', 'index="x" name="doors"', "issue.2.index: expected a whole number"),
    ('index="3" name="doors"', 'index="-3" name="doors"', "issue.-3.index: expected a whole num"),
    ('name="doors" ', "", "issue.3.name: expected a value, got nothing"),
    ('etype="Discrete"', 'etype="discret"', "got 'discret'; did you mean 'discrete'?"),
    ('type="integer" vtype="integer"', 'type="real" vtype="integer"', "'integer' and 'real'"),
    ('<item value="2"/><item value="4"/>', "", "issue.3: expected at least one item, got none"),
    ('<item value="2"/>', "<item/>", "issue.3.item.1.value: expected a value, got nothing"),
    ('lowerbound="10"', 'lowerbound="1e999"', "issue.5.lowerbound: expected a number in [-1e"),
    ('lowerbound="10"', "", "+300], got nothing"),
    (
        'name="doors"',
        f'name="{"x" * 201}"',
        "issue.3.name: expected at most 200 characters, got 201",
    ),
    (
        '<item value="2"/>',
        f'<item value="{"x" * 9999}"/>',
        "value: expected at most 200 characters",
    ),
    (
        'lowerbound="10"',
        'lowerbound="10.5"',
        "issue.5.lowerbound: expected a whole number, got 10.",
    ),
    ('lowerbound="10"', 'lowerbound="21"', "issue.5.upperbound: expected at least the lower bou"),
]
PROFILE_FAULTS = [
    ("<utility_space>", "<negotiation_template>", "expected a root utility_space"),
    ("<utility_space>", '<utility_space type="nonlinear">', "expected an additive profile, got"),
    ('index="4" name="colour"', 'index="9" name="colour"', "issue.4: expected the issue 'colour'"),
    ('index="4" name="colour"', 'index="3" name="colour"', "issue.3: expected each index once"),
    (
        'name="colour"',
        'name="color"',
        "issue.4.name: expected 'colour', as in the domain, got 'col",
    ),
    ('name="price" type="integer"', 'name="price" type="real"', "expected integer, as in the dom"),
    ('upperbound="20"', 'upperbound="30"', "issue.5: expected the bounds 10 and 20 of the domain"),
    ('value="none" evaluation="1"', 'value="non" evaluation="1"', "did you mean 'none'?"),
    ('value="none" evaluation="1"', 'value="none"', "item.1.evaluation: expected a number of at"),
    ('value="none" evaluation="1"', 'value="none" evaluation="-1"', "of at least 0, got '-1'"),
    ('value="none" evaluation="1"', 'value="none" evaluation="nan"', "of at least 0, got 'nan'"),
    ('value="none" evaluation="1"', 'value="good" evaluation="1"', "one evaluation of 'good', got"),
    ('<item value="2" evaluation="0"/>', "", "issue.3: expected an item for '2', got nothing"),
    ('<weight index="3" value="0.2"/>', "", "weight.3: expected the weight of 'doors'"),
    ('<weight index="3" value="0.2"/>', '<weight index="3" value="2"/>', "number in [0, 1]"),
    (
        '<weight index="3" value="0.2"/>',
        '<weight index="2" value=".2"/>',
        "weight.2: expected each",
    ),
    ('<weight index="3" value="0.2"/>', '<weight index="3" value=".3"/>', "add to 1, got 1.1"),
    ('<reservation value=" 0.25 "/>', '<reservation value="1.5"/>', "[-1e+06, 1], got '1.5'"),
    (
        '<reservation value=" 0.25 "/>',
        '<reservation value=""/>',
        "reservation.value: expected a nu",
    ),
    ('<reservation value=" 0.25 "/>', '<reservation value="0"/>' * 2, "expected one value, got 2"),
    (
        "<value>0.9</value>",
        "<value>2</value>",
        "discount_factor.value: expected a number in [0, 1]",
    ),
    ('ftype="linear"', 'ftype="lineal"', "issue.5.evaluator.ftype: expected one of linear, triang"),
    ('parameter0="2" ', "", "issue.5.evaluator.parameter0: expected a finite number, got nothing"),
    (
        'parameter2="1"',
        'parameter2="3"',
        "a triangle whose top lies between its ends, got 0 to 2.5",
    ),
    (
        '<evaluator ftype="linear" parameter0="2" parameter1="-0.1"/>',
        "",
        "issue.5.evaluator: expec",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), DOMAIN_FAULTS)
def test_faults_of_domains(old: str, new: str, said: str) -> None:
    assert old in OLD
    text = OLD.replace(old, new)
    if "<auction" in new:
        text = text.replace("</negotiation_template>", "</auction>")
    with pytest.raises(ScenarioError) as caught:
        parse_domain(parse(text.encode()), "car.xml")
    assert any(said in str(fault) for fault in caught.value.faults), str(caught.value)
    assert all(str(fault).startswith("car.xml: ") for fault in caught.value.faults)


@pytest.mark.parametrize(("old", "new", "said"), PROFILE_FAULTS)
def test_faults_of_profiles(old: str, new: str, said: str) -> None:
    assert old in PROFILE
    text = PROFILE.replace(old, new)
    if "<negotiation" in new:
        text = text.replace("</utility_space>", "</negotiation_template>")
    domain = parse_domain(parse(OLD.encode()))
    with pytest.raises(ScenarioError) as caught:
        parse_profile(parse(text.encode()), domain, "buyer.xml")
    assert any(said in str(fault) for fault in caught.value.faults), str(caught.value)
    assert all(str(fault).startswith("buyer.xml: ") for fault in caught.value.faults)


def test_all_faults_of_a_file_come_at_once() -> None:
    text = PROFILE.replace('evaluation="4"', 'evaluation="x"').replace('" 0.25 "', '"r"')
    with pytest.raises(ScenarioError) as caught:
        parse_profile(parse(text.encode()), Domain("car", OLD_ISSUES), "buyer.xml")
    assert [fault.key for fault in caught.value.faults] == [
        "issue.2.item.2.evaluation",
        "reservation.value",
    ]


def test_a_domain_without_issues_is_none() -> None:
    with pytest.raises(ScenarioError, match="at least one issue"):
        parse_domain(parse(b"<negotiation_template/>"))
