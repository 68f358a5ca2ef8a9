"""OFX and QFX statements are read as their bank meant them, or refused with a sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from amlscreen.errors import DataError
from amlscreen.intake.dataset import Dataset
from amlscreen.settings import Settings
from intake.reading import Read, read_bytes

HEAD = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
ONE = "<TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>-10.00<FITID>T1<NAME>Any Shop"


def statement(*bookings: str, account: str = "A-1", more: str = "", tag: str = "STMTRS") -> str:
    """A bank statement in SGML, whose bookings are the insides of STMTTRN."""
    inside = "".join(f"<STMTTRN>{each}</STMTTRN>\n" for each in bookings)
    return (
        f"<{tag}><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>\n"
        f"<BANKTRANLIST>{inside}</BANKTRANLIST>{more}</{tag}>"
    )


def ofx(*statements: str, head: str = HEAD, encoding: str = "cp1252", **layout: object) -> Read:
    """The file of these statements, read."""
    return read_bytes(f"{head}<OFX>{''.join(statements)}</OFX>".encode(encoding), "a.ofx", **layout)


def entries(read: Read) -> list[dict[str, object]]:
    """The entries by column."""
    return [dict(zip(read.raw.columns, row, strict=True)) for row in read.cells]


def test_an_unclosed_element_ends_where_the_next_begins():
    """SGML needs no end tags."""
    (entry,) = entries(ofx(statement(ONE + "<MEMO>Bread &amp; milk")))
    assert entry["account_id"] == "A-1"
    assert (entry["at"], entry["direction"], entry["amount"], entry["currency"]) == (
        "2026-01-05",
        "debit",
        "10.00",
        "USD",
    )
    assert (entry["transaction_id"], entry["entry_reference"]) == ("T1", "T1")
    assert (entry["counterparty_name"], entry["narrative"]) == ("Any Shop", "Bread & milk")


def test_xml_and_sgml_say_the_same():
    """OFX 2 is the same in XML, comments and CDATA included."""
    said = (
        "<!-- all of it --><STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20260105</DTPOSTED>\n<TRNAMT>-10.00</TRNAMT>"
        "<FITID>T1</FITID><NAME>Any Shop</NAME><MEMO><![CDATA[1 < 2 & 3]]></MEMO><CHECKNUM/></STMTTRN>"
    )
    head = "<?xml version='1.0' encoding='UTF-8'?><?OFX OFXHEADER='200' VERSION='202'?>"
    (entry,) = entries(ofx(statement().replace("<BANKTRANLIST>", "<BANKTRANLIST>" + said), head=head))
    assert (entry["amount"], entry["narrative"]) == ("10.00", "1 < 2 & 3")


@pytest.mark.parametrize(
    "head", ["", "DATA:OFXSGML\n", "<!--\nOFXHEADER:100\n-->", "\r\n\r\nOFXHEADER:100 DATA:OFXSGML "]
)
def test_the_header_may_be_short_or_missing(head):
    """The elements tell what a file is."""
    assert ofx(statement(ONE), head=head).raw.format == "ofx"


@pytest.mark.parametrize(
    ("claim", "encoding", "name"),
    [
        ("1252", "utf-8", "ຮ້ານຄ້າ"),
        ("1252", "cp874", "ร้านค้าในตลาด"),
        ("NONE", "cp1252", "Café Zürich"),
        ("8859-1", "cp1252", "A ¦ B"),
    ],
)
def test_bytes_count_for_more_than_the_claimed_charset(claim, encoding, name):
    """A header that claims another code page does not garble names."""
    head = HEAD.replace("1252", claim)
    (entry,) = entries(ofx(statement(ONE.replace("Any Shop", name)), head=head, encoding=encoding))
    assert entry["counterparty_name"] == name


@pytest.mark.parametrize(
    ("written", "read"),
    [("-2000,00", "2000.00"), ("+1.234,5", "1234.5"), ("1,234.56", "1234.56"), ("-0.5700", "0.57"), ("7", "7")],
)
def test_the_decimal_mark_is_told_by_the_amount(written, read):
    """Comma or dot, with or without thousands."""
    (entry,) = entries(ofx(statement(ONE.replace("-10.00", written), ONE.replace("T1", "T2"))))[:1]
    assert entry["amount"] == read


def test_an_amount_that_could_be_two_is_set_aside():
    """1,234 is a thousand or one; nothing in this file tells which."""
    read = ofx(statement(ONE.replace("-10.00", "-1,234")))
    assert [reason for _, _, reason in read.rejects] == ["bad_amount"]


def test_another_amount_of_the_file_decides_for_it():
    """Where the file writes 1,234.50, its 1,234 is a thousand."""
    read = ofx(statement(ONE.replace("-10.00", "-1,234"), "<TRNTYPE>DEP<DTPOSTED>20260105<TRNAMT>1,234.50<FITID>T2"))
    assert [entry["amount"] for entry in entries(read)] == ["1234", "1234.50"]


@pytest.mark.parametrize(
    ("posted", "at"),
    [
        ("20260105120000[0:GMT]", "2026-01-05"),
        ("20260105093015[-5:EST]", "2026-01-05 09:30:15-05:00"),
        ("20260105093015.123[+5.5:IST]", "2026-01-05 09:30:15+05:30"),
        ("20260105093015", "2026-01-05 09:30:15"),
        ("20260105000000", "2026-01-05"),
    ],
)
def test_a_time_of_day_is_read_where_it_is_one(posted, at):
    """Noon and midnight stand for a day whose time is not known; a zone is taken at its word."""
    real = "<TRNTYPE>DEP<DTPOSTED>20260101081533[0:GMT]<TRNAMT>1.00<FITID>T9"
    read = entries(ofx(statement(ONE.replace("20260105", posted), real)))
    assert read[0]["at"] == at


def test_times_on_the_full_hour_are_no_times():
    """Banks write 08:00 or 16:00 for every booking of a day; a zone must not move it to another day."""
    read = entries(ofx(statement(ONE.replace("20260105", "20260105230000[-5:EST]"))))
    assert read[0]["at"] == "2026-01-05"


@pytest.mark.parametrize("posted", ["20260230", "2026-01-05", "010126", "20260105256161"])
def test_what_is_no_date_is_set_aside(posted):
    """With the reason, the line and the element."""
    read = ofx(statement(ONE, ONE.replace("20260105", posted).replace("T1", "T2")))
    assert read.rejects == [(2, 9, "bad_date")]
    assert read.raw.rejected[0].column == "DTPOSTED"


def test_a_number_that_repeats_identifies_nothing():
    """FITID is an identity only where it is unique for its account and direction."""
    again = ONE.replace("-10.00", "-11.00")
    read = ofx(statement(ONE, again, ONE.replace("T1", "T2")), statement(ONE, account="A-2"))
    assert [entry["transaction_id"] for entry in entries(read)] == [None, None, "T2", "T1"]
    assert [entry["entry_reference"] for entry in entries(read)] == ["T1", "T1", "T2", "T1"]
    assert any("FITID" in warning for warning in read.raw.warnings)


def test_every_statement_has_its_account_and_its_closing_balance():
    """Bank and card statements may stand in one file."""
    bank = statement(ONE, more="<LEDGERBAL><BALAMT>90.00<DTASOF>20260131</LEDGERBAL><AVAILBAL><BALAMT>5</AVAILBAL>")
    card = statement(ONE, account="C-1", tag="CCSTMTRS").replace("BANKACCTFROM", "CCACCTFROM")
    read = ofx(bank, card)
    assert [entry["account_id"] for entry in entries(read)] == ["A-1", "C-1"]
    assert [(each.account, each.closing, each.booked) for each in read.raw.statements] == [
        ("A-1", Decimal("90.00"), Decimal("-10.00")),
        ("C-1", None, Decimal("-10.00")),
    ]


def test_trades_in_securities_are_told_but_are_no_bookings():
    """Money that an investment account gets or pays is a booking; its exchange for securities is not."""
    inside = (
        "<INVSTMTRS><CURDEF>USD<INVACCTFROM><BROKERID>b<ACCTID>I-1</INVACCTFROM><INVTRANLIST>"
        "<BUYSTOCK><INVBUY><INVTRAN><FITID>B1<DTTRADE>20260105</INVTRAN><TOTAL>-500.00</INVBUY></BUYSTOCK>"
        f"<INVBANKTRAN><STMTTRN>{ONE}</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>"
        "<TRANSFER><INVTRAN><FITID>X1<DTTRADE>20260105</INVTRAN><UNITS>5</TRANSFER></INVTRANLIST></INVSTMTRS>"
    )
    read = ofx(inside)
    assert [(entry["status"], entry["bank_code"]) for entry in entries(read)] == [
        ("INFO", "BUYSTOCK"),
        ("BOOK", "DEBIT"),
    ]
    assert sum("securities" in warning for warning in read.raw.warnings) == 2


def test_pending_and_held_entries_are_told_as_such():
    """They may never be booked."""
    pending = "<STMTTRNP><TRNTYPE>DEBIT<DTTRAN>20260105<TRNAMT>-1.00</STMTTRNP>"
    read = ofx(statement(ONE.replace("DEBIT", "HOLD"), more=f"<BANKTRANLISTP>{pending}</BANKTRANLISTP>"))
    assert [entry["status"] for entry in entries(read)] == ["PDNG", "PDNG"]


def test_kinds_channels_and_the_other_side():
    """TRNTYPE tells kind and channel; PAYEE and BANKACCTTO the other side."""
    said = "<PAYEE><NAME>Any Firm<COUNTRY>LAO<PHONE>1</PAYEE><BANKACCTTO><BANKID>B-9<ACCTID>9</BANKACCTTO>"
    read = entries(
        ofx(
            statement(
                ONE.replace("DEBIT", "XFER").replace("<NAME>Any Shop", said),
                "<TRNTYPE>INT<DTPOSTED>20260105<TRNAMT>0.10<FITID>T2<NAME>Interest",
                "<TRNTYPE>ATM<DTPOSTED>20260105<TRNAMT>-5<FITID>T3<NAME>Machine 1<MEMO>Cash",
            )
        )
    )
    first = read[0]
    assert (first["channel"], first["counterparty_name"], first["country"]) == ("transfer", "Any Firm", "LA")
    assert (first["counterparty_institution"], first["counterparty_account"]) == ("B-9", "9")
    assert [entry["kind"] for entry in read] == [None, "interest", None]
    assert (read[2]["channel"], read[2]["counterparty_name"], read[2]["narrative"]) == ("atm", None, "Machine 1 Cash")


def test_the_currency_is_that_of_the_amount():
    """CURRENCY says what the amount is in, ORIGCURRENCY what it was changed from."""
    read = entries(
        ofx(
            statement(
                ONE + "<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY>",
                ONE.replace("T1", "T2") + "<ORIGCURRENCY><CURRATE>0.03<CURSYM>THB</ORIGCURRENCY>",
            )
        )
    )
    assert [(each["currency"], each["currency_instructed"]) for each in read] == [("EUR", None), ("USD", "THB")]


def test_two_entries_that_run_into_one_are_set_aside():
    """A missing end tag would otherwise lose one of them."""
    read = ofx(statement(ONE + ONE.replace("T1", "T2").replace("-10.00", "-11.00")))
    assert [reason for _, _, reason in read.rejects] == ["bad_entry"]


def test_an_unsigned_debit_is_set_aside_where_nothing_is_negative():
    """The sign tells the side; a file that never writes one does not tell it."""
    read = ofx(statement(ONE.replace("-10.00", "10.00")))
    assert [reason for _, _, reason in read.rejects] == ["bad_entry"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEAD}<OFX>{statement(ONE, ONE)[:-60]}", "cut short"),
        (f"{HEAD}<OFX><SONRS><STATUS><CODE>15500</STATUS></SONRS></OFX>", "status code 15500"),
        (f"{HEAD}<OFX><INTRARS><XFERINFO><TRNAMT>1</XFERINFO></INTRARS></OFX>", "transfer orders"),
        (f"{HEAD}<OFX></OFX>", "no statement"),
    ],
)
def test_what_holds_no_whole_statement_is_refused(content, said):
    """With one sentence."""
    with pytest.raises(DataError, match=said):
        read_bytes(content.encode(), "a.ofx")


def test_a_text_without_end_is_refused_within_bounds():
    """A value longer than a field may be does not fill the memory."""
    with pytest.raises(DataError, match="more than 1,000 characters"):
        read_bytes(f"{HEAD}<OFX><MEMO>{'x' * 2_000_000}".encode(), "a.ofx", settings=Settings(largest_field=1000))


def test_texts_are_whole_across_the_pieces_a_file_is_read_in():
    """Wherever a piece ends."""
    bookings = [
        f"<TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>-{n}.01<FITID>N{n}<NAME>{'ñ' * (n % 97)}" for n in range(1, 9000)
    ]
    read = entries(ofx(statement(*bookings)))
    assert [each["amount"] for each in read] == [f"{n}.01" for n in range(1, 9000)]
    assert all(len(str(each["counterparty_name"] or "")) == n % 97 for n, each in enumerate(read, 1))


def test_a_statement_becomes_transactions_without_a_mapping(tmp_path):
    """The format says what its elements mean; the bank is stated where the file does not name it."""
    (tmp_path / "a.ofx").write_text(f"{HEAD}<OFX>{statement(ONE)}</OFX>", encoding="ascii")
    with Dataset.read(tmp_path / "a.ofx", None, "generic", Settings(institution="BANK")) as data:
        assert data.rows_accepted == 1


def test_a_statement_without_entries_is_empty_and_no_error():
    """Its balance is told all the same."""
    read = ofx(statement(more="<LEDGERBAL><BALAMT>5.00</LEDGERBAL>"))
    assert (read.raw.records, read.raw.statements[0].closing) == (0, Decimal("5.00"))
