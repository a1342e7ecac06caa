"""Declared environment of the talks and protocol of the table."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.domain.frozen import Frozen
from sim.domain.interest import ROLES, Role
from sim.domain.quantity import MaybeRounds, NonNegative, Real, Share


class Switch(Frozen):
    """A process that can be switched off.

    Parameters
    ----------
    enabled : bool
        Whether the process runs at all.
    """

    enabled: bool = True


class ApprovalSwitch(Switch):
    """Whether approvals move."""


class TurnoverSwitch(Switch):
    """Whether leaders leave office."""


class RatingsSwitch(Switch):
    """Whether leaders weigh what a text would do to their own ratings when they value it.

    Parameters
    ----------
    enabled : bool
        Each side's `leader.approval.win_effect` and `loss_effect` enter the value of signing at the
        leader's exchange weight, where approvals move at all.
    """

    enabled: bool = False


class CuesSwitch(Switch):
    """Whether leaders lead their publics by the measure of opinions' spread (`public.cues`).

    Parameters
    ----------
    enabled : bool
        Advocacy and campaigns as `cues` say take the place of `public.advocacy`, where a public
        has `cues`.
    """

    enabled: bool = False


class QuotasSwitch(Switch):
    """Whether the support that a poll-bound leader asks for falls with approval (`quota_fall`).

    Parameters
    ----------
    enabled : bool
        A popular leader dares more.
    """

    enabled: bool = False


class RatifierErrorsSwitch(Switch):
    """Whether governments misjudge ratifiers by each one's `error`; off, they know them.

    Parameters
    ----------
    enabled : bool
        What is drawn for the vote is not what governments believe, until a vote is lost.
    """

    enabled: bool = False


class AmendmentsSwitch(Switch):
    """Whether parliaments may ratify with a reservation (`amends`); off, they say yes or no.

    Parameters
    ----------
    enabled : bool
        Then the other side accepts the text as changed, or it fails.
    """

    enabled: bool = False


class SuccessionSwitch(Switch):
    """Whether every succession redraws what the leader in office wants; off, the first alone does.

    Parameters
    ----------
    enabled : bool
        Leaders are followed by as many as the window holds, each drawn anew, and so is what is
        left of their side's resolve.
    """

    enabled: bool = False


class PositionsSwitch(Switch):
    """Whether preconditions change their state (each one's `moves`); off, they are for ever.

    Parameters
    ----------
    enabled : bool
        Those that say how are redrawn at a succession, and at a hazard of their own.
    """

    enabled: bool = False


class RedLinesSwitch(Switch):
    """Whether governments believe and learn what the other will never sign.

    Parameters
    ----------
    enabled : bool
        Described with each side's `beliefs.red_lines`; off, they may table what it never will.
    """

    enabled: bool = False


class AccumulationSwitch(Switch):
    """Whether states that last lift preconditions (each one's `lifted_by`).

    Parameters
    ----------
    enabled : bool
        What a precondition asks for may be a state that has accumulated, not only a clause.
    """

    enabled: bool = False


class EntrenchmentSwitch(Switch):
    """Whether the status quo hardens (each side's `reservation.entrenchment.gain`)."""


class AgeingSwitch(Switch):
    """Whether those affected grow old (each side's `reservation.urgency.growth`)."""


class FadingSwitch(Switch):
    """Whether urgency saturates and fades (`reservation.urgency` of each side); off, it grows on.

    Parameters
    ----------
    enabled : bool
        Those who remember die, and what they were in a hurry for with them.
    """

    enabled: bool = False


class Multiplier(Frozen):
    r"""How the level x of a process multiplies the weight of an interest.

    A side's weight of the interest is multiplied by

    .. math:: \exp(s x), \quad \max(1 + x, 0), \quad \max(1 - x, 0)

    under `exponential`, `one_plus` and `one_minus`; factors of several processes multiply. s is
    the side's own: its `preferences.sensitivities` says how much it minds, 0 where it says nothing.
    Of a process in logs s is an elasticity.

    Parameters
    ----------
    rule : {"exponential", "one_plus", "one_minus"}
        Which factor.
    sensitivity : str, optional
        Which of a side's sensitivities s is, under `exponential`; absent, the one named as the
        process.
    sides : tuple of {"claimant", "holder"}
        Whose weight it multiplies; absent, both sides'.
    """

    rule: Literal["exponential", "one_plus", "one_minus"]
    sensitivity: str | None = None
    sides: Annotated[tuple[Role, ...], Field(min_length=1)] = ROLES


class _Process(Switch):
    """What processes of all kinds declare besides their numbers.

    Parameters
    ----------
    enabled : bool
        Whether the process runs at all; its level stays 0 where it does not.
    multiplies : mapping of interest to Multiplier
        Which weights its level multiplies, and how.
    presses_allies : bool
        Whether its level is pressure of outside powers, which eats into allies' tolerance.
    """

    multiplies: dict[str, Multiplier] = {}
    presses_allies: bool = False

    def sensitivity_to(self, name: str, interest: str) -> str | None:
        """Return which of a side's sensitivities a multiplier asks for, if any.

        Parameters
        ----------
        name : str
            Of the process.
        interest : str
            Which it multiplies.
        """
        multiplier = self.multiplies[interest]
        return (multiplier.sensitivity or name) if multiplier.rule == "exponential" else None


class _OnOff(_Process):
    """A process whose level is 1 or 0.

    Parameters
    ----------
    suspends : bool
        Whether nobody talks where its level is 1.
    """

    suspends: bool = False


class Autoregression(_Process):
    r"""A level that reverts to its mean: a stationary AR(1) process.

    .. math:: x' = m + \rho (x - m) + sd \sqrt{1 - \rho^2}\, \epsilon

    In the unit that its numbers have: a price in logs relative to the start, pressure in standard
    units.

    Parameters
    ----------
    start, mean : Quantity
        Level now, and m in the long run.
    sd : Quantity
        Stationary standard deviation.
    persistence_month : Quantity
        AR(1) coefficient of monthly levels; rho of a round of q years is its power 12 q.
    """

    kind: Literal["ar1"]
    start: Real
    mean: Real
    sd: NonNegative
    persistence_month: Share


class Jump(_OnOff):
    r"""A measure that is in force or not: a Markov jump process between 1 and 0.

    In a round of q years it jumps with probability :math:`1 - \exp(-h q)`, h being `imposed_year`
    where the measure is not in force and `lifted_year` where it is.

    Parameters
    ----------
    in_force : bool
        At the start.
    lifted_year, imposed_year : Quantity
        Yearly hazards of being lifted and imposed.
    """

    kind: Literal["jump"]
    in_force: bool
    lifted_year: NonNegative
    imposed_year: NonNegative


class Spell(_OnOff):
    r"""Spells that come and pass: level 1 while one lasts, else 0.

    In a round of q years one begins with probability :math:`1 - \exp(-h q)` and lasts an
    exponential time, on average `years`; spells may overlap. It counts for as many rounds as
    fall into it, begun at any moment since the last.

    Parameters
    ----------
    hazard_year : Quantity
        Spells a year, h.
    years : Quantity
        Mean length.
    """

    kind: Literal["spell"]
    hazard_year: NonNegative
    years: NonNegative


Process = Annotated[Autoregression | Jump | Spell, Field(discriminator="kind")]
"""Any process; `kind` tells which. Their shocks are drawn from ``environment/NAME``."""


class Event(Switch):
    """A dated step of the environment.

    Parameters
    ----------
    enabled : bool
        Whether it happens.
    label : str
        In words.
    round : int
        When, in rounds from the start of talks.
    claimant_approval, holder_approval : Quantity, optional
        Points of approval.
    steps : mapping of process to Quantity or {"imposed", "lifted"}
        By how much the level of a process of kind `ar1` steps, and what happens to the measure of
        one of kind `jump`; nothing where the process is switched off.
    suspend_rounds : int
        For how many rounds talks are suspended.
    source, assumption
        Where the event is from.
    """

    label: str
    round: Annotated[int, Field(ge=0)]
    claimant_approval: Real | None = None
    holder_approval: Real | None = None
    steps: dict[str, Real | Literal["imposed", "lifted"]] = {}
    suspend_rounds: Annotated[int, Field(ge=0)] = 0
    source: tuple[str, ...] = ()
    assumption: str | None = None


class Environment(Frozen):
    """What moves by itself while sides talk; each process can be switched off.

    Parameters
    ----------
    name, label : str
        Identifier and title.
    approval, turnover, successions : Switch
        The processes themselves are described with each side's leader.
    positions, accumulation : Switch
        Described with each side's preconditions.
    red_lines : Switch
        Described with each side's beliefs.
    ratings : Switch
        Described with each side's leader.
    cues, quotas : Switch
        Described with each side's public, and with its poll-bound leader among the ratifiers.
    ratifier_errors, amendments : Switch
        Described with each side's ratifiers.
    entrenchment, ageing, fading : Switch
        Described with each side's reservation value; switched off, nothing is gained or lost by
        the mere passing of time.
    processes : mapping of name to Process
        Processes shared by both sides, and the weights that each multiplies.
    events : mapping of name to Event
        Dated events.
    """

    name: str
    label: str
    approval: ApprovalSwitch = ApprovalSwitch()
    turnover: TurnoverSwitch = TurnoverSwitch()
    successions: SuccessionSwitch = SuccessionSwitch()
    positions: PositionsSwitch = PositionsSwitch()
    red_lines: RedLinesSwitch = RedLinesSwitch()
    ratings: RatingsSwitch = RatingsSwitch()
    cues: CuesSwitch = CuesSwitch()
    quotas: QuotasSwitch = QuotasSwitch()
    ratifier_errors: RatifierErrorsSwitch = RatifierErrorsSwitch()
    amendments: AmendmentsSwitch = AmendmentsSwitch()
    accumulation: AccumulationSwitch = AccumulationSwitch()
    entrenchment: EntrenchmentSwitch = EntrenchmentSwitch()
    ageing: AgeingSwitch = AgeingSwitch()
    fading: FadingSwitch = FadingSwitch()
    processes: dict[str, Process] = {}
    events: dict[str, Event] = {}

    @property
    def multiplied(self) -> frozenset[str]:
        """Return the interests whose weights move with a process, on either side."""
        return frozenset(name for item in self.processes.values() for name in item.multiplies)


class Drafting(Switch):
    """How long it takes from agreement in principle to a text that is ready to sign.

    Parameters
    ----------
    enabled : bool
        Off, what is agreed is signed in the same round.
    territorial_years, functional_years : Quantity
        Median, for packages that move territory or title and for the others.
    spread : Quantity
        Standard deviation of the logarithm of the time.
    """

    enabled: bool = False
    territorial_years: NonNegative
    functional_years: NonNegative
    spread: NonNegative


class Protocol(Frozen):
    """The rules of the table.

    Parameters
    ----------
    name, label : str
        Identifier and title.
    kind : {"alternating_offers", "random_proposer"}
        Whether sides offer in turn, or who offers is drawn in each round and world.
    first_mover : {"claimant", "holder"}
        Who makes the offer of round 0; where it is drawn, the side that `proposes` speaks of.
    proposes : Quantity, optional
        Probability, in each round, that `first_mover` offers, and not the other; absent, one half.
        Of effect under `random_proposer` only.
    round_years : float
        Length of a round in years.
    ratification_years : mapping of whole years to Quantity
        Probability that a text is voted on so many years after its signature; normalised.
    effect_years : mapping of years to Quantity, optional
        The same of the entry into force of texts on which no ratifier votes; as
        `ratification_years` if left out.
    resume_rounds : int
        Rounds after a rejection or a walk-back before talks resume.
    drafting : Drafting, optional
        How long texts take to be written; absent, no time.
    audience_cost : {"gross", "net"}
        What a responder compares an offer net of audience cost with: its own next offer before
        that cost, or net of it as well. Where it is net, strategies that look at values of both
        sides look at net ones, too.
    patience : Quantity, optional
        Rounds for which a side has had nothing to offer at a table, after which it may put another
        structure on it; needed where the agenda is `tabled`, and of no effect elsewhere.
    """

    name: str
    label: str
    kind: Literal["alternating_offers", "random_proposer"] = "alternating_offers"
    first_mover: Literal["claimant", "holder"]
    proposes: Share | None = None
    round_years: Annotated[float, Field(gt=0, le=10)]
    ratification_years: Annotated[dict[str, Share], Field(min_length=1)]
    effect_years: Annotated[dict[str, Share], Field(min_length=1)] | None = None
    resume_rounds: Annotated[int, Field(ge=0)]
    drafting: Drafting | None = None
    audience_cost: Literal["gross", "net"] = "gross"
    patience: MaybeRounds | None = None

    @property
    def draws_turns(self) -> bool:
        """Tell whether who offers is drawn in each round."""
        return self.kind == "random_proposer"
