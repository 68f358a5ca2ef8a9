"""The ranking: every customer, scored, alerted or not; and every other subject that has a score.

Columns of ``ranked``:

``rank``            1 is the most urgent; total and stable: score, confidence, oddness, transactions, then the subject
``institution``     the bank
``subject_kind``    customer; or account, counterparty, conductor, group for what stands on these
``subject_id``      its identifier; for a group the lead's
``customer_id``     the customer, where the subject is one or is one's account; empty otherwise
``score``           the sum of the points of open hits
``band``            the band of the score
``confidence``      how much of the data the judgement needed was there, 0 to 1
``oddness``         mean share of the scored customers of its kind that are less odd, over the anomaly cards; 0 to 1
``rules``           the rules with open hits, joined by ``;``
``families``        their families, joined by ``;``
``hits``            open hits: episodes that end within the alerting span
``older_hits``      episodes that ended before it; they give no points
``transactions``    the customer's transactions; for other subjects the different rows of its open hits
``alert_id``        the alert it stands in, if any
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.alerting.activity import TOGETHER, Activity
from amlscreen.alerting.book import Book, CustomerKey, row_ids_of
from amlscreen.alerting.everyone import Everyone, every_customer
from amlscreen.alerting.feature_rows import FeatureRows
from amlscreen.alerting.identity import Identity
from amlscreen.alerting.odd_lines import oddness_of
from amlscreen.alerting.protected import Shield
from amlscreen.alerting.weighing import Judged, Scales
from amlscreen.hits import SubjectRef
from amlscreen.settings import Settings

__all__ = ["RANKED_COLUMNS", "Standing", "customer_of", "rank_everyone", "ranked_table", "ranks_of"]

RANKED_COLUMNS = pa.schema(
    (
        ("rank", pa.int64()),
        ("institution", pa.string()),
        ("subject_kind", pa.string()),
        ("subject_id", pa.string()),
        ("customer_id", pa.string()),
        ("score", pa.int64()),
        ("band", pa.string()),
        ("confidence", pa.float64()),
        ("oddness", pa.float64()),
        ("rules", pa.string()),
        ("families", pa.string()),
        ("hits", pa.int64()),
        ("older_hits", pa.int64()),
        ("transactions", pa.int64()),
        ("alert_id", pa.string()),
    )
)
_ORDER = ("score", "confidence", "oddness", "transactions")


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the ranking before it has a rank."""

    subject: SubjectRef
    customer_id: str | None
    score: int = 0
    confidence: float = 1.0
    rules: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    hits: int = 0
    older_hits: int = 0
    transactions: int = 0
    alert_id: str | None = None


def rank_everyone(
    subjects: Iterable[Judged],
    named: Iterable[tuple[Judged, Identity]],
    book: Book,
    scales: Scales,
    shield: Shield,
    featured: FeatureRows | None = None,
) -> pa.Table:
    """Everyone ranked. A protected person's own line says nothing: the score stands on the account's.

    ``featured`` gives points to customers without a hit, where a scorecard has any for features.
    """
    judged = list(subjects)
    of_subject = [customer_of(one.activity, shield) for one in judged]
    alone = {customer for customer in of_subject if customer}
    everyone = every_customer(book)
    counts = everyone.counts(alone)
    alert_of: dict[SubjectRef | CustomerKey, str] = {}
    for one, identity in named:
        alert_of[one.activity.subject] = identity.alert_id
        alert_of.update((key, identity.alert_id) for key in one.activity.customers)
    standings = [
        _standing(one, customer, counts, alert_of, scales) for one, customer in zip(judged, of_subject, strict=True)
    ]
    others = everyone.without(alone)
    points = featured.totals(others, shield.customers) if featured else np.zeros(others.transactions.size, np.int64)
    lines = _lines(standings, others, points, scales.settings, confidence=round(scales.evaluable, 4))
    return ranked_table(lines, oddness_of(lines, book, shield.customers))


def customer_of(activity: Activity, shield: Shield) -> CustomerKey | None:
    """The one customer whose line this is, if there is one who may be named."""
    if activity.subject.kind in TOGETHER or len(activity.customers) != 1 or activity.customers[0] in shield.customers:
        return None
    return activity.customers[0]


