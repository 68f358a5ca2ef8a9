"""``amlscreen explain OUT ALERT_ID``."""

from __future__ import annotations

from pathlib import Path

import click

from amlscreen.cli.printing import print_paragraph, print_table

__all__ = ["command"]

_COLUMNS = ("local_day", "account_id", "direction", "amount", "channel", "counterparty", "rule_id", "part", "weight")
_LISTS = {
    "What would have had to differ": "would_differ",
    "It may be innocent if": "false_positives",
    "Next, at the desk": "next_steps",
}


@click.command("explain")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("alert_id")
@click.option("--rows", default=40, show_default=True, type=click.IntRange(min=0), help="Most evidence rows to print.")
def command(out: Path, alert_id: str, rows: int) -> int:
    """One alert of an output folder: its sentence, how its points add up, and the transactions behind it."""
    from amlscreen.sinks.reading import picture_lists, read_alert

    alert, evidence = read_alert(out, alert_id)
    click.secho(f"{alert['alert_id']}  {alert['band']}, {alert['score']} points, rank {alert['rank']}", bold=True)
    print_paragraph(alert["summary"])
    click.echo()
    for part in alert["contributions"]:
        label = f"{part['points']:>+6}  {part['kind']:<8} {part['rule_id'] or '':<8}"
        print_paragraph(f"{label} {part['text']}", hanging=len(label) + 1)
    click.secho(f"{alert['score']:>6}  = score", bold=True)
    for title, texts in {**picture_lists(alert), **{title: alert[name] for title, name in _LISTS.items()}}.items():
        if texts:
            click.secho(f"\n{title}:", bold=True)
            for text in texts:
                print_paragraph(f"- {text}", indent="  ", hanging=2)
    click.echo()
    title = f"Evidence: {min(rows, len(evidence)):,} of {len(evidence):,} rows"
    print_table(_COLUMNS, evidence[:rows], title=title, right={"amount"})
    return 0
