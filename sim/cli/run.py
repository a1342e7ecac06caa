"""Run of a scenario: one, or several that Hydra combines, from overrides to files."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, suppress
from datetime import datetime
from importlib import import_module
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any, TextIO

from sim.cli.options import Command, Overrides, one_of
from sim.errors import IslandsError, ScenarioError, UsageError
from sim.io.library import PARTS
from sim.paths import configs_dir
from sim.report.screen import complain, display, say, say_moved, say_overrides, watched

if TYPE_CHECKING:
    from omegaconf import DictConfig

__all__ = ["Run"]

_REFUSED = {"-cp", "--config-path", "-cn", "--config-name", "-cd", "--config-dir"}
_VALUED = {"-c", "--cfg", "-p", "--package", "-i", "--info", "-cn", "--config-name"}
_SHOW = {"-c", "--cfg"}

_SWEEP = "ISLANDS_SWEEP"
"""Environment variable that tells the jobs of one multirun, in any process, their common folder."""
_PROCESS = "ISLANDS_PROCESS"
"""Environment variable that tells jobs which process has asked for them."""
_refused: list[IslandsError] = []
"""What jobs in this process were refused for, of which Hydra would make a line of its own."""


class Run(Command):
    """Play a scenario in many worlds and write what came of it.

    scenario=NAME|PATH      a scenario of `islands list scenarios`, or a file of your own
    worlds=N rounds=N seed=N
    deals=[a,b]             structures of a settlement, by name or path, also beside the scenario;
                            deals=a for one, deals=all for every one
    agenda=open|tabled      all structures on one table, or one at a time; else each by itself
    environment=NAME …      another part: dispute, side@claimant, side@holder, environment,
                            protocol, strategy@claimant.strategy, strategy@holder.strategy
    holder.public.opposition=0.5
                            any number, as a point value; =none sets no deadline
    out=DIR                 folder of the results; another run there becomes DIR-1, DIR-2 …
                            else outputs/<date>_<time>; of several runs, a folder in it for each
    format=csv              tables as CSV, too
    objective=OUTCOME:DEAL  tell a sweeper of Hydra's this share, as in settled:NAME
    draws=true              also worlds with what each drew of everything uncertain
    workers=N               processes
    detail=full             print all shares, intervals and reversals, 120 columns wide

    -m, --multirun          run all combinations of values such as environment=a,b
    --cfg job [-p KEY]      print the resolved scenario (or the part under KEY), run nothing
    --info, --hydra-help    more about Hydra, which composes the parts
    """

    words: Annotated[tuple[str, ...], Overrides("[scenario=NAME|PATH] [key=value …] [flags]")] = ()

    def run(self) -> int:
        """Run a scenario, or several."""
        flags, overrides = _sorted(self.words)
        if refused := sorted(_REFUSED & set(flags)):
            raise UsageError(f"{refused[0]} is not needed: name a file with scenario=PATH")
        if "--resolve" in flags and not _SHOW & set(flags):
            raise UsageError("--resolve is for --cfg job, which prints values as they are used")
        if _SHOW & set(flags) and "job" in flags:
            return _show(overrides, flags)
        if flags or any(override.lstrip("+~").startswith("hydra") for override in overrides):
            _run_with_hydra(flags, overrides)
        else:
            _play(overrides)
        return 0


def _sorted(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the flags with their values, and everything else; Hydra wants them in this order."""
    flags: list[str] = []
    overrides: list[str] = []
    before = ""
    for argument in arguments:
        value = before in _VALUED and "=" not in argument
        (flags if argument.startswith("-") or value else overrides).append(argument)
        before = argument
    return flags, overrides


def _show(overrides: list[str], flags: list[str]) -> int:
    """Print the resolved scenario, or a part of it."""
    from sim.io.config import dump_scenario, load_run

    scenario, _ = load_run(None, overrides)
    keys = [
        flags[index + 1] for index, flag in enumerate(flags[:-1]) if flag in ("-p", "--package")
    ]
    say(dump_scenario(scenario, keys[-1] if keys else None).rstrip())
    return 0


def _play(overrides: Sequence[str], job: str | None = None) -> float | None:
    """Run a scenario, save its results, return its objective; `job` names it among several."""
    from sim.io.config import load_run
    from sim.io.files import check_writable

    scenario, settings = load_run(None, overrides)
    measure = _measure(settings.objective, scenario.structures)
    out = settings.out or (_folder() if job is None else Path(os.environ[_SWEEP]))
    out = out if job is None else out / job
    check_writable(out)
    from rich.console import Group

    from sim.experiments import ensemble
    from sim.report.outcomes import render
    from sim.report.tables import results_in

    # What draws takes long to import, and is not needed before the worlds have been played.
    # No daemon: an interpreter that ends while a thread loads a library may crash.
    Thread(target=_import_early, args=("sim.plotting",)).start()
    result = ensemble.run(scenario, workers=settings.workers, progress=watched())
    earlier: list[Path] = []
    try:  # the answer first: pictures take as long as a small run
        say_overrides(overrides, scenario)
        display(render(result, full=settings.detail == "full"))
    finally:  # whoever reads it may be gone
        from sim.plotting import pictures

        how: dict[str, Any] = {"format": settings.format, "draws": settings.draws}
        result.save(out, also=pictures(result), **how, aside=earlier.append)
    display(Group(*results_in(out)))
    say_moved(out, earlier)
    if measure is None:
        return None
    outcome, deal = measure
    return float(result.outcomes.set_index("deal")[outcome][deal])


