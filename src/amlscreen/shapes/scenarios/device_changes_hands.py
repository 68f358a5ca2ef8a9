"""Soon after an account was opened another device takes it over, and money begins to pass through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import joined, positions, whole
from amlscreen.shapes.scenario_functions import measures
from amlscreen.shapes.scenario_lines import Facts, Lines, Seen
from amlscreen.shapes.settled import AfterSweep

__all__ = ["device_changes_hands"]

Ints = NDArray[np.int64]
_DAY = 86_400_000_000
_NEVER = np.iinfo(np.int64).max


class Young(NamedTuple):
    """Transactions on accounts that were opened not long before: whose, how old the account was, and what moved."""

    customer: Ints
    age: Ints
    credit: NDArray[np.bool_]
    amount: Ints
    wages: Ints
    facts: Facts


def young(lines: Lines, options: Mapping[str, Any]) -> Young:
    """The transactions of one partition that may come after a change of hands."""
    age = lines.column("account_age")
    near = np.flatnonzero(age.is_known() & (age.array <= options["new"] + options["after"]))
    return Young(
        lines.subject[lines.group[near]],
        age.array[near].astype(np.int64),
        lines.is_("direction", "credit")[near],
        lines.column("amount").array[near].astype(np.int64),
        lines.column("wage_multiple").array[near].astype(np.int64),
        lines.facts(near),
    )


@measures("device_changes_hands", gather=young)
def device_changes_hands(pieces: Sequence[Young], bank: AfterSweep, options: Mapping[str, Any]) -> Seen:
    """Every customer whose first device fell silent for good while another took over, and what moved after that."""
    customer, age, amount, wages = (_whole(pieces, name) for name in ("customer", "age", "amount", "wages"))
    credit = np.concatenate([np.empty(0, np.bool_), *(piece.credit for piece in pieces)])
    facts = Facts.of([piece.facts for piece in pieces])
    changed, logins, abroad = _takeovers(bank)
    at = changed[customer]
    kept = np.flatnonzero((facts.at > at) & (facts.at <= _later(at, options["after"])))
    kept = kept[age[kept] - (facts.at[kept] - at[kept]) // _DAY <= options["new"]]
    subject, of = np.unique(customer[kept], return_inverse=True)

    def total(values: Ints, rows: NDArray[np.bool_]) -> Ints:
        sums = np.zeros(subject.size, np.int64)
        np.add.at(sums, of, np.where(rows, values, 0)[kept])
        return sums

    received, sent = total(amount, credit), total(amount, ~credit)
    known = received > 0
    share = np.where(known, sent * MILLION // np.maximum(received, 1), 0)
    return Seen(
        subject,
        {
            "received": received,
            "wages": total(wages, credit),
            "passed_on": Values(share, known),
            "new_logins": logins[subject],
            "abroad": abroad[subject],
        },
        facts.some(kept),
        of.astype(np.int64),
        ["after" for _ in range(kept.size)],
    )


def _whole(pieces: Sequence[Young], name: str) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *(getattr(piece, name) for piece in pieces)])


def _later(at: Ints, days: int) -> Ints:
    return np.where(at == _NEVER, _NEVER, at + np.where(at == _NEVER, 0, days * _DAY))


def _takeovers(bank: AfterSweep) -> tuple[Ints, Ints, Ints]:
    """By customer_no: when another device took over for good (never: the largest number), logins since, and those of
    them from abroad.
    """
    size = bank.reference.customer_ids.num_rows
    changed, since, abroad = np.full(size, _NEVER), np.zeros(size, np.int64), np.zeros(size, np.int64)
    table = bank.tables["logins"]
    keys = [
        joined(whole(one["institution"]), "\x1f", whole(one["customer_id"]))
        for one in (table, bank.reference.customer_ids)
    ]
    who, at = positions(*keys), table["at"].to_numpy().astype(np.int64)
    device = as_values(whole(table["device_id"]))
    rows = np.flatnonzero((who >= 0) & device.is_known())
    rows = rows[np.lexsort((at[rows], who[rows]))]
    if not rows.size:
        return changed, since, abroad
    starts = np.flatnonzero(np.diff(who[rows], prepend=-1))
    group = np.repeat(np.arange(starts.size), np.diff(np.append(starts, rows.size)))
    first = device.array[rows[starts]][group] == device.array[rows]
    last_of_first = np.maximum.reduceat(np.where(first, at[rows], -_NEVER), starts)
    first_of_other = np.minimum.reduceat(np.where(first, _NEVER, at[rows]), starts)
    taken = (first_of_other != _NEVER) & (first_of_other > last_of_first)
    changed[who[rows[starts]]] = np.where(taken, first_of_other, _NEVER)
    country = as_values(whole(table["country"].cast("string")))
    home = {province.code[:2] for province in bank.reference.jurisdiction.provinces}
    away = country.is_known() & ~country.among(sorted(home)) if country.words is not None else country.is_known()
    later = ~first & taken[group]
    np.add.at(since, who[rows[later]], 1)
    np.add.at(abroad, who[rows[later & away[rows]]], 1)
    return changed, since, abroad
