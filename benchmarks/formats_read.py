"""Reading one file through the product's own door, and what came of it in plain values."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from amlscreen.errors import AmlScreenError, DataError
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Held
from amlscreen.intake.currencies import minor_digits
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.layout import Layout
from amlscreen.intake.mapping import FileEntry, Mapping
from amlscreen.intake.readers import read_raw
from amlscreen.intake.readers.entries import FORMATS, NOT_BOOKED
from amlscreen.intake.readers.kind import kind_of
from amlscreen.intake.source import find_sources
from amlscreen.settings import Settings

__all__ = ["Outcome", "answers_of", "read_file"]

_CURRENCIES = (
    "EUR GBP CHF SEK NOK DKK CZK PLN HUF RUB CNY HKD JPY THB INR BRL AUD NZD CAD ZAR SGD TRY MXN AED LAK VND UAH"
)
_FIRST, _LAST, _STEP = dt.date(1989, 1, 1), dt.date(2100, 1, 1), 30


@dataclass
class Outcome:
    """How one file went: ``state`` is read, refused, crashed or unproposed; the rest is what was read."""

    state: str
    format: str = ""
    said: str = ""
    amounts: list[Decimal] = field(default_factory=list)
    balances: list[tuple[str, Decimal, Decimal | None]] = field(default_factory=list)
    quarantined: int = 0
    excluded: int = 0
    duplicates: int = 0
    reasons: str = ""
    statements: tuple[int, int, int] = (0, 0, 0)  # all, whose balances bear them out, whose balances do not


@dataclass(frozen=True)
class _Seen:
    """What one look at the file tells before it is read in earnest. A table is told by its proposal."""

    format: str = "table"
    statements: tuple[int, int, int] = (0, 0, 0)
    booked: bool = True
    left_out: int = 0
    names_account: bool = True
    currencies: tuple[str, ...] = ()


def read_file(file: Path, *, everything: bool = False) -> Outcome:
    """One file, beside rates that hold every currency at 1, so that its own amounts come back.

    ``everything``: of a statement or message also what is told and not booked (orders, pending entries).
    """
    try:
        seen = _looked_at(file)
        if seen.format not in FORMATS:
            return _proposed(file, seen)
        if everything:
            return _read(file, _stated(seen, everything=True), seen)
        if not seen.booked:
            return Outcome("read", seen.format, "holds no booking", statements=seen.statements, excluded=seen.left_out)
        return _read(file, None if seen.names_account else _stated(seen), seen)
    except AmlScreenError as refusal:
        return Outcome("refused", "", str(refusal))
    except Exception as crash:  # noqa: BLE001 - any other exception is what this script looks for
        return Outcome("crashed", "", f"{type(crash).__name__}: {crash}"[:200])


def answers_of(file: Path) -> Iterator[tuple[str, Outcome]]:
    """For a table whose proposal asks something: what comes of it under each other answer, one question at a time."""
    from amlscreen.intake.proposing.propose import propose
    from amlscreen.jurisdiction import Jurisdiction

    try:
        seen = _looked_at(file)
        proposal = propose(file, _settings(), Jurisdiction.load("generic"))
    except AmlScreenError:
        return
    for number, doubt in enumerate(proposal.doubts):
        for choice, answer in enumerate(doubt.choices):
            if choice != doubt.chosen:
                try:
                    yield f"{doubt.about}: {answer.label}", _read(file, proposal.answered(number, choice).mapping, seen)
                except AmlScreenError:
                    continue


def _proposed(file: Path, seen: _Seen) -> Outcome:
    from amlscreen.intake.proposing.propose import propose
    from amlscreen.jurisdiction import Jurisdiction

    proposal = propose(file, _settings(), Jurisdiction.load("generic"))
    if proposal.refused:
        return Outcome("refused", seen.format, proposal.refused[0])
    if not any(each.table == "transactions" for each in proposal.mapping.files):
        return Outcome("refused", seen.format, "the proposal says it holds no transactions")
    return _read(file, proposal.mapping, seen)


def _settings() -> Settings:
    return Settings(institution="BANK", most_quarantined=1.0)


def _looked_at(file: Path) -> _Seen:
    (source,) = find_sources(file)[:1]
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as folder:
        try:
            raw = read_raw(connection, source, Layout(), settings=_settings(), workspace=Path(folder))
        except DataError:
            if kind_of(source.name, file.read_bytes()[:65536]) in FORMATS:
                raise
            return _Seen()  # the proposal may know better than no layout at all
        if raw.format not in FORMATS:
            return _Seen(raw.format)

        def ask(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(f"SELECT {query} FROM ({raw.relation})").fetchall()

        booked = "TRUE" if "status" not in raw.columns else f"coalesce(status, '') NOT IN {NOT_BOOKED}"
        found = int(ask(f"count(*) FILTER ({booked})")[0][0])
        currencies = ask("DISTINCT upper(currency)") if "currency" in raw.columns else []
    agree = [each.agrees for each in raw.statements]
    return _Seen(
        raw.format,
        (len(agree), agree.count(True), agree.count(False)),
        bool(found or raw.rejected),
        raw.records - len(raw.rejected) - found,
        "account_id" in raw.columns,
        tuple(code for (code,) in currencies if code and re.fullmatch("[A-Z]{3}", code)),
    )


def _stated(seen: _Seen, *, everything: bool = False) -> Mapping:
    """What a person states of a file: its account if it names none, and what else than bookings to take."""
    columns = {} if seen.names_account else {"account_id": ColumnSpec(constant="ACCOUNT")}
    unless = {"status": Held(values=("NONE",))} if everything else {}
    entry = FileEntry(match="*", table="transactions", columns=columns, unless=unless)
    return Mapping(id="stated", title="What a person states", files=(entry,))


def _read(file: Path, mapping: Mapping | None, seen: _Seen) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        rates = Path(folder) / "fx_rates.csv"
        _write_rates(rates, sorted({*_CURRENCIES.split(), *seen.currencies} - {"USD"}))
        if mapping is not None:
            mapping = _with_rates(mapping)
        with Dataset.read([file, rates], mapping, "generic", _settings()) as data:
            return _outcome(data, seen)


def _outcome(data: Dataset, seen: _Seen) -> Outcome:
    made = Outcome("read", seen.format, statements=seen.statements)
    for each in data.reconciliation.files:
        if each.table == "transactions":
            made.quarantined += each.quarantined
            made.excluded += each.excluded
            made.duplicates += each.duplicates
    rows = data.connection.execute(
        "SELECT account_id, direction, coalesce(amount_original, amount), currency, balance_after "
        "FROM transactions ORDER BY row_id"
    ).fetchall()
    for account, direction, amount, currency, balance in rows:
        scale = Decimal(10) ** minor_digits().get(str(currency), 2)
        signed = Decimal(amount) / scale * (1 if str(direction) == "credit" else -1)
        made.amounts.append(signed)
        made.balances.append((str(account), signed, None if balance is None else Decimal(balance) / scale))
    made.reasons = _reasons(data)
    return made


def _reasons(data: Dataset) -> str:
    if not len(data.quarantine):
        return ""
    summary: Any = data.quarantine.summary()
    return ", ".join(f"{row.reason} {row.column or ''}".strip() for row in summary.itertuples())[:100]


def _with_rates(mapping: Mapping) -> Mapping:
    same = {name: ColumnSpec.model_validate({"from": name}) for name in ("currency", "date", "rate")}
    entry = FileEntry(match="fx_rates.csv", table="fx_rates", columns=same)
    return mapping.model_copy(update={"files": (entry, *mapping.files)})


def _write_rates(path: Path, currencies: list[str]) -> None:
    days = range(0, (_LAST - _FIRST).days, _STEP)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("currency", "date", "rate"))
        for code in currencies:
            writer.writerows((code, (_FIRST + dt.timedelta(day)).isoformat(), 1) for day in days)
