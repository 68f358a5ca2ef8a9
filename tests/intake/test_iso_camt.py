"""Statements, reports and notifications of ISO 20022 become entries that say what the bank booked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.intake.dataset import Dataset
from amlscreen.intake.mapping import Mapping
from intake.conforming import accepted
from intake.iso_messages import CAMT, balance, camt, camt_file, detail, entry, read_xml, rows, statement


@pytest.mark.parametrize("message", CAMT)
@pytest.mark.parametrize("version", ["02", "06", "08", "13", ""])
def test_all_three_messages_are_read_in_any_version(message: str, version: str) -> None:
    """052, 053 and 054 differ in their elements' names only; the namespace may be missing."""
    read = camt_file(entry("12.50", "DBIT", reference="R1"), message=message, version=version)
    assert rows(read) == [
        {
            "institution": "TESTLALAXXX",
            "transaction_id": "R1",
            "account_id": "A1",
            "at": "2026-03-02",
            "value_date": "2026-03-03",
            "direction": "debit",
            "amount": "12.50",
            "currency": "EUR",
            "message": f"camt.{message}" + (f".001.{version}" if version else ""),
            "statement": "S1",
            "status": "BOOK",
            "entry_reference": "R1",
            "account_currency": "EUR",
        }
    ]
    assert read.raw.format == "iso20022"


def test_version_one_has_its_own_names() -> None:
    """V01 ends its root in V01 and puts details right into the entry; accounts may be proprietary."""
    servicer = "<Svcr><FinInstnId><BIC>TESTLALA</BIC></FinInstnId></Svcr>"
    account = f"<Acct><Id><PrtryAcct><Id>77</Id></PrtryAcct></Id>{servicer}</Acct>"
    body = statement(entry(more=detail(more="<AddtlTxInf>rent</AddtlTxInf>")), account=account)
    read = read_xml(f"<Document><BkToCstmrStmtV01>{body}</BkToCstmrStmtV01></Document>")
    assert [(row["account_id"], row["institution"], row["narrative"]) for row in rows(read)] == [
        ("77", "TESTLALA", "rent")
    ]


def test_prefixes_do_not_matter() -> None:
    """Elements are known by their local names."""
    text = camt(statement(entry())).replace("</", "</d:").replace("<", "<d:").replace("<d:/d:", "</d:")
    read = read_xml(text.replace(" xmlns=", " xmlns:d="))
    assert [row["message"] for row in rows(read)] == ["camt.053.001.08"]


def test_details_that_come_to_the_entry_are_rows_of_their_own() -> None:
    """Three wages in one debit are three payments, each with its worker; the sum stays the entry's."""
    party = "<RltdPties><Cdtr><Pty><Nm>Worker {0}</Nm></Pty></Cdtr></RltdPties>"
    parts = [
        detail(amount, reference=f"D{no}", more=party.format(no)) for no, amount in enumerate(("3", "3.5", "3.50"))
    ]
    made = rows(camt_file(entry(side="DBIT", reference="E1", more=f"<NtryDtls>{''.join(parts)}</NtryDtls>")))
    assert [(row["amount"], row["counterparty_name"], row["transaction_id"]) for row in made] == [
        ("3", "Worker 0", "D0"),
        ("3.5", "Worker 1", "D1"),
        ("3.50", "Worker 2", "D2"),
    ]


@pytest.mark.parametrize(
    "parts",
    [
        [detail("3"), detail("4")],
        [detail(), detail()],
        [detail("10"), detail()],
        ["<Btch><NbOfTxs>5</NbOfTxs></Btch>", detail(more="<AddtlTxInf>one of five</AddtlTxInf>")],
    ],
)
def test_details_that_do_not_come_to_the_entry_stay_one_row(parts: list[str]) -> None:
    """No amount is made up: the entry is one row, and a warning counts it."""
    read = camt_file(entry(more=f"<NtryDtls>{''.join(parts)}</NtryDtls>"))
    assert [(row["amount"], row.get("narrative")) for row in rows(read)] == [("10.00", None)]
    assert read.raw.warnings[0].startswith("1 entries with several transactions are one row each")


