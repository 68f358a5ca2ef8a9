"""Why a row can stand aside: the closed list of reason codes, each with the sentence people are shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["REASONS"]

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "missing_required": "A required column is empty.",
        "bad_date": "The text is not a date or time in any of the stated formats, or no such day exists.",
        "date_out_of_range": "The year lies outside 1900 to 2200; perhaps the era is stated wrongly.",
        "impossible_birth": "Born after the data's last day, or over 120 years before it; perhaps the era is wrong.",
        "bad_amount": "The text is not an amount in the stated spelling.",
        "too_precise": "More decimal digits than the currency has; perhaps the dot or comma groups thousands.",
        "overflow": "The amount is 100,000,000,000,000 whole units or more.",
        "negative_amount": "The amount is negative although another column gives the direction.",
        "both_sides": "Both the debit and the credit column hold an amount.",
        "no_side": "Neither debit nor credit: both columns are empty or zero, or a signed amount is zero.",
        "unknown_code": "The code is not in the mapping's list and no `otherwise` is stated.",
        "bad_split": "The cells that the mapping splits hold different numbers of parts, or more than twenty.",
        "bad_flag": "The text is neither true nor false.",
        "bad_number": "The text is not a number of the kind the column holds.",
        "unknown_currency": "The text is no currency of ISO 4217, neither its code nor a word for it that is known.",
        "ambiguous_currency": "Several currencies have that word or mark; `codes` in the mapping says which is meant.",
        "fx_missing": "No exchange rate holds on that day, or the latest is older than 31 days.",
        "conflict": "An earlier row has the same key but other content; the earlier one stays.",
        "ragged": "The record has more or fewer cells than the header.",
        "field_too_large": "A field is longer than `largest_field` allows.",
        "bad_encoding": "The bytes are not text in the file's encoding.",
        "bad_quote": "A quote stands inside a cell or is followed by text; the record cannot be cut into cells.",
        "unclosed_quote": "A quote is opened and never closed, so the rest of the file would be one cell.",
        "bad_json": "The line is not JSON.",
        "not_an_object": "The line is JSON, but not an object with named values.",
        "repeated_key": "The JSON object names a key twice.",
        "bad_entry": "The entry of a statement or message is not as its format demands.",
    }
)
