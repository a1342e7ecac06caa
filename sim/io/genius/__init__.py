r"""Domains and profiles in the files of Genius and the ANAC competitions.

A domain says what is to be agreed on, a profile what one side gains from it, in one XML file each.
Discrete, whole-numbered (``integer``) and real issues are known, in every spelling seen in the
wild:

* the kind of an issue as ``type``, ``vtype`` or ``etype``; discrete, where none is given;
* bounds as attributes of the issue or of a ``<range>`` inside it;
* a line as ``slope`` and ``offset``, counted from the lower bound, or as ``parameter1`` and
  ``parameter0``, counted from 0; a triangle as ``parameter0`` to ``parameter2``: its beginning, its
  end and its top; a constant as ``parameter0``;
* ``reservation`` and ``discount_factor`` with an attribute or an element ``value``; a discount
  factor of 0 says, as in Genius, that nothing is discounted;
* a reservation below 0, and ``type="any"`` for a profile that adds up, both as older NegMAS writes;
* objectives within objectives: their issues count, their own weights do not, as in Genius.

Evaluations are normalised issue by issue, :math:`u = \sum_i w_i e_i / \max e_i`, and lines,
triangles and constants taken as they stand (see `sim.equations.evaluation`). Weights are taken as
written and must add to 1, give or take what rounding does to them. Genius would cut a value above 1
instead. What a file says besides (costs, descriptions, similarities, agents) is not kept.
"""

from sim.io.genius.reading import parse_domain, parse_profile, read_domain, read_profile
from sim.io.genius.writing import domain_xml, profile_xml

__all__ = [
    "domain_xml",
    "parse_domain",
    "parse_profile",
    "profile_xml",
    "read_domain",
    "read_profile",
]
