"""The commands by name, loaded when they are called, and the exit codes.

0 done; 1 usage or settings error; 2 data refused; 3 done but some rule failed; 4 alerts at or above ``--fail-on``.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any

import click

from amlscreen._version import __version__
from amlscreen.errors import AmlScreenError, did_you_mean

__all__ = ["group", "main"]

_COMMANDS = {
    "screen": "amlscreen.cli.screen",
    "map": "amlscreen.cli.map",
    "check": "amlscreen.cli.check",
    "explain": "amlscreen.cli.explain",
    "evaluate": "amlscreen.cli.evaluate",
    "rules": "amlscreen.cli.rules",
    "scorecard": "amlscreen.cli.scorecard",
    "synth": "amlscreen.cli.synth",
    "init": "amlscreen.cli.init",
}


class _Lazy(click.Group):
    """A group that imports a command only when it is asked for, so that ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command '{args[0]}'. {did_you_mean(args[0], _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_SHORT.items()))


_SHORT = {
    "screen": "Screen a source and write ranked, explained alerts. The main job.",
    "map": "Look at unknown exports, show what would be read, and write a mapping.",
    "check": "Read a source and report on its quality; nothing is screened.",
    "explain": "One alert of an output folder: sentence, points, evidence.",
    "evaluate": "Measure how well a run's ranking puts the right customers on top, against labels.",
    "rules": "List, show, test, lint and compare rules; say what they can see on a bank's data.",
    "scorecard": "Refit points from what people decided, and show what a scorecard says.",
    "synth": "Write a synthetic bank to try things on.",
    "init": "Write settings, a mapping to fill in and a nightly script.",
}


_EXIT_CODES = """\
\b
Exit codes:
  0  done
  1  a flag, a setting or a rule is wrong
  2  the data was refused
  3  done, but a rule failed
  4  done, and an alert is in the band of --fail-on or above
"""


@click.group(
    cls=_Lazy,
    epilog=_EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="amlscreen")
def group() -> None:
    """Screen bank transactions for patterns that sources link to proceeds of human trafficking.

    It flags patterns for a person to review. It accuses nobody and detects no crime.
    """


_OBJECTS_BEFORE_A_SEARCH = 100_000
"""A run makes millions of objects that stay and hardly any that refer to one another in a circle: searching for such
circles as often as Python does by itself takes a seventh of the time of judging and writing.
"""


def main(arguments: list[str] | None = None) -> Any:
    """Run a command and leave with its exit code; errors are one sentence on stderr, never a traceback."""
    gc.set_threshold(_OBJECTS_BEFORE_A_SEARCH, 20, 100)
    try:
        code = group.main(args=arguments, prog_name="amlscreen", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped; nothing was written.", err=True)
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(1)
    except AmlScreenError as problem:
        click.echo(f"amlscreen: {problem}", err=True)
        sys.exit(problem.exit_code)
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        click.echo(f"amlscreen: {where}{problem.strerror or problem}.", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
