"""Play a scenario in many worlds and write what came of it.

Usage: islands run [scenario=NAME|PATH] [key=value …] [flags]

  scenario=NAME|PATH      a scenario of `islands list scenarios`, or a file of your own
  worlds=N rounds=N seed=N
  deals=[a,b]             structures of a settlement, by name or path; deals=all for every one
  environment=NAME …      another part: dispute, side@claimant, side@holder, environment, protocol,
                          strategy@claimant.strategy, strategy@holder.strategy
  holder.public.opposition=0.5
                          any number, as a point value; =none sets no deadline
  out=DIR                 folder of the results, in the place of an earlier run's there;
                          else outputs/<date>_<time>
  workers=N               processes

  -m, --multirun          run all combinations of values such as environment=a,b
  --cfg job [-p KEY]      print the resolved scenario (or the part under KEY), run nothing
  --info, --hydra-help    more about Hydra, which composes the parts
"""

from __future__ import annotations

from sim.cli.screen import say
from sim.errors import UsageError

__all__ = ["main"]

_REFUSED = {"-cp", "--config-path", "-cn", "--config-name", "-cd", "--config-dir"}
_VALUED = {"-c", "--cfg", "-p", "--package", "-i", "--info", "-cn", "--config-name"}
_SHOW = {"-c", "--cfg"}


def main(arguments: list[str]) -> int:
    """Run a scenario, or several."""
    flags, overrides = _sorted(arguments)
    if refused := sorted(_REFUSED & set(flags)):
        raise UsageError(f"{refused[0]} is not needed: name a file with scenario=PATH")
    if _SHOW & set(flags) and "job" in flags:
        return _show(overrides, flags)
    if flags or any(override.lstrip("+~").startswith("hydra") for override in overrides):
        from sim.cli.multirun import run_with_hydra

        run_with_hydra(flags, overrides)
    else:
        from sim.cli.play import play

        play(overrides)
    return 0


def _sorted(arguments: list[str]) -> tuple[list[str], list[str]]:
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
