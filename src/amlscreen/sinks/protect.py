"""Possible victims, hidden: what names them in page, workbook and notebook is masked unless asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.sinks.screened import Screened

__all__ = ["MASK", "Masker"]

Column = Any  # an Arrow column: the stubs' overloads know too few of the functions used here

MASK = "(protected person)"
_PERSONAL = ("name", "name_latin", "phone", "email", "id_number")
_NO = pa.scalar(value=False)
_SHORTEST = 4  # a shorter name or number would mask ordinary words
_LETTERS = re.compile(r"\w+")
_TAIL_OF_KEY = r"^[a-z]+:([^/]*/)?"  # account:BANK/NUMBER -> NUMBER, phone:+856... -> +856...


@dataclass(frozen=True, slots=True)
class Masker:
    """Knows the protected people of a run: their ids, the accounts only they hold, and what else names them.

    Accounts that an alert is about stay readable even if a protected person holds them too: the alert would be
    unreadable without them. ``starts`` files each word, from its first run of letters on, under that run; texts already
    read are kept, for most stand in many alerts.
    """

    customers: frozenset[str]
    accounts: frozenset[str]
    words: frozenset[str]
    starts: Mapping[str, tuple[str, ...]]
    _read: dict[str, str] = field(default_factory=dict, compare=False)
    _patterns: dict[str, re.Pattern[str]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, result: Screened) -> Masker:
        """The masker of a run; it masks nothing where the settings ask to show protected people."""
        customers: frozenset[str] = frozenset()
        if not result.settings.show_protected:
            listed = {person.customer_id for person in result.protected_list}
            customers = frozenset(listed | {customer_id for _, customer_id in result.verdict.masked})
        tables = result.data.tables
        subjects = {account for alert in result.alert_list for account in alert.account_ids}
        accounts = _held(customers, tables) - subjects
        words = customers | accounts | _personal(customers, tables)
        return cls(customers, accounts, words, _by_start(words))

    @property
    def hides(self) -> bool:
        """Whether there is anybody to hide."""
        return bool(self.customers)

    def text(self, text: str) -> str:
        """The text with every protected id, account, name and number masked."""
        if not self.starts:
            return text
        if text not in self._read:
            self._read[text] = self._masked(text)
        return self._read[text]

    def _masked(self, text: str) -> str:
        if self.starts.keys().isdisjoint([run.lower() for run in _LETTERS.findall(text)]):
            return text
        parts, reached = [], 0
        for run in _LETTERS.finditer(text):
            if run.start() < reached:
                continue
            for word in self.starts.get(run[0].lower(), ()):
                if (end := self._end_of(word, text, run.start())) >= 0:
                    parts += [text[reached : run.start()], MASK]
                    reached = end
                    break
        return "".join([*parts, text[reached:]])

    def _end_of(self, word: str, text: str, start: int) -> int:
        """Where the word ends if it stands there as a word of its own, in whatever letters; else -1."""
        there = text[start : start + len(word)]
        if word.isascii() and there.isascii():
            after = text[start + len(word) : start + len(word) + 1]
            alone = there.lower() == word.lower() and not (after.isalnum() or after == "_")
            return start + len(word) if alone else -1
        found = self._pattern(word).match(text, start)
        return found.end() if found else -1

    def _pattern(self, word: str) -> re.Pattern[str]:
        """Made when a text first holds the start of the word: of thousands of words few do."""
        if word not in self._patterns:
            self._patterns[word] = re.compile(rf"{re.escape(word)}(?!\w)", re.IGNORECASE)
        return self._patterns[word]

    def customer(self, customer_id: str) -> str:
        """The customer id, masked if it is a protected person's."""
        return MASK if customer_id in self.customers else customer_id

    def table(self, table: pa.Table) -> pa.Table:
        """Evidence with protected people masked: as holder of the row, and as its other side."""
        if not self.customers:
            return table
        own: Column = pc.or_(_among(table, "customer_id", self.customers), _among(table, "account_id", self.accounts))
        own = pc.fill_null(own, _NO)
        tail: Column = pc.replace_substring_regex(_text(table, "counterparty"), pattern=_TAIL_OF_KEY, replacement="")
        other = pc.fill_null(pc.is_in(tail, value_set=_set(self.words)), _NO)
        table = _masked(table, ("customer_id", "account_id"), own)
        table = _masked(table, ("counterparty",), other)
        return _masked(table, ("narrative",), pc.or_(own, other))


def _by_start(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    starts: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        if run := _LETTERS.search(word):
            starts.setdefault(run[0].lower(), []).append(word[run.start() :])
    return {start: tuple(some) for start, some in starts.items()}


def _held(customers: Iterable[str], tables: Mapping[str, pa.Table]) -> frozenset[str]:
    held: set[str] = set()
    for name in ("accounts", "holdings"):
        table = tables.get(name)
        if table is not None and {"customer_id", "account_id"} <= set(table.column_names):
            rows = table.filter(_among(table, "customer_id", customers))
            held.update(account for account in rows.column("account_id").to_pylist() if account is not None)
    return frozenset(held)


def _personal(customers: Iterable[str], tables: Mapping[str, pa.Table]) -> frozenset[str]:
    table = tables.get("customers")
    if table is None:
        return frozenset()
    rows = table.filter(_among(table, "customer_id", customers))
    found = (value for name in _PERSONAL if name in table.column_names for value in rows.column(name).to_pylist())
    return frozenset(value for value in found if value and len(value) >= _SHORTEST)


def _text(table: pa.Table, name: str) -> Column:
    return table.column(name).cast(pa.string())


def _set(values: Iterable[str]) -> Column:
    return pa.array(sorted(values), pa.string())


def _among(table: pa.Table, name: str, values: Iterable[str]) -> Column:
    return pc.is_in(_text(table, name), value_set=_set(values))


def _masked(table: pa.Table, names: Iterable[str], where: Column) -> pa.Table:
    for name in names:
        column = pc.if_else(where, MASK, _text(table, name))
        table = table.set_column(table.column_names.index(name), name, column)
    return table
