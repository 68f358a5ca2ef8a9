"""Ids that last: hashed from institution, subject and first transaction, and kept from one run to the next.

An alert that shares an evidence transaction with an earlier one keeps its id. Typologies, rules, score and end day are
never in it, so retuning, another night or a rolling extract change nothing. Of several alerts that could keep an id,
the one on the same subject does, then the one that shares most.

``change`` says: ``new``, no earlier alert; ``reopened``, the earlier one had fallen silent: the last run no longer
showed it, or its last day lies before this run's alerting span; ``grown``, there is evidence the earlier one did not
have; ``unchanged``, there is none. ``revision`` counts the runs that have shown the alert.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amlscreen.alerting.book import TransactionKey
from amlscreen.alerting.previous import Earlier, Previous
from amlscreen.alerts import Change
from amlscreen.hits import SubjectRef

__all__ = ["Claimant", "Identity", "alert_id_of", "assign_identities"]

_OWN_ACTIVITY = frozenset({"customer", "account", "group"})


@dataclass(frozen=True, slots=True)
class Claimant:
    """What an alert's identity rests on; ``first_transaction`` is that of its oldest open episode."""

    subject: SubjectRef
    first_transaction: str
    rows: frozenset[TransactionKey]


@dataclass(frozen=True, slots=True)
class Identity:
    """An alert's id, how many runs have shown it, and what changed since the last."""

    alert_id: str
    revision: int
    change: Change


def alert_id_of(subject: SubjectRef, first_transaction: str, salt: int = 0) -> str:
    """``AL-`` and sixteen letters or digits: 80 bits of a hash.

    >>> len(alert_id_of(SubjectRef("BANKA", "customer", "C1"), "T1"))
    19
    """
    parts = [subject.institution, subject.kind, subject.id, first_transaction, *([str(salt)] if salt else [])]
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).digest()
    return "AL-" + base64.b32encode(digest).decode()


def assign_identities(claimants: Sequence[Claimant], previous: Previous | None, *, span_start: int) -> list[Identity]:
    """An identity for each claimant, in their order; no id is given twice."""
    fresh = [alert_id_of(claimant.subject, claimant.first_transaction) for claimant in claimants]
    earlier = previous.alerts if previous else {}
    kept = _settle(_claims(claimants, fresh, earlier))
    taken = set(kept.values()) | set(earlier)
    identities = []
    for number, claimant in enumerate(claimants):
        if number in kept:
            before = earlier[kept[number]]
            change = _change(claimant, before, span_start)
            identities.append(Identity(before.alert_id, before.revision + 1, change))
            continue
        alert_id, salt = fresh[number], 0
        while alert_id in taken:
            salt += 1
            alert_id = alert_id_of(claimant.subject, claimant.first_transaction, salt)
        taken.add(alert_id)
        identities.append(Identity(alert_id, 1, "new"))
    return identities


def _claims(
    claimants: Sequence[Claimant], fresh: Sequence[str], earlier: Mapping[str, Earlier]
) -> list[tuple[tuple[object, ...], int, str]]:
    """Who could keep which earlier id, best claim first."""
    of_row: dict[TransactionKey, list[str]] = defaultdict(list)
    for alert in earlier.values():
        for row in alert.rows:
            of_row[row].append(alert.alert_id)
    claims = []
    for number, claimant in enumerate(claimants):
        shared = Counter(alert_id for row in claimant.rows for alert_id in of_row.get(row, ()))
        if fresh[number] in earlier:
            shared[fresh[number]] += 0
        for alert_id, count in shared.items():
            before = earlier[alert_id]
            same = before.subject == claimant.subject
            if same or {before.subject.kind, claimant.subject.kind} <= _OWN_ACTIVITY:
                order = (not same, before.lapsed, -count, before.last_day, alert_id, claimant.subject)
                claims.append((order, number, alert_id))
    return sorted(claims)


def _settle(claims: Sequence[tuple[tuple[object, ...], int, str]]) -> dict[int, str]:
    kept: dict[int, str] = {}
    given: set[str] = set()
    for _, number, alert_id in claims:
        if number not in kept and alert_id not in given:
            kept[number] = alert_id
            given.add(alert_id)
    return kept


def _change(claimant: Claimant, before: Earlier, span_start: int) -> Change:
    if before.lapsed or before.last_day <= span_start:
        return "reopened"
    return "grown" if claimant.rows - before.rows else "unchanged"
