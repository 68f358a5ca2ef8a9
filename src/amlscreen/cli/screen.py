"""``amlscreen screen SOURCE -o OUT``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from amlscreen.cli.options import load_settings, reading
from amlscreen.cli.progress import telling
from amlscreen.settings import BANDS

__all__ = ["command"]

RULE_FAILED, ALERTS_FOUND = 3, 4


@click.command("screen")
@reading
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@click.option("--rules", "rules_path", type=click.Path(path_type=Path), help="Rule file or folder. Default: shipped.")
@click.option("--previous", type=click.Path(path_type=Path), help="An earlier OUT, so that alerts keep their ids.")
@click.option("--fail-on", type=click.Choice(BANDS), help="Leave with exit code 4 if an alert reaches this band.")
@click.option("--top", default=10, show_default=True, help="How many alerts to print.")
@click.option("--report-alerts", type=click.IntRange(min=1), help="Alerts shown in page and workbook.")
def command(source: tuple[Path, ...], out: Path, rules_path: Path | None, **given: Any) -> int:
    """Screen SOURCE (files or folders) and write ranked, explained alerts into OUT."""
    from amlscreen.cli.summary import print_summary
    from amlscreen.intake.dataset import Dataset
    from amlscreen.rules.ruleset import RuleSet
    from amlscreen.screening import screen
    from amlscreen.sinks.write import check_target

    settings = _settings(given)
    check_target(out)
    rules = RuleSet.load(rules_path).select(status=("stable", "test"))
    with (
        telling(quiet=given["quiet"], log_format=given["log_format"]) as tell,
        Dataset.read(source, given["mapping"], given["jurisdiction"], settings, progress=tell) as data,
    ):
        result = screen(data, rules, previous=given["previous"], progress=tell)
        tell("write", 0, None)
        result.write(out)
    print_summary(result, out, given["top"])
    if any(outcome.status == "failed" for outcome in result.outcomes):
        return RULE_FAILED
    worst = given["fail_on"]
    if worst and any(BANDS.index(alert.band) >= BANDS.index(worst) for alert in result.alert_list):
        return ALERTS_FOUND
    return 0


def _settings(given: dict[str, Any]) -> Any:
    names = ("as_of", "threads", "memory", "most_quarantined", "report_alerts")
    return load_settings(given["settings_file"], **{name: given[name] for name in names})
