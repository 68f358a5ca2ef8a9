"""Shape ``anomaly``, last step: one hit for each subject that is odd enough, and why it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.because import Because
from amlscreen.hits import Hit, SubjectRef
from amlscreen.ledger.columns import MILLION
from amlscreen.shapes.anomaly import Odd
from amlscreen.shapes.anomaly_words import Figures, in_words
from amlscreen.shapes.plan import DAY
from amlscreen.shapes.settled import Settled

__all__ = ["FEATURES_TOLD", "anomaly_hits"]

Ints = NDArray[np.int64]
FEATURES_TOLD = 4
"""So many features are told of a hit, those that set it apart most."""
_SAID = ("oddness", "peers", "peer_group", "known")


def anomaly_hits(odd: Odd) -> Settled:
    """One hit for each subject that meets the card, by number. It has no rows: it is about all of them."""
    met, reasons = odd.meeting(), odd.reasons()
    notes = [f"not_scored:{count} {said}" for said, count in sorted(reasons.items())]
    outside = int((~odd.peers).sum())
    if outside:
        notes.append(f"not_looked_at:{outside} outside of `among`")
    notes += [f"feature_left_out:{name} {said}" for name, said in odd.judged.left_out.items()]
    return Settled(_hits(odd, met), sum(reasons.values()), tuple(notes))


def _hits(odd: Odd, met: Ints) -> list[Hit]:
    if not met.size:
        return []
    measured = {name: odd.measured(name, met) for name in _SAID}
    why = odd.judged.because(met, FEATURES_TOLD)
    known, total = odd.known[met].tolist(), len(odd.columns)
    least = int(odd.card.least_known * MILLION)
    day = odd.facts.last_day
    moment = day * DAY - odd.facts.jurisdiction.utc_offset_minutes * 60_000_000
    figures = Figures(odd.facts.jurisdiction)
    hits = []
    for place, (subject, customers, accounts) in enumerate(_about(odd, met)):
        hits.append(
            Hit(
                rule_id=odd.card.id,
                subject=subject,
                customer_ids=customers,
                account_ids=accounts,
                episode=1,
                first_at=moment,
                last_at=moment,
                first_day=day,
                last_day=day,
                measures={name: values.told(place) for name, values in measured.items()} | _words(why[place], figures),
                known=1,
                total=1,
                partial=known[place] * MILLION < least * total,
            )
        )
    return hits


def _words(found: Sequence[Because], figures: Figures) -> dict[str, str | None]:
    return {"leading": found[0].feature if found else None, "because": in_words(found, figures)}


def _about(odd: Odd, numbers: Ints) -> list[tuple[SubjectRef, tuple[str, ...], tuple[str, ...]]]:
    """Whom each hit is about, its customers and its accounts: of an account its owners, of a customer no account."""
    if odd.detect.subject == "customer":
        names = odd.facts.customer_names(numbers)
        return [(SubjectRef(bank, "customer", name), (name,), ()) for bank, name in names]
    at, owners = odd.facts.owners_of(numbers)
    of_account: list[list[str]] = [[] for _ in range(numbers.size)]
    for place, (_, customer) in zip(at.tolist(), odd.facts.customer_names(owners), strict=True):
        of_account[place].append(customer)
    names = odd.facts.account_names(numbers)
    return [
        (SubjectRef(bank, "account", name), tuple(customers), (name,))
        for (bank, name), customers in zip(names, of_account, strict=True)
    ]
