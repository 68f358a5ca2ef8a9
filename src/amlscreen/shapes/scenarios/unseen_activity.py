"""What an account was opened for leaves no trace on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.shapes.scenario_functions import measures
from amlscreen.shapes.scenario_lines import Facts, Lines, Seen
from amlscreen.shapes.scenarios.tables import accounts_words, is_abroad
from amlscreen.shapes.settled import AfterSweep

__all__ = ["unseen_activity"]

Ints = NDArray[np.int64]
_TRACES = ("salary", "business", "remittance")
_SHOWN = 10


class Traces(NamedTuple):
    """Of each account: sums of the days looked at, traces of each declared activity, and its largest transactions."""

    account: Ints
    payments: Ints
    turnover: Ints
    wages: Ints
    age: Ints
    seen: Ints
    facts: Facts
    of: Ints


def traces(lines: Lines, options: Mapping[str, Any]) -> Traces:
    """What one partition's accounts show."""
    recent = lines.since(options["days"])
    merchant = lines.column("is_merchant")
    abroad = is_abroad(lines)
    bought = lines.is_("channel", "qr", "card")
    sold = lines.is_("direction", "credit") & (bought | lines.is_("purpose", "goods", "rent"))
    supplied = lines.is_("direction", "debit") & ~bought & lines.is_("purpose", "goods", "rent", "tax", "salary")
    found = (
        lines.is_("direction", "credit") & lines.is_("purpose", "salary"),
        sold | supplied | (merchant.is_known() & (merchant.array == 1)),
        lines.is_("purpose", "family") | lines.is_("channel", "wire") | abroad,
    )
    amount = np.where(recent, lines.column("amount").array, 0).astype(np.int64)
    age = lines.column("account_age")
    days = np.where(age.is_known(), age.array + lines.as_of - lines.column("local_day").array, -1)
    oldest = np.maximum.reduceat(days, lines.offsets[:-1])
    order = np.lexsort((-amount, lines.group))
    largest = order[np.arange(lines.size) - np.repeat(lines.offsets[:-1], np.diff(lines.offsets)) < _SHOWN]
    largest = np.sort(largest[recent[largest]])
    return Traces(
        lines.subject,
        lines.total(recent),
        lines.total(amount),
        lines.total(np.where(recent, lines.column("wage_multiple").array, 0)),
        oldest.astype(np.int64),
        np.stack([lines.total(one & recent) for one in found]),
        lines.facts(largest),
        lines.subject[lines.group[largest]],
    )


@measures("unseen_activity", gather=traces)
def unseen_activity(pieces: Sequence[Traces], bank: AfterSweep, options: Mapping[str, Any]) -> Seen:
    """Every account with what it was opened for, and the share of all accounts it is busier than."""
    none = np.empty(0, np.int64)
    account, payments, turnover, wages, age = (
        np.concatenate([none, *(getattr(piece, name) for piece in pieces)])
        for name in ("account", "payments", "turnover", "wages", "age")
    )
    seen = np.concatenate([np.empty((len(_TRACES), 0), np.int64), *(piece.seen for piece in pieces)], axis=1)
    declared = accounts_words(bank, "declared_purpose").take(account)
    which = np.full(account.size, -1, np.int64)
    for place, word in enumerate(_TRACES):
        if declared.words is not None:
            which[declared.among([word])] = place
    judged = which >= 0
    among = np.sort(turnover[payments > 0])
    below = np.searchsorted(among, turnover)
    of = np.concatenate([none, *(piece.of for piece in pieces)])
    order = np.argsort(account, kind="stable")
    return Seen(
        account,
        {
            "declared": declared,
            "seen": Values(seen[np.maximum(which, 0), np.arange(account.size)], judged),
            "payments": payments,
            "turnover": turnover,
            "wages": wages,
            "busier_than": (below * MILLION // max(among.size, 1)).astype(np.int64),
            "account_days": Values(np.maximum(age, 0), age >= 0),
        },
        Facts.of([piece.facts for piece in pieces]),
        order[np.searchsorted(account[order], of)],
        ["largest"] * of.size,
        notes=(f"rows_cut:the {_SHOWN} largest are shown",),
    )
