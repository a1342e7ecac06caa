"""Docstrings of classes, also where the interpreter drops them."""

from __future__ import annotations

import ast
import inspect
import textwrap


def docstring(kind: type) -> str:
    """Return a class's docstring; ``python -OO`` drops it, so there it is read from the source.

    Parameters
    ----------
    kind : type

    Examples
    --------
    >>> docstring(type("Nothing", (), {}))
    ''
    """
    if kind.__doc__:
        return kind.__doc__
    try:
        source = inspect.getsource(kind)
    except (OSError, TypeError):
        return ""
    body = ast.parse(textwrap.dedent(source)).body[0]
    return (ast.get_docstring(body, clean=False) or "") if isinstance(body, ast.ClassDef) else ""
