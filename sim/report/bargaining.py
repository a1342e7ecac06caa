"""Negotiated bargaining domains as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.domain.interest import ROLES
from sim.domain.narration import percent, printable
from sim.equations.zopa import margin
from sim.experiments.bargaining import Bargain
from sim.quantities import Ints
from sim.report.tables import number, table

__all__ = ["render_bargain"]

_MOST_ROWS = 40
"""Rows of the frontier and of the talks that are printed; files hold all."""
_FORM = ".4f"


def render_bargain(bargain: Bargain, out: Path | None = None) -> RenderableType:
    """Return what two profiles had to agree on, and how they did, at most 120 columns wide.

    Parameters
    ----------
    bargain : Bargain
    out : Path, optional
        Where its files lie.
    """
    parts: list[RenderableType] = [*_opening(bargain), Text(), _points(bargain), Text()]
    parts += [_frontier(bargain), Text(), _rounds(bargain), Text(), _ending(bargain)]
    if out is not None:
        names = ", ".join(sorted(path.name for path in out.iterdir()))
        parts += [Text(), Text(f"Files in {out}/: {names}", overflow="fold")]
    return Group(*parts)


def _opening(bargain: Bargain) -> Iterable[Text]:
    domain, count = bargain.profiles[0].domain, len(bargain.frontier)
    sizes = " × ".join(f"{issue.count(bargain.terms.steps)}" for issue in domain.issues)
    yield Text(printable(domain.name), style="bold")
    issues = "; ".join(printable(issue.name) for issue in domain.issues)
    yield Text(f"{len(domain.issues)} issues ({issues}), {sizes} = {count:,} packages")
    reals = sum(issue.kind == "real" for issue in domain.issues)
    if reals:
        yield Text(f"{reals} of them real, cut into {bargain.terms.steps} values each")
    rows = zip(ROLES, bargain.profiles, bargain.terms.strategies, bargain.reservation, strict=True)
    for role, profile, strategy, least in rows:
        yield Text(
            f"{role.value} {printable(profile.name)}: {strategy}, reservation value {least:.4g}, "
            f"discount factor {profile.discount_factor:.4g} over all {bargain.terms.rounds} rounds"
        )
    both, on = bargain.zopa, bargain.frontier
    yield Text(
        f"ZOPA: {both.sum():,} packages ({percent(float(both.mean()))} %) are worth signing to "
        f"both, margin {float(margin(*bargain.gains)):z.4f}"
    )
    yield Text(f"Pareto frontier: {on.sum():,} packages, {(on & both).sum():,} of them in the ZOPA")


def _points(bargain: Bargain) -> Table:
    body = _table("Point", "Value\nclaimant", "\nholder", "Surplus\nclaimant", "\nholder", "\n#")
    columns = [f"{kind}_{role.value}" for kind in ("value", "surplus") for role in ROLES]
    for row in bargain.points().to_dict("records"):
        numbers = [number(row[name], _FORM) for name in columns]
        name = str(row["point"]).replace("_", "-")
        body.add_row(name, *numbers, *_named(bargain, row["package"]))
    return body


def _frontier(bargain: Bargain) -> Table:
    places = np.flatnonzero(bargain.frontier)
    places = places[np.argsort(-bargain.value[0][places], kind="stable")]
    shown = places[_spread(len(places))]
    more = "" if len(shown) == len(places) else f", {len(shown)} of {len(places):,}"
    body = _table(f"Pareto frontier{more}", "Value\nclaimant", "\nholder", "\n#")
    for package in shown:
        values = (number(value[package], _FORM) for value in bargain.value)
        where = "in the ZOPA" if bargain.zopa[package] else "outside"
        body.add_row(where, *values, str(package), _said(bargain, package))
    return body


def _rounds(bargain: Bargain) -> Table:
    rounds = bargain.rounds
    kept = _spread(len(rounds))
    more = "" if len(kept) == len(rounds) else f", {len(kept)} of {len(rounds):,}"
    heads = ("Value\nclaimant", "\nholder", "Demand\nclaimant", "\nholder", "\n#")
    body = _table(f"Talks{more}", *heads)
    columns = [f"{kind}_{role.value}" for kind in ("value", "aspiration") for role in ROLES]
    for row in rounds.iloc[kept].to_dict("records"):
        numbers = [number(row[name], _FORM) for name in columns]
        what = f"{row['round']} {row['proposer']}: {str(row['answer']).replace('_', ' ')}"
        body.add_row(what, *numbers, *_named(bargain, row["package"]))
    return body


def _named(bargain: Bargain, package: float | None) -> tuple[str, Text]:
    """Return the number and the text of a package, if there is one."""
    if package is None or np.isnan(package):
        return "", Text()
    return f"{package:.0f}", _said(bargain, int(package))


def _ending(bargain: Bargain) -> Text:
    last, package = bargain.rounds.iloc[-1], bargain.signed
    if package is None:
        left = " and ".join(f"{least:.4f}" for least in bargain.reservation)
        return Text(f"Nothing is signed in {bargain.terms.rounds} rounds: they keep {left}.")
    better = bargain.dominated_by()
    quality = "on the Pareto frontier" if not better else f"dominated by {better:,} packages"
    lines = [f"Package {package} is signed in round {last['round']}, {quality}."]
    for role in ROLES:
        value = bargain.value[role.position][package]
        worth = value * bargain.discounted(role.position, int(last["round"]))
        now = "" if worth == value else f", {worth:.4f} seen from the start"
        lines.append(f"{role.value}: {value:.4f}{now}")
    return Text("\n".join(lines))


def _table(first: str, *heads: str) -> Table:
    body = table(first, *heads, "Value of each issue", right=heads, gap=1)
    body.columns[0].no_wrap = True
    return body


def _said(bargain: Bargain, package: int) -> Text:
    return Text(printable(bargain.text(package)))


def _spread(count: int) -> Ints:
    """Return the places of at most so many rows as are printed, spread over all of them."""
    return np.unique(np.linspace(0, count - 1, min(count, _MOST_ROWS)).round().astype(np.int64))