def _measure(objective: str | None, deals: Iterable[str]) -> tuple[str, str] | None:
    """Return which outcome of which structure is asked for, before anything is played."""
    if objective is None:
        return None
    from sim.domain.outcome import Outcome

    outcome, _, deal = objective.partition(":")
    return one_of("objective", outcome, Outcome.__members__), one_of("objective", deal, deals)


def _import_early(name: str) -> None:
    """Import a module that will be asked for; who asks for it is told what went wrong."""
    with suppress(Exception):
        import_module(name)


def _folder() -> Path:
    """Return the folder of a run without a name: by its time, to the microsecond."""
    return Path("outputs") / datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")


def _job(_: DictConfig) -> float | None:
    """Play one job; Hydra has chosen its overrides, we compose it."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    settings = HydraConfig.get()
    task = list(settings.overrides.task)
    job = _job_name(settings.job.num, task) if settings.mode == RunMode.MULTIRUN else None
    try:
        return _play(task, job)
    except IslandsError as error:
        sweeper = settings.runtime.choices["hydra/sweeper"]
        if os.environ[_PROCESS] != str(os.getpid()) or sweeper != "basic":
            raise  # for Hydra to carry home from another process, or to tell a sweeper
        _refused.append(error)
        return None


_LONGEST = 100
"""Characters of overrides in the name of a folder."""


def _job_name(number: int, overrides: Sequence[str]) -> str:
    """Return the name of a job's folder: its number, and what it overrides.

    Examples
    --------
    >>> _job_name(3, ["++worlds=50", "scenario=./mine.yaml", "++out=here"])
    '3_worlds=50,scenario=mine.yaml'
    """
    from sim.io.overrides import RUN_KEYS

    texts = [text.lstrip("+~") for text in overrides]
    whole = ",".join(text for text in texts if text.partition("=")[0] not in RUN_KEYS)
    told = re.sub(r"[\[\]'\"]|(?<==)\./", "", whole)
    told = re.sub(r"[^\w.,=@-]+", "-", told)
    if len(told) > _LONGEST:
        told = f"{told[:_LONGEST]}~{hashlib.sha256(whole.encode()).hexdigest()[:8]}"
    return f"{number}_{told}" if told else str(number)


def _run_with_hydra(flags: list[str], overrides: list[str]) -> None:
    """Hand a run over to Hydra, for several at once and for what Hydra tells about itself."""
    import hydra
    from hydra.errors import HydraException

    from sim.io.config import BASE, PRIMARY, alternatives, hydra_fault, load_run, register
    from sim.io.files import check_writable
    from sim.io.overrides import ends_of_interval, spelt_out

    register()
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors come to us instead of being printed
    os.environ[_SWEEP] = str(_folder())
    free = {text for text in overrides if _with_sweeper(overrides) and ends_of_interval(text)}
    if {"-m", "--multirun"} & set(flags):
        ours = [text for text in overrides if not text.lstrip("+~").startswith("hydra")]
        checked = [ends_of_interval(text) or text if text in free else text for text in ours]
        outs = {load_run(None, each)[1].out for each in alternatives(checked)}
        if len(outs) == 1 and None not in outs:
            os.environ[_SWEEP] = str(outs.pop())
        check_writable(Path(os.environ[_SWEEP]) / "0")
    texts = (text if text in free else spelt_out(text) for text in overrides)
    sys.argv[1:] = [*flags, *map(_for_hydra, texts)]
    os.environ[_PROCESS] = str(os.getpid())
    _refused.clear()
    main = hydra.main(config_path=str(configs_dir()), config_name=PRIMARY, **BASE)
    try:
        with redirect_stderr(_Plain(sys.stderr)):
            main(_job)()
    except HydraException as error:
        raise ScenarioError([hydra_fault(error)]) from None
    for refused in _refused[:-1]:
        complain(str(refused))
    if _refused:
        raise _refused[-1]


class _Plain(StringIO):
    """Standard error without Hydra's own line before ours on an error in a job."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str) -> int:
        """Pass on what is not that line."""
        if not text.startswith("Error executing job with overrides"):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Show what was written."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Tell whether somebody watches."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor of the stream itself."""
        return self._stream.fileno()


def _with_sweeper(overrides: Sequence[str]) -> bool:
    """Tell whether a sweeper that understands intervals was chosen, such as Optuna's."""
    sweepers = [text.partition("=")[2] for text in overrides if text.startswith("hydra/sweeper=")]
    return any(name != "basic" for name in sweepers)


def _for_hydra(override: str) -> str:
    """Return an override such that Hydra, which does not know our keys, lets it through."""
    key, _, value = override.partition("=")
    name = key.lstrip("+~")
    if "@" in name or name in PARTS or name.startswith("hydra"):
        return override
    return f"++{name}=null" if key.startswith("~") else f"++{name}={value}"
