"""Encodings: what a bank's old system wrote is read as it was meant, or the doubt is said."""

from __future__ import annotations

import codecs
import contextlib

import pytest

from amlscreen.errors import DataError
from intake.reading import read_bytes

LAO = "ລະຫັດ,ຈຳນວນ\nກ1,ໂອນເງິນ\n"
THAI = "รหัส,รายการ\n1,ค่าธรรมเนียมการโอนเงินระหว่างธนาคาร\n2,ถอนเงินสดที่ตู้เอทีเอ็ม\n"
CHINESE = "交易日期,摘要\n2026-03-01,支付宝转账给客户\n2026-03-02,工资收入和餐饮消费\n"
FRENCH = "Date,Libellé\n1,Prélèvement à Genève\n2,Café crème\n"


def body(read):
    return "".join(",".join(str(cell) for cell in row) + "\n" for row in [read.raw.columns, *read.cells])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(LAO, "utf-8"), (THAI, "cp874"), (CHINESE, "gb18030"), (FRENCH, "cp1252"), (THAI, "utf-8"), (CHINESE, "utf-8")],
)
def test_the_encoding_is_told_from_the_text(text, encoding):
    """Thai, Chinese, Western and UTF-8 files are told apart without being asked."""
    read = read_bytes(text.encode(encoding))
    assert read.raw.encoding == encoding
    assert body(read) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [LAO + "2,x\n" * 30, "id,text\n1,plain\n"])
def test_wide_encodings_need_no_mark(text, encoding):
    """UTF-16 is told by its zeros if it has no byte order mark; a mark never sticks to the first column's name."""
    if text.startswith("ລ") and encoding in ("utf-16-le", "utf-16-be"):
        text = "id,name\n" + "2,x\n" * 30 + "3,ກ\n"
    assert body(read_bytes(text.encode(encoding))) == text


@pytest.mark.parametrize("encoding", ["cp874", "gb18030", "cp1252"])
def test_a_stated_encoding_wins(encoding):
    """Even over what the bytes would rather be."""
    text = {"cp874": "a,b\n1,เ\n", "gb18030": "a,b\n1,中\n", "cp1252": "a,b\n1,ÖÐ\n"}[encoding]
    assert body(read_bytes(text.encode(encoding), encoding=encoding)) == text


def test_an_ambiguous_file_says_how_to_state_the_other():
    """Few bytes speak for more than one encoding; the warning names the line to write."""
    (warning,) = read_bytes("a,b\n1,บาท\n".encode("cp874")).raw.warnings
    assert "layout: {encoding:" in warning


def test_one_damaged_line_is_rejected_and_not_the_file():
    """A byte that UTF-8 does not know costs its record, wherever that stands."""
    read = read_bytes(LAO.encode() + "1,ກ\n".encode() * 20 + b"2,\xff\n" + b"3,x\n")
    assert read.rejects == [(22, 23, "bad_encoding")]
    assert read.cells[-1] == ("3", "x")


def test_a_file_that_is_not_in_its_stated_encoding_is_refused():
    """With the first line that does not decode."""
    with pytest.raises(DataError, match="is not utf-8") as refused:
        read_bytes(("a,b\n" + "1,ก\n" * 50).encode("cp874"), encoding="utf-8")
    assert str(refused.value).startswith("a.csv:2:")


def test_nul_bytes_are_refused_with_their_line():
    """A block of zeros is what a crash leaves behind."""
    with pytest.raises(DataError, match="NUL") as refused:
        read_bytes(b"a,b\n" + b"1,2\n" * 3000 + b"\0" * 10)
    assert str(refused.value).startswith("a.csv:3002:")


def test_line_numbers_hold_in_wide_encodings():
    """A ragged row of a UTF-16 file is named by its line."""
    read = read_bytes("a,b\n1,2\n3\n4,ກ\n".encode("utf-16"))
    assert read.rejects == [(2, 3, "ragged")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be", "cp874", "gb18030", "ascii", "utf-8"])
@pytest.mark.parametrize("content", [b"\n\xfe\xff\xc0\xc0\x01", b"a,b\n1,2\n", "a,ກ\n".encode("utf-16")])
def test_a_wrongly_stated_encoding_is_no_crash(content, encoding):
    """Rows or a sentence, whatever the bytes are."""
    with contextlib.suppress(DataError):
        read_bytes(content, encoding=encoding)


def test_a_mark_that_contradicts_the_layout_is_said():
    """A stated encoding wins over the mark, with a warning."""
    read = read_bytes(codecs.BOM_UTF8 + b"a,b\n1,2\n", encoding="cp1252")
    assert "stated" in read.raw.warnings[0]
