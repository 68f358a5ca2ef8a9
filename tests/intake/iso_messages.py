"""Small ISO 20022 messages of synthetic people and banks, and what is read from them, for tests."""

from __future__ import annotations

from intake.reading import Read, read_bytes

__all__ = ["CAMT", "balance", "camt", "camt_file", "detail", "entry", "read_xml", "rows", "statement"]

CAMT = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
ACCOUNT = (
    "<Acct><Id><Othr><Id>A1</Id></Othr></Id><Ccy>EUR</Ccy>"
    "<Svcr><FinInstnId><BICFI>TESTLALAXXX</BICFI></FinInstnId></Svcr></Acct>"
)


def entry(
    amount: str = "10.00",
    side: str = "CRDT",
    *,
    day: str = "<BookgDt><Dt>2026-03-02</Dt></BookgDt>",
    status: str = "<Sts>BOOK</Sts>",
    reference: str = "",
    more: str = "",
    currency: str = "EUR",
) -> str:
    """An entry; ``more`` stands behind its references."""
    given = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}{day}'
        f"<ValDt><Dt>2026-03-03</Dt></ValDt>{given}{more}</Ntry>"
    )


def detail(amount: str = "", *, side: str = "", more: str = "", reference: str = "") -> str:
    """A transaction detail with its own amount (version 03 on)."""
    given = f"<Refs><AcctSvcrRef>{reference}</AcctSvcrRef></Refs>" if reference else ""
    own = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    return f"<TxDtls>{given}{own}{f'<CdtDbtInd>{side}</CdtDbtInd>' if side else ''}{more}</TxDtls>"


def balance(code: str, amount: str, side: str = "CRDT", currency: str = "EUR") -> str:
    """A balance of the statement."""
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>"
    )


def statement(*parts: str, account: str = ACCOUNT, tag: str = "Stmt") -> str:
    """A statement with these balances and entries."""
    return f"<{tag}><Id>S1</Id>{account}{''.join(parts)}</{tag}>"


def camt(*statements: str, message: str = "053", version: str = "08") -> str:
    """A whole message, without the declaration."""
    root, _ = CAMT[message]
    space = f' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.{version}"' if version else ""
    return f"<Document{space}><{root}><GrpHdr><MsgId>M1</MsgId></GrpHdr>{''.join(statements)}</{root}></Document>"


def camt_file(*parts: str, message: str = "053", version: str = "08") -> Read:
    """One statement with these parts, read."""
    _, tag = CAMT[message]
    return read_xml(camt(statement(*parts, tag=tag), message=message, version=version))


def read_xml(text: str, **layout: object) -> Read:
    """A file of this text, read."""
    return read_bytes(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), "a.xml", **layout)


def rows(read: Read) -> list[dict[str, object]]:
    """Rows as columns that hold something."""
    return [
        {name: cell for name, cell in zip(read.raw.columns, row[1:], strict=True) if cell is not None}
        for row in read.rows
    ]
