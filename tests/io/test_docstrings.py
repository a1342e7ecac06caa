"""What a class says of itself reads the same on every Python."""

import inspect

from sim.io.docstrings import docstring


class Lake:
    """A lake.

    Its fish:
      pike
    """


def test_the_indentation_of_the_source_is_no_part_of_it() -> None:
    """Python takes it away from 3.13 on, so whoever cut four letters off cut them off the words."""
    said = docstring(Lake)
    assert said == "A lake.\n\nIts fish:\n  pike"
    Lake.__doc__ = inspect.cleandoc(Lake.__doc__ or "")
    assert docstring(Lake) == said