def test_what_all_details_say_alike_is_kept_for_a_joint_row() -> None:
    """One payee of a batch without amounts is still known; what differs is left empty."""
    party = "<RltdPties><Cdtr><Nm>Landlord</Nm></Cdtr></RltdPties><RmtInf><Ustrd>{0}</Ustrd></RmtInf>"
    parts = "".join(detail(more=party.format(text)) for text in ("March", "April"))
    (row,) = rows(camt_file(entry(side="DBIT", more=f"<NtryDtls>{parts}</NtryDtls>")))
    assert row["counterparty_name"] == "Landlord"
    assert "narrative" not in row


def test_details_may_go_both_ways() -> None:
    """A netted entry of +10 may be +12 and -2: each row goes its own way."""
    parts = detail("12.00", side="CRDT") + detail("2.00", side="DBIT")
    made = rows(camt_file(entry(more=f"<NtryDtls>{parts}</NtryDtls>")))
    assert [(row["direction"], row["amount"]) for row in made] == [("credit", "12.00"), ("debit", "2.00")]


def test_charges_may_make_up_the_difference() -> None:
    """Transfers of 4 and 5 with charges of 0.50 each come to a debit of 10; each row is what left the account."""
    parts = "".join(
        detail(
            more=f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>'
            '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">0.50</TtlChrgsAndTaxAmt></Chrgs>'
        )
        for amount in (4, 5)
    )
    made = rows(camt_file(entry(side="DBIT", more=f"<NtryDtls>{parts}</NtryDtls>")))
    assert [row["amount"] for row in made] == ["4.50", "5.50"]


def test_a_reversal_moves_money_as_it_says() -> None:
    """RvslInd says why; CdtDbtInd says what happens to the account. Its parties are those of the first booking."""
    parties = "<RltdPties><Dbtr><Nm>Holder</Nm></Dbtr><Cdtr><Nm>Shop</Nm></Cdtr></RltdPties>"
    details = f"<NtryDtls>{detail(more=parties)}</NtryDtls>"
    (row,) = rows(camt_file(entry(status="<RvslInd>true</RvslInd><Sts>BOOK</Sts>", more=details)))
    assert (row["direction"], row["kind"], row["counterparty_name"]) == ("credit", "reversal", "Shop")


def test_the_other_side_is_never_the_account_itself() -> None:
    """Where the near side is named as the far one, the remaining side is the other party."""
    parties = (
        "<RltdPties><Dbtr><Nm>Other</Nm></Dbtr><Cdtr><Nm>Holder</Nm></Cdtr>"
        "<CdtrAcct><Id><Othr><Id>A1</Id></Othr></Id></CdtrAcct></RltdPties>"
    )
    (row,) = rows(camt_file(entry(side="DBIT", more=f"<NtryDtls>{detail(more=parties)}</NtryDtls>")))
    assert row["counterparty_name"] == "Other"


@pytest.mark.parametrize(
    ("status", "told"),
    [("<Sts>PDNG</Sts>", "PDNG"), ("<Sts><Cd>INFO</Cd></Sts>", "INFO"), ("<Sts><Cd>FUTR</Cd></Sts>", "FUTR")],
)
def test_the_status_is_a_text_or_a_code(status: str, told: str) -> None:
    """From version 08 on it is one level deeper. What is not booked counts for no balance."""
    read = camt_file(balance("OPBD", "5"), balance("CLBD", "5"), entry(status=status))
    assert [row["status"] for row in rows(read)] == [told]
    assert read.raw.statements[0].agrees is True


@pytest.mark.parametrize(
    ("levels", "kind", "channel", "purpose"),
    [
        ("PMNT-CCRD-CWDL", None, "atm", None),
        ("PMNT-CNTR-CDPT", None, "cash", None),
        ("PMNT-CNTR-CWDL", None, "cash", None),
        ("PMNT-CCRD-POSD", None, "card", None),
        ("PMNT-ICDT-ESCT", None, "transfer", None),
        ("PMNT-RCDT-XBCT", None, "wire", None),
        ("PMNT-RCDT-SALA", None, "transfer", "salary"),
        ("ACMT-MDOP-CHRG", "fee", None, None),
        ("ACMT-MCOP-INTR", "interest", None, None),
        ("PMNT-ICDT-RRTN", "reversal", "transfer", None),
    ],
)
def test_bank_transaction_codes_say_what_it_was(
    levels: str, kind: str | None, channel: str | None, purpose: str | None
) -> None:
    """Only what the external code sets say clearly is taken; the code itself is always kept."""
    domain, family, sub_family = levels.split("-")
    family = f"<Fmly><Cd>{family}</Cd><SubFmlyCd>{sub_family}</SubFmlyCd></Fmly>"
    code = f"<BkTxCd><Domn><Cd>{domain}</Cd>{family}</Domn><Prtry><Cd>77</Cd></Prtry></BkTxCd>"
    (row,) = rows(camt_file(entry(more=code)))
    assert row["bank_code"] == f"{levels} 77"
    assert (row.get("kind"), row.get("channel"), row.get("purpose")) == (kind, channel, purpose)


