"""Read tables from Parquet files that a stranger may have made, cut short or garbled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.domain.results import SCHEMA, Kinds
from sim.errors import Fault, ScenarioError
from sim.io.store import ARROW, CONFIG_KEY, REQUIRED, SCHEMA_KEY

__all__ = [
    "MOST_ROWS",
    "check_numbers",
    "check_shares",
    "columns_of",
    "config_of",
    "read_parquet",
    "whole",
]

T = TypeVar("T")

MOST_ROWS = 2_000_000
"""Rows beyond which a table is refused, unless its run explains more."""
_MOST_TEXT = 1_000_000_000
"""Characters of a column of texts beyond which it is refused."""
_LARGEST = 1e150
"""Size beyond which a number of a result is refused; its square is still a number."""


def read_parquet(
    path: Path, kinds: Kinds, words: Mapping[str, list[str]], most: int = MOST_ROWS
) -> pd.DataFrame:
    """Return the table of a Parquet file in the types it was written from.

    Parameters
    ----------
    path : Path
    kinds : mapping of column to kind
        What the file must hold.
    words : mapping of column to list of str
        What the words of its columns may be.
    most : int
        How many rows it may have; a few bytes of Parquet can stand for any number of them.

    Raises
    ------
    ScenarioError
        If the file is missing, truncated, foreign, of another version, of other columns, or holds
        what no table of a run holds.
    """
    file = _open(path)
    expected = [(name, ARROW[kind]) for name, kind in kinds.items()]
    if [(field.name, field.type) for field in file.schema_arrow] != expected:
        names = ", ".join(field.name for field in file.schema_arrow)
        raise _fault(path, f"the columns {', '.join(kinds)}", f"{names}, or other types")
    if file.metadata.num_rows > most:
        raise _fault(path, f"at most {most:,} rows", f"{file.metadata.num_rows:,}")
    texts = [name for name, kind in expected if kind == pa.string()]
    table = whole(path, lambda: pq.ParquetFile(path, read_dictionary=texts).read())
    for name, kind in kinds.items():
        if kind in REQUIRED and table[name].null_count:
            raise _fault(path, f"a value of {name} in every row", "none in some")
        if kind in ("text", "word") and _length(table[name]) > _MOST_TEXT:
            raise _fault(path, f"names in {name}", "a book")
        if kind == "word" and not _words(table[name]) <= {*words.get(name, ())}:
            raise _fault(path, f"words of this run in {name}", "others")
    columns = {name: _column(table[name], kind, words.get(name)) for name, kind in kinds.items()}
    return pd.DataFrame(columns)


def check_numbers(path: Path, table: pd.DataFrame, names: Iterable[str]) -> None:
    """Refuse numbers that no result has; a missing one is none.

    Parameters
    ----------
    path : Path
        Where the table is from, for the complaint.
    table : DataFrame
    names : iterable of str
        Its columns of numbers.

    Raises
    ------
    ScenarioError
        If any is infinite, or larger than any that can be reckoned with.
    """
    for name in names:
        if (table[name].abs() > _LARGEST).any():
            raise _fault(path, f"numbers up to {_LARGEST:g} in {name}", "larger ones")


def check_shares(path: Path, table: pd.DataFrame, names: Iterable[str]) -> None:
    """Refuse shares outside of 0 to 1, and missing ones; see `check_numbers`."""
    for name in names:
        if not table[name].between(0.0, 1.0).all():
            raise _fault(path, f"shares from 0 to 1 in {name}", "others")


def columns_of(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file.

    Raises
    ------
    ScenarioError
        As `read_parquet`.
    """
    return [field.name for field in _open(path).schema_arrow]


def _length(column: pa.ChunkedArray) -> int:
    """Return how many characters a column of texts would have, each row on its own."""
    return len(column) * max((len(word) for word in _words(column) if word), default=0)


def _words(column: pa.ChunkedArray) -> set[str]:
    """Return the different words of a column that was read as a dictionary."""
    return {word for chunk in column.chunks for word in chunk.dictionary.to_pylist()}


def whole(path: Path, read: Callable[[], T]) -> T:
    """Return what a reader of Parquet returns, its many complaints made one.

    Parameters
    ----------
    path : Path
        What is read, for the complaint.
    read : callable

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    try:
        return read()
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, MemoryError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise _fault(path, "a whole Parquet file", f"one that cannot be read ({reason})") from error


def _open(path: Path) -> pq.ParquetFile:
    if not path.is_file():
        raise _fault(path, "a table of a run", "nothing of that name")
    file = whole(path, lambda: pq.ParquetFile(path))
    version = (file.schema_arrow.metadata or {}).get(SCHEMA_KEY)
    if version is None:
        raise _fault(path, "a table of a run", "a Parquet file of another program")
    if version != SCHEMA.encode():
        got = version.decode(errors="replace")
        raise _fault(path, f"tables of version {SCHEMA}", f"version {got}")
    return file


def _column(column: pa.ChunkedArray, kind: str, words: list[str] | None) -> pd.Series:
    if kind == "maybe_count":
        counts: pd.Series = column.to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get)
        return counts
    values: pd.Series = column.to_pandas()
    if kind == "word":
        return pd.Series(pd.Categorical(values, categories=pd.Index(words or [])))
    return values.astype(str) if kind == "text" else values


def config_of(path: Path) -> str:
    """Return the digest of the resolved config from which a Parquet file comes.

    Raises
    ------
    ScenarioError
        As `read_parquet`.
    """
    return str(_open(path).schema_arrow.metadata.get(CONFIG_KEY, b"").decode(errors="replace"))


def _fault(path: Path, expected: str, got: str) -> ScenarioError:
    return ScenarioError([Fault("", expected, got, file=str(path))])
