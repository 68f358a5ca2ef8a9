"""KYC health: one row for every customer, with what is known of it and what there is to do.

Columns of ``kyc_health``:

``institution``, ``customer_id``, ``customer_kind``
``has_record``           the customer stands in the customer table, not only as the owner of an account
``complete``             per cent of the required fields that are filled, of those the bank gives at all; floored
``missing``              the required columns that are empty
``paper``                not_judged, unknown, valid, expires_soon, expired; ``paper_expiry``, ``paper_expired_days``
``review``               not_judged, unknown, current, overdue; ``review_due``, ``review_overdue_days``, ``bank_rating``
``beneficial_owner``     not_judged, not_a_firm, known, missing
``pep``                  not_judged, unknown, not_pep, approved, without_approval
``guardian``             not_judged, not_a_minor, verified, recorded, unverified, missing
``due_diligence``        enhanced: not_judged, not_needed, done, missing
``permit``               not_judged, none, valid, expires_soon, expired; ``permit_expired_days``
``contradictions``       names of :data:`~amlscreen.kyc.contradictions.CONTRADICTIONS`
``flow_over_income``     what came in a month over the declared income, floored to hundredths
``flow_over_turnover``   the same for the account whose use exceeds its declared turnover most
``active_days``          days with a booking of the customer's in the last 90
``to_do``                names of :data:`TO_DO`, gravest first
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.kyc import states as of
from amlscreen.kyc.contradictions import Contradictions
from amlscreen.kyc.files import Files, decimals, listed_codes, worded
from amlscreen.kyc.standard import Health
from amlscreen.kyc.states import States
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.reference import UNKNOWN_DAY, whole

__all__ = ["TO_DO", "HealthFound", "health_of", "hundredths"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TO_DO = (
    "pep_without_approval",
    "beneficial_owner_missing",
    "guardian_missing",
    "no_record",
    "paper_expired",
    "permit_expired",
    "due_diligence_missing",
    "review_overdue",
    "contradiction",
    "fields_missing",
    "paper_undated",
    "pep_without_wealth",
    "guardian_unverified",
    "licence_missing",
    "quiet_and_incomplete",
    "review_undated",
    "paper_expires_soon",
    "permit_expires_soon",
)
"""What there can be to do, gravest first."""


@dataclass(frozen=True)
class HealthFound:
    """The table, what it was made from, and what could not be judged, in words."""

    table: pa.Table
    states: States
    contradictions: Contradictions
    contradicting: Ints
    not_judged: tuple[str, ...]


def health_of(files: Files, health: Health) -> HealthFound:
    """KYC health of every customer as of the last day."""
    states, against = States(files, health), Contradictions(files, health)
    contradictions = against.flags()
    to_do = _to_do(files, states, contradictions)
    ids = files.reference.customer_ids
    required = states.required
    table = pa.table(
        {
            "institution": whole(ids["institution"]),
            "customer_id": whole(ids["customer_id"]),
            "customer_kind": worded(files.is_firm.astype(np.int64), ("person", "entity")),
            "has_record": pa.array(states.has_record),
            "complete": _whole(required.percent, required.percent < 0),
            "missing": listed_codes(required.missing or _nothing(files.size)),
            **_paper(states),
            **_review(files, states),
            "beneficial_owner": worded(states.owner, of.OWNER),
            "pep": worded(states.pep, of.PEP),
            "guardian": worded(states.guardian, of.GUARDIAN),
            "due_diligence": worded(states.due_diligence, of.DUE_DILIGENCE),
            "permit": worded(states.permit, of.PERMIT),
            "permit_expired_days": _days(states.permit_days),
            "contradictions": listed_codes(contradictions),
            "flow_over_income": hundredths(against.flow_over_income),
            "flow_over_turnover": hundredths(against.flow_over_turnover),
            "active_days": pa.array(files.feature("active_days").array),
            "to_do": listed_codes({name: to_do[name] for name in TO_DO}),
        }
    )
    count = sum(flags.astype(np.int64) for flags in contradictions.values())
    return HealthFound(table, states, against, np.asarray(count, np.int64), _not_judged(files, states))


def _nothing(size: int) -> Mapping[str, Flags]:
    return {"nothing": np.zeros(size, np.bool_)}


def _paper(states: States) -> dict[str, pa.Array[Any]]:
    return {
        "paper": worded(states.paper, of.PAPER),
        "paper_expiry": _dates(states.files.day("id_expiry")),
        "paper_expired_days": _days(states.paper_days),
    }


def _review(files: Files, states: States) -> dict[str, pa.Array[Any]]:
    rating = files.customer("risk_rating")
    texts: Any = pc.take(rating.vocabulary, pa.array(rating.array, mask=rating.array < 0))
    return {
        "review": worded(states.review, of.REVIEW),
        "review_due": _dates(files.day("review_due")),
        "review_overdue_days": _days(states.review_days),
        "bank_rating": texts,
    }


def _to_do(files: Files, states: States, contradictions: Mapping[str, Flags]) -> dict[str, Flags]:
    required = states.required
    empty = np.any([required.judged > required.filled], axis=0)
    quiet = (files.feature("transactions").array == 0) & files.shows_use
    papers_bad = np.isin(states.paper, [of.PAPER.index("unknown"), of.PAPER.index("expired")])

    def stands(values: Ints, words: tuple[str, ...], word: str) -> Flags:
        return np.asarray(values == words.index(word))

    return {
        "pep_without_approval": stands(states.pep, of.PEP, "without_approval"),
        "beneficial_owner_missing": stands(states.owner, of.OWNER, "missing"),
        "guardian_missing": stands(states.guardian, of.GUARDIAN, "missing"),
        "no_record": ~states.has_record & files.has("customers"),
        "paper_expired": stands(states.paper, of.PAPER, "expired"),
        "permit_expired": stands(states.permit, of.PERMIT, "expired"),
        "due_diligence_missing": stands(states.due_diligence, of.DUE_DILIGENCE, "missing"),
        "review_overdue": stands(states.review, of.REVIEW, "overdue"),
        "contradiction": np.any(list(contradictions.values()), axis=0),
        "fields_missing": empty & states.has_record,
        "paper_undated": stands(states.paper, of.PAPER, "unknown") & states.has_record,
        "pep_without_wealth": states.lacks_wealth,
        "guardian_unverified": stands(states.guardian, of.GUARDIAN, "unverified"),
        "licence_missing": (files.flag("is_licensed") == 0) & files.is_firm,
        "quiet_and_incomplete": quiet & (empty | papers_bad),
        "review_undated": stands(states.review, of.REVIEW, "unknown") & states.has_record,
        "paper_expires_soon": stands(states.paper, of.PAPER, "expires_soon"),
        "permit_expires_soon": stands(states.permit, of.PERMIT, "expires_soon"),
    }


_JUDGED_BY = (
    ("customers.id_expiry", "identity papers"),
    ("customers.review_due", "overdue reviews"),
    ("customers.is_pep", "politically exposed persons"),
    ("customers.birth_date", "minors and their guardians"),
    ("customers.edd_done", "enhanced due diligence"),
    ("customers.source_of_wealth", "source of wealth"),
    ("customers.permit_expiry", "permits"),
    ("customers.income", "income against flow"),
    ("customers.occupation", "occupation against flow"),
    ("accounts.declared_turnover", "turnover against flow"),
    ("accounts.declared_purpose", "purpose against use"),
)


def _not_judged(files: Files, states: States) -> tuple[str, ...]:
    """Sentences about what nobody's file could be judged by."""
    said = [f"{what}: no data in {column}" for column, what in _JUDGED_BY if not files.has(column)]
    said += [f"required field {name}: no data in customers.{name}" for name in states.required.not_judged]
    if (states.owner == of.OWNER.index("not_judged")).any():
        said.append("beneficial owners: no data in customers.beneficial_owner_known or holdings of that role")
    if not files.shows_use:
        said.append(f"use against what was declared: the data has {files.days} days, 30 are needed")
    return tuple(said)


def hundredths(millionths: Ints) -> pa.Array[Any]:
    """A ratio as a decimal of two digits, floored; null where it is negative, which stands for not known."""
    return decimals(millionths // (MILLION // 100), 2, millionths < 0)


def _dates(days: Ints) -> pa.Array[Any]:
    missing = days == UNKNOWN_DAY
    return pa.array(np.where(missing, 0, days).astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())


def _days(days: Ints) -> pa.Array[Any]:
    return _whole(days, days == UNKNOWN_DAY)


def _whole(values: Ints, missing: Flags) -> pa.Array[Any]:
    return pa.array(np.where(missing, 0, values), pa.int64(), mask=missing)