def _standing(
    one: Judged,
    customer: CustomerKey | None,
    counts: Mapping[CustomerKey, int],
    alert_of: Mapping[SubjectRef | CustomerKey, str],
    scales: Scales,
) -> Standing:
    activity = one.activity
    rules = sorted({hit.rule_id for hit in activity.open})
    keys: list[SubjectRef | CustomerKey] = [activity.subject, *activity.customers]
    alerts = (alert_of.get(key) for key in keys)
    return Standing(
        activity.subject,
        customer[1] if customer else None,
        one.score.total,
        one.confidence,
        tuple(rules),
        tuple(sorted({scales.weights[rule].family for rule in rules})),
        len(activity.open),
        len(activity.older),
        counts.get(customer, 0) if customer else len(row_ids_of(activity.open)),
        next((alert_id for alert_id in alerts if alert_id), None),
    )


def _lines(
    standings: Iterable[Standing],
    others: Everyone,
    points: NDArray[np.int64],
    settings: Settings,
    *,
    confidence: float,
) -> pa.Table:
    """A line for everybody, in no order; ``others`` are customers without a hit, with their ``points``."""
    lines = [
        (
            0,
            one.subject.institution,
            one.subject.kind,
            one.subject.id,
            one.customer_id,
            one.score,
            settings.band_of(one.score),
            one.confidence,
            None,
            ";".join(one.rules),
            ";".join(one.families),
            one.hits,
            one.older_hits,
            one.transactions,
            one.alert_id,
        )
        for one in standings
    ]
    columns = zip(*lines, strict=True) if lines else ((),) * len(RANKED_COLUMNS)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, RANKED_COLUMNS, strict=True)]
    return pa.concat_tables(
        [pa.table(arrays, schema=RANKED_COLUMNS), _without_hits(others, points, settings, confidence)]
    )


def ranked_table(lines: pa.Table, oddness: pa.Array[Any]) -> pa.Table:
    """The ranking, most urgent first; who has no oddness comes after those with as many points who have."""
    at = RANKED_COLUMNS.get_field_index("oddness")
    table = lines.set_column(at, RANKED_COLUMNS.field(at), oddness).sort_by(
        [(name, "descending") for name in _ORDER]
        + [(name, "ascending") for name in ("institution", "subject_kind", "subject_id", "customer_id")]
    )
    return table.set_column(0, RANKED_COLUMNS.field("rank"), pa.array(np.arange(1, table.num_rows + 1)))


def _without_hits(others: Everyone, points: NDArray[np.int64], settings: Settings, confidence: float) -> pa.Table:
    count = points.size
    different, which = np.unique(points, return_inverse=True)
    bands = pa.array([settings.band_of(int(score)) for score in different], pa.string())
    same = {"subject_kind": "customer", "confidence": confidence}
    same |= {"rules": "", "families": ""}
    given: dict[str, Any] = {
        "institution": others.institution,
        "subject_id": others.customer_id,
        "customer_id": others.customer_id,
        "score": pa.array(points),
        "band": bands.take(which),
        "transactions": pa.array(others.transactions),
        "alert_id": pa.nulls(count, pa.string()),
        "oddness": pa.nulls(count, pa.float64()),
    }
    arrays: list[Any] = [
        given[field.name] if field.name in given else pa.repeat(pa.scalar(same.get(field.name, 0), field.type), count)
        for field in RANKED_COLUMNS
    ]
    return pa.table(arrays, schema=RANKED_COLUMNS)


def ranks_of(ranked: pa.Table, subjects: Collection[SubjectRef]) -> dict[SubjectRef, int]:
    """The best rank of each of the subjects, which all stand in alerts."""
    alerting = ranked.filter(ranked.column("alert_id").is_valid())
    columns = (alerting.column(name).to_pylist() for name in ("rank", "institution", "subject_kind", "subject_id"))
    ranks: dict[SubjectRef, int] = {}
    for rank, institution, kind, subject_id in zip(*columns, strict=True):
        if (subject := SubjectRef(institution, kind, subject_id)) in subjects:
            ranks.setdefault(subject, rank)
    return ranks
