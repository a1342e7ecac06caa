"""Damage the files of a folder: cut, garble, swap and remove them, or rewrite what they say."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.io.tables import MANIFEST, digest
from tests.fuzz.columns import packed, retold
from tests.fuzz.reader import Reader
from tests.fuzz.trees import mutated_json, mutated_yaml

Files = dict[str, bytes]


def damaged(files: Files, reader: Reader) -> Files:
    """Return the files after up to three kinds of damage, mostly with seals that fit again."""
    files = dict(files)
    seal = reader.byte() % 8
    for _ in range(1 + reader.byte() % 3):
        name = reader.pick([name for name in sorted(files) if not name.endswith(".png")])
        kind = _KINDS[reader.byte() % len(_KINDS)]
        new = kind(files[name], reader, files)
        if new is None:
            del files[name]
        else:
            files[name] = new
        if not any(not name.endswith(".png") for name in files):
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
        files[name] = packed(table.replace_schema_metadata(meta))
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
        return retold(data, reader)
    if data[:1] == b"{":
        return mutated_json(data, reader.word()) or data
    return mutated_yaml(data, reader.word(), 1_000_000) or data


_KINDS = (
    *(_cut, _garbled, _flipped, _footer, _replaced, _swapped, _nested, _removed),
    *(_retold,) * 24,
)


def write(files: Files, folder: Path) -> None:
    """Write the files below a folder; names never leave it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
