"""Payments between banks move money on the accounts they name; orders of customers are not yet bookings."""

from __future__ import annotations

import pytest

from intake.iso_messages import read_xml, rows

_BANK = "<FinInstnId><BICFI>{0}</BICFI></FinInstnId>"
_SIDES = (
    f"<UltmtCdtr><Nm>Worker</Nm></UltmtCdtr><DbtrAgt>{_BANK.format('AAAALALA')}</DbtrAgt>"
    "<Dbtr><Nm>Payer</Nm></Dbtr><DbtrAcct><Id><Othr><Id>D1</Id></Othr></Id></DbtrAcct>"
    f"<CdtrAgt>{_BANK.format('BBBBTHBKXXX')}</CdtrAgt><Cdtr><Nm>Payee</Nm></Cdtr>"
    "<CdtrAcct><Id><IBAN>TH1</IBAN></Id></CdtrAcct>"
)
_SETTLED = '<IntrBkSttlmAmt Ccy="THB">20.00</IntrBkSttlmAmt><IntrBkSttlmDt>2026-03-02</IntrBkSttlmDt>'


def pacs(root: str, name: str, payments: str, header: str = "") -> str:
    """A message between banks."""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{name}"><{root}><GrpHdr><MsgId>M1</MsgId>'
        f"<CreDtTm>2026-03-01T10:00:00</CreDtTm>{header}</GrpHdr>{payments}</{root}></Document>"
    )


def payment(sides: str = _SIDES, settled: str = _SETTLED, tag: str = "CdtTrfTxInf") -> str:
    """One payment."""
    ids = "<PmtId><InstrId>I1</InstrId><EndToEndId>E1</EndToEndId><TxId>T1</TxId></PmtId>"
    return (
        f'<{tag}>{ids}{settled}<InstdAmt Ccy="USD">1.00</InstdAmt>{sides}<RmtInf><Ustrd>rent</Ustrd></RmtInf></{tag}>'
    )


@pytest.mark.parametrize(
    ("root", "name", "tag"),
    [
        ("FIToFICstmrCdtTrf", "pacs.008.001.08", "CdtTrfTxInf"),
        ("pacs.008.001.01", "pacs.008.001.01", "CdtTrfTxInf"),
        ("FICdtTrf", "pacs.009.001.08", "CdtTrfTxInf"),
        ("FIToFICstmrDrctDbt", "pacs.003.001.09", "DrctDbtTxInf"),
    ],
)
def test_both_accounts_of_a_payment_have_a_row(root: str, name: str, tag: str) -> None:
    """A debit at the debtor's agent, a credit at the creditor's, each with the other as its counterparty."""
    debit, credit = rows(read_xml(pacs(root, name, payment(tag=tag))))
    shared = {
        "transaction_id": "T1",
        "entry_reference": "T1",
        "end_to_end_id": "E1",
        "at": "2026-03-02",
        "value_date": "2026-03-02",
        "amount": "20.00",
        "currency": "THB",
        "amount_instructed": "1.00",
        "currency_instructed": "USD",
        "message": name,
        "statement": "M1",
        "narrative": "rent",
        "ultimate_party": "Worker",
        "channel": "wire",
    }
    assert debit == {
        **shared,
        "institution": "AAAALALA",
        "account_id": "D1",
        "account_name": "Payer",
        "direction": "debit",
        "counterparty_institution": "BBBBTHBKXXX",
        "counterparty_account": "TH1",
        "counterparty_name": "Payee",
    }
    assert credit == {
        **shared,
        "institution": "BBBBTHBKXXX",
        "account_id": "TH1",
        "account_name": "Payee",
        "direction": "credit",
        "counterparty_institution": "AAAALALA",
        "counterparty_account": "D1",
        "counterparty_name": "Payer",
    }


def test_the_header_may_give_the_day() -> None:
    """Of the payment, else of all in the message, else the day the message was made, which is told."""
    settled = '<IntrBkSttlmAmt Ccy="THB">20.00</IntrBkSttlmAmt>'
    day = "<IntrBkSttlmDt>2026-03-05</IntrBkSttlmDt>"
    read = read_xml(pacs("FIToFICstmrCdtTrf", "pacs.008.001.08", payment(settled=settled), day))
    assert [row["at"] for row in rows(read)] == ["2026-03-05"] * 2
    read = read_xml(pacs("FIToFICstmrCdtTrf", "pacs.008.001.08", payment(settled=settled)))
    assert [row["at"] for row in rows(read)] == ["2026-03-01T10:00:00"] * 2
    assert "1 entries have no booking day" in read.raw.warnings[0]


