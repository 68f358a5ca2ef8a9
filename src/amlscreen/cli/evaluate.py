"""``amlscreen evaluate RUN --labels FILE``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amlscreen.cli.printing import print_paragraph, print_table
from amlscreen.errors import SettingsError

if TYPE_CHECKING:
    from amlscreen.evaluation import Evaluation
    from amlscreen.intake.dataset import Dataset

__all__ = ["command"]

LEAK_FOUND = 4
_FILE = click.Path(path_type=Path)


@click.command("evaluate")
@click.argument("run", type=_FILE)
@click.option("--labels", required=True, type=_FILE, help="CSV or Parquet: customer_id, label; or dispositions.")
@click.option("--out", "-o", type=_FILE, help="Folder for evaluation.html and evaluation.json. Default: print only.")
@click.option("--split", help="Only what began on this day or later counts, YYYY-MM-DD.")
@click.option("--data", type=_FILE, multiple=True, help="What was screened, for segments, fairness and more checks.")
@click.option("--mapping", "-m", help="Mapping of --data: a shipped name or a YAML file.")
@click.option("--jurisdiction", "-j", default="laos", show_default=True, help="Of --data: shipped name or YAML file.")
@click.option("--segments", type=_FILE, multiple=True, help="Further columns about customers: CSV with customer_id.")
@click.option(
    "--unlisted",
    type=click.Choice(["innocent", "unknown"]),
    help="What customers are that the labels do not list. Default: innocent, unless innocents are listed too.",
)
@click.option("--resamples", default=1000, show_default=True, type=click.IntRange(min=0), help="For the intervals.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Of the resampling.")
@click.option("--fail-on-leak", is_flag=True, help="Leave with exit code 4 if a check finds a leak.")
def command(run: Path, labels: Path, out: Path | None, **given: Any) -> int:
    """Measure how well the ranking in RUN, a folder of `screen`, puts the right customers on top.

    With -o it writes a page and JSON with precision and recall at review budgets, who is found, false alerts by
    segment, fairness, what a cut-off leaves unreviewed, checks for leaks, and what the ranking rests on.
    """
    from amlscreen.evaluation import evaluate

    if given["mapping"] and not given["data"]:
        raise SettingsError("--mapping says how to read --data, which is not given.")
    with _read(given) as data:
        found = evaluate(
            run,
            labels,
            data=data,
            segments=given["segments"],
            split=given["split"],
            unlisted=given["unlisted"],
            resamples=given["resamples"],
            seed=given["seed"],
        )
    _print(found)
    click.echo(f"Open {found.write(out)[0]}." if out else "Give -o DIR for the page with everything else.")
    return LEAK_FOUND if given["fail_on_leak"] and any(one.outcome == "leak" for one in found.checks) else 0


@contextmanager
def _read(given: dict[str, Any]) -> Iterator[Dataset | None]:
    """What was screened, if it is given."""
    if not given["data"]:
        yield None
        return
    from amlscreen.intake.dataset import Dataset

    with Dataset.read(given["data"], given["mapping"], given["jurisdiction"]) as data:
        yield data


def _print(found: Evaluation) -> None:
    for part in found.parts:
        precision = part.average_precision
        times = f", {precision.value / part.chance:.1f} times chance" if precision.value and part.chance else ""
        between = f" ({precision.low:.3f} to {precision.high:.3f})" if precision.low is not None else ""
        shown = "none" if precision.value is None else f"{precision.value:.3f}{between}{times}"
        named = "" if part.name == "all" else f"{part.name.capitalize()}: "
        print_paragraph(
            f"{named}{part.targets:,} targets and {part.innocents:,} innocent customers of {found.customers:,}. "
            f"Average precision {shown}."
        )
        rows = [
            {
                "looked at": f"{one.share * 100:g} % ({one.reviewed:,})",
                "found": f"{one.found:,}",
                "precision": _per_cent(one.precision.value),
                "recall": _per_cent(one.recall.value),
            }
            for one in part.budgets
        ]
        print_table(("looked at", "found", "precision", "recall"), rows, right={"found", "precision", "recall"})
        click.echo()
    for one in found.leaks:
        print_paragraph(f"{one.outcome.upper()} - {one.check}: {one.finding}", hanging=2)


def _per_cent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}".replace("%", " %")
