"""CSV files: every line is accounted for, whatever separates, quotes or interrupts the records."""

from __future__ import annotations

import csv
import io
import time
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.errors import DataError
from amlscreen.intake.readers import csv_file
from amlscreen.intake.readers.ordinals import number_rows
from amlscreen.settings import Settings
from intake.reading import Read, read_bytes


def carefully(content: bytes, **layout: object) -> Read:
    """The same file, without DuckDB cutting it."""
    with patch.object(csv_file, "can_be_tokenised", lambda file: False):
        return read_bytes(content, **layout)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_from_the_lines(separator):
    """Whatever stands equally often on every line separates, even where amounts hold decimal commas."""
    text = "id,amount,text\n1,10 5,x\n2,20 5,y\n".replace(",", separator).replace(" ", ";" if separator == "," else ",")
    read = read_bytes(text.encode())
    assert read.raw.separator == separator
    assert read.cells[0][0] == "1"


def test_a_stated_separator_wins():
    """A layout is believed before the file is."""
    assert read_bytes(b"a;b,c\n1;2,3\n", separator=";").cells == [("1", "2,3")]


def test_the_hint_for_excel_is_no_record():
    """``sep=;`` on the first line states the separator and counts as header."""
    read = read_bytes(b"sep=;\na;b\n1;2\n")
    assert read.cells == [("1", "2")]
    assert read.raw.lines.header == 2


def test_lines_are_counted_apart():
    """Skipped lines and header, blank lines, footers, records and rejected lines add up to the file."""
    read = read_bytes(b"Report of March\n\nid,amount\n1,10\n\n2,20\n3\nTotal,30\n,\n", skip_rows=2, footer=["^Total"])
    lines = read.raw.lines
    assert (lines.total, lines.header, lines.blank, lines.footer, lines.records, lines.rejected) == (9, 3, 2, 1, 2, 1)


def test_a_quoted_line_break_belongs_to_its_record():
    """A record over three lines counts three, and the next one stands after them."""
    read = read_bytes(b'id,text\n1,"a\n\nb"\n2,c\n')
    assert read.cells == [("1", "a\n\nb"), ("2", "c")]
    assert read.raw.lines.records == 4
    assert read.raw.line_of([1, 2]) == {1: 2, 2: 5}


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_any_line_ending_will_do(ending):
    """Files from Unix, Windows and old Macs read alike."""
    assert read_bytes(b"a,b\n1,2\n\n3,4\n".replace(b"\n", ending)).cells == [("1", "2"), ("3", "4")]


def test_mixed_line_endings_will_do():
    """DuckDB refuses them; the careful reader does not."""
    assert read_bytes(b"a,b\r\n1,2\n3,4\r\n5,6").cells == [("1", "2"), ("3", "4"), ("5", "6")]