def test_only_accounts_that_are_named_have_rows() -> None:
    """A payee in cash has no account; a payment that names none is set aside and stays in the count."""
    cash = _SIDES.replace("<CdtrAcct><Id><IBAN>TH1</IBAN></Id></CdtrAcct>", "")
    none = cash.replace("<DbtrAcct><Id><Othr><Id>D1</Id></Othr></Id></DbtrAcct>", "")
    read = read_xml(pacs("FIToFICstmrCdtTrf", "pacs.008.001.08", payment(cash) + payment(none)))
    assert [(row["account_id"], row["counterparty_name"]) for row in rows(read)] == [("D1", "Payee")]
    assert [(each.reason, each.column, each.value) for each in read.raw.rejected] == [
        ("missing_required", "account_id", "T1")
    ]


def pain(root: str, name: str, group: str, payments: str) -> str:
    """An order of a customer."""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{name}"><{root}><GrpHdr><MsgId>M1</MsgId><NbOfTxs>2</NbOfTxs>'
        f"</GrpHdr><PmtInf>{group}{payments}</PmtInf></{root}></Document>"
    )


_ORDERER = (
    "<Nm>Firm</Nm></{0}><{0}Acct><Id><IBAN>LA 1</IBAN></Id></{0}Acct>"
    "<{0}Agt><FinInstnId><BIC>AAAALALA</BIC></FinInstnId></{0}Agt>"
)


@pytest.mark.parametrize("day", ["2026-03-09", "<Dt>2026-03-09</Dt>"])
def test_an_order_is_pending_on_the_orderers_account(day: str) -> None:
    """pain.001 debits whoever orders, on the day asked for; PDNG says that nothing is booked yet."""
    purpose = "<PmtTpInf><CtgyPurp><Cd>SALA</Cd></CtgyPurp></PmtTpInf>"
    group = f"{purpose}<ReqdExctnDt>{day}</ReqdExctnDt><Dbtr>{_ORDERER.format('Dbtr')}"
    orders = "".join(
        f'<CdtTrfTxInf><PmtId><EndToEndId>E{no}</EndToEndId></PmtId><Amt><InstdAmt Ccy="LAK">{no}00</InstdAmt></Amt>'
        f"<Cdtr><Nm>Worker {no}</Nm></Cdtr><CdtrAcct><Id><Othr><Id>W{no}</Id></Othr></Id></CdtrAcct></CdtTrfTxInf>"
        for no in (1, 2)
    )
    made = rows(read_xml(pain("CstmrCdtTrfInitn", "pain.001.001.09", group, orders)))
    assert [(row["account_id"], row["amount"], row["counterparty_account"]) for row in made] == [
        ("LA1", "100", "W1"),
        ("LA1", "200", "W2"),
    ]
    assert {(row["status"], row["direction"], row["at"], row["purpose"], row["institution"]) for row in made} == {
        ("PDNG", "debit", "2026-03-09", "salary", "AAAALALA")
    }


def test_a_direct_debit_order_credits_the_collector() -> None:
    """pain.008 is ordered by the creditor; a count that differs from the header's is told."""
    group = f"<ReqdColltnDt>2026-03-09</ReqdColltnDt><Cdtr>{_ORDERER.format('Cdtr')}"
    order = '<DrctDbtTxInf><InstdAmt Ccy="EUR">5.5</InstdAmt><Dbtr><Nm>Tenant</Nm></Dbtr></DrctDbtTxInf>'
    read = read_xml(pain("CstmrDrctDbtInitn", "pain.008.001.02", group, order))
    assert [(row["direction"], row["account_id"], row["amount"], row["status"]) for row in rows(read)] == [
        ("credit", "LA1", "5.5", "PDNG")
    ]
    assert "another number of entries" in read.raw.warnings[0]
