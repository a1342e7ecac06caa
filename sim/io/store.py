"""Keep tables in Parquet files, and a run's files in one folder that appears as a whole.

Files are written to a temporary folder beside their own, synced to disk and renamed, so a folder
of results is complete or not there. Parquet files carry the version of the tables and the digest of
the resolved config in their footers, and no clock time: same run, same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.domain.results import SCHEMA, Kinds
from sim.errors import Fault, RunError, ScenarioError

__all__ = [
    "ARROW",
    "CONFIG_KEY",
    "MANIFEST",
    "REQUIRED",
    "SCHEMA_KEY",
    "digest",
    "parquet",
    "write_folder",
]

MANIFEST = "provenance.json"
"""The file that says which run the others are from; without it a folder is no run."""

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


def _array(column: pd.Series, kind: pa.DataType) -> pa.Array:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        places = pa.array(codes.astype(np.int32), mask=codes < 0)
        words = pa.array(column.cat.categories.tolist(), pa.string())
        return pa.DictionaryArray.from_arrays(places, words).cast(kind)
    return pa.array(column, kind, from_pandas=True)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files so that the folder holds all of them, and nothing else, or is as it was.

    Parameters
    ----------
    folder : Path
        Does not exist, is empty, or holds nothing but the files of an earlier run, which is
        replaced.
    files : mapping of name to bytes
        One of them `MANIFEST`, a JSON object whose ``files`` names all others.

    Raises
    ------
    ScenarioError
        If the folder holds anything else, which would be lost.
    RunError
        If the files cannot be written; nothing is left behind.
    """
    folder = folder.resolve()  # a link stays, and what it names is replaced
    token = secrets.token_hex(4)
    new, old = (folder.with_name(f".{folder.name}.{token}.{kind}") for kind in ("new", "old"))
    try:
        _refuse_others(folder)
        new.mkdir(parents=True)
        for name, data in files.items():
            _write(new / name, data)
        if folder.exists() and any(folder.iterdir()):
            folder.rename(old)
        new.rename(folder)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise RunError(f"{folder}: cannot write the results: {error.strerror or error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _refuse_others(folder: Path) -> None:
    """Refuse to replace what no earlier run has written."""
    if folder.exists() and folder.samefile(Path.cwd()):
        raise _fault(folder, "another folder than the one you are in", "that one")
    if not folder.is_dir():
        if folder.exists():
            raise _fault(folder, "a folder", "a file")
        return
    held = {path.name for path in folder.iterdir()}
    try:
        ours = set(json.loads((folder / MANIFEST).read_bytes())["files"]) | {MANIFEST}
    except (OSError, ValueError, KeyError, TypeError):
        ours = set()
    if others := sorted(held - ours):
        shown = ", ".join(others[:3]) + (", …" if len(others) > 3 else "")
        raise _fault(folder, "a new or empty folder, or an earlier run", f"one that holds {shown}")


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _fault(path: Path, expected: str, got: str) -> ScenarioError:
    return ScenarioError([Fault("", expected, got, file=str(path))])
