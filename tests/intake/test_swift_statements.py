"""SWIFT statements: what each field becomes, and what banks do to the format."""

from __future__ import annotations

from decimal import Decimal

import pytest

from amlscreen.errors import DataError
from intake.reading import Read, read_bytes

IBAN = "NL02ABNA0123456789"
HEAD = ":20:S1\n:25:BANKDEFF/0001234567\n:28C:7/1\n:60F:C260301EUR100,00\n"


def read(text: str, **more: object) -> Read:
    return read_bytes(text.encode(), "s.sta", **more)


def rows(text: str) -> list[dict[str, object]]:
    """The entries of a file, without what is empty."""
    found = read(text)
    return [
        {name: value for name, value in zip(found.raw.columns, cells, strict=True) if value} for cells in found.cells
    ]


def entry(first: str, second: str = "", head: str = HEAD) -> dict[str, object]:
    """The one entry of a statement with this :61: and :86:."""
    (row,) = rows(f"{head}:61:{first}\n" + (f":86:{second}\n" if second else "") + ":62F:C260331EUR1,00\n-\n")
    return row


def test_an_entry_has_its_statement_s_account_and_its_own_amount() -> None:
    """One line of everything a plain statement tells."""
    assert entry("2603020303C1250,5NTRFINV 17//BANKREF00001", "RENT MARCH") == {
        "institution": "BANKDEFF",
        "transaction_id": "BANKREF00001",
        "account_id": "0001234567",
        "at": "2026-03-03",
        "value_date": "2026-03-02",
        "direction": "credit",
        "amount": "1250.5",
        "currency": "EUR",
        "channel": "transfer",
        "narrative": "RENT MARCH",
        "message": "MT940",
        "statement": "7/1",
        "entry_reference": "BANKREF00001",
        "end_to_end_id": "INV 17",
        "bank_code": "NTRF",
    }


@pytest.mark.parametrize(
    ("mark", "direction", "kind"),
    [("C", "credit", None), ("D", "debit", None), ("RC", "debit", "reversal"), ("RD", "credit", "reversal")],
)
def test_a_mark_says_what_happens_to_the_account(mark: str, direction: str, kind: str | None) -> None:
    """A reversal of a credit takes money away; the letter of the currency may follow the mark."""
    for funds in ("", "R"):
        found = entry(f"2603020302{mark}{funds}5,00NMSCNONREF")
        assert (found["direction"], found.get("kind"), found["amount"]) == (direction, kind, "5.00")


@pytest.mark.parametrize(
    ("days", "at", "value_date"),
    [
        ("2601021231", "2025-12-31", "2026-01-02"),
        ("2512310102", "2026-01-02", "2025-12-31"),
        ("260302", "2026-03-02", "2026-03-02"),
        ("260302    ", "2026-03-02", "2026-03-02"),
        ("2402300301", "2024-03-01", "2024-02-29"),
        ("991231", "1999-12-31", "1999-12-31"),
    ],
)
def test_the_booking_day_lies_next_to_the_value_day(days: str, at: str, value_date: str) -> None:
    """The year turns over, a missing booking day is the value day, and 30 February is the last of the month."""
    found = entry(f"{days}C5,NMSCNONREF")
    assert (found["at"], found["value_date"]) == (at, value_date)


@pytest.mark.parametrize(
    ("written", "amount"),
    [("5,", "5"), ("5", "5"), (",32", "0.32"), ("000000000147,64", "147.64"), ("12.5", "12.5"), ("0,00", "0.00")],
)
def test_amounts_have_a_comma_and_need_no_decimals(written: str, amount: str) -> None:
    """Leading zeros go; a dot before one or two digits is taken for the comma."""
    assert entry(f"260302C{written}NMSCNONREF")["amount"] == amount


@pytest.mark.parametrize(
    "first",
    [
        "260231C5,NMSCX",
        "2603021332C5,NMSCX",
        "260302C1,0000001NMSCX",
        "260302C1.000,50NMSCX",
        "260302X5,NMSCX",
        "260302C5,",
    ],
)
def test_an_entry_that_is_none_is_set_aside(first: str) -> None:
    """No such day, no amount, no mark, no type: the other entries are read."""
    found = read(f"{HEAD}:61:{first}\n:61:260302C1,NMSCA\n:62F:C260331EUR101,00\n-\n")
    assert found.rejects == [(1, 5, "bad_entry")]
    assert len(found.rows) == 1