def test_a_detail_tells_parties_texts_and_what_was_instructed() -> None:
    """Everything a screening rule may ask of a payment is found where the standard puts it."""
    more = """
      <AmtDtls><InstdAmt><Amt Ccy="USD">12.00</Amt><CcyXchg><XchgRate>1.2</XchgRate></CcyXchg></InstdAmt></AmtDtls>
      <RltdPties>
        <Dbtr><Pty><Nm>Payer</Nm><PstlAdr><Ctry>th</Ctry></PstlAdr></Pty></Dbtr>
        <DbtrAcct><Id><IBAN>de00 0000 1111</IBAN></Id><Prxy><Tp><Cd>TELE</Cd></Tp><Id>+856-20123</Id></Prxy></DbtrAcct>
        <UltmtCdtr><Pty><Nm>Worker</Nm></Pty></UltmtCdtr>
      </RltdPties>
      <RltdAgts><DbtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>THCBC</Cd></ClrSysId><MmbId>004</MmbId></ClrSysMmbId>
      </FinInstnId></DbtrAgt></RltdAgts>
      <Purp><Cd>SALA</Cd></Purp>
      <RmtInf><Ustrd>March &amp; April</Ustrd><Ustrd>second line</Ustrd>
      <Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf>"""
    refs = "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId><UETR>u-1</UETR></Refs>"
    (row,) = rows(camt_file(entry(more=f"{refs}{more}</TxDtls></NtryDtls><AddtlNtryInf>wages</AddtlNtryInf>")))
    told = {name: row[name] for name in row if name.startswith("counterparty") or name in _DETAILS}
    assert told == {
        "purpose": "salary",
        "narrative": "March & April second line RF18 wages",
        "counterparty_institution": "THCBC:004",
        "counterparty_account": "DE0000001111",
        "counterparty_phone": "+856-20123",
        "counterparty_name": "Payer",
        "ultimate_party": "Worker",
        "country": "TH",
        "end_to_end_id": "u-1",
        "amount_instructed": "12.00",
        "currency_instructed": "USD",
        "exchange_rate": "1.2",
    }


_DETAILS = (
    "purpose narrative ultimate_party country end_to_end_id amount_instructed currency_instructed exchange_rate".split()
)


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("<BookgDt><DtTm>2026-03-02T08:30:00+07:00</DtTm></BookgDt>", "2026-03-02T08:30:00+07:00"),
        ("<BookgDt><Dt>2026-03-02+07:00</Dt></BookgDt>", "2026-03-02"),
        ("", "2026-03-03"),
    ],
)
def test_the_booking_day_keeps_its_time_and_zone(day: str, at: str) -> None:
    """A day's own zone says nothing of an hour; without a booking day the value day stands in, and is counted."""
    read = camt_file(entry(day=day))
    assert [row["at"] for row in rows(read)] == [at]
    assert any("no booking day" in warning for warning in read.raw.warnings) is (not day)


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        (entry("-5.00"), "amount"),
        (entry("1,000.00"), "amount"),
        (entry("1e3"), "amount"),
        (entry(""), "amount"),
        (entry("10.00</Amt><Amt Ccy='EUR'>10.00"), "amount"),
        (entry(side="BOTH"), "direction"),
        (entry(side=""), "direction"),
    ],
)
def test_a_bad_entry_is_set_aside_and_the_others_are_read(bad: str, column: str) -> None:
    """It is quarantined with its line, and the balances show that it is missing."""
    read = camt_file(balance("OPBD", "0"), balance("CLBD", "12"), entry("2"), bad, entry("0.00"))
    assert [row["amount"] for row in rows(read)] == ["2", "0.00"]
    assert [(each.record, each.line, each.reason, each.column) for each in read.raw.rejected] == [
        (2, 2, "bad_entry", column)
    ]
    assert read.raw.statements[0].agrees is False


