"""A synthetic bank as a core-banking system would export it: a file a month, each month in another dress.

Six dresses take turns (``mappings/lao_core_v1.yml`` reads them all):

- A: UTF-8 with BOM, semicolons, dotted thousands, decimal comma, D/C flag, Buddhist years, a preamble and a total row.
- B: cp874, debit and credit columns, Thai digits; rows with Lao text stand in a second file, in UTF-16.
- C: a workbook with real dates and signed numbers under a title.
- D: UTF-16, tabs, Lao digits, a minus behind the amount.
- E: gzip, commas, everything quoted, ``1,234,567.50``, D/C flag.
- F: a zip, amounts in parentheses where money leaves.

Each file repeats the last two days of the month before.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from amlscreen.synth.messy_codes import CHANNEL, KIND, PROVINCE, PURPOSE
from amlscreen.synth.messy_reference import write_reference
from amlscreen.synth.messy_text import Spelling

if TYPE_CHECKING:
    from amlscreen.synth.bank import Bank

__all__ = ["write_messy"]

_REPEATED_DAYS = 2
_STAMP = (1980, 1, 1, 0, 0, 0)
_FIXED = {
    "REF_NO": "transaction_id",
    "ACCT_NO": "account_id",
    "CCY": "currency",
    "ORIG_REF": "reverses",
    "DETAILS": "narrative",
    "CP_BANK": "counterparty_institution",
    "CP_ACCT": "counterparty_account",
    "CP_PHONE": "counterparty_phone",
    "CP_NAME": "counterparty_name",
    "ULT_NAME": "ultimate_party",
    "DEPOSITOR": "conductor_id",
    "CTRY": "country",
    "BR": "branch_id",
    "TERM": "terminal_id",
    "MCC": "mcc",
}
_CODED = {
    "CH": ("channel", CHANNEL),
    "TYPE": ("kind", KIND),
    "PURP": ("purpose", PURPOSE),
    "PROV": ("province", PROVINCE),
}


@dataclass(frozen=True, slots=True)
class Dress:
    """How one month is written."""

    letter: str
    suffix: str
    encoding: str
    separator: str
    spelling: Spelling
    sides: Literal["flag", "columns", "signed"]
    preamble: tuple[str, ...] = ()
    quoted: bool = False


_DRESSES = (
    Dress(
        "A",
        ".csv",
        "utf-8-sig",
        ";",
        Spelling(buddhist=True, thousands=".", decimal=","),
        "flag",
        ("ລາຍງານທຸລະກຳ", "CORE BANKING EXPORT", ""),
    ),
    Dress("B", ".csv", "cp874", ";", Spelling(buddhist=True, digits="thai"), "columns", ("TRANSACTION REPORT",)),
    Dress("C", ".xlsx", "", "", Spelling(date="%Y-%m-%d"), "signed", ("TRANSACTION REPORT", "")),
    Dress("D", ".txt", "utf-16", "\t", Spelling(date="%d-%m-%Y", buddhist=True, minus="after", digits="lao"), "signed"),
    Dress("E", ".csv.gz", "utf-8", ",", Spelling(date="%Y/%m/%d"), "flag", quoted=True),
    Dress("F", ".zip", "utf-8", ";", Spelling(minus="parentheses"), "signed", ("EXPORT",)),
)
_APP = Dress("APP", ".txt", "utf-16", ";", Spelling(buddhist=True, digits="thai"), "columns", ("TRANSACTION REPORT",))

Row = dict[str, Any]


def write_messy(bank: Bank, folder: Path) -> list[Path]:
    """One file a month of transactions, and the reference tables under the bank's own headers."""
    written: list[Path] = []
    repeated: list[Row] = []
    for number, (month, rows) in enumerate(_by_month(bank.tables["transactions"].to_pylist())):
        dress = _DRESSES[number % len(_DRESSES)]
        written += _write_month(folder, dress, month, repeated + rows)
        last = _day(rows[-1])
        repeated = [row for row in rows if (last - _day(row)).days < _REPEATED_DAYS]
    return [*written, *write_reference(bank, folder)]


def _day(row: Row) -> dt.date:
    at = row["at"]
    return at.date() if isinstance(at, dt.datetime) else at


