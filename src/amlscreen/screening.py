"""The straight line: accepted transactions and rules in, a result out."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from amlscreen.alerting.book import Book, row_ids_of
from amlscreen.alerting.judge import Verdict, judge
from amlscreen.alerting.previous import Previous
from amlscreen.engines.kept import KeptWork
from amlscreen.engines.local import Engine, Progress
from amlscreen.errors import SettingsError
from amlscreen.finding import Findings, find, no_progress
from amlscreen.intake.disk import disk_told
from amlscreen.profiling import stage
from amlscreen.result import Result
from amlscreen.rules.ruleset import RuleSet
from amlscreen.rules.typology import Typology, load_typologies
from amlscreen.scorecard.model import Scorecard
from amlscreen.settings import Settings

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["screen"]

_DAY_ZERO = dt.date(1970, 1, 1)


def screen(
    data: Dataset,
    rules: RuleSet | None = None,
    *,
    settings: Settings | None = None,
    previous: str | Path | None = None,
    typologies: Sequence[Typology] | None = None,
    progress: Progress = no_progress,
    engine: Engine | None = None,
    kept: KeptWork | None = None,
) -> Result:
    """Screen a dataset: sweep every rule, judge the hits, rank every customer, gather the evidence.

    ``rules`` are the shipped stable and test ones unless given; ``previous`` is the output folder of an earlier run,
    so that alerts keep their ids; ``typologies`` are the shipped ones unless given; ``kept`` is where finished work is
    put, so that a run that was ended can be gone on with; ``engine`` is this machine unless a cluster's is given
    (:class:`amlscreen.engines.spark.Spark`), which keeps no work. Raises :class:`~amlscreen.errors.AmlScreenError` with
    where, what and how to mend it.
    """
    rules = RuleSet.load().select(status=("stable", "test")) if rules is None else rules
    settings = settings or data.settings
    _check_day(data, settings)
    begun = time.perf_counter()
    with disk_told(data.folder):
        found = find(data, rules, settings=settings, progress=progress, kept=kept, engine=engine)
        progress("judge", 0, None)
        with stage("rows of hits"):
            data.hold(row_ids_of(found.hits))
        with stage("judge"):
            verdict = _verdict(data, rules, settings, found, previous, typologies)
    return Result(data, rules, settings, found, verdict, {"screen_seconds": round(time.perf_counter() - begun, 3)})


def _verdict(
    data: Dataset,
    rules: RuleSet,
    settings: Settings,
    found: Findings,
    previous: str | Path | None,
    typologies: Sequence[Typology] | None,
) -> Verdict:
    return judge(
        found.hits,
        rules.cards,
        _book(data, found),
        settings,
        as_of=found.as_of,
        previous=Previous.read(Path(previous)) if previous else None,
        outcomes=found.outcomes,
        typologies=load_typologies() if typologies is None else typologies,
        scorecard=Scorecard.read(settings.scorecard) if settings.scorecard else None,
    )


def _check_day(data: Dataset, settings: Settings) -> None:
    """A last day before all transactions is a slip: nothing would be looked at, and it would pass for a quiet night."""
    first = _DAY_ZERO + dt.timedelta(days=data.first_day)
    if settings.as_of and data.rows_accepted and settings.as_of < first:
        raise SettingsError(
            f"as_of {settings.as_of} lies before the first transaction, of {first}.",
            fix="Name a day the data reach, or leave it out for the last one.",
        )


def _book(data: Dataset, found: Findings) -> Book:
    return Book(
        institutions=data.institutions,
        customers=data.tables["customers"],
        owners=_owners(found),
        holdings=data.tables["holdings"],
        features=found.features.table,
        currency=data.jurisdiction.currency,
        shown_digits=data.jurisdiction.shown_digits,
        minor_digits=data.jurisdiction.minor_digits,
        first_day=data.first_day,
        rows=data.rows,
        oddness=found.oddness,
    )


def _owners(found: Findings) -> dict[tuple[str, str], tuple[str, ...]]:
    """The owners of every account that a hit touches."""
    facts = found.reference
    keys = sorted({(hit.subject.institution, account) for hit in found.hits for account in hit.account_ids})
    at, numbers = facts.owners_of(facts.accounts_of_keys(pa.array([f"account:{bank}/{own}" for bank, own in keys])))
    owners: dict[tuple[str, str], tuple[str, ...]] = dict.fromkeys(keys, ())
    for place, (_, customer) in zip(at.tolist(), facts.customer_names(numbers), strict=True):
        owners[keys[place]] += (customer,)
    return owners
