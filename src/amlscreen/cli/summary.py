"""What ``screen`` prints when it is done: the top alerts, what did not run, and where the files lie."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from amlscreen.alerts import Alert
from amlscreen.cli.printing import print_paragraph
from amlscreen.hits import Outcome
from amlscreen.result import Result

__all__ = ["print_summary"]

_COLOURS = {"critical": "red", "high": "red", "medium": "yellow", "low": "white"}
_MOST_TOLD = 8
_COLUMN = re.compile(r"\b[a-z_]+\.[a-z_]+\b")


def print_summary(result: Result, out: Path, top: int) -> None:
    """A few lines for each of the ``top`` alerts; a pipe gets the same without colours."""
    alerts, counts = result.alert_list, result.data.reconciliation
    click.echo(
        f"{counts.rows_accepted:,} rows accepted, {counts.rows_quarantined:,} quarantined, "
        f"{counts.rows_duplicate:,} duplicates; {result.ranked_table.num_rows:,} customers ranked, "
        f"{len(alerts):,} alerts."
    )
    for alert in alerts[:top]:
        _print_alert(alert)
    if len(alerts) > top:
        click.echo(f"\n... and {len(alerts) - top:,} more.")
    click.echo()
    _print_not_run(result.outcomes)
    kyc = result.kyc_report.counts
    click.echo(
        f"KYC: {kyc['with_something_to_do']:,} of {kyc['customers']:,} customers have something to do in their file; "
        f"{kyc['against_bank'].get('above', 0):,} rated above the bank's rating; "
        f"{kyc['cash_candidates_current']:,} current cash-report candidates."
    )
    protected = len(result.protected_list)
    if protected:
        click.echo(f"{protected:,} possible victims are listed apart in protected.csv.")
    click.echo(f"Open {out / 'report.html'} or {out / 'alerts.xlsx'}; everything is in {out}.")


def _print_not_run(outcomes: Sequence[Outcome]) -> None:
    """Rules that failed, and those that could not run: each where they are few, else counted by what is missing."""
    missing = [outcome for outcome in outcomes if outcome.status == "not_evaluable"]
    for outcome in outcomes:
        if outcome.status == "failed" or (outcome.status == "not_evaluable" and len(missing) <= _MOST_TOLD):
            print_paragraph(f"{outcome.rule_id} {outcome.status}: {outcome.reason}")
    if len(missing) > _MOST_TOLD:
        reasons = Counter(outcome.reason for outcome in missing)
        lacking = Counter(_COLUMN.findall(" ".join(f"{reason}," * times for reason, times in reasons.items())))
        told = ", ".join(f"{column} ({times})" for column, times in lacking.most_common(_MOST_TOLD))
        print_paragraph(
            f"{len(missing)} of {len(outcomes)} rules are not evaluable on this data. What most of them lack: {told}. "
            "rules.csv has the reason of each; `amlscreen rules coverage` tells what would open them."
        )


def _print_alert(alert: Alert) -> None:
    band = click.style(f"{alert.band:<8}", fg=_COLOURS[alert.band], bold=alert.band == "critical")
    click.echo(
        f"\n{alert.rank:>4}  {band} {alert.score:>4} points  {alert.subject.kind} {alert.subject.id}  {alert.alert_id}"
    )
    print_paragraph(alert.summary, indent="      ")