def test_the_german_form_is_taken_apart() -> None:
    """Subfields may be cut anywhere by the end of a line; SVWZ is what the payment was for."""
    found = entry(
        "260302CR5,00NTRFNONREF",
        "166?00GUTSCHRIFT?109310?20EREF+E2E-77?21SVWZ+RECHN\nUNG 4711 VOM?22 1. MAERZ PURP+SALA?23ABWA+PARTY TWO"
        "?30TESTDEFFXXX?31DE02100\n100100006820101?32SYNTHETIC?33 PARTY ONE?34000",
    )
    told = {name: found[name] for name in ("narrative", "counterparty_account", "counterparty_institution")}
    assert told == {
        "narrative": "RECHNUNG 4711 VOM 1. MAERZ",
        "counterparty_account": "DE02100100100006820101",
        "counterparty_institution": "TESTDEFFXXX",
    }
    assert (found["counterparty_name"], found["ultimate_party"]) == ("SYNTHETIC PARTY ONE", "PARTY TWO")
    assert (found["end_to_end_id"], found["purpose"], found["bank_code"]) == ("E2E-77", "salary", "NTRF/166")


@pytest.mark.parametrize(
    ("second", "account", "bank", "name", "narrative"),
    [
        ("/ORDP//NAME/PARTY ONE/ADDR/STREET 1/REMI/BILL 1/2/ISDT/2026-03-02", None, None, "PARTY ONE", "BILL 1/2"),
        (f"/CNTP/{IBAN}/ABNANL2A/PARTY ONE/TOWN//REMI/USTD//BILL 3/", IBAN, "ABNANL2A", "PARTY ONE", "BILL 3"),
        (f"/IBAN/{IBAN}/BIC/ABNANL2A/NAME/PARTY\n ONE/REMI/BILL 4/EREF/X", IBAN, "ABNANL2A", "PARTY ONE", "BILL 4"),
        ("/BENM/3000133\n/PARTY ONE\n/7/7", "3000133", None, "PARTY ONE", "/BENM/3000133/PARTY ONE/7/7"),
        ("PAID TO PARTY ONE", None, None, None, "PAID TO PARTY ONE"),
    ],
)  # fmt: skip
def test_slash_codes_tell_the_other_side(
    second: str, account: str | None, bank: str | None, name: str | None, narrative: str
) -> None:
    """Each bank's codes in :86:; without any, all of it is narrative."""
    found = entry("260302D5,00NTRFNONREF", second)
    assert found.get("counterparty_account") == account
    assert found.get("counterparty_institution") == bank
    assert found.get("counterparty_name") == name
    assert found["narrative"] == narrative


def test_the_second_line_of_an_entry_is_kept() -> None:
    """An IBAN there is the other account, a bank's code goes to its column, other text to the narrative."""
    assert entry("260302D5,NMSCNONREF\nNL02ABNA0123456789")["counterparty_account"] == "NL02ABNA0123456789"
    assert entry("260302D5,NTRFNONREF//1\n/TRCD/00370/")["bank_code"] == "NTRF/00370"
    original = entry("260302D5,NTRFNONREF\n/OCMT/USD6,20//EXCH/1,24/")
    assert (original["amount_instructed"], original["currency_instructed"], original["exchange_rate"]) == (
        "6.20",
        "USD",
        "1.24",
    )
    assert entry("260302D5,NTRFNONREF\nCARD 17", "SHOP")["narrative"] == "SHOP CARD 17"
    dutch = entry("260302D5,NOVB0987654321\nparty one", "0987654321 party one\nbill 5")
    assert (dutch["counterparty_account"], dutch["counterparty_name"]) == ("0987654321", "party one")


@pytest.mark.parametrize(
    ("code", "kind", "channel"),
    [("NCHG", "fee", None), ("NINT", "interest", None), ("NCHK", None, "cheque"), ("S103", None, "wire")],
)
def test_standard_codes_say_kind_and_channel(code: str, kind: str | None, channel: str | None) -> None:
    """Only what SWIFT's own list says."""
    found = entry(f"260302D5,{code}NONREF")
    assert (found.get("kind"), found.get("channel"), found["bank_code"]) == (kind, channel, code)


def test_lines_that_look_like_fields_belong_to_the_text() -> None:
    """A clock time that a line break cut, a dash on a line of its own, several :86: of one entry."""
    found = entry("260302D5,NMSCNONREF", "LEFT AT 2026-03-02T16\n:26:37 GATE 1\n-\nEND")
    assert found["narrative"] == "LEFT AT 2026-03-02T16 :26:37 GATE 1 - END"
    assert entry("260302D5,NMSCNONREF", "BACK\n:86:NOT AGREED")["narrative"] == "BACK NOT AGREED"


