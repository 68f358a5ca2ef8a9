"""Files as they arrive: packed, protected, cut short, mislabelled, empty; each is read or refused with a sentence."""

from __future__ import annotations

import contextlib
import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.errors import DataError
from amlscreen.intake.source import find_sources
from amlscreen.settings import Settings
from intake.reading import read_bytes, read_source

CSV = b"id,amount\n1,10\n2,20\n"


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def parquet(sql: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        duckdb.connect().execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


def test_a_gzip_file_is_unpacked():
    """Whatever it is called."""
    assert read_bytes(gzip.compress(CSV), "a.csv.gz").cells == [("1", "10"), ("2", "20")]
    assert read_bytes(gzip.compress(CSV), "a.csv").cells == [("1", "10"), ("2", "20")]


def test_every_file_of_an_archive_is_a_source(tmp_path):
    """In the order of their names; what a Mac packs beside them is none."""
    path = tmp_path / "march.zip"
    path.write_bytes(zipped({"b.csv": CSV, "a.csv": CSV, "__MACOSX/a.csv": b"x"}))
    found = find_sources(path)
    assert [source.name for source in found] == ["march.zip!a.csv", "march.zip!b.csv"]
    assert read_source(found[0]).cells == [("1", "10"), ("2", "20")]


def test_a_folder_is_searched_in_a_fixed_order(tmp_path):
    """Names are paths below the folder; hidden and lock files are none; a folder may be called like a file."""
    for name in ("b/2.csv", "a.csv", "named.csv/x.csv", ".hidden", "~$book.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(CSV)
    assert [source.name for source in find_sources(tmp_path)] == ["a.csv", "b/2.csv", "named.csv/x.csv"]
    assert len(find_sources([tmp_path / "a.csv", tmp_path])) == 3


def test_files_of_the_same_name_are_told_apart(tmp_path):
    """Two months may both be called a.csv."""
    for month in ("march", "april"):
        (tmp_path / month).mkdir()
        (tmp_path / month / "a.csv").write_bytes(CSV)
    names = [source.name for source in find_sources([tmp_path / "march" / "a.csv", tmp_path / "april" / "a.csv"])]
    assert len(set(names)) == 2


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path):
    """And an empty folder with what it lacks."""
    with pytest.raises(DataError, match="holds no file"):
        find_sources(tmp_path)
    (tmp_path / "march.csv").write_bytes(CSV)
    with pytest.raises(DataError, match=r"Did you mean 'march\.csv'"):
        find_sources(tmp_path / "marhc.csv")


def _told_alike(value: object) -> str:
    """The same names in every process: archives hold the time they were made."""
    return value if isinstance(value, str) else "content"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "empty"),
        (b"\n \n\r\n", "a.csv", "blank"),
        (gzip.compress(b""), "a.csv.gz", "empty"),
        (gzip.compress(CSV * 100)[:-12], "a.csv.gz", "cut short"),
        (gzip.compress(CSV * 100)[:20] + b"\xff" * 200, "a.csv.gz", "damaged|cut short"),
        (zipped({"a.csv": CSV})[:60], "a.zip", "cut short or damaged"),
        (zipped({"a.csv": CSV}), "a.csv", "Rename it to .zip"),
        (zipped({"a.csv": CSV}), "a.xlsx", "Rename it to .zip"),
        (parquet("SELECT 1 AS a")[:-20], "a.parquet", "cut short"),
        (b"PAR1" + b"\x07" * 40 + b"PAR1", "a.parquet", "cannot|that can be read"),
        (b"PAR1", "a.parquet", "cut short"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000, "a.xls", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (b"%PDF-1.7", "a.csv", "PDF"),
        (b"Rar!\x1a\x07\x00", "a.csv", "RAR"),
        (b"<?xml version='1.0'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053'/>", "a.csv", "XML|20022"),
        (b"<html><body>no table</body></html>", "a.xls", "without a table"),
        (b"OFXHEADER:100\n", "a.csv", "holds no statement"),
        (b'[{"a": 1}]', "a.json", "one JSON object per line"),
    ],
    ids=_told_alike,
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content, name, said):
    """The sentence names the file and what is wrong with it."""
    with pytest.raises(DataError, match=said) as refused:
        read_bytes(content, name)
    assert str(refused.value).startswith(name)


