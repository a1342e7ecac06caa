"""Grammar of overrides: Hydra's, with ranges counted in decimals and shuffles that repeat.

Hydra adds steps of binary fractions, so that ``range(0.1,0.4,0.1)`` has 0.4 among its values, sorts
ranges by their ends, and shuffles by a generator without a seed. What a range, a sort and a shuffle
mean is taken from its documentation, and free text that its lexer does not know is taken as it is.
"""

from __future__ import annotations

import builtins
import random
import re
from collections.abc import Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from math import ceil, isfinite
from types import CodeType
from typing import Any

from hydra.core.override_parser import overrides_parser, overrides_visitor
from hydra.core.override_parser.overrides_parser import OverridesParser, create_functions
from hydra.core.override_parser.types import (
    ChoiceSweep,
    Glob,
    IntervalSweep,
    Override,
    Quote,
    QuotedString,
    Transformer,
)
from hydra.errors import HydraException

from sim.errors import Fault, ScenarioError
from sim.io import library

__all__ = ["MOST", "in_grammar", "quoted", "values_of", "written"]

MOST = 100_000
"""Values of an axis."""
_LONGEST, _LONGEST_LIST, _DEEPEST = 20_000, 4_000, 20
"""Signs of an override, of one with a list (the parser's time grows with their square), brackets
within brackets."""
_ENDLESS = re.compile(r"[0-9_]{1001}")
_TEXTS = ("scenario", "out", "title", "description")
"""Keys, besides those of parts, whose values are free text."""
_LISTS = ("deals", "evidence")
"""Keys whose values are lists of free texts."""
_CALL = re.compile(r"(range|interval|choice|glob|sort|shuffle|tag|int|float|str|bool|json_str)\(")


def in_grammar(text: str) -> Override:
    """Return an override as Hydra's grammar reads it, if it can be read in reasonable time.

    The value of a key that takes free text, such as a path, is that text where the grammar makes
    something else of it; so is a value that it cannot read at all.

    Parameters
    ----------
    text : str
        ``key=value``.

    Raises
    ------
    ScenarioError
        If it is too long or too deep: the grammar's parser is slow, and recursive.
    HydraException
        If it is no override.
    """
    depth = deepest = 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    if len(text) > _LONGEST or deepest > _DEEPEST:
        expected = f"at most {_LONGEST:,} signs, {_DEEPEST} brackets deep"
        raise ScenarioError([Fault("", expected, f"{len(text):,} signs, {deepest:,} deep")])
    if len(text) > _LONGEST_LIST and ("[" in text or "{" in text):
        expected = f"at most {_LONGEST_LIST:,} signs of an override with a list"
        raise ScenarioError([Fault("", expected, f"{len(text):,}")])
    if _ENDLESS.search(text):
        raise ScenarioError([Fault("", "numbers of at most 1,000 digits", repr(text))])
    key, _, value = text.partition("=")
    name = key.lstrip("+~")
    if name in _LISTS and value.startswith("[") is not value.endswith("]"):
        inner = value.strip("[],")
        raise ScenarioError(
            [Fault(name, f"both brackets and no space, as in {name}=[{inner}]", repr(value))]
        )
    try:
        override = _parser().parse_override(text)
    except HydraException as error:
        if _CALL.match(value):
            raise ScenarioError([_refused(name, error)]) from None
        if not value:
            raise
        return _parser().parse_override(f"{key}={_as_text(name, value)}")
    if isinstance(override.value(), (list, dict)) and _is_text(name):
        return _parser().parse_override(f"{key}={quoted(value)}")
    return override


def _is_text(key: str) -> bool:
    return key in _TEXTS or key.partition("@")[0] in library.PARTS


def _as_text(key: str, value: str) -> str:
    """Return a value that the grammar cannot read as one that it can: text, or a list of texts."""
    if key not in _LISTS:
        return quoted(value)
    items = value.removeprefix("[").removesuffix("]").split(",")
    return f"[{','.join(quoted(item.strip()) for item in items)}]"


def quoted(text: str) -> str:
    r"""Return a text in quotes, as the grammar takes any text.

    Examples
    --------
    >>> print(quoted("it's #1"))
    'it\'s #1'
    """
    return QuotedString(text=text, quote=Quote.single).with_quotes()


