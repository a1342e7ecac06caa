"""The England-Zimbabwe domain of the ANAC of 2010, as numbers.

The domain is a negotiation about tobacco control: Lin, Oshrat and Kraus (2009), "Investigating the
benefits of automated negotiations in enhancing people's negotiation skills", AAMAS. The numbers are
those of the profiles in the public copy of Genius 10.4 within NegMAS (GPL and AGPL); numbers alone
are taken, no file of either is shipped, and the values are named in our own short words.
"""

from sim.domain.bargaining import Domain, Figures, Issue, Profile

ISSUES = {
    "size of fund": ("100", "50", "10", "no agreement"),
    "impact on other aid": ("none", "half", "full", "no agreement"),
    "one side's trade": ("fewer tariffs", "more tariffs", "no agreement"),
    "other side's trade": ("fewer imports", "more imports", "no agreement"),
    "forum on health": ("fund", "committee on a fund", "committee on an agenda", "no"),
}
DOMAIN = Domain(
    "tobacco",
    tuple(
        Issue(index, name, "discrete", values)
        for index, (name, values) in enumerate(ISSUES.items(), start=1)
    ),
)


def _profile(
    name: str, weights: tuple[float, ...], figures: tuple[tuple[int, ...], ...]
) -> Profile:
    evaluations = tuple(Figures(tuple(map(float, row))) for row in figures)
    return Profile(name, DOMAIN, weights, evaluations)


ENGLAND = _profile(
    "England",
    (
        0.3031462333758278,
        0.303346839835533,
        0.049028952379678074,
        0.04904500802207314,
        0.29543296638688804,
    ),
    ((5, 7, 9, 1), (3, 6, 8, 1), (12, 1, 7), (10, 1, 6), (7, 10, 4, 1)),
)
ZIMBABWE = _profile(
    "Zimbabwe",
    (
        0.19707980311909024,
        0.20134268816210074,
        0.15406697766287486,
        0.15407719183124569,
        0.29343333922468845,
    ),
    ((9, 7, 5, 1), (8, 5, 3, 1), (1, 9, 5), (1, 19, 9), (11, 9, 7, 1)),
)
