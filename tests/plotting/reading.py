"""What a picture shows: the points of its lines, and its words."""

import numpy as np
from matplotlib.axes import Axes


def points(ax: Axes, label: str) -> np.ndarray:
    """Return the points of the line whose label starts so."""
    (found,) = [each for each in ax.lines if str(each.get_label()).startswith(label)]
    return np.asarray(found.get_xydata())


def words(ax: Axes) -> str:
    """Return the words in the axes and above them, in one line."""
    texts = [*(text.get_text() for text in ax.texts), ax.get_title(loc="left")]
    return " ".join(" ".join(texts).split())
