"""Damage the files of a folder: cut, garble, swap and remove them, or rewrite what they say."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.io.store import MANIFEST, digest
from tests.fuzz.reader import Reader
from tests.fuzz.trees import ODD, mutated, mutated_yaml

Files = dict[str, bytes]


def damaged(files: Files, reader: Reader) -> Files:
    """Return the files after up to four kinds of damage, perhaps with seals that fit again."""
    files = dict(files)
    seal = reader.byte() % 3
    for _ in range(1 + reader.byte() % 4):
        name = reader.pick(sorted(files))
        kind = _KINDS[reader.byte() % len(_KINDS)]
        new = kind(files[name], reader, files)
        if new is None:
            del files[name]
        else:
            files[name] = new
        if not files:
            break
    return sealed(files) if seal else files


def sealed(files: Files) -> Files:
    """Return the files as if they belonged together, as somebody who knows the format would."""
    files = dict(files)
    if "config.yaml" not in files or MANIFEST not in files:
        return files
    config = digest(files["config.yaml"])
    for name in [name for name in files if name.endswith(".parquet") and "/" not in name]:
        try:
            table = pq.read_table(BytesIO(files[name]))
        except (pa.ArrowException, OSError, ValueError):
            continue
        meta = {**(table.schema.metadata or {}), b"islands_config": config.encode()}
        files[name] = _bytes(table.replace_schema_metadata(meta))
    try:
        manifest = json.loads(files[MANIFEST])
        listed = {name: digest(data) for name, data in files.items() if name != MANIFEST}
        files[MANIFEST] = json.dumps({**manifest, "files": listed}).encode()
    except (ValueError, TypeError, RecursionError):
        pass
    return files


def _cut(data: bytes, reader: Reader, files: Files) -> bytes:
    return data[: reader.word() % (len(data) + 1)]


def _garbled(data: bytes, reader: Reader, files: Files) -> bytes:
    at, new = reader.word() % (len(data) + 1), reader.bytes(1 + reader.byte() % 16)
    return data[:at] + new + data[at + len(new) :]


def _flipped(data: bytes, reader: Reader, files: Files) -> bytes:
    if not data:
        return data
    at = reader.word() % len(data)
    return data[:at] + bytes([data[at] ^ (1 << reader.byte() % 8)]) + data[at + 1 :]


def _footer(data: bytes, reader: Reader, files: Files) -> bytes:
    """Garble near the end, where Parquet keeps its table of contents."""
    at = max(len(data) - 1 - reader.word() % 900, 0)
    return data[:at] + bytes([reader.byte()]) + data[at + 1 :]


def _replaced(data: bytes, reader: Reader, files: Files) -> bytes:
    return reader.bytes(64)


def _swapped(data: bytes, reader: Reader, files: Files) -> bytes:
    return files[reader.pick(sorted(files))]


def _nested(data: bytes, reader: Reader, files: Files) -> bytes:
    return (b"[" if reader.byte() % 2 else b'{"files":') * (1 + reader.word() % 200_000)


def _removed(data: bytes, reader: Reader, files: Files) -> None:
    return None


def _retold(data: bytes, reader: Reader, files: Files) -> bytes:
    """Change what YAML, JSON or Parquet says, and keep it well formed."""
    if data[:4] == b"PAR1":
        return _table(data, reader)
    if data[:1] == b"{":
        try:
            tree = mutated(json.loads(data), Random(reader.word()))
            return json.dumps(tree).encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            return data
    return mutated_yaml(data, reader.word(), 1_000_000) or data


_KINDS = (
    *(_cut, _garbled, _flipped, _footer, _replaced, _swapped, _nested, _removed),
    *(_retold, _retold, _retold, _retold, _retold, _retold),
)


def _table(data: bytes, reader: Reader) -> bytes:
    """Change one column of a table, or its rows."""
    try:
        table = pq.read_table(BytesIO(data))
        kind, at = reader.byte() % 10, reader.byte() % max(table.num_columns, 1)
        return _bytes(_changed(table, kind, at, reader))
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError, KeyError):
        return data


def _changed(table: pa.Table, kind: int, at: int, reader: Reader) -> pa.Table:
    name, rows = table.column_names[at], table.num_rows
    old = table.column(at)
    if kind == 0:
        return table.slice(0, reader.byte() % (rows + 1))
    if kind == 1:
        return pa.concat_tables([table] * (2 + reader.byte() % 3))
    if kind == 2:
        return table.remove_column(at)
    if kind == 3:
        return table.set_column(at, name, pa.nulls(rows, old.type))
    if kind == 4:
        kinds = [pa.string(), pa.float64(), pa.int64(), pa.bool_(), pa.binary(), pa.int8()]
        return table.set_column(at, name, pa.nulls(rows, kinds[reader.byte() % len(kinds)]))
    if kind == 5:
        wrong = [str(ODD[reader.byte() % len(ODD)]), name.upper(), table.column_names[0]]
        names = [*table.column_names]
        names[at] = wrong[reader.byte() % 3]
        return table.rename_columns(names)
    if kind == 6:
        meta = dict(table.schema.metadata or {})
        key = reader.pick(["islands_schema", "islands_config"]).encode()
        meta[key] = reader.bytes(6)
        return table.replace_schema_metadata(meta)
    values = _odd_values(old.type, rows, reader)
    return table.set_column(at, table.field(at), pa.array(values, old.type))


def _odd_values(kind: pa.DataType, rows: int, reader: Reader) -> object:
    if pa.types.is_floating(kind):
        odd = [np.nan, np.inf, -np.inf, 1e300, -1e300, -1.0, 2.0, 0.0]
        return np.full(rows, odd[reader.byte() % len(odd)])
    if pa.types.is_integer(kind):
        odd = [-1, 0, 2**31 - 1, -(2**31), 3, 10**6]
        return np.full(rows, odd[reader.byte() % len(odd)], dtype=np.int64)
    if pa.types.is_boolean(kind):
        return pd.Series([bool(reader.byte() % 2)] * rows)
    words = ["", "settled", "x" * 3000, "\x1b[2J", "../../etc", None]
    return [words[reader.byte() % len(words)]] * rows


def _bytes(table: pa.Table) -> bytes:
    sink = BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def write(files: Files, folder: Path) -> None:
    """Write the files below a folder; names never leave it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