def test_a_ragged_row_is_rejected_where_it_stands():
    """Too few or too many cells: the row steps aside with its ordinal and line, and those after it keep theirs."""
    read = read_bytes(b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert read.rows == [(1, "1", "2"), (4, "7", "8")]
    assert read.rejects == [(2, 3, "ragged"), (3, 4, "ragged")]
    assert read.raw.line_of([4]) == {4: 5}


def test_separators_at_the_end_of_a_row_lose_nothing():
    """A row with more cells than the header is accepted if what is too much is empty."""
    assert read_bytes(b"a,b\n1,2,\n3,4,,\n").cells == [("1", "2"), ("3", "4")]


def test_separators_at_the_end_of_the_header_name_no_column():
    """A header alone that ends in a separator has one column less."""
    assert read_bytes(b"a,b,\n1,2\n3,4\n").raw.columns == ("a", "b")


def test_a_quote_that_is_never_closed_costs_one_line():
    """The rows after a stray quote are read, not swallowed."""
    read = read_bytes(b'a,b\n1,2\n"3,4\n5,6\n7,8\n')
    assert read.cells == [("1", "2"), ("5", "6"), ("7", "8")]
    assert read.rejects == [(2, 3, "unclosed_quote")]


def test_a_file_cut_short_inside_quotes_keeps_its_whole_rows():
    """A last line that ends inside quotes is rejected; the others stand."""
    read = read_bytes(b'a,b\n1,2\n3,"4')
    assert (read.cells, read.rejects) == ([("1", "2")], [(2, 3, "unclosed_quote")])


def test_text_after_a_closing_quote_is_rejected():
    """What a cell says there is anybody's guess, so nobody guesses."""
    read = read_bytes(b'a,b\n1,2\n"3"x,4\n5,6\n')
    assert (read.cells, read.rejects) == ([("1", "2"), ("5", "6")], [(2, 3, "bad_quote")])


def test_blanks_around_quotes_are_no_text():
    """Blanks and tabs between a quote and a separator are how some banks pad their cells."""
    assert read_bytes(b'a,b\n"1,5"\t,x\n"2"  ,"y,y" \n').cells == [("1,5", "x"), ("2", "y,y")]
    assert read_bytes(b'a, b\n1, "x, y"\n2, "z"\n').cells == [("1", "x, y"), ("2", "z")]


def test_a_quote_inside_a_plain_cell_is_text():
    """Inches are not quotation."""
    assert read_bytes(b'a,b\n5" pipe,2\n').cells == [('5" pipe', "2")]


def test_a_stated_escape_is_used():
    """Some exports put a backslash before a quote."""
    assert read_bytes(b'a,b\n"x\\"y",2\n', escape="\\").cells == [('x"y', "2")]


def test_without_quotes_a_quote_is_text():
    """``quote: null`` switches quoting off."""
    assert read_bytes(b'a,b\n"x,2\n', quote=None).cells == [('"x', "2")]


def test_footer_rows_at_the_end_are_no_records():
    """The last lines that are not blank, ragged ones among them."""
    read = read_bytes(b"a,b\n1,2\n3,4\nTotal\nprinted by,x\n\n", footer_rows=2)
    assert read.cells == [("1", "2"), ("3", "4")]
    assert read.raw.lines.footer == 2
    assert read.rejects == []


def test_a_footer_is_recognised_wherever_it_stands():
    """Totals of a page stand in the middle of a file; the first cell that is not empty decides."""
    read = read_bytes("a,b\n1,2\n,ລວມ\n3,4\nTotal: 2 rows\n".encode(), footer=["^Total", "^ລວມ"])
    assert read.rows == [(1, "1", "2"), (2, "3", "4")]
    assert read.raw.line_of([2]) == {2: 4}
    assert read.raw.lines.footer == 2


def test_a_footer_pattern_that_is_too_clever_is_refused():
    """Look-around is no part of the pattern language."""
    with pytest.raises(DataError, match="look-around"):
        read_bytes(b"a,b\n1,2\n", footer=["(?=x)"])


def test_a_repeated_column_name_is_made_distinct_and_said():
    """Names differ in more than their case, and a nameless column gets its number."""
    raw = read_bytes(b"id,ID,,__record\n1,2,3,4\n5,6,7,8\n").raw
    assert raw.columns == ("id", "ID__2", "column_3", "__record__2")
    assert len(raw.warnings) == 3


def test_a_file_without_header_takes_stated_names():
    """Or numbers, if none are stated."""
    assert read_bytes(b"1,2\n3,4\n", header=False, columns=["x", "y"]).raw.columns == ("x", "y")
    assert read_bytes(b"1,2\n3,4\n", header=False).cells == [("1", "2"), ("3", "4")]


def test_a_record_in_place_of_the_header_is_warned_of():
    """A header that holds a date is likely none."""
    assert "header: false" in read_bytes(b"2026-03-01,x\n2026-03-02,y\n").raw.warnings[0]


def test_lines_before_the_header_are_refused_with_the_way_out():
    """The error says on which line the header seems to stand and what to state."""
    with pytest.raises(DataError, match=r"skip_rows: 3") as refused:
        read_bytes(b"Statement\nBranch 7,\n\nid,amount,text\n1,2,x\n2,3,y\n3,4,z\n")
    assert refused.value.place is not None
    assert refused.value.place.line == 4


def test_a_file_that_is_mostly_ragged_is_refused():
    """Cut at the wrong separator, nothing fits; that is an error of the layout and not of its rows."""
    with pytest.raises(DataError, match="separator"):
        read_bytes(b"a,b,c\n" + b"1;2\n" * 10, separator=",")


def test_a_field_beyond_the_limit_is_refused_with_its_line():
    """A huge field is a missing quote more often than a text."""
    with pytest.raises(DataError, match="1000 characters") as refused:
        read_bytes(b"a,b\n1,2\n3," + b"x" * 1001 + b"\n", settings=Settings(largest_field=1000))
    assert str(refused.value).startswith("a.csv:3:")


def test_a_header_alone_holds_no_record():
    """It is read, and said."""
    read = read_bytes(b"a,b\n")
    assert (read.rows, read.raw.warnings) == ([], ("holds a header and no record.",))


def test_text_that_looks_like_a_formula_is_data():
    """Outputs make it harmless; reading changes nothing."""
    assert read_bytes(b"a,b\n=1+1,@x\n").cells == [("=1+1", "@x")]


def test_many_rejects_keep_every_ordinal_right():
    """The ordinals of rows after hundreds of rejected lines are those of the file."""
    lines = [f"{n},x" if n % 7 else f"{n}" for n in range(1, 5001)]
    read = read_bytes(("n,t\n" + "\n".join(lines) + "\n").encode())
    assert [row[0] for row in read.rows] == [int(row[1]) for row in read.rows]
    assert [record for record, _, _ in read.rejects] == list(range(7, 5001, 7))
    assert all(line == record + 1 for record, line, _ in read.rejects)


def test_file_order_survives_a_parallel_scan():
    """DuckDB cuts a large file in several threads; the ordinal is the place in the file all the same."""
    body = "".join(f"{n},{'x' * 60}\n" for n in range(1, 200_001))
    read = read_bytes(f"n,t\n{body}".encode())
    assert all(row[0] == int(row[1]) for row in read.rows)
    assert len(read.rows) == 200_000


def test_rejects_of_a_large_file_are_found_again():
    """Byte positions hold across DuckDB's buffers."""
    lines = [f"{n},{'x' * 60}" if n % 50_001 else f"{n}" for n in range(1, 300_001)]
    read = read_bytes(("n,t\n" + "\n".join(lines) + "\n").encode())
    assert [record for record, _, _ in read.rejects] == list(range(50_001, 300_001, 50_001))
    assert all(row[0] == int(row[1]) for row in read.rows)


def test_many_footers_keep_every_ordinal_right():
    """A report with a total on each page: its records are numbered as if the totals were not there."""
    lines = [f"{n},x" if n % 7 else ("Total" if n % 2 else f"Total,{n}") for n in range(1, 5001)]
    read = read_bytes(("n,t\n" + "\n".join(lines) + "\n").encode(), footer=["^Total"])
    assert read.raw.lines.footer == 5000 // 7
    assert read.raw.line_of([7]) == {7: 9}
    assert [int(str(row[1])) for row in read.rows] == [n for n in range(1, 5001) if n % 7]


@given(st.lists(st.sampled_from(["row", "reject", "aside row", "aside reject"]), max_size=30))
def test_ordinals_number_what_is_kept(lines):
    """Rows and rejected lines share one numbering without gaps, and each ordinal finds its place again."""
    places = range(1, len(lines) + 1)
    rejected = [place for place in places if "reject" in lines[place - 1]]
    aside = [place for place in places if "aside" in lines[place - 1]]
    numbering = number_rows(rejected, aside)
    kept = [place for place in places if "aside" not in lines[place - 1]]
    assert [numbering.ordinal(place) for place in kept] == list(range(1, len(kept) + 1))
    assert [numbering.place(ordinal) for ordinal in range(1, len(kept) + 1)] == kept
    rows = [place for place in places if "row" in lines[place - 1]]
    steps = dict(numbering.steps)
    shift = 0
    for number, place in enumerate(rows):
        shift = steps.get(number, shift)
        assert (number in numbering.dropped) == (place in aside)
        assert place in aside or number + shift == numbering.ordinal(place)


cells = st.text(st.sampled_from('ab1 ,;"\n\r\té'), max_size=4)
tables = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6))