def test_a_protected_archive_is_refused():
    """A password is asked for by saying so."""
    packed = bytearray(zipped({"a.csv": CSV}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DataError, match="password"):
        read_bytes(bytes(packed), "a.zip")


def test_a_zip_bomb_is_refused_before_it_fills_the_disk():
    """By ratio, and by the largest file that the settings allow."""
    with pytest.raises(DataError, match="zip bomb"):
        read_bytes(gzip.compress(b"0" * 120_000_000), "a.csv.gz")
    with pytest.raises(DataError, match="largest_file"):
        read_bytes(zipped({"a.csv": CSV * 1000}), "a.zip", settings=Settings(largest_file=5000))


def test_parquet_keeps_its_types_and_stays_where_it_is():
    """Nothing goes through text that has a type."""
    read = read_bytes(parquet("SELECT range AS n, DATE '2026-03-01' AS day FROM range(3)"), "a.parquet")
    assert read.raw.typed
    assert [row[:2] for row in read.rows] == [(1, 0), (2, 1), (3, 2)]
    assert read.raw.line_of([2]) == {2: 2}


DAMAGED = {
    "a.parquet": parquet("SELECT range AS n, 'text ' || range AS t FROM range(500)"),
    "a.csv.gz": gzip.compress(CSV * 50, mtime=0),
    "a.zip": zipped({"a.csv": CSV * 50}),
    "a.jsonl": b'{"id": 1, "t": "x"}\n' * 10,
}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(DAMAGED)), st.data())
def test_a_damaged_file_is_read_or_refused(name, data):
    """Some bytes changed, or the end missing: rows that add up, or a sentence."""
    content = bytearray(DAMAGED[name])
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DataError):
        read_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]), name)


@pytest.mark.parametrize("content", [CSV, parquet("SELECT 1 AS id, 10 AS amount")], ids=["csv", "parquet"])
def test_a_name_with_wildcards_is_one_file(content):
    """Browsers call the second download ``statement[1].csv``."""
    assert len(read_bytes(content, "stat*ment[1]?.csv").rows) in (1, 2)


def test_a_stated_format_must_be_the_files():
    """A mapping that expects Parquet is told of the CSV file it got."""
    with pytest.raises(DataError, match="stated as parquet"):
        read_bytes(CSV, "a.parquet", format="parquet")


def test_an_html_table_called_xls_is_read():
    """Many a bank's Excel export is a web page."""
    page = (
        "<html><meta charset='utf-8'><table><tr><th>id<th>name</tr><tr><td>1</td><td>ກ &amp; x<br>y</td></tr></table>"
    )
    assert read_bytes(page.encode(), "a.xls").cells == [("1", "ກ & x y")]


def test_text_called_xls_is_read_as_what_it_is():
    """The content decides, not the name."""
    assert read_bytes(b"a\tb\n1\t2\n", "a.xls").cells == [("1", "2")]


def test_json_lines_keep_their_values_as_written():
    """Numbers are not rounded, a nested value stays JSON, a key may be missing, and a bad line is rejected."""
    content = (
        b'{"id": 1, "amount": 12345678901234567.10}\n\n{"id": true, "x": {"y": [1]}}\n{"id":\n[1]\n{"a": 1, "a": 2}\n'
    )
    read = read_bytes(content, "a.jsonl")
    assert read.raw.columns == ("id", "amount", "x")
    assert read.rows == [(1, "1", "12345678901234567.10", None), (2, "true", None, '{"y": [1]}')]
    assert read.rejects == [(3, 4, "bad_json"), (4, 5, "not_an_object"), (5, 6, "repeated_key")]


def test_deep_and_broken_json_is_rejected_by_line():
    """Neither nesting nor lone surrogates end the run."""
    content = b'{"a": "x"}\n{"a": ' + b"[" * 100_000 + b'}\n{"a": "\\ud800"}\n{"a": "y"}\n'
    read = read_bytes(content, "a.jsonl")
    assert read.cells == [("x",), ("y",)]
    assert [reason for _, _, reason in read.rejects] == ["bad_json", "bad_encoding"]
