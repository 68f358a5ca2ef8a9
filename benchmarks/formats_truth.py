"""What a file of bank formats holds, according to its upstream project's tests, to counts, or to itself.

Each kind of expected file has a reader of its own here. Sums are of money onto the account less money off it;
``absolute`` where only the size of amounts is told. Nothing here uses the product's readers.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

__all__ = ["Truth", "counted_truth", "expected_truth", "own_truth"]


_AMOUNT = re.compile(
    r"\bamount: (?:&\w+ )?!!python/object:mt940\.models\.Amount\s+"
    r"amount: !!python/object/apply:decimal\.Decimal\s+- '([^']+)'"
)


@dataclass(frozen=True)
class Truth:
    """How many entries there are, and their amounts or at least their sum; ``source`` says who says so."""

    source: str
    entries: int | None = None
    total: Decimal | None = None
    amounts: tuple[Decimal, ...] | None = None
    absolute: bool = False
    most: int | None = None  # where entries may be read in parts
    everything: bool = False  # entries that are no bookings are counted too
    legs: bool = False  # each amount is a payment, which books one account or two


def _of(source: str, amounts: Iterable[Decimal], *, absolute: bool = False, legs: bool = False) -> Truth:
    known = tuple(abs(each) if absolute else each for each in amounts)
    return Truth(source, len(known), sum(known, Decimal(0)), known, absolute, legs=legs)


def expected_truth(file: Path) -> list[Truth]:
    """What ``_expected/NAME@@...`` says of a file, each kind of expected file that can be compared."""
    found = []
    for path in sorted((file.parent / "_expected").glob("*")):
        name, _, rest = path.name.partition("@@")
        read = next((each for end, each in _EXPECTED.items() if rest.endswith(end)), None)
        if name == file.name and read:
            truth = read(path.read_text(encoding="utf-8", errors="replace"), rest)
            found += [truth] if truth else []
    return found


def counted_truth(counts: Mapping[str, Any], name: str, file: Path) -> list[Truth]:
    """What ``derived_counts.json`` says of a file."""
    said = counts.get(name, {})
    by = f"derived counts ({said.get('by', 'lines')})"
    if "n_tx" in said:
        return [Truth(by, int(said["n_tx"]), Decimal(said["sum"]))]
    if "entry_sums" in said:
        signs = {"CRDT": 1, "DBIT": -1}
        total = sum((signs[key[-4:]] * Decimal(text) for key, text in said["entry_sums"].items()), Decimal(0))
        most = max(int(said["entries"]), int(said.get("txdtls", 0)))  # a batch is read by its transactions
        return [Truth(by, int(said["entries"]), total, most=most)]
    if "records" in said:
        accounts = file.read_bytes().count(b"!Account")
        return [Truth("derived counts (records less accounts)", int(said["records"]) - accounts, everything=True)]
    lines = said.get("raw_STMTTRN", said.get("raw_61_lines"))
    return [] if lines is None else [Truth("derived counts (lines)", int(lines))]


def own_truth(file: Path, text: str) -> list[Truth]:
    """What the elements of a payment message come to when they are simply counted."""
    if re.search(r"(?:CdtTrf|DrctDbt)TxInf[\s>]", text):
        batch = re.findall(r"<(?:\w+:)?(?:CdtTrf|DrctDbt)TxInf[\s>].*?</(?:\w+:)?(?:CdtTrf|DrctDbt)TxInf>", text, re.S)
        sums = [
            re.search(
                r"<(?:\w+:)?(?:InstdAmt|IntrBkSttlmAmt|EqvtAmt)\b[^>]*>\s*(?:<(?:\w+:)?Amt[^>]*>)?\s*([\d.]+)", one
            )
            for one in batch
        ]
        return (
            [_of("its own elements", [Decimal(one[1]) for one in sums if one], absolute=True, legs=True)]
            if all(sums)
            else []
        )
    if "CstmrCdtTrfInitn" in text or "xsd:pain.001" in text:
        return [_of("its own elements", [])]
    if re.search(r"\{2:[IO](?:103|202)", text) or re.search(r"MT(?:103|202)__", file.name):
        values = re.findall(r"^:32A:\d{6}[A-Z]{3}([\d,]+)", text, re.M)
        return [
            _of(
                "its own fields 32A",
                [Decimal(one.rstrip(",").replace(",", ".")) for one in values],
                absolute=True,
                legs=True,
            )
        ]
    return []


def _yaml_of_mt940(text: str, _: str) -> Truth | None:
    """The dump of wolph/mt940's test: the amounts of the objects Transaction."""
    if "transactions: []" in text:
        return _of("wolph/mt940's test", [])
    parts = re.split(r"!!python/object:mt940\.models\.Transaction\b", text)[1:]
    sums = [_AMOUNT.search(one) for one in parts]
    return _of("wolph/mt940's test", [Decimal(one[1]) for one in sums if one]) if sums and all(sums) else None


