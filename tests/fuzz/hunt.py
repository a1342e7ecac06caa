"""Hunt in one target with atheris: ``python -m tests.fuzz.hunt TARGET FOLDER [libFuzzer flags]``.

What goes wrong is kept once for each place in the code where it goes wrong, and the hunt goes on.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

ROOT = Path(__file__).parents[2] / "sim"


def main() -> None:
    """Hunt until libFuzzer's own limits stop it."""
    import atheris

    name, place, *flags = sys.argv[1:]
    with atheris.instrument_imports(["sim"], compiled(), enable_loader_override=False):
        import sim

        for module in walk_packages(sim.__path__, "sim."):
            if "__main__" not in module.name and not module.name.startswith("sim.explorer"):
                import_module(module.name)
        from sim.experiments.analysis.rules import no_box
        from tests.fuzz.targets import TARGETS

        no_box()  # imports the workbench, which may take longer than an input has time
        target = TARGETS[name]
        seeds = target.seeds()
        for seed in seeds[:12]:  # imports the rest, and compiles
            target.run(seed)
    folder = Path(place)
    findings = folder / "findings"
    corpus = folder / "corpus"
    for made in (findings, corpus):
        made.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)

    def one(data: bytes) -> None:
        try:
            target.run(data)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - that is what is hunted
            keep(findings, data, error)

    def change(data: bytes, size: int, seed: int) -> bytes:
        new = target.mutate(data, seed) if target.mutate and seed % 5 else None
        return new if new and len(new) <= size else atheris.Mutate(data, size)

    more = {"custom_mutator": change} if target.mutate else {}
    atheris.Setup([sys.argv[0], *flags, str(corpus)], one, **more)
    atheris.Fuzz()


def compiled() -> list[str]:
    """Return the modules that numba compiles, which it cannot do with instruments in them."""
    loops = [path for path in (ROOT / "model" / "kernel").glob("*.py") if _has_loops(path)]
    files = [*loops, *(ROOT / "equations").glob("*.py")]
    return [".".join(path.relative_to(ROOT.parent).with_suffix("").parts) for path in files]


def _has_loops(path: Path) -> bool:
    return path.stem == "numba_support" or "kernel.numba_support" in path.read_text(
        encoding="utf-8"
    )


def keep(findings: Path, data: bytes, error: BaseException) -> None:
    """Keep an input and its traceback, unless the same place has failed before."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/sim/" in frame.filename] or frames[-1:]
    where = f"{Path(ours[-1].filename).stem}_{ours[-1].lineno}" if ours else "nowhere"
    text = "".join(traceback.format_exception(error))
    kind = hashlib.sha1(str(error)[:30].encode("utf-8", "replace"), usedforsecurity=False)
    stem = f"{type(error).__name__}-{where}-{kind.hexdigest()[:4]}"
    if not (findings / f"{stem}.txt").exists() and len(list(findings.iterdir())) < 400:
        (findings / f"{stem}.txt").write_text(text, encoding="utf-8", errors="replace")
        (findings / f"{stem}.bin").write_bytes(data)


if __name__ == "__main__":
    main()
