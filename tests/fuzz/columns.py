"""Change what a Parquet file says, and keep it one: its columns, its rows, single values."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.reader import Reader
from tests.fuzz.trees import ODD


def retold(data: bytes, reader: Reader) -> bytes:
    """Return a Parquet file with one to three changes, or the same where it is none."""
    try:
        table = pq.read_table(BytesIO(data))
        for _ in range(1 + reader.byte() % 3):
            change = _CHANGES[reader.byte() % len(_CHANGES)] if table.num_rows else _longer
            table = change(table, reader.byte() % max(table.num_columns, 1), reader)
        return packed(table)
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError, KeyError):
        return data


def packed(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    sink = BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def _shorter(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    return table.slice(0, reader.byte() % (table.num_rows + 1))


def _longer(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    return pa.concat_tables([table] * (2 + reader.byte() % 3))


def _without(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    return table.remove_column(at)


def _emptied(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    return table.set_column(at, table.field(at), pa.nulls(table.num_rows, table.column(at).type))


def _retyped(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    kinds = [pa.string(), pa.float64(), pa.int64(), pa.bool_(), pa.binary(), pa.int8()]
    new = pa.nulls(table.num_rows, kinds[reader.byte() % len(kinds)])
    return table.set_column(at, table.column_names[at], new)


def _renamed(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    names = [*table.column_names]
    wrong = [str(ODD[reader.byte() % len(ODD)]), names[at].upper(), names[0]]
    names[at] = wrong[reader.byte() % len(wrong)]
    return table.rename_columns(names)


def _relabelled(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    meta = dict(table.schema.metadata or {})
    meta[reader.pick(["islands_schema", "islands_config"]).encode()] = reader.bytes(6)
    return table.replace_schema_metadata(meta)


def _uniform(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    """Say the same odd thing in every row."""
    return _filled(table, at, [_odd(table.column(at).type, reader)] * table.num_rows)


def _touched(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    """Say something odd in one row."""
    values = table.column(at).to_pylist()
    values[reader.byte() % len(values)] = _odd(table.column(at).type, reader)
    return _filled(table, at, values)


def _shuffled(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    """Let the values of a column change places, so that each is one that was there."""
    values = table.column(at).to_pylist()
    step = 1 + reader.byte() % len(values)
    return _filled(table, at, values[step:] + values[:step])


def _repeated(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    """Let one row of a column say what another says."""
    values = table.column(at).to_pylist()
    values[reader.byte() % len(values)] = values[reader.byte() % len(values)]
    return _filled(table, at, values)


def _swapped(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    """Exchange two columns of one type."""
    like = [i for i in range(table.num_columns) if table.field(i).type == table.field(at).type]
    other = like[reader.byte() % len(like)]
    old = table.column(at)
    return table.set_column(at, table.field(at), table.column(other)).set_column(
        other, table.field(other), old
    )


def _turned(table: pa.Table, at: int, reader: Reader) -> pa.Table:
    """Turn the order of rows around."""
    return table.take(pa.array(np.arange(table.num_rows)[::-1]))


_Change = Callable[[pa.Table, int, Reader], pa.Table]
_CHANGES: tuple[_Change, ...] = (
    *(_shorter, _longer, _without, _emptied, _retyped, _renamed, _relabelled, _turned),
    *(_uniform, _uniform, _touched, _touched, _touched, _touched),
    *(_shuffled, _shuffled, _repeated, _repeated, _swapped, _swapped),
)


def _filled(table: pa.Table, at: int, values: list[object]) -> pa.Table:
    return table.set_column(at, table.field(at), pa.array(values, table.field(at).type))


def _odd(kind: pa.DataType, reader: Reader) -> object:
    odd: list[object] = ["", "settled", "x" * 3000, "\x1b[2J", "../../etc", None]
    if pa.types.is_floating(kind):
        odd = [np.nan, np.inf, -np.inf, 1e300, -1e300, 5e-324, -1.0, 2.0, 1.0, 0.5, 0.0, None]
    if pa.types.is_integer(kind):
        odd = [-1, 0, 1, 2, 3, 6, 10**6, 2**31 - 1, -(2**31), None]
    if pa.types.is_boolean(kind):
        odd = [True, False, None]
    return odd[reader.byte() % len(odd)]
