"""Tables in Parquet files: written as a whole folder, read as a stranger's.

Files are written to a temporary folder beside their own, synced to disk and renamed, so a folder
of results is complete or not there. Parquet files carry the version of the tables and the digest of
the resolved config in their footers, and no clock time: same run, same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.domain.results import SCHEMA, Kinds
from sim.errors import RunError, file_error
from sim.io import size
from sim.io.files import MAX_BYTES, clear_leftovers, draft, write_synced
from sim.io.folders import MANIFEST, is_other, unused
from sim.paths import alone

__all__ = [
    "ARROW",
    "CONFIG_KEY",
    "FORMATS",
    "MANIFEST",
    "MOST_ROWS",
    "REQUIRED",
    "SCHEMA_KEY",
    "Aside",
    "check_numbers",
    "check_shares",
    "columns_of",
    "config_of",
    "csv",
    "digest",
    "file_digest",
    "parquet",
    "read_parquet",
    "rows_of",
    "table_files",
    "whole",
    "write_folder",
]

ARROW = {
    "count": pa.int32(),
    "maybe_count": pa.int32(),
    "flag": pa.bool_(),
    "number": pa.float64(),
    "word": pa.string(),
    "text": pa.string(),
}
REQUIRED = {"count", "flag", "text"}
SCHEMA_KEY, CONFIG_KEY = b"islands_schema", b"islands_config"
_ROW_GROUP = 1 << 20


def digest(data: bytes) -> str:
    """Return the SHA-256 digest of bytes, as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


_MOST_BYTES = {".parquet": 4_000_000_000}
"""Size beyond which a file of results is refused before it is read, by its ending."""


def file_digest(path: Path) -> str:
    """Return the SHA-256 digest of a file, read piece by piece.

    Raises
    ------
    ScenarioError
        If it is larger than any that a run writes, or cannot be read.
    """
    most = _MOST_BYTES.get(path.suffix, MAX_BYTES)
    try:
        if (held := path.stat().st_size) > most:
            raise file_error(path, f"at most {most / 1e6:,.0f} MB", f"{held / 1e6:,.0f} MB")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        got = error.strerror or type(error).__name__
        raise file_error(path, "a readable file", got) from error


def parquet(table: pd.DataFrame, kinds: Kinds, config: str) -> bytes:
    """Return a table as the bytes of a Parquet file.

    Parameters
    ----------
    table : DataFrame
        With the columns of `kinds`, in their order.
    kinds : mapping of column to kind
    config : str
        Digest of the resolved config that the table comes from.
    """
    fields = [pa.field(name, ARROW[kind], kind not in REQUIRED) for name, kind in kinds.items()]
    footer = {SCHEMA_KEY: SCHEMA.encode(), CONFIG_KEY: config.encode()}
    arrays = [_array(table[field.name], field.type) for field in fields]
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=footer)),
        sink,
        compression="zstd",
        row_group_size=_ROW_GROUP,
    )
    data: bytes = sink.getvalue().to_pybytes()
    return data


FORMATS = ("parquet", "csv")
"""In which tables can be had: Parquet always, which is read again, and on request CSV beside it."""


def table_files(
    tables: Mapping[str, tuple[pd.DataFrame, Kinds]], config: str, format: str = FORMATS[0]
) -> dict[str, bytes]:
    """Return the files of some tables; here alone is decided what a table looks like on disk.

    Parameters
    ----------
    tables : mapping of name to DataFrame and its columns
    config : str
        Digest of the resolved config that they come from.
    format : {"parquet", "csv"}
        With CSV, each table is there twice: for a spreadsheet, too.
    """
    files = {f"{name}.parquet": parquet(*table, config) for name, table in tables.items()}
    if format == "csv":
        files |= {f"{name}.csv": csv(table[list(kinds)]) for name, (table, kinds) in tables.items()}
    return files


def csv(table: pd.DataFrame) -> bytes:
    r"""Return a table as the bytes of a CSV file in UTF-8, with full precision; missing is empty.

    Examples
    --------
    >>> csv(pd.DataFrame({"deal": ["a"], "settled": [0.1]}))
    b'deal,settled\na,0.1\n'
    """
    return table.to_csv(index=False, lineterminator="\n").encode()


def _array(column: pd.Series, kind: pa.DataType) -> pa.Array:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        places = pa.array(codes.astype(np.int32), mask=codes < 0)
        words = pa.array(column.cat.categories.tolist(), pa.string())
        return pa.DictionaryArray.from_arrays(places, words).cast(kind)
    return pa.array(column, kind, from_pandas=True)


Aside = Callable[[Path], object]
"""What is told where an earlier run has been moved to."""


def write_run(
    folder: Path,
    files: Mapping[str, bytes],
    provenance: Mapping[str, object],
    aside: Aside | None = None,
) -> None:
    """Write files with where they come from, which lists them all and what they hold.

    Parameters
    ----------
    folder : Path
        As `write_folder` has it.
    files : mapping of name to bytes
    provenance : mapping
        What `MANIFEST` says besides.
    aside : callable, optional
        As `write_folder` has it.

    Raises
    ------
    ScenarioError, RunError
        As `write_folder`.
    """
    listed = {name: digest(data) for name, data in sorted(files.items())}
    manifest = json.dumps({**provenance, "files": listed}, indent=2, ensure_ascii=False)
    write_folder(folder, {**files, MANIFEST: f"{manifest}\n".encode()}, aside)