def _by_month(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    months: dict[str, list[Row]] = {}
    for row in rows:
        months.setdefault(_day(row).strftime("%Y%m"), []).append(row)
    return sorted(months.items())


def _write_month(folder: Path, dress: Dress, month: str, rows: list[Row]) -> list[Path]:
    if dress.encoding != "cp874":
        return [_write(folder, dress, month, rows)]
    plain = [row for row in rows if _is_encodable(row, dress.encoding)]
    lao = [row for row in rows if not _is_encodable(row, dress.encoding)]
    return [_write(folder, dress, month, plain), *([_write(folder, _APP, month, lao)] if lao else [])]


def _is_encodable(row: Row, encoding: str) -> bool:
    try:
        "".join(value for value in row.values() if isinstance(value, str)).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _write(folder: Path, dress: Dress, month: str, rows: list[Row]) -> Path:
    path = folder / f"TXN_{dress.letter}_{month}{dress.suffix}"
    records = [_record(row, dress) for row in rows]
    if dress.suffix == ".xlsx":
        _write_workbook(path, dress, records)
        return path
    data = _as_csv(dress, records, rows).encode(dress.encoding)
    if dress.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            entry = zipfile.ZipInfo(path.stem + ".csv", _STAMP)
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    elif dress.suffix.endswith(".gz"):
        with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            packed.write(data)
    else:
        path.write_bytes(data)
    return path


def _record(row: Row, dress: Dress) -> Row:
    """One row under the bank's headers. In a workbook days and amounts stay what they are."""
    spelling, typed = dress.spelling, dress.suffix == ".xlsx"
    at = row["at"]
    exact = isinstance(at, dt.datetime) and row.get("time_precision") == "second"
    value_date = row.get("value_date")
    record: Row = {
        "TXN_DATE": _day(row) if typed else spelling.day(_day(row)),
        "TXN_TIME": spelling.clock(at) if exact else "",
        "VAL_DATE": value_date if typed else spelling.day(value_date),
        **{header: row.get(name) or "" for header, name in _FIXED.items()},
        **{header: codes.get(row.get(name) or "", "") for header, (name, codes) in _CODED.items()},
        "BAL": row.get("balance_after") if typed else spelling.amount(row.get("balance_after")),
        "OPR": "SYS01",
    }
    return {**record, **_sides(row, dress, typed=typed)}


def _sides(row: Row, dress: Dress, *, typed: bool) -> Row:
    amount: Decimal = row["amount"]
    leaves = row["direction"] == "debit"
    spelled = dress.spelling.amount(amount)
    if dress.sides == "flag":
        return {"AMT": spelled, "DC": "D" if leaves else "C"}
    if dress.sides == "columns":
        return {"WITHDRAWAL": spelled if leaves else "", "DEPOSIT": "" if leaves else spelled}
    signed = -amount if leaves else amount
    return {"AMT": signed if typed else dress.spelling.amount(signed)}


def _as_csv(dress: Dress, records: list[Row], rows: list[Row]) -> str:
    out = io.StringIO()
    for line in dress.preamble:
        out.write(line + "\r\n")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if dress.quoted else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(out, list(records[0]), delimiter=dress.separator, quoting=quoting)
    writer.writeheader()
    writer.writerows(records)
    if dress.preamble:
        total = sum((row["amount"] for row in rows), Decimal(0))
        out.write(dress.separator.join(["TOTAL", str(len(rows)), dress.spelling.amount(total)]) + "\r\n")
    return out.getvalue()


def _write_workbook(path: Path, dress: Dress, records: list[Row]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    book.set_properties({"created": dt.datetime(2026, 1, 1)})
    sheet = book.add_worksheet("TXN")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for place, line in enumerate(dress.preamble):
        sheet.write_string(place, 0, line)
    head = len(dress.preamble)
    headers = list(records[0])
    sheet.write_row(head, 0, headers)
    for place, record in enumerate(records, head + 1):
        for column, value in enumerate(record.values()):
            if isinstance(value, dt.date):
                sheet.write_datetime(place, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, Decimal):
                sheet.write_number(place, column, float(value))
            elif value:
                sheet.write_string(place, column, value)
    sheet.write_string(head + 1 + len(records), 0, "TOTAL")
    book.close()
