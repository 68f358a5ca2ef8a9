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
    }
)
"""``words.named`` answers these names too, beside those of the canonical columns of every table."""