def write_folder(folder: Path, files: Mapping[str, bytes], aside: Aside | None = None) -> None:
    """Write files so that the folder holds all of them, and nothing else, or is as it was.

    Of several processes that write the same folder at a time, each finds that of the one before.

    Parameters
    ----------
    folder : Path
        Does not exist, is empty, or holds nothing but the files of an earlier run, which is
        replaced.
    files : mapping of name to bytes
        One of them `MANIFEST`, a JSON object whose ``files`` names all others.
    aside : callable, optional
        An earlier run that is another (`sim.io.folders.is_other`) is not replaced but moved to
        FOLDER-1, FOLDER-2 …, and this is told where.

    Raises
    ------
    ScenarioError
        If the folder holds anything else, which would be lost.
    RunError
        If the files cannot be written; nothing is left behind.
    """
    folder = folder.resolve()  # a link stays, and what it names is replaced
    new, old = draft(folder, "new"), draft(folder, "old")
    earlier = None
    try:
        new.mkdir(parents=True)
        clear_leftovers(folder.parent)
        for name, data in files.items():
            write_synced(new / name, data)
        with alone(folder.parent):
            _refuse_others(folder)
            if aside is not None and is_other(folder, files):
                earlier = unused(folder)
            _exchange(folder, new, earlier or old)
    except OSError as error:
        raise RunError(f"{folder}: cannot write the results: {error.strerror or error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
    if aside is not None and earlier is not None:
        aside(earlier)


def _exchange(folder: Path, new: Path, old: Path) -> None:
    """Move a folder, if it holds anything, to the place of an old one, and a new one to its own."""
    try:
        if folder.exists() and any(folder.iterdir()):
            folder.rename(old)
        new.rename(folder)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)


def _refuse_others(folder: Path) -> None:
    """Refuse to replace what no earlier run has written."""
    if folder.exists() and folder.samefile(Path.cwd()):
        raise file_error(folder, "another folder than the one you are in", "that one")
    if not folder.is_dir():
        if folder.exists():
            raise file_error(folder, "a folder", "a file")
        return
    held = {path.name for path in folder.iterdir()}
    try:
        ours = set(json.loads((folder / MANIFEST).read_bytes())["files"]) | {MANIFEST}
    except (OSError, ValueError, KeyError, TypeError):
        ours = set()
    if others := sorted(held - ours):
        shown = ", ".join(others[:3]) + (", …" if len(others) > 3 else "")
        raise file_error(
            folder, "a new or empty folder, or an earlier run", f"one that holds {shown}"
        )


T = TypeVar("T")

MOST_ROWS = 2_000_000
"""Rows beyond which a table is refused, unless its run explains more."""
_MOST_TEXT = 1_000_000_000
"""Characters of a column of texts beyond which it is refused."""
_HELD = {"count": 12, "maybe_count": 15, "flag": 3, "number": 24, "word": 12, "text": 200}
"""Bytes of memory that a value of each kind takes while a table is read, copies included."""
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
        raise file_error(path, f"the columns {', '.join(kinds)}", f"{names}, or other types")
    _check_size(path, file.metadata.num_rows, most, kinds)
    texts = [name for name, kind in expected if kind == pa.string()]
    table = whole(path, lambda: pq.ParquetFile(path, read_dictionary=texts).read())
    for name, kind in kinds.items():
        if kind in REQUIRED and table[name].null_count:
            raise file_error(path, f"a value of {name} in every row", "none in some")
        if kind in ("text", "word") and _length(table[name]) > _MOST_TEXT:
            raise file_error(path, f"names in {name}", "a book")
        if kind == "word" and not _words(table[name]) <= {*words.get(name, ())}:
            raise file_error(path, f"words of this run in {name}", "others")
    columns = {name: _column(table[name], kind, words.get(name)) for name, kind in kinds.items()}
    return pd.DataFrame(columns)


def _check_size(path: Path, rows: int, most: int, kinds: Kinds) -> None:
    """Refuse a table of too many rows, or one that would fill the memory, before it is read."""
    if rows > most:
        raise file_error(path, f"at most {most:,} rows", f"{rows:,}")
    needed = rows * sum(_HELD[kind] for kind in kinds.values())
    if needed > (there := size.memory()):
        fits = f"a table that fits into {there / 1e9:,.1f} GB of memory"
        raise file_error(path, fits, f"{rows:,} rows, which need {needed / 1e9:,.1f} GB")


def rows_of(path: Path) -> int:
    """Return how many rows a Parquet file says that it has.

    Raises
    ------
    ScenarioError
        As `read_parquet`.
    """
    return int(_open(path).metadata.num_rows)


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
            raise file_error(path, f"numbers up to {_LARGEST:g} in {name}", "larger ones")


def check_shares(path: Path, table: pd.DataFrame, names: Iterable[str]) -> None:
    """Refuse shares outside of 0 to 1, and missing ones; see `check_numbers`."""
    for name in names:
        if not table[name].between(0.0, 1.0).all():
            raise file_error(path, f"shares from 0 to 1 in {name}", "others")


def columns_of(path: Path) -> list[tuple[str, bool]]:
    """Return the names of the columns of a Parquet file, and which hold numbers with a fraction.

    Raises
    ------
    ScenarioError
        As `read_parquet`.
    """
    return [(field.name, field.type == pa.float64()) for field in _open(path).schema_arrow]


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
        raise file_error(
            path, "a whole Parquet file", f"one that cannot be read ({reason})"
        ) from error


def _open(path: Path) -> pq.ParquetFile:
    if not path.is_file():
        raise file_error(path, "a table of a run", "nothing of that name")
    file = whole(path, lambda: pq.ParquetFile(path))
    version = (file.schema_arrow.metadata or {}).get(SCHEMA_KEY)
    if version is None:
        raise file_error(path, "a table of a run", "a Parquet file of another program")
    if version != SCHEMA.encode():
        got = version.decode(errors="replace")
        raise file_error(path, f"tables of version {SCHEMA}", f"version {got}")
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
