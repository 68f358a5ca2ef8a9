"""Statement files to measure readers with: one account a statement, balances that add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

__all__ = ["KINDS", "make_statements", "statements_of"]

_PER_STATEMENT = 500
_FIRST = date(2026, 1, 1)
_OPENING = 1_000_000_00
_CAMT_ENTRY = (Path(__file__).parent / "entry.camt053.xml").read_text(encoding="ascii")
"""Laid out as banks lay it out; samples of theirs have two to five kilobytes an entry, this one 2.7."""


def statements_of(under: Path, entries: int, kind: str) -> Path:
    """Where such a file lies, made or not."""
    return under / f"{entries}_{kind}" / f"statements.{'sta' if kind == 'mt940' else 'xml'}"


def make_statements(under: Path, entries: int, kind: str) -> Path:
    """A file of that many entries, ``mt940`` or ``camt053``; written if it is not there whole."""
    path = statements_of(under, entries, kind)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="ascii", newline="") as out:
        out.writelines(KINDS[kind](entries))
    unfinished.rename(path)
    return path


def _statements(entries: int) -> Iterator[tuple[int, list[tuple[int, date, bool, int]]]]:
    """The number of each statement and its entries: serial number, day, whether a credit, cents."""
    for number, first in enumerate(range(0, entries, _PER_STATEMENT), start=1):
        day = _FIRST + timedelta(days=number % 180)
        yield (
            number,
            [
                (serial, day, serial % 3 == 0, serial * 7919 % 5_000_000 + 1)
                for serial in range(first, min(first + _PER_STATEMENT, entries))
            ],
        )


def _closing(entries: list[tuple[int, date, bool, int]]) -> int:
    return _OPENING + sum(cents if credit else -cents for _, _, credit, cents in entries)


def _mt940(entries: int) -> Iterator[str]:
    for number, lines in _statements(entries):
        day = f"{lines[0][1]:%y%m%d}"
        yield f":20:STMT{number:08d}\r\n:25:SYNBLALAXXX/0100{number:08d}\r\n:28C:{number}/1\r\n"
        yield f":60F:C{day}LAK{_swift(_OPENING)}\r\n"
        for serial, at, credit, cents in lines:
            yield (
                f":61:{at:%y%m%d}{at:%m%d}{'C' if credit else 'D'}{_swift(cents)}"
                f"NTRFREF{serial:010d}//B{serial:010d}\r\n"
                f":86:166?00TRANSFER?10{serial % 10000:04d}?20EREF+E{serial:012d}?21SVWZ+PAYMENT {serial}\r\n"
                f"?30SYNBLALA?31{serial % 99991:012d}?32SYNTHETIC HOLDER {serial % 99991}\r\n"
            )
        closing = _closing(lines)
        yield f":62F:{'D' if closing < 0 else 'C'}{day}LAK{_swift(abs(closing))}\r\n-\r\n"


def _swift(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _camt053(entries: int) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n'
    yield "<GrpHdr><MsgId>BENCH</MsgId><CreDtTm>2026-07-01T00:00:00Z</CreDtTm></GrpHdr>\n"
    for number, lines in _statements(entries):
        yield f"<Stmt><Id>STMT{number:08d}</Id><Acct><Id><Othr><Id>0100{number:08d}</Id></Othr></Id><Ccy>LAK</Ccy>"
        yield "<Svcr><FinInstnId><BICFI>SYNBLALAXXX</BICFI></FinInstnId></Svcr></Acct>\n"
        yield _balance("OPBD", _OPENING, lines[0][1])
        yield _balance("CLBD", _closing(lines), lines[0][1])
        for serial, at, credit, cents in lines:
            yield _CAMT_ENTRY.format(
                serial=serial,
                amount=f"{cents // 100}.{cents % 100:02d}",
                day=at,
                side="CRDT" if credit else "DBIT",
                family="RCDT" if credit else "ICDT",
                other="Dbtr" if credit else "Cdtr",
                number=serial % 99991,
            )
        yield "</Stmt>\n"
    yield "</BkToCstmrStmt></Document>\n"


def _balance(code: str, cents: int, day: date) -> str:
    side = "DBIT" if cents < 0 else "CRDT"
    amount = f"{abs(cents) // 100}.{abs(cents) % 100:02d}"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="LAK">{amount}</Amt><CdtDbtInd>{side}'
        f"</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


KINDS: dict[str, Callable[[int], Iterator[str]]] = {"mt940": _mt940, "camt053": _camt053}
