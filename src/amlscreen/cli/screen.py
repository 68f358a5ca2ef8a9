"""``amlscreen screen SOURCE -o OUT``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amlscreen.cli.options import day_of, load_settings, reading
from amlscreen.cli.progress import Teller, telling
from amlscreen.errors import Place, RuleError, SettingsError
from amlscreen.profiling import profiling, stage
from amlscreen.settings import BANDS, Settings

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset
    from amlscreen.intake.state import State
    from amlscreen.result import Result
    from amlscreen.rules.ruleset import RuleSet
    from amlscreen.rules.typology import Typology

__all__ = ["command"]

RULE_FAILED, ALERTS_FOUND = 3, 4
_RUNNING = ("stable", "test")


@click.command("screen")
@reading
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@click.option("--rules", "rules_path", type=click.Path(path_type=Path), help="Rule file or folder. Default: shipped.")
@click.option("--typologies", type=click.Path(path_type=Path), help="Folder of typologies. Default: the shipped ones.")
@click.option("--scorecard", type=click.Path(path_type=Path), help="Points from this file. Default: the cards' own.")
@click.option("--previous", type=click.Path(path_type=Path), help="An earlier OUT, so that alerts keep their ids.")
@click.option("--fail-on", type=click.Choice(BANDS), help="Leave with exit code 4 if an alert reaches this band.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(min=0), help="How many alerts to print.")
@click.option("--report-alerts", type=click.IntRange(min=1), help="Alerts shown in page and workbook.")
@click.option("--profile", is_flag=True, help="Tell where time, memory and temporary disk went, stage by stage.")
@click.option("--keep-features", is_flag=True, default=None, help="Leave everybody's features as Parquet files too.")
@click.option("--state", type=click.Path(path_type=Path), help="What earlier nights read; SOURCE is added to it.")
@click.option("--since", help="Of SOURCE, only transactions from this day on, YYYY-MM-DD, are taken.")
@click.option("--resume", is_flag=True, help="Keep what is finished beside OUT, and go on from it.")
def command(source: tuple[Path, ...], out: Path, rules_path: Path | None, **given: Any) -> int:
    """Screen SOURCE (files or folders) and write ranked, explained alerts into OUT."""
    from amlscreen.cli.ahead import loading_ahead
    from amlscreen.rules.ruleset import RuleSet
    from amlscreen.sinks.atomic import check_target
    from amlscreen.sinks.holding import held

    with telling(quiet=given["quiet"], log_format=given["log_format"]) as tell, _measured(tell, given):
        settings = load_settings(given)
        target = check_target(out)
        with held(target), _held_state(given["state"], target) as state:
            with loading_ahead(tell):
                every = RuleSet.load(rules_path)
                rules, typologies = _chosen(every), _stories(given["typologies"], every)
                with stage("read and conform"):
                    read = _read(source, given, settings, tell, state)
            from amlscreen.engines.kept import keep_work
            from amlscreen.screening import screen

            kept = keep_work(target, wanted=given["resume"])
            with read as data:
                tell.warn(data.warnings)
                result = screen(
                    data, rules, previous=given["previous"], typologies=typologies, progress=tell, kept=kept
                )
                tell("write", 0, None)
                with stage("write"):
                    result.write(out)
                if state:
                    tell("keep", 0, None)
                    with stage("keep the state"):
                        state.keep(data)
            if kept is not None:
                kept.ended()
                tell.warn(kept.notes)
    from amlscreen.cli.summary import print_summary

    print_summary(result, out, given["top"])
    return _exit_code(result, given["fail_on"])


def _read(
    source: tuple[Path, ...], given: Mapping[str, Any], settings: Settings, tell: Teller, state: State | None
) -> Dataset:
    """SOURCE, after what the state holds."""
    from amlscreen.intake.dataset import Dataset

    since = None if given["since"] is None else day_of(given["since"], "--since")
    return Dataset.read(
        source, given["mapping"], given["jurisdiction"], settings, progress=tell, state=state, since=since
    )


@contextmanager
def _held_state(folder: Path | None, target: Path) -> Iterator[State | None]:
    """The state, which nobody else changes meanwhile."""
    from amlscreen.intake.state import State
    from amlscreen.sinks.holding import held

    if folder is None:
        yield None
        return
    whole = folder.resolve()
    if target == whole or target in whole.parents or whole in target.parents:
        raise SettingsError("--state lies in OUT, or OUT in it.", fix="Give each a folder of its own.")
    with held(whole):
        yield State(whole)


@contextmanager
def _measured(tell: Teller, given: Mapping[str, Any]) -> Iterator[None]:
    """The run is measured, if that was asked for, and told once it has ended well."""
    if not given["profile"]:
        yield
        return
    with profiling() as profile:
        yield
    tell.profile(profile)


def _stories(path: Path | None, rules: RuleSet) -> tuple[Typology, ...]:
    """The typologies; one of the bank's own that names a rule nobody has could never be seen whole."""
    from amlscreen.rules.ruleset import RuleSet
    from amlscreen.rules.typology import check_typologies, load_typologies

    typologies = load_typologies(path)
    known = {card.id for known in (rules, RuleSet.load()) for card in known} if path else ()
    for wrong in check_typologies(typologies, known) if path else ():
        raise RuleError(wrong, place=Place(str(path)))
    return typologies


def _chosen(rules: RuleSet) -> RuleSet:
    """The rules that are meant to run; none is an error, lest an empty list be taken for a quiet night."""
    chosen = rules.select(status=_RUNNING)
    if not len(chosen):
        raise SettingsError(
            f"No rule is {' or '.join(_RUNNING)}; there are {len(rules)} of other statuses.",
            fix="Set `status: test` on the cards that should run.",
        )
    return chosen


def _exit_code(result: Result, fail_on: str | None) -> int:
    """A failed rule comes first: the list of alerts is then not whole."""
    if any(outcome.status == "failed" for outcome in result.outcomes):
        return RULE_FAILED
    reached = fail_on and any(BANDS.index(alert.band) >= BANDS.index(fail_on) for alert in result.alert_list)
    return ALERTS_FOUND if reached else 0
