"""Keep the traceback of a failure in a file, so that one line on the screen is enough."""

from __future__ import annotations

import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path

__all__ = ["write_log"]


def write_log(error: BaseException) -> Path:
    """Write the command and the traceback of an error to a new file.

    Parameters
    ----------
    error : BaseException
        What went wrong.

    Returns
    -------
    Path
        The file, in the folder for temporary files.
    """
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")
    path = Path(tempfile.gettempdir()) / f"islands_{stamp}.log"
    command = " ".join(sys.argv)
    path.write_text(f"{command}\n\n{''.join(traceback.format_exception(error))}")
    return path
