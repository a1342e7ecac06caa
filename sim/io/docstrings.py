"""Docstrings of classes, also where the interpreter drops them."""

from __future__ import annotations

import ast
import inspect
import textwrap


def docstring(kind: type) -> str:
    """Return a class's docstring without its indentation, which Python takes away from 3.13 on.

    ``python -OO`` drops docstrings, so there it is read from the source.

    Parameters
    ----------
    kind : type

    Examples
    --------
    >>> docstring(type("Nothing", (), {}))
    ''
    """
    if kind.__doc__:
        return inspect.cleandoc(kind.__doc__)
    try:
        source = inspect.getsource(kind)
    except (OSError, TypeError):
        return ""
    body = ast.parse(textwrap.dedent(source)).body[0]
    return (ast.get_docstring(body) or "") if isinstance(body, ast.ClassDef) else ""
