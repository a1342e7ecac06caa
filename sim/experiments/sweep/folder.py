"""Folder of a sweep: opened anew or again, refused to another sweep, and finished."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml as pyyaml

from sim.domain.results import OUTCOMES_TABLE, Kinds
from sim.errors import RunError, file_error
from sim.experiments.provenance import now, provenance
from sim.experiments.sweep.layout import Layout
from sim.experiments.sweep.part import (
    Part,
    code_digest,
    count_cells,
    cut,
    finished,
    read_part,
    write_part,
)
from sim.io.dump import differences, dump_scenario
from sim.io.files import MAX_BYTES, clear_leftovers, contents, read_json, write_atomically
from sim.io.folders import MANIFEST, SWEEP
from sim.io.tables import digest, parquet

__all__ = ["CELLS", "CONFIG", "DESIGN", "Folder", "cells_kinds"]

CONFIG, DESIGN, CELLS = "config.yaml", "design.parquet", "cells.parquet"
_SAME = ("code", "versions")


def cells_kinds(axes: Kinds) -> Kinds:
    """Return the columns of `cells.parquet`, given those of the axes."""
    rest: Kinds = {name: kind for name, kind in OUTCOMES_TABLE.items() if name != "deal"}
    return {"cell": "count", "deal": "text", **axes, **rest, "zopa_margin": "number"}


class Folder:
    """The folder of one sweep.

    Parameters
    ----------
    path : Path
    layout : Layout
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path, self.layout = path.absolute(), layout
        self._started = now()

    @cached_property
    def texts(self) -> dict[str, bytes]:
        """Return the files that say which sweep it is."""
        layout, settings = self.layout, asdict(self.layout.settings)
        asked = {key: settings[key] for key in ("design", "n", "precision", "save_worlds")}
        said = {"axes": list(layout.texts), **asked, "cells": len(layout)}
        sweep = pyyaml.safe_dump(said, sort_keys=False, allow_unicode=True)
        return {CONFIG: dump_scenario(layout.base).encode(), SWEEP: sweep.encode()}

    @cached_property
    def digest(self) -> str:
        """Return the digest of the sweep: its config, its axes and all its cells."""
        texts = [text.decode() for text in self.texts.values()]
        return digest(json.dumps([*texts, *self.layout.hashes]).encode())

    @cached_property
    def parts(self) -> list[Part]:
        """Return all parts, in the order of their cells."""
        return cut(self.layout, self.path, self.digest)

    def file(self, name: str) -> Path:
        """Return the file of a part."""
        return self.path / "parts" / f"{name}.parquet"

    def open(self) -> list[Part]:
        """Make the folder ready and return the parts that are still to be played.

        Raises
        ------
        ScenarioError
            If it holds anything but this very sweep.
        RunError
            If it cannot be written.
        """
        if self.path.exists() and not self.path.is_dir():
            raise file_error(self.path, "a folder", "a file", key="out")
        clear_leftovers(self.path, below=True)
        if self.path.is_dir() and any(self.path.iterdir()):
            self._refuse_others()
        if not (self.path / MANIFEST).is_file():
            self._describe()
        todo = [part for part in self.parts if not self.has(part)]
        for part in todo:
            self.file(part.name).unlink(missing_ok=True)  # damaged, or of another sweep
        return todo

    def has(self, part: Part) -> bool:
        """Tell whether a part's file is there, whole, and of this sweep."""
        return finished(self.file(part.name), part, self.digest)

    def split(self, part: Part) -> bool:
        """Tell whether a part was given up before, and its cells played one by one."""
        return any((self.path / "parts").glob(f"{part.name}.cell-*"))

    def _describe(self) -> None:
        for name, text in self.texts.items():
            write_atomically(self.path / name, text)
        layout = self.layout
        kinds: Kinds = {"cell": "count", "hash": "text", **layout.kinds}
        write_atomically(self.path / DESIGN, parquet(layout.design, kinds, self.digest))
        self._write_provenance(None, [])

    def _refuse_others(self) -> None:
        for path in self.path.rglob("*"):
            if path.is_symlink():
                raise file_error(self.path, "files of its own", f"the link {path.name}", key="out")
        for name, text in self.texts.items():
            there = self.path / name
            if not there.is_file():
                if name == CONFIG or (self.path / MANIFEST).is_file():
                    raise file_error(
                        self.path, "a new or empty folder, or this sweep's", "another", key="out"
                    )
                return  # killed while the folder was made ready
            before = contents(there, "what the sweep wrote", MAX_BYTES).decode(errors="replace")
            if found := differences(before, text.decode()):
                got = f"that of another: {'; '.join(found)}"
                raise file_error(there, "the same sweep (or another out=DIR)", got, key="out")
        self._refuse_other_versions()

    def _refuse_other_versions(self) -> None:
        path = self.path / MANIFEST
        if not path.is_file():
            return
        before = read_json(path, "the provenance of a sweep")
        here = self._origin()
        if before.get("sweep") != self.digest:
            got = "one whose parts were other files then"
            raise file_error(self.path, "the same sweep (or another out=DIR)", got, key="out")
        for name in _SAME:
            if before.get(name) != here[name]:
                got = f"one begun with another: {name} was {before.get(name)}, is {here[name]}"
                raise file_error(
                    self.path, "a sweep of this version of the program", got, key="out"
                )

    def _origin(self) -> dict[str, Any]:
        base = provenance(self.layout.base, self._started, self._started)
        return {**base, "sweep": self.digest, "cells": len(self.layout), "code": code_digest()}

    def _write_provenance(self, finished_at: datetime | None, lost: list[int]) -> None:
        path = self.path / MANIFEST
        started = read_json(path, "JSON").get("started") if path.is_file() else None
        origin = self._origin()
        origin["started"] = started or origin["started"]
        origin["finished"] = finished_at.isoformat(timespec="seconds") if finished_at else None
        origin["left_out"] = lost
        write_atomically(path, f"{json.dumps(origin, indent=2)}\n".encode())

    def join_singles(self, part: Part) -> list[int]:
        """Make a part of the files of its single cells; return the cells that are missing."""
        singles = [part.single(place) for place in range(len(part.cells))]
        done = [one for one in singles if self.has(one)]
        if len(done) == len(singles):
            tables = [read_part(self.file(one.name)) for one in singles]
            write_part(self.file(part.name), pd.concat(tables, ignore_index=True), self.digest)
            for one in singles:
                self.file(one.name).unlink(missing_ok=True)
        there = {int(one.cells[0]) for one in done}
        return [int(cell) for cell in part.cells if int(cell) not in there]

    def finish(self, lost: list[int]) -> None:
        """Gather all parts in `cells.parquet`, without the cells that were given up."""
        tables = [read_part(path) for path in self._files()]
        table = pd.concat(tables, ignore_index=True).drop(columns="hash")
        if len(table) != (len(self.layout) - len(lost)) * len(self.layout.base.structures):
            raise RunError(f"{self.path}: parts are missing; do the workers write elsewhere?")
        whole = table.merge(self.layout.design.drop(columns="hash"), on="cell", how="left")
        kinds = cells_kinds(self.layout.kinds)
        write_atomically(self.path / CELLS, parquet(whole[list(kinds)], kinds, self.digest))
        self._write_provenance(now(), lost)
        clear_leftovers(self.path, below=True)

    def _files(self) -> Iterator[Path]:
        """Yield the files that hold the cells, in the order of the cells."""
        for part in self.parts:
            if self.file(part.name).is_file():
                yield self.file(part.name)
            else:
                singles = (self.file(part.single(n).name) for n in range(len(part.cells)))
                yield from (path for path in singles if path.is_file())

    def count(self) -> int:
        """Return how many cells are finished."""
        return count_cells(self.path, len(self.layout.base.structures))
