"""The fast ways of reading SWIFT statements say what the careful ones say; and nothing makes them fail."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.errors import DataError
from amlscreen.intake.readers import swift_fields
from amlscreen.intake.readers.swift_bulk import bulk_rows
from amlscreen.intake.readers.swift_fields import Piece, cut
from amlscreen.intake.readers.swift_quick import quick
from amlscreen.intake.readers.swift_rows import entry_row
from intake.reading import read_bytes

_WORDS = ("PAID", "A B", "  ", "12", "é", "\u00a0", "\n", "\t", "x" * 64, "1/2", "A+B", "?", "NOTPROVIDED", "/", "-")
_TEXT = st.lists(st.sampled_from(_WORDS), max_size=5).map("".join)
_SLASH = st.sampled_from(
    ("/EREF/", "/ORDP/", "/BENM/", "/NAME/", "/IBAN/", "/BIC/", "/REMI/", "/CNTP/1234567/BANKDEFF/", "/PURP/CD/SALA")
)
_PLUS = st.sampled_from(("EREF+", "SVWZ+", "ABWA+", "ABWE+", "PURP+SALA", "MREF+"))
_FIELDS = st.sampled_from(("?00", "?20", "?21", "?30TESTDEFF", "?3012345678", "?31", "?32", "?33", "?38", "?60", "?61"))


def _told(marks: st.SearchStrategy[str], begins: str = "") -> st.SearchStrategy[str]:
    return st.lists(st.tuples(marks, _TEXT).map("".join), max_size=6).map(lambda parts: begins + "".join(parts))


_SECOND = st.one_of(_TEXT, _told(_SLASH), _told(_FIELDS | _PLUS, "166"), _told(_FIELDS | _PLUS, "166?00A?20"))
_FIRST = st.tuples(
    st.sampled_from(("260302", "2603020303", "2512310102", "260302    ", "260230", "2602300301", "261301", "26030")),
    st.sampled_from(("C", "D", "RC", "RD", "CR", "RDR", "EC", "X")),
    st.sampled_from(("5,", "5", ",5", "0,00", "0001,50", "1.5", "1.500", "1.000,00", "", "9" * 15 + ",1", "1,1234567")),
    st.sampled_from(("NTRF", "NCHG", "S103", "FINT", "NOV ", "ntrf", "N")),
    st.sampled_from(("NONREF", "", "REF 1", "REF//BANK", "//BANK", "A//B//C", "1234567      NAME", " X ", "EREF")),
    st.sampled_from(("", "\n", "\nTEXT", "\n/TRCD/00370/", "\nNL02ABNA0123456789", "\nA\nB")),
).map("".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_FIRST, _SECOND), min_size=1, max_size=6), st.booleans())
def test_entries_read_at_once_are_as_those_read_with_care(entries: list[tuple[str, str]], german: bool) -> None:
    """Where the fast way says that its columns hold, they do."""
    first, second = (pa.array(list(texts), pa.string()) for texts in zip(*entries, strict=True))
    bulk = bulk_rows(first, second, np.full(len(entries), german))
    for index, (line, details) in enumerate(entries):
        if bulk.holds[index]:
            made = entry_row(line, details, german=german)
            assert made is not None
            told = {name: texts[index].as_py() for name, texts in bulk.columns.items()}
            assert {name: value for name, value in told.items() if value is not None} == made[1]
            assert (bulk.bank_reference[index].as_py() or "") == made[0].bank_reference


_LINES = st.sampled_from(
    (
        ":20:A", ":20:15 TEXT", ":25:1", ":28C:1/1", ":60F:C260301EUR1,", ":61:260302C5,NTRFX", ":86:TEXT", ":26:37 B",
        ":62F:C260302EUR6,", ":64:C260302EUR6,", "-", "-}", "{1:F01TESTDEFFAXXX0000000000}{2:I940TESTDEFFXXXXN}{4:",
        "{2:I103TESTDEFFXXXXN}{4:", ":32A:260302EUR5,", ":59:/1", "TEXT", "", ":NS:X", ":940:", "TESTDEFF", "940",
    )
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(_LINES, max_size=14), st.booleans())
def test_fields_cut_at_once_are_as_those_cut_with_care(lines: list[str], closes: bool) -> None:
    """Where the fast way cuts a piece, tags, texts, lines and envelopes are those of the careful way."""
    piece = Piece("\n" + "\n".join(lines), 7, closes)
    fast, careful = quick(piece, "BEFORE"), cut(piece, "BEFORE", payment=False)
    if fast is None:
        return
    entries = [
        (text, careful.texts[index + 1] if careful.tags[index + 1 : index + 2] == ["86"] else "", careful.lines[index])
        for index, (tag, text) in enumerate(zip(careful.tags, careful.texts, strict=True))
        if tag == "61"
    ]
    assert list(zip(fast.first.to_pylist(), fast.second.to_pylist(), fast.lines.tolist(), strict=True)) == entries
    others = [
        (tag, careful.texts[index], careful.lines[index], careful.headers.get(index))
        for index, tag in enumerate(careful.tags)
        if tag != "61" and not (tag == "86" and index and careful.tags[index - 1] == "61")
    ]
    assert [other[1:] for other in fast.others] == others
    assert fast.after == careful.after


_ENTRY = _FIRST.map(":61:{}".format) | _SECOND.map(":86:{}".format)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(_LINES | _FIRST.map(":61:{}".format) | _SECOND.map(":86:{}".format), max_size=12), st.binary(max_size=3)
)
def test_whatever_follows_a_beginning_is_read_or_refused(lines: list[str], end: bytes) -> None:
    """Every :61: of a statement is an entry or set aside; nothing else happens."""
    text = ":20:A\n:25:1\n:28C:1\n:60F:C260301EUR1,\n" + "\n".join(lines)
    try:
        read_bytes(text.encode() + end, "s.sta")
    except DataError:
        return


def test_pieces_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cutting a file where an entry or a message begins changes nothing, lines included."""
    head = (
        "{1:F01TESTDEFFAXXX0000000000}{2:I940TESTDEFFXXXXN}{4:\r\n:20:A\r\n:25:123\r\n:28C:1\r\n:60F:C260301EUR0,\r\n"
    )
    entry = ":61:260302C5,NTRFREF//BANK{:06d}\r\n:86:/NAME/PARTY/REMI/BILL\r\n {}\r\n"
    message = head + "".join(entry.format(number, number) for number in range(30)) + ":62F:C260302EUR150,\r\n-}\r\n"
    whole = (message + head + ":62F:C260302EUR0,\r\n-}\r\n" + message.replace("BANK", "SECOND")).encode()
    expected = read_bytes(whole, "s.sta")
    assert [each.agrees for each in expected.raw.statements] == [True, True, True]
    for size in (90, 137, 1000):
        monkeypatch.setattr(swift_fields, "_PIECE", size)
        found = read_bytes(whole, "s.sta")
        assert found.rows == expected.rows
        assert found.raw.statements == expected.raw.statements
        assert found.raw.line_of(range(1, 61)) == expected.raw.line_of(range(1, 61))


def test_a_currency_that_comes_after_entries_were_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file of one piece the closing balance tells it in time; later it would be too late."""
    text = ":20:A\n:25:1\n:28C:1\n" + ":61:260302C5,NTRFX\n" * 20 + ":62F:C260302EUR100,\n-\n"
    found = read_bytes(text.encode(), "s.sta")
    assert {row[found.raw.columns.index("currency") + 1] for row in found.rows} == {"EUR"}
    monkeypatch.setattr(swift_fields, "_PIECE", 90)
    with pytest.raises(DataError, match="currency of a statement only after its entries"):
        read_bytes(text.encode(), "s.sta")
