"""``amlscreen scorecard fit|show``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from amlscreen.cli.printing import print_paragraph, print_table

if TYPE_CHECKING:
    from amlscreen.scorecard.model import Scorecard

__all__ = ["command"]

_FILE = click.Path(dir_okay=False, path_type=Path)
_CHANGES = ("kind", "name", "strength", "before", "now", "customers", "positive", "kept")


@click.group("scorecard")
def command() -> None:
    """Refit the points of a score from labels or dispositions, and show what a scorecard says."""


@command.command("fit")
@click.argument("run", type=click.Path(file_okay=False, path_type=Path))
@click.option("--labels", required=True, type=_FILE, help="CSV: customer_id or alert_id, and label or disposition.")
@click.option("--out", "-o", required=True, type=_FILE, help="Scorecard to write (YAML).")
@click.option("--features", is_flag=True, help="Rows for features too; RUN must have been made with --keep-features.")
@click.option("--boosted", is_flag=True, help="Say how a boosted ranker does on the same folds (needs LightGBM).")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="How customers fall into folds.")
def fit(run: Path, labels: Path, out: Path, seed: int, *, features: bool, boosted: bool) -> int:
    """Fit points to what people decided on the customers of RUN, an output folder of `screen`.

    Each number is whole, none is below zero, and a score stays the sum of its rows. What changed is printed. Screen
    with it by `amlscreen screen SOURCE --scorecard FILE`.
    """
    from amlscreen.scorecard.refit import fit_scorecard

    fitted = fit_scorecard(run, labels, features=features, seed=seed)
    changes = [
        {name: getattr(one, name) if name != "kept" else "too few" if one.kept else "" for name in _CHANGES}
        for one in fitted.change_list
    ]
    print_table(_CHANGES, changes, title="Points before and now", right={"before", "now", "customers", "positive"})
    _print_quality(fitted.scorecard)
    if boosted:
        from amlscreen.scorecard.boosted import compare_boosted

        other = compare_boosted(run, labels, features=features, seed=seed)
        print_paragraph(
            f"For comparison: a boosted ranker, which nobody can read aloud, has an average precision of "
            f"{other.average_precision:.3f} and a log-loss of {other.log_loss:.4f} on the same customers held out."
        )
    click.echo(str(fitted.write(out)))
    return 0


@command.command("show")
@click.argument("file", type=_FILE)
def show(file: Path) -> int:
    """What a scorecard gives for what, what its points mean, and how well that held."""
    from amlscreen.scorecard.model import Scorecard

    card = Scorecard.read(file)
    click.secho(f"{card.title} ({card.fingerprint[:12]})", bold=True)
    rows: list[dict[str, object]] = []
    for rule, one in sorted(card.rules.items()):
        levels = "; ".join(f"{points} from x{level}" for level, points in one.points.items())
        rows.append({"kind": "rule", "name": rule, "points": levels, "again": one.again})
    rows += [{"kind": "repeat", "name": "each further episode", "points": card.repeat, "again": None}] * (
        card.repeat is not None
    )
    for kind, named, sign in (("typology", card.typologies, 1), ("counter", card.counter, -1)):
        rows += [{"kind": kind, "name": name, "points": sign * each, "again": None} for name, each in named.items()]
    for name, feature in card.features.items():
        steps = "; ".join(f"{cut.points} at {cut.at} {feature.side.replace('_', ' ')}" for cut in feature.cuts)
        rows.append({"kind": "feature", "name": name, "points": steps, "again": None})
    print_table(("kind", "name", "points", "again"), rows, title="Points", right={"again"})
    _print_quality(card)
    return 0


def _print_quality(card: Scorecard) -> None:
    print_paragraph(
        f"{card.odds.doubled_by:,.1f} points double the odds; at none, {card.probability(0):.2%} of customers like "
        f"those labelled are a yes, at 50 points {card.probability(50):.1%}, at 100 {card.probability(100):.1%}."
    )
    bands = [
        {
            "least": band.least,
            "customers": band.customers,
            "predicted": f"{band.predicted:.1%}",
            "so": f"{band.positive / band.customers:.1%}",
        }
        for band in card.bands
    ]
    columns = ("least", "customers", "predicted", "so")
    print_table(columns, bands, title="Calibration, by points fitted without the customer's own fold", right={*columns})
    if (fitted := card.fitted) is None:
        return
    print_paragraph(
        f"Fitted on {fitted.customers:,} customers, {fitted.positive:,} of them a yes, in {fitted.groups:,} groups. On "
        f"customers held out, average precision went from {fitted.average_precision_before:.3f} to "
        f"{fitted.average_precision_after:.3f}, log-loss from {fitted.log_loss_before:.4f} to "
        f"{fitted.log_loss_after:.4f}."
    )
    for warning in fitted.warnings:
        print_paragraph(f"Note: {warning}")
