"""What a file's column can be besides a canonical column: parts that a canonical column is made from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["PARTS"]

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "debit": "amounts that leave the account, beside a column of those that come in",
        "credit": "amounts that come in, beside a column of those that leave",
        "time": "the clock time, beside a column of days",
        "status": "whether an entry is booked, pending, declined, cancelled",
        "fee": "a charge beside an amount",
        "foreign_amount": "the amount in the currency it was made in, beside the one booked",
        "foreign_currency": "that currency",
        "exchange_rate": "the rate between the two",
        "account_name": "the holder's name beside a booking; transactions have no such column",
        "balance_side": "whether the balance beside it is owed or owned",
        "row_number": "a running number of the rows, which identifies nothing",
        "printed": "by whom or when the row was entered or printed",
        "first_name": "the first of two columns that a customer's name is made from",
        "last_name": "the second of them",
    }
)
"""``words.named`` answers these names too, beside those of the canonical columns of every table."""
