"""What ``screen`` prints when it is done: the top alerts, what did not run, and where the files lie."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from amlscreen.result import Result

__all__ = ["print_summary"]

_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}


def print_summary(result: Result, out: Path, top: int) -> None:
    """Results go to stdout; a narrow or missing terminal gets plain text."""
    console = Console(soft_wrap=False)
    alerts = result.alert_list
    counts = result.data.reconciliation
    console.print(
        f"{counts.rows_accepted:,} rows accepted, {counts.rows_quarantined:,} quarantined, "
        f"{counts.rows_duplicate:,} duplicates; {result.ranked_table.num_rows:,} customers ranked, "
        f"{len(alerts):,} alerts.",
        highlight=False,
    )
    if alerts:
        console.print(_table(result, top))
    if len(alerts) > top:
        console.print(f"... and {len(alerts) - top:,} more.", highlight=False)
    for outcome in result.outcomes:
        if outcome.status != "ran":
            console.print(f"{outcome.rule_id} {outcome.status}: {outcome.reason}", highlight=False, style="yellow")
    protected = len(result.protected_list)
    if protected:
        console.print(f"{protected:,} possible victims are listed apart in protected.csv.", highlight=False)
    console.print(f"Open {out / 'report.html'} or {out / 'alerts.xlsx'}; everything is in {out}.", highlight=False)


def _table(result: Result, top: int) -> Table:
    table = Table(show_lines=False, pad_edge=False, expand=False)
    for name, justify in (("rank", "right"), ("alert", "left"), ("score", "right"), ("band", "left")):
        table.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]  # the pairs above are literals
    table.add_column("subject", no_wrap=True)
    table.add_column("what stands out")
    for alert in result.alert_list[:top]:
        table.add_row(
            str(alert.rank),
            alert.alert_id,
            str(alert.score),
            Text(alert.band, style=_STYLES[alert.band]),
            f"{alert.subject.kind} {alert.subject.id}",
            alert.summary,
        )
    return table