def _json(text: str, name: str) -> Truth | None:
    said = json.loads(text, parse_float=Decimal)
    if isinstance(said, list):  # mt940-js
        booked = [one for each in said for one in each["transactions"]]
        return _of("mt940-js's test", [Decimal(one["amount"]) * (-1 if one["isExpense"] else 1) for one in booked])
    if "n_rows" in said:
        if "amounts" in said:
            return _of("expected rows", [Decimal(each) for each in said["amounts"]], absolute=True)
        return _of("expected rows", [Decimal(each) for each in said.get("deposits", [])])
    entries = said.get("getEntries")
    if not entries:
        return None
    signed = [Decimal(one["getAmount"]["getAmount"]) / 100 for one in entries]
    return _of("genkgo/camt's test", signed)


def _pydata(text: str, _: str) -> Truth | None:
    """OCA's golden data: (currency, account, statements with transactions) or a list of them."""
    said = ast.literal_eval(text)
    accounts = said if isinstance(said, list) else [said]
    booked = [one for account in accounts for each in account[2] for one in each["transactions"]]
    return _of("OCA's test", [Decimal(str(one["amount"])) for one in booked])


def _beancount(text: str, name: str) -> Truth | None:
    """Journals that an importer wrote: the postings on the account that the most transactions touch."""
    if "import_results" in name:
        return None  # of investment accounts, in securities
    booked: list[list[tuple[str, Decimal]]] = []
    for line in text.splitlines():
        if re.match(r"\d{4}-\d\d-\d\d [*!]", line):
            booked.append([])
        elif booked and (found := re.match(r"\s+([A-Z]\w+(?::[^\s]+)+)\s+(-?[\d,.]+) [A-Z]{3}\s*$", line)):
            booked[-1].append((found[1], Decimal(found[2].replace(",", ""))))
    booked = [each for each in booked if each]
    if not booked or any("Investments" in account for each in booked for account, _ in each):
        return None
    seen = Counter(account for each in booked for account in {account for account, _ in each})
    held = [account for account in seen if re.match(r"(?:Assets|Liabilities):(?!FIX)", account)]
    own = max(held or seen, key=lambda account: seen[account])
    often = seen[own]
    if often == len(booked):
        return _of("importer's journal", [sum((a for name, a in each if name == own), Decimal(0)) for each in booked])
    return _of("importer's journal", [max(abs(amount) for _, amount in each) for each in booked], absolute=True)


def _ofx(text: str, _: str) -> Truth | None:
    found = re.findall(r"<TRNAMT>\s*([-+\d.]+)", text)
    return _of("csv2ofx's test", [Decimal(each) for each in found]) if "<STMTTRN>" in text else None


def _qif(text: str, _: str) -> Truth | None:
    booked = [one for one in text.split("^") if re.search(r"^D", one, re.M)]
    sums = [re.search(r"^T([-\d.,]+)$", one, re.M) for one in booked]
    return _of("csv2ofx's test", [Decimal(one[1].replace(",", "")) for one in sums if one])


def _ledger(text: str, _: str) -> Truth | None:
    found = re.findall(r"Assets:Bank:\S+\s+(-?)\$([\d,.]+)", text)
    return _of("reckon's test", [Decimal(sign + each.replace(",", "")) for sign, each in found])


_EXPECTED: dict[str, Callable[[str, str], Truth | None]] = {
    ".yml": _yaml_of_mt940,
    ".json": _json,
    ".pydata": _pydata,
    ".beancount": _beancount,
    ".extract": _beancount,
    ".ofx": _ofx,
    ".qif": _qif,
    ".ledger": _ledger,
}
