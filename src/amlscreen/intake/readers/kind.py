"""What a file is, told from its content and not from its name."""

from __future__ import annotations

import re

from amlscreen.errors import DataError, Place
from amlscreen.intake.layout import Format
from amlscreen.intake.readers.iso_names import holds_iso20022
from amlscreen.intake.readers.swift_kind import is_swift

__all__ = ["Kind", "kind_of"]

Kind = Format | str

_PACKED = (
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ", "packed with xz"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd"),
)
_OTHER = (
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"{\\rtf", "an RTF document"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"PARE", "a Parquet file that is protected by encryption"),
)
_OFX_HEADER = re.compile(rb"OFXHEADER\s*:|DATA\s*:\s*OFX", re.I)
_OFX_TAG = re.compile(rb"<\?OFX\s|<OFX>|OFXHEADER", re.I)
_QIF = re.compile(rb"!(?:Type:|Account\b|Option:|Clear:)", re.I)
_EXPORT = "Export it as CSV, XLSX, Parquet or JSON lines."


def kind_of(name: str, head: bytes) -> Kind:
    """The name of what a file holds, as the readers are called; DataError for what none of them reads."""
    place = Place(name)
    for mark, what in _PACKED:
        if head.startswith(mark):
            raise DataError(f"is {what}.", place=place, fix="Unpack it, or pack it as .zip or .gz.")
    for mark, what in _OTHER:
        if head.startswith(mark):
            raise DataError(f"is {what}, not a table.", place=place, fix=_EXPORT)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "excel"
    return _text_kind(head, place)


def _text_kind(head: bytes, place: Place) -> Kind:
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    whole = start.lstrip()
    start = whole[:4000]
    lower = start[:1000].lower()
    if _QIF.match(start):
        return "qif"
    if is_swift(start):
        return "swift_mt"
    if lower.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style", b"<div", b"<head")):
        return "html"
    if _OFX_HEADER.match(start) or (start.startswith(b"<") and _OFX_TAG.search(start)):
        return "ofx"
    if lower.startswith(b"<?xml") or re.match(rb"<[a-z][\w:.-]*[\s>]", lower):
        return _xml_kind(whole, place)
    if start.startswith(b"{") and (b'"' in start[:200]):
        return "jsonl"
    if re.match(rb"\[\s*\{\s*\"", start):
        raise DataError("is one JSON array.", place=place, fix="Write one JSON object per line.")
    return "csv"


def _xml_kind(whole: bytes, place: Place) -> Kind:
    if holds_iso20022(whole):
        return "iso20022"
    start = whole[:4000]
    if b"<html" in start.lower():
        return "html"
    if b"schemas-microsoft-com:office:spreadsheet" in start:
        raise DataError("is an Excel 2003 XML sheet.", place=place, fix="Open it in Excel and save it as XLSX.")
    raise DataError("is XML, not a table.", place=place, fix=_EXPORT)