def written(value: Any) -> str:
    """Return a parsed value as the grammar reads it again.

    Examples
    --------
    >>> written(["a", 0.1])
    '[a,0.1]'
    """
    return str(Transformer.str(value))


def values_of(override: Override, key: str) -> Sequence[Any]:
    """Return the values of a sweep.

    Parameters
    ----------
    override : Override
    key : str
        What messages name.

    Raises
    ------
    ScenarioError
        If it is an interval, which has no list of values, or has none or too many.
    """
    value: Any = override.value()
    if isinstance(value, IntervalSweep):
        raise ScenarioError([Fault(key, "values: a,b or range(a,b,step)", "an interval")])
    found: list[Any]
    if isinstance(value, Glob):
        names = library.list_names(override.key_or_group)
        found = [name for name in names if _matches(value, name)]
    else:
        found = [*override.sweep_iterator()]
    if not 0 < len(found) <= MOST:
        got = "none" if not found else "more"
        raise ScenarioError([Fault(key, f"1 to {MOST:,} values", got)])
    return found


def _matches(glob: Glob, name: str) -> bool:
    wanted = any(fnmatchcase(name, pattern) for pattern in glob.include)
    return wanted and not any(fnmatchcase(name, pattern) for pattern in glob.exclude)


class _Asserting(SourceFileLoader):
    """Loader of a module whose ``assert`` statements run also under ``python -O``."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the source; a compiled file would lack them."""
        source = self.get_data(self.path)
        return compile(source, self.path, "exec", dont_inherit=True, optimize=0)


def keep_asserts() -> None:
    """Let Hydra's parser run its ``assert`` statements: inside of them it moves on."""
    loader = _Asserting(overrides_visitor.__name__, str(overrides_visitor.__file__))
    spec = spec_from_loader(loader.name, loader)
    if spec is not None:
        whole = module_from_spec(spec)
        loader.exec_module(whole)
        vars(overrides_parser)["HydraOverrideVisitor"] = whole.HydraOverrideVisitor


if not __debug__:
    keep_asserts()


@cache
def _parser() -> OverridesParser:
    functions = create_functions()
    functions.functions |= {"range": _range, "shuffle": _shuffle}
    return OverridesParser(functions=functions)


class _RangeError(ValueError):
    """A range that is none, or too long."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected, self.got = expected, got


def _refused(key: str, error: HydraException) -> Fault:
    """Return what is wrong with a call, in our words where it is one of ours."""
    cause = error.__cause__
    if isinstance(cause, _RangeError):
        return Fault(key, cause.expected, cause.got)
    return Fault(key, "a sweep over values", str(error))


def _range(start: float, stop: float | None = None, step: float = 1) -> ChoiceSweep:
    """Return ``range(a,b,step)``: from a on in steps, the end left out."""
    first, last = (0, start) if stop is None else (start, stop)
    if not all(isfinite(number) for number in (first, last, step)) or step == 0:
        wanted = "range(first,end,step) of numbers, with a step other than 0"
        raise _RangeError(wanted, f"range({start},{stop},{step})")
    begin, end, by = (Decimal(repr(number)) for number in (first, last, step))
    number = max(0, ceil((end - begin) / by))
    if number > MOST:
        raise _RangeError(f"1 to {MOST:,} values", f"{number:,}")
    whole = all(isinstance(each, int) for each in (first, last, step))
    kind = int if whole else float
    return ChoiceSweep(list=[kind(begin + by * place) for place in range(number)])


def _shuffle(*args: Any, sweep: ChoiceSweep | None = None, list: Any = None) -> Any:
    """Return values in a random order, which is the same every time."""
    if list is not None or sweep is not None:
        args = (sweep if list is None else list,)
    only = args[0] if len(args) == 1 else [*args]
    values = only.list if isinstance(only, ChoiceSweep) else only
    if not isinstance(values, builtins.list):
        return [values]
    mixed = random.Random(0).sample(values, len(values))
    return mixed if only is values and len(args) == 1 else ChoiceSweep(list=mixed)
