"""How customers used their accounts of late: what declared figures and purposes are held against.

Everything is over the last :data:`SPAN_DAYS` days up to the last one, bookings made by or for the customer and not
taken back. Amounts are minor units of the home currency.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.jurisdiction import Jurisdiction
from amlscreen.ledger.columns import is_countable, unix_day
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference

__all__ = ["ACCOUNT_FIGURES", "CUSTOMER_FIGURES", "LEAST_DAYS", "SPAN_DAYS", "Use", "listed_places", "use_of", "used"]

Ints = NDArray[np.int64]

SPAN_DAYS = 90
LEAST_DAYS = 30
"""With less history than this, use is not judged."""
MONTH_DAYS = 30
ACCOUNT_FIGURES = ("received", "sent", "credits", "debits", "salaries", "remittances")
CUSTOMER_FIGURES = ("received", "sent", "credits", "debits", "cash", "wired", "by_agent", "listed_country")
_CASH = ("cash", "atm", "agent")


@dataclass(frozen=True, slots=True)
class Use:
    """Figures of one partition's customers and accounts, or of all, by their numbers.

    ``received`` and ``sent`` are amounts, ``credits`` and ``debits`` counts of bookings; ``salaries`` counts salaries
    received, ``remittances`` wires and payments to or from family; ``cash``, ``wired``, ``by_agent`` and
    ``listed_country`` are amounts, both ways together.
    """

    customer_no: Ints
    account_no: Ints
    customer: Mapping[str, Ints]
    account: Mapping[str, Ints]


def listed_places(jurisdiction: Jurisdiction, day: int) -> tuple[str, ...]:
    """The codes of the jurisdiction's high-risk places on that day."""
    return tuple(
        place.code
        for place in jurisdiction.high_risk_places
        if unix_day(place.holds_from) <= day and (place.holds_until is None or day <= unix_day(place.holds_until))
    )


def use_of(part: Partition, countries: Collection[str] = ()) -> Use:
    """The figures of the partition; ``countries`` are those that count as listed, none where it carries no country."""
    last = part.reference.last_day
    rows = np.flatnonzero(is_countable(part) & (part.column("local_day").array > last - SPAN_DAYS))
    customer, account = part.column("customer").array[rows], part.column("account").array[rows]
    amount, credit = part.column("amount").array[rows], _among(part, "direction", ("credit",), rows)
    listed = _among(part, "country", tuple(countries), rows) if countries else np.zeros(rows.size, np.bool_)
    zero = np.zeros(rows.size, np.int64)
    of_customer = {
        "received": np.where(credit, amount, zero),
        "sent": np.where(credit, zero, amount),
        "credits": credit,
        "debits": ~credit,
        "cash": np.where(_among(part, "channel", _CASH, rows), amount, zero),
        "wired": np.where(_among(part, "channel", ("wire",), rows), amount, zero),
        "by_agent": np.where(_among(part, "channel", ("agent",), rows), amount, zero),
        "listed_country": np.where(listed, amount, zero),
    }
    of_account = {
        **{name: of_customer[name] for name in ("received", "sent", "credits", "debits")},
        "salaries": credit & _among(part, "purpose", ("salary",), rows),
        "remittances": _among(part, "channel", ("wire",), rows) | _among(part, "purpose", ("family",), rows),
    }
    once = np.flatnonzero(part.column("holder_no").array[rows] == 0)  # a joint account counts once
    customers, by_customer = _sums(customer, of_customer)
    accounts, by_account = _sums(account[once], {name: values[once] for name, values in of_account.items()})
    return Use(customers, accounts, by_customer, by_account)


def _among(part: Partition, name: str, words: Sequence[str], rows: Ints) -> NDArray[np.bool_]:
    values = part.column(name)
    return np.zeros(rows.size, np.bool_) if values.words is None else values.among(words)[rows]


def _sums(keys: NDArray[np.int32], columns: Mapping[str, NDArray[np.generic]]) -> tuple[Ints, dict[str, Ints]]:
    """The sums over each run of equal keys."""
    if not keys.size:
        return np.empty(0, np.int64), {name: np.empty(0, np.int64) for name in columns}
    start = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[start].astype(np.int64), {
        name: np.add.reduceat(values.astype(np.int64), start) for name, values in columns.items()
    }


def used(parts: Sequence[Use], reference: Reference) -> Use:
    """The figures of every customer and account by number; zero for those without a booking."""
    customers, accounts = reference.customer_ids.num_rows, reference.account_ids.num_rows
    by_customer = {name: np.zeros(customers, np.int64) for name in CUSTOMER_FIGURES}
    by_account = {name: np.zeros(accounts, np.int64) for name in ACCOUNT_FIGURES}
    for part in parts:
        for name in CUSTOMER_FIGURES:
            by_customer[name][part.customer_no] = part.customer[name]
        for name in ACCOUNT_FIGURES:
            by_account[name][part.account_no] = part.account[name]
    return Use(np.arange(customers), np.arange(accounts), by_customer, by_account)
