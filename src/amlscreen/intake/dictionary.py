"""The data dictionary, made from ``schema.py``: ``python -m amlscreen.intake.dictionary docs/data_dictionary.md``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from amlscreen.intake.noticed import NOTICES
from amlscreen.intake.reasons import REASONS
from amlscreen.schema import TABLES, Column, Table

__all__ = ["data_dictionary"]

_HEAD = """\
# Data dictionary

Made from `src/amlscreen/schema.py` by `make docs`; change it there.

Files become these tables through a mapping; only `transactions` is compulsory. A column marked *key* is part of what
identifies a row, *required* must be filled, *personal* never stands in logs, messages or masked outputs.

| Type | In files | Inside |
|---|---|---|
| text | any text | text, trimmed, Unicode NFC; empty means not known |
| code | one of the values listed, or the bank's codes with a list in the mapping | one of the values listed |
| money | a decimal number | int64 minor units, with the digits ISO 4217 gives the currency |
| time | local wall time, or with its own zone | int64 microseconds UTC |
| date | a calendar day | days since 1970-01-01 |
| flag | true, false, yes, no, y, n, t, f, 1, 0 | true or false |
| whole | digits | int64 |
| decimal | a number with at most eight digits after its mark | decimal(18, 8) |
"""

_MADE = """\
## What intake adds to transactions

| Column | Meaning |
|---|---|
| row_id | Number of the row: rises with file order and record, with gaps where rows stood aside. |
| file_no, record | The file, in the order read, and the ordinal of the record in it. |
| local_day | Local calendar day, in days since 1970-01-01. |
| hour | Local hour; empty unless the time is exact to the second. |
| amount_original | The amount in minor units of `currency`; `amount` is in home currency at the day's rate. |
| netted | Takes back another accepted row of the account with the same original money, or is taken back by one. |
| is_recalled | A recall or complaint names this payment. |

- `kind` becomes `own_transfer` where the file maps no kind and the counterparty is another account of the owner.
- A file whose times are all midnight (ten rows or more) holds days: `time_precision` is `day`.
- A missing `transaction_id` is made: `X`, 16 hexadecimal digits of the content, and the occurrence within the file.
- The rate in force is the latest at or before the local day and at most 31 days old; home amounts round half to even.
- A province's spellings become its ISO 3166-2 code by the jurisdiction's list, countries and currencies theirs by code,
  number or name in several languages. A word for several is left empty, one nobody knows stays as given; both are told.
- A booking or rate whose currency is no currency, or could be several, stands aside.
- `account_id` and the keys of accounts have a valid IBAN without spaces; a BIC loses the three X of a head office.
- A name's key has look-alike letters and capitals as one, no title and single spaces; the order of its parts stays.
- A counterparty key that a file gives is kept as it is; without a known kind in front its kind is `name`.
"""


_MADE_OF_CUSTOMERS = """\
## What intake adds to customers

| Column | Meaning |
|---|---|
| name_key, latin_key | Match keys of `name` and `name_latin`: titles, capitals, spaces, ways of typing one \
letter, and the order of given and family name make no difference. |

- `phone` is E.164 if the first number in the cell fits its country's numbering plan, else as given.
- A birth after the last day of the data, or a person born over 120 years before it, stands aside.
"""


def data_dictionary() -> str:
    """The whole dictionary as Markdown."""
    parts = [_HEAD, *(_table(table) for table in TABLES.values()), _MADE, _MADE_OF_CUSTOMERS, _reasons(), _notices()]
    return "\n".join(parts)


def _table(table: Table) -> str:
    compulsory = " Compulsory." if table.compulsory else ""
    lines = [f"## {table.name}", "", f"{table.meaning}{compulsory}", "", "| Column | Type | Meaning |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {_kind(column)} | {_meaning(column)} |" for column in table.columns]
    return "\n".join(lines) + "\n"


def _kind(column: Column) -> str:
    marks = [name for name in ("key", "required", "personal") if getattr(column, name)]
    return ", ".join([column.type, *marks])


def _meaning(column: Column) -> str:
    parts = [column.meaning]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.allowed:
        parts.append(f"One of {', '.join(f'`{word}`' for word in column.allowed)}.")
    if column.default:
        parts.append(f"Default: {column.default}.")
    return " ".join(parts).replace("|", "\\|")


def _reasons() -> str:
    lines = ["## Why a row can stand aside", "", "| Reason | Meaning |", "|---|---|"]
    return "\n".join(lines + [f"| `{code}` | {meaning} |" for code, meaning in REASONS.items()]) + "\n"


def _notices() -> str:
    head = ["## What is told of values that were kept", "", "Counted by file and column, in the run's warnings and in"]
    lines = [*head, "`Dataset.noticed`; no value is shown.", "", "| Code | The values |", "|---|---|"]
    return "\n".join(lines + [f"| `{code}` | {meaning}. |" for code, meaning in NOTICES.items()]) + "\n"


def _write(arguments: Sequence[str]) -> None:
    Path(arguments[0]).write_text(data_dictionary(), encoding="utf-8")


if __name__ == "__main__":
    _write(sys.argv[1:])