@pytest.mark.parametrize(
    ("before", "end", "bank"),
    [
        ("", "-", None),
        ("", "", None),
        ("{1:F01TESTDEFFAXXX0000000000}{2:I940RECVDEFFXXXXN}{4:\n", "-}", "TESTDEFF"),
        ("{1:F01RECVDEFFAXXX0000000000}{2:O9401200260302TESTDEFFAXXX00000000002603021200N}{4:\n", "-}{5:}", "TESTDEFF"),
        ("{1:F01TESTDEFFXXXX0000000000}{2:O940TESTDEFFXXXXN}{3:}{4:\n", "-}{5:}", "TESTDEFF"),
        ("TESTDEFF\n940\nTESTDEFF\n", "-", "TESTDEFF"),
        ("0000 01TESTDEFFXXXX00001\n0000 01TESTDEFFXXXX00001\n940 00\n", "-" + "X" * 3, "TESTDEFF"),
        (":940:\n", "", None),
        ("\x01\n", "-\x03", None),
        ("\u00c44:\n", "-\u00c5", None),
        ("\ufeff", "-", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_envelopes_tell_the_bank_and_leave_nothing_behind(
    before: str, end: str, bank: str | None, line_end: str
) -> None:
    """Two messages each; whatever stands around them is in no column."""
    body = f"{HEAD.replace('BANKDEFF/', '')}:61:260302C5,NMSCNONREF\n:86:TEXT\n:62F:C260331EUR105,00\n"
    message = f"{before}{body}:86:BYE\n{end}\n"
    found = read((message * 2 if "\ufeff" not in before else message + message[1:]).replace("\n", line_end))
    assert [statement.agrees for statement in found.raw.statements] == [True, True]
    for cells in found.cells:
        told = dict(zip(found.raw.columns, cells, strict=True))
        assert (told["narrative"], told["account_id"], told.get("institution")) == ("TEXT", "0001234567", bank)


def test_balances_are_borne_out_statement_by_statement() -> None:
    """Pages carry their own balances; a statement that does not add up is told, and its entries are read."""
    page = ":20:A\n:25:1234567EUR\n:28C:1/{}\n:60M:C260301EUR{}\n:61:260302D5,NMSCX\n:62M:C260302EUR{}\n-\n"
    found = read(page.format(1, "10,", "5,") + page.format(2, "5,", "1,"))
    assert [(each.opening, each.booked, each.closing, each.agrees) for each in found.raw.statements] == [
        (Decimal(10), Decimal(-5), Decimal(5), True),
        (Decimal(5), Decimal(-5), Decimal(1), False),
    ]
    assert found.raw.statements[0].account == "1234567"
    assert any("1 of 2 statements do not add up" in told for told in found.raw.warnings)


def test_a_statement_without_entries_is_read() -> None:
    """A quiet day is no error."""
    found = read(":20:A\n:25:1\n:28C:1\n:60F:C260301EUR10,\n:62F:C260301EUR10,\n-\n")
    assert (found.rows, found.raw.statements[0].agrees) == ([], True)


def test_mt942_controls_its_sums() -> None:
    """:90D: and :90C: count the entries; expected ones are no bookings."""
    entries = ":61:260302D5,NMSCX\n:61:260302C7,NMSCX\n:61:260302EC9,NMSCX\n"
    text = f":20:A\n:25:1\n:28C:1\n:34F:EURD0,\n:13D:2603021230+0100\n{entries}:90D:1EUR5,\n:90C:{{}}EUR7,\n-\n"
    found = read(text.format(1))
    assert [row[found.raw.columns.index("message") + 1] for row in found.rows] == ["MT942"] * 3
    assert [row[found.raw.columns.index("status") + 1] for row in found.rows] == [None, None, "PDNG"]
    assert not [told for told in found.raw.warnings if ":90C:" in told]
    assert [told for told in read(text.format(2)).raw.warnings if ":90C:" in told]


def test_a_reference_that_comes_twice_is_no_id() -> None:
    """The same account and direction has it twice, so it tells no transaction apart; it stays as a reference."""
    lines = ":61:260302D5,NMSCX//SAMEREF001\n:61:260302D6,NMSCX//SAMEREF001\n:61:260302C7,NMSCX//SAMEREF001\n"
    assert [row.get("transaction_id") for row in rows(f"{HEAD}{lines}:62F:C260331EUR96,\n-\n")] == [
        None,
        None,
        "SAMEREF001",
    ]


def test_an_entry_before_a_field_out_of_place_is_set_aside() -> None:
    """A tag that was damaged (:25: for :86:) makes its entry doubtful."""
    found = read(f"{HEAD}:61:260302C5,NMSCX\n:25:166?00TEXT\n:62F:C260331EUR105,00\n-\n")
    assert found.rejects == [(1, 5, "bad_entry")]


def test_a_message_without_bookings_is_refused_by_its_type() -> None:
    """Free text is no statement."""
    with pytest.raises(DataError, match=r"carry no bookings.*MT199"):
        read("{1:F01TESTDEFFAXXX0000000000}{2:I199RECVDEFFXXXXN}{4:\n:20:A\n:79:TEXT\n-}")


def test_a_table_that_mentions_a_tag_is_a_table() -> None:
    """Only what begins like a message is one."""
    assert read_bytes(b"a,b\n1,2\n:20:,3\n", "a.csv").raw.format == "csv"