def test_zeros_behind_an_amount_say_nothing() -> None:
    """The standard allows five decimals; further digits than the currency has are left for intake to refuse."""
    read = camt_file(entry("8.85000"), entry("+7."), entry(".5"), entry("1.00010"))
    assert [row["amount"] for row in rows(read)] == ["8.85", "7", "0.5", "1.0001"]


@pytest.mark.parametrize(
    ("balances", "agrees"),
    [
        ([balance("OPBD", "5.00"), balance("CLBD", "15.00")], True),
        ([balance("PRCD", "20", "DBIT"), balance("CLBD", "10", "DBIT")], True),
        ([balance("OPBD", "5.00"), balance("CLBD", "14.99")], False),
        ([balance("OPAV", "5.00"), balance("ITBD", "7.00")], None),
        ([balance("OPBD", "5.00")], None),
        ([balance("OPBD", "5.00"), balance("CLBD", "9.00", currency="SEK")], None),
    ],
)
def test_booked_balances_prove_the_entries(balances: list[str], agrees: bool | None) -> None:
    """Available and interim balances prove nothing, nor does a balance in another currency."""
    assert camt_file(*balances, entry()).raw.statements[0].agrees is agrees


def test_a_statement_without_entries_is_read() -> None:
    """A quiet day is no error."""
    read = camt_file(balance("OPBD", "5"), balance("CLBD", "5"))
    assert read.raw.records == 0
    assert [(each.account, each.entries, each.agrees) for each in read.raw.statements] == [("A1", 0, True)]


def test_a_reference_that_is_not_unique_is_no_id() -> None:
    """Banks repeat references; such rows get an id made from their content, and all stay."""
    read = camt_file(
        entry(reference="X"), entry("11", reference="X"), entry(side="DBIT", reference="X"), entry(reference="NONREF")
    )
    assert [row.get("transaction_id") for row in rows(read)] == [None, None, "X", None]
    assert [row.get("entry_reference") for row in rows(read)] == ["X", "X", "X", None]


def test_notifications_can_be_left_out_by_the_message(tmp_path: Path) -> None:
    """A statement and a notification tell of the same entries; a mapping reads one kind only."""
    for message, tag in (("053", "Stmt"), ("054", "Ntfctn")):
        text = camt(statement(entry(currency="LAK"), tag=tag), message=message)
        (tmp_path / f"{message}.xml").write_text(text, encoding="utf-8")
    unless = {"message": {"pattern": "^camt[.]05[24]"}, "status": ["PDNG", "INFO", "FUTR"]}
    files = [{"match": "*.xml", "table": "transactions", "unless": unless}]
    mapping = Mapping.model_validate({"id": "statements", "title": "Statements", "files": files})
    read = Dataset.read(tmp_path, mapping=mapping)
    assert accepted(read, "account_id, amount") == [("A1", 1000)]


def test_a_summary_that_counts_otherwise_is_told() -> None:
    """A file that was cut or edited says so itself."""
    read = camt_file("<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries></TxsSummry>", entry())
    assert any("another number of entries" in warning for warning in read.raw.warnings)


_AMOUNTS = st.decimals(0, 10**12, places=2, allow_nan=False, allow_infinity=False)
_TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Cc"]), max_size=20)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_AMOUNTS, st.booleans(), _TEXTS), max_size=8))
def test_entries_that_are_written_come_back(entries: list[tuple[Decimal, bool, str]]) -> None:
    """Whatever amounts, sides and texts a bank writes are read as they were, in order, and their sum is proved."""
    from xml.sax.saxutils import escape

    parts = [
        entry(f"{amount}", "CRDT" if credit else "DBIT", more=f"<AddtlNtryInf>{escape(text)}</AddtlNtryInf>")
        for amount, credit, text in entries
    ]
    total = sum((amount if credit else -amount for amount, credit, _ in entries), Decimal(100))
    closing = balance("CLBD", f"{abs(total)}", "CRDT" if total >= 0 else "DBIT")
    read = camt_file(balance("OPBD", "100"), closing, *parts)
    assert [(Decimal(str(row["amount"])), row["direction"], row.get("narrative", "")) for row in rows(read)] == [
        (amount, "credit" if credit else "debit", text.strip()) for amount, credit, text in entries
    ]
    assert read.raw.statements[0].agrees is True
