"""Small files of every format, ways to spoil them, and what must hold of whatever comes of it."""

from __future__ import annotations

import gzip
import io
import tempfile
import time
import zipfile
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from amlscreen.errors import DataError
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.source import SourceFile
from amlscreen.settings import Settings
from intake.reading import read_source

__all__ = ["MARKS", "SEEDS", "hold", "hold_of_a_dataset", "seed"]

_FILES = Path(__file__).resolve().parent / "seeds"

SEEDS = (
    *("csv", "csv_thai", "csv_utf16", "jsonl", "html", "excel", "parquet", "zip", "gzip"),
    *("mt940", "mt103", "camt", "pain", "ofx", "qif"),
)
"""One small file of each kind; :func:`seed` makes it."""

MARKS = (
    *(
        b",",
        b";",
        b"\t",
        b'"',
        b"'",
        b"\n",
        b"\r\n",
        b"\0",
        b"\x1a",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x80",
        b"\xe0\xb8",
    ),
    *(b":61:", b":86:", b":62F:", b"{4:", b"-}", b"2602300230", b"RC", b"?20", b"//", b"999999999999999999,99", b"NaN"),
    *(
        b"<Ntry>",
        b"</Ntry>",
        b"<Amt>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"&b;",
        b"<![CDATA[",
        b"<STMTTRN>",
        b"<TRNAMT>",
    ),
    *(
        b"^\n",
        b"!Type:Invst\n",
        b"D31/31/2026\n",
        b"1e308",
        b"-0",
        b"0x10",
        b"2569-02-29",
        b"infinity",
        b"{}",
        b"PK\x03\x04",
    ),
)
"""Bytes that mean something to some reader."""

_SECONDS = 20


@cache
def seed(kind: str) -> bytes:
    """The bytes of one small, sound file."""
    if (file := _FILES / kind).exists():
        return file.read_bytes()
    csv = (_FILES / "csv").read_text(encoding="utf-8")
    made = {
        "csv_thai": lambda: csv.replace("rice", "ข้าวสาร").encode("cp874"),
        "csv_utf16": lambda: csv.replace(",", "\t").encode("utf-16"),
        "jsonl": lambda: b'{"account_id": "A1", "amount": "5.00"}\n{"account_id": "A2", "at": null}\n',
        "html": lambda: b"<html><table><tr><th>account_id<th>amount<tr><td>A1<td>5.00</table></html>",
        "excel": lambda: _workbook(csv),
        "parquet": _parquet,
        "zip": lambda: _archive(csv),
        "gzip": lambda: gzip.compress(csv.encode(), mtime=0),
    }
    return made[kind]()


def _workbook(csv: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [csv.splitlines()[0].split(","), ["B", 1, "A1", "2026-03-01", "credit", 5, "LAK", "x"]]
        ):
            sheet.write_row(row, 0, cells)
    return out.getvalue()


def _parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"account_id": ["A1", "A2"], "amount": ["1", None]}), out)
    return out.getvalue()


def _archive(csv: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", csv)
    return out.getvalue()


def hold(content: bytes, name: str = "export") -> None:
    """Reading these bytes ends in time, with every line accounted for or a DataError; anything else is raised."""
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            read_source(SourceFile(path, None, name), workspace=folder)
        except DataError as problem:
            assert str(problem)
    assert time.process_time() - begun < _SECONDS, "reading a small file takes too long"


def hold_of_a_dataset(content: bytes, name: str = "transactions") -> None:
    """The same of a whole dataset: rows and money read are accepted, quarantined, excluded or duplicates."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            with Dataset.read(path, settings=Settings(institution="B", most_quarantined=1, threads=1)) as data:
                data.reconciliation.ties()
        except DataError as problem:
            assert str(problem)