@settings(max_examples=60, deadline=None)
@given(tables)
def test_what_was_written_is_read(table):
    """Any table that Python's csv module writes comes back cell by cell; rows that are blank are counted as such."""
    width = len(table[0]) if table else 2
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([f"c{at}" for at in range(width)])
    writer.writerows(table)
    read = read_bytes(out.getvalue().encode(), separator=",")
    kept = [row for row in table if any(cell.strip(" \t") for cell in row)]
    assert read.cells == [tuple(cell or None for cell in row) for row in kept]


lines_of_csv = st.lists(
    st.one_of(
        st.sampled_from([b"", b"1,2", b'"x",y', b'"a\nb",c', b" , ", b",", b"1", b"1,2,3", b'"",', b"  ", b'"q""q",z']),
        st.binary(max_size=6).filter(lambda line: b"\n" not in line and b"\r" not in line and b"\0" not in line),
    ),
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(lines_of_csv, st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_both_ways_of_cutting_give_the_same(lines, ending, end):
    """DuckDB and the careful reader agree on rows, ordinals, rejects and line counts."""
    content = ending.join([b"a,b", *(line.replace(b"\n", ending) for line in lines)]) + (ending if end else b"")

    def outcome(read):
        try:
            found = read(content, separator=",")
        except DataError as refused:
            return str(refused)
        return found.rows, found.raw.rejected, found.raw.lines, found.raw.line_of([row[0] for row in found.rows])

    assert outcome(read_bytes) == outcome(carefully)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(min_size=0, max_size=200),
        st.lists(
            st.sampled_from([b'"', b",", b"\n", b"\r", b"a", b";", b"\xe9", b"\xa1", b"\x00", b"\xff\xfe", b"{", b"<"])
        ).map(b"".join),
        st.text(max_size=60).map(lambda text: text.encode("utf-16", "surrogatepass")),
    )
)
def test_any_bytes_are_read_or_refused(content):
    """Whatever a file holds, it gives rows and rejects that add up or a DataError, and soon."""
    started = time.monotonic()
    try:
        read_bytes(content)
    except DataError as refused:
        assert str(refused).startswith("a.csv")
    assert time.monotonic() - started < 5
