"""``amlscreen explain OUT ALERT_ID``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("explain")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("alert_id")
@click.option("--rows", default=40, show_default=True, help="Most evidence rows to print.")
def command(out: Path, alert_id: str, rows: int) -> int:
    """One alert of an output folder: its sentence, how its points add up, and the transactions behind it."""
    from rich.console import Console

    from amlscreen.sinks.reading import read_alert

    alert, evidence = read_alert(out, alert_id)
    console = Console()
    console.print(f"{alert['alert_id']}  {alert['band']}, score {alert['score']}, rank {alert['rank']}", style="bold")
    console.print(alert["summary"], highlight=False)
    console.print()
    for part in alert["contributions"]:
        console.print(f"{part['points']:>6}  {part['kind']:<8} {part['rule_id']:<8} {part['text']}", highlight=False)
    console.print(f"{alert['score']:>6}  = score", style="bold")
    for title, name in (
        ("What would have had to differ", "would_differ"),
        ("It may be innocent if", "false_positives"),
        ("Next, at the desk", "next_steps"),
    ):
        if alert[name]:
            console.print(f"\n{title}:", style="bold")
            for text in alert[name]:
                console.print(f"  - {text}", highlight=False)
    _print_rows(console, evidence, rows)
    return 0


def _print_rows(console: object, evidence: list[dict[str, object]], most: int) -> None:
    from rich.console import Console
    from rich.table import Table

    assert isinstance(console, Console)
    shown = ("local_day", "account_id", "direction", "amount", "channel", "counterparty", "rule_id", "part", "weight")
    table = Table(title=f"\nEvidence: {min(most, len(evidence)):,} of {len(evidence):,} rows", title_justify="left")
    for name in shown:
        table.add_column(name, justify="right" if name == "amount" else "left")
    for row in evidence[:most]:
        table.add_row(*("" if row[name] is None else str(row[name]) for name in shown))
    console.print(table)
