"""Names of ISO 20022: which messages are read, which parts of them are records, and how a file shows that it is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["MESSAGES", "PARTS", "holds_iso20022", "local", "message_of", "what_it_is"]

MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "BkToCstmrAcctRpt": "camt.052",
        "BkToCstmrStmt": "camt.053",
        "BkToCstmrDbtCdtNtfctn": "camt.054",
        "FIToFICstmrDrctDbt": "pacs.003",
        "FIToFICstmrCdtTrf": "pacs.008",
        "FICdtTrf": "pacs.009",
        "FinInstnCdtTrf": "pacs.009",  # versions 01 and 02
        "FIDrctDbt": "pacs.010",
        "CstmrCdtTrfInitn": "pain.001",
        "CstmrDrctDbtInitn": "pain.008",
    }
)
"""The element below ``Document`` and the message it makes. First versions use the message's name, or end in V01."""

PARTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "message": {
            "GrpHdr": "header",
            "Stmt": "statement",
            "Rpt": "statement",
            "Ntfctn": "statement",
            "PmtInf": "group",
            "CdtInstr": "group",
            "CdtTrfTxInf": "payment",
            "DrctDbtTxInf": "payment",
        },
        "statement": {"Bal": "balance", "Ntry": "entry"},
        "entry": {"NtryDtls/TxDtls": "detail", "TxDtls": "detail"},
        "group": {"CdtTrfTxInf": "payment", "DrctDbtTxInf": "payment", "PmtTx": "payment"},
    }
)
"""Which path inside a part begins a part of its own."""

_OTHERS = MappingProxyType(
    {
        "pacs.002": "a status report",
        "pacs.004": "a return of payments",
        "pacs.007": "a reversal of payments",
        "pacs.028": "a request for a status",
        "pain.002": "a status report",
        "pain.007": "a reversal of payments",
        "camt.029": "an answer to an investigation",
        "camt.056": "a request to cancel payments",
    }
)
_NAME = re.compile(r"[a-z]{4}\.\d{3}\.\d{3}\.\d{2}(?!\d)")
_READ = frozenset(MESSAGES.values())
_SEEN = re.compile(
    rb"iso:20022:tech:xsd|[:/](?:camt|pacs|pain)\.\d{3}\.\d{3}\.\d{2}|urn:swift:xsd"
    rb"|<(?:[\w.-]+:)?(?:BkToCstmr(?:AcctRpt|Stmt|DbtCdtNtfctn)(?:V\d\d)?|FIToFI\w+|FICdtTrf|FIDrctDbt|FinInstnCdtTrf"
    rb"|Cstmr(?:CdtTrf|DrctDbt)Initn|CstmrPmtStsRpt|(?:camt|pacs|pain)\.\d{3}\.\d{3}\.\d{2})[\s/>]"
)


def holds_iso20022(head: bytes) -> bool:
    """Whether the beginning of an XML file names a message of ISO 20022, by namespace or by element."""
    return _SEEN.search(head) is not None


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


def message_of(element: str, namespace: str) -> str | None:
    """``camt.053.001.08`` for an element that begins a message which is read, None for any other.

    The element decides; the namespace only tells the version, where it speaks of the same message.
    """
    name = _NAME.fullmatch(element)
    if name is not None:
        return element if element[:8] in _READ else None
    family = MESSAGES.get(re.sub(r"V\d\d$", "", element))
    if family is None:
        return None
    told = _NAME.search(namespace)
    return told.group() if told and told.group().startswith(family) else family


def what_it_is(element: str, namespace: str) -> str:
    """A message that is not read, in words: ``pacs.002.001.10 (a status report)``."""
    told = _NAME.search(namespace) or _NAME.fullmatch(element)
    name = told.group() if told else element
    meaning = _OTHERS.get(name[:8])
    return f"{name} ({meaning})" if meaning else name
