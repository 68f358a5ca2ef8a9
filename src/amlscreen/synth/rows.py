"""From the book's numbers to the canonical transactions table."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.schema import CHANNELS, KINDS, PURPOSES, TRANSACTIONS
from amlscreen.synth.book import COUNTRIES, NOBODY, TEXTS
from amlscreen.synth.calendar import DAY, Ints
from amlscreen.synth.geography import PROVINCES, place_name
from amlscreen.synth.names import account_number, customer_id, latin_name
from amlscreen.synth.outside import INSTITUTION, OUTSIDE, Party, party
from amlscreen.synth.world import World

__all__ = ["hundredths", "transactions"]

Columns = dict[str, NDArray[np.signedinteger]]
_OWN = KINDS.index("own_transfer")
_CASH = CHANNELS.index("cash")


def transactions(world: World) -> tuple[pa.Table, pa.Array[Any]]:
    """The transactions in order of time, and for each serial number of the book its transaction_id (null if not kept).

    Bookings before an account lives are dropped, both legs together.
    """
    book = world.book.columns()
    kept = _kept(world, book)
    order = kept[np.lexsort((book["pair"][kept], book["at"][kept]))]
    ids = _identifiers(book, order, world)
    by_serial = np.full(len(book["at"]), -1, np.int64)
    by_serial[order] = np.arange(len(order))
    columns = {name: values[order] for name, values in book.items()}
    reverses = np.where(columns["reverses"] < 0, -1, by_serial[columns["reverses"]])
    all_ids = ids.take(_places_of(by_serial))
    return _table(world, columns, ids, ids.take(_places_of(reverses))), all_ids


def _kept(world: World, book: Columns) -> Ints:
    account = book["account"]
    owner = world.accounts.owner[account]
    day = book["at"] // DAY
    by_customer = np.isin(book["kind"], [KINDS.index("customer"), _OWN])
    bad = day < world.accounts.opened[account]
    bad |= by_customer & (day < world.people.alive_from[owner])
    bad |= (day < world.calendar.first) | (day > world.calendar.first + world.calendar.last)
    bad_pair = np.zeros(int(book["pair"].max()) + 1, np.bool_)
    bad_pair[book["pair"][bad]] = True
    gone = bad_pair[book["pair"]]
    back = book["reverses"] >= 0
    gone |= back & gone[np.maximum(book["reverses"], 0)]
    return np.flatnonzero(~gone).astype(np.int64)


def _identifiers(book: Columns, order: Ints, world: World) -> pa.Array[Any]:
    """``FT``, year, day of the year and a running number; the two legs of a transfer share one."""
    pair = book["pair"][order]
    _, first, place = np.unique(pair, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    day = (book["at"][order] // DAY).astype("datetime64[D]")
    year = day.astype("datetime64[Y]")
    stamp = (year.astype(np.int64) + 1970) % 100 * 1000 + (day - year).astype(np.int64) + 1
    number = pc.utf8_lpad(pa.array(rank[place] + 1).cast(pa.string()), 8, "0")
    made: pa.Array[Any] = pc.binary_join_element_wise("FT", pa.array(stamp).cast(pa.string()), number, "")
    return made


def _places_of(numbers: NDArray[np.signedinteger]) -> pa.Array[Any]:
    """Places to take from a list; a negative one takes nothing."""
    return pa.array(numbers.astype(np.int64), pa.int64(), mask=numbers < 0)


def _coded(codes: NDArray[np.signedinteger], words: list[str]) -> pa.Array[Any]:
    """Words for codes, null for none."""
    return pa.array(words, pa.string()).take(_places_of(codes))


def _spelled(codes: NDArray[np.signedinteger], spell: Callable[[int], str]) -> pa.Array[Any]:
    """Words for codes of which there are too many to list: each is spelled once."""
    known, place = np.unique(codes, return_inverse=True)
    words = [None if code == NOBODY else spell(int(code)) for code in known]
    return pa.array(words, pa.string()).take(_places_of(place))


def _parties(world: World, columns: Columns) -> dict[str, pa.Array[Any]]:
    """The five columns of the other side. Cash names the person at the counter and no account."""
    known, place = np.unique(columns["party"], return_inverse=True)
    written = [_party(world, int(code)) for code in known]
    at = _places_of(place)
    cash = pa.array(columns["channel"] == _CASH)
    blank = pa.scalar(None, pa.string())

    def column(values: list[str | None], *, of_cash: bool) -> pa.Array[Any]:
        spelled = pa.array(values, pa.string()).take(at)
        return spelled if of_cash else pc.if_else(cash, blank, spelled)

    pooled = [f"pooled:{one.name}".casefold() if one.pooled else None for one in written]
    return {
        "counterparty_institution": column([one.institution for one in written], of_cash=False),
        "counterparty_account": column([one.account for one in written], of_cash=False),
        "counterparty_phone": column([one.phone for one in written], of_cash=False),
        "counterparty_name": column([one.name for one in written], of_cash=True),
        "counterparty": column(pooled, of_cash=False),
        "counterparty_kind": column(["pooled" if one.pooled else None for one in written], of_cash=False),
    }


def _party(world: World, code: int) -> Party:
    if code == NOBODY:
        return Party()
    if code >= OUTSIDE:
        return party(code)
    owner = int(world.accounts.owner[code])
    return Party(INSTITUTION, account_number(code), None, latin_name(world.people, owner))


def _narrative(columns: Columns, name: pa.Array[Any]) -> pa.Array[Any]:
    texts = [text for pair in TEXTS.values() for text in pair]
    base = pa.array(texts).take(_places_of(columns["text"].astype(np.int64) * 2 + columns["credit"]))
    known = pc.if_else(
        pa.array(np.isin(columns["channel"], [CHANNELS.index("atm"), CHANNELS.index("card")])), None, name
    )
    made: pa.Array[Any] = pc.binary_join_element_wise(base, known, " ", null_handling="skip")
    return made


def _balances(columns: Columns) -> Ints:
    """Running balance of each account; it opens with what it needs never to fall below a small floor."""
    order = np.argsort(columns["account"], kind="stable")
    account = columns["account"][order]
    signed = np.where(columns["credit"][order] > 0, columns["amount"][order], -columns["amount"][order])
    total = np.cumsum(signed)
    first = np.flatnonzero(np.r_[True, account[1:] != account[:-1]])
    length = np.diff(np.r_[first, len(account)])
    before = total[first] - signed[first]
    running = total - np.repeat(before, length)
    lowest = np.minimum.reduceat(running, first)
    floor = 5_000_000 + account[first].astype(np.int64) % 37 * 100_000
    balance = np.empty(len(order), np.int64)
    balance[order] = running + np.repeat(np.maximum(-lowest, 0) + floor, length)
    return balance


def hundredths(values: Ints) -> pa.Array[Any]:
    """Whole numbers of hundredths as decimals with two digits."""
    whole = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))).cast(pa.decimal128(18, 2))


def _table(world: World, columns: Columns, ids: pa.Array[Any], reverses: pa.Array[Any]) -> pa.Table:
    parties = _parties(world, columns)
    size = len(ids)
    at = pa.array(columns["at"].astype("datetime64[s]"))
    ultimate = _spelled(columns["ultimate"], lambda code: _person_name(world, code))
    made = {
        "institution": pa.repeat(INSTITUTION, size),
        "transaction_id": ids,
        "account_id": _spelled(columns["account"], account_number),
        "at": at,
        "time_precision": pa.repeat("second", size),
        "value_date": pa.array((columns["at"] // DAY).astype("datetime64[D]")),
        "direction": _coded(columns["credit"], ["debit", "credit"]),
        "amount": hundredths(columns["amount"]),
        "currency": pa.array(world.accounts.currency.tolist()).take(_places_of(columns["account"])),
        "channel": _coded(columns["channel"], list(CHANNELS)),
        "kind": _coded(columns["kind"], list(KINDS)),
        "reverses": reverses,
        "purpose": _coded(columns["purpose"], list(PURPOSES)),
        "narrative": _narrative(columns, parties["counterparty_name"]),
        **parties,
        "ultimate_party": ultimate,
        "conductor_id": _spelled(columns["conductor"], _conductor),
        "province": _coded(columns["province"], list(PROVINCES)),
        "country": _coded(columns["country"], list(COUNTRIES)),
        **_places(columns["place"]),
        "mcc": _coded(columns["mcc"], [f"{code:04d}" for code in range(10_000)]),
        "balance_after": hundredths(_balances(columns)),
    }
    return pa.table({name: made[name] for name in TRANSACTIONS.names})


def _places(place: NDArray[np.signedinteger]) -> dict[str, pa.Array[Any]]:
    branch = np.where(place < 10_000, place, NOBODY)
    return {
        "branch_id": _spelled(branch, place_name),
        "terminal_id": _spelled(np.where(place >= 10_000, place, NOBODY), place_name),
    }


def _person_name(world: World, code: int) -> str:
    return f"Synth Worker {code % 10**8:08d}" if code >= OUTSIDE else latin_name(world.people, code)


def _conductor(code: int) -> str:
    return f"P{code % 10**8:08d}" if code >= OUTSIDE else customer_id(code)
