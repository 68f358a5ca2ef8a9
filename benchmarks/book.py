"""A large book of canonical rows for benchmarks, written fast: a million rows in about a second.

Not the bank of :mod:`amlscreen.synth`, whose people live plausible lives; this one only has the shape of a large book:
a few accounts with very many rows, joint accounts, several channels, counterparties by the hundred thousand, kinds
other than customer, and a sprinkle of the patterns that rules look for.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from benchmarks.told import told_tables
from numpy.typing import NDArray

__all__ = ["write_book"]

Format = Literal["parquet", "csv"]
Ints = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]

DAYS = 180
ROWS_PER_ACCOUNT = 50
CHUNK = 1_000_000
_FIRST_DAY = 20_454  # 2026-01-01
_INSTITUTION = "SYNBANK"
_CHANNELS = ["qr", "transfer", "atm", "cash", "mobile", "card", "wire", "other"]
_CHANNEL_AT = np.array([0.34, 0.58, 0.70, 0.80, 0.92, 0.96, 0.97, 1.0])
_SHORT = ("VT", "SV", "CH", "LP", "VI", "XA", "KH", "SL", "OU", "HO", "BL", "XI", "BK", "LM", "PH", "AT", "XE", "XS")
_PROVINCES = [f"LA-{code}" for code in _SHORT]
_KINDS = ["customer", "own_transfer", "fee", "interest"]
_PURPOSES = ["salary", "family", "goods", "rent", "other"]
_COUNTRIES = ["TH", "CN", "VN", "KR", "US", "JP"]
_MCC = ["5411", "5812", "7011", "4111", "5541", "7273", "5999", "5912", "6513"]
_OCCUPATIONS = ["farmer", "garment worker", "trade", "clerk", "student", "driver", "at home", "teacher"]
_SECTORS = ["trading", "guest house", "garment", "labour agency", "restaurant", "transport"]
_BANKS = ["SYNBANK", "OTHBANKA", "OTHBANKB", "OTHBANKC"]
_FOUR_DIGITS = np.frombuffer("".join(f"{number:04d}" for number in range(10_000)).encode(), np.uint8).reshape(-1, 4)
_TEXTS = [f"SYSTEM TEXT {number:03d}" for number in range(200)]


def write_book(
    path: str | Path, rows: int, seed: int = 7, format: Format = "parquet", customers: int | None = None
) -> list[Path]:
    """Write transactions, accounts, customers and holdings of so many rows into a folder; the files written.

    The same arguments give the same rows. Memory stays that of one chunk of a million rows, and that of what is told of
    the customers. Without a number of customers there is one to about 62 rows.
    """
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    accounts = max(rows // ROWS_PER_ACCOUNT, 20) if customers is None else max(customers * 5 // 4, 20)
    files = [_write(folder, "transactions", _chunks(rows, accounts, seed), format)]
    for name, table in _reference(accounts, seed).items():
        files.append(_write(folder, name, iter([table]), format))
    return files


def _write(folder: Path, name: str, chunks: Iterator[pa.Table], format: Format) -> Path:
    path = folder / f"{name}.{format}"
    first = next(chunks)
    writer: Any
    if format == "parquet":
        writer = pq.ParquetWriter(path, first.schema, compression="snappy")
    else:
        writer = pa_csv.CSVWriter(path, first.schema, write_options=pa_csv.WriteOptions(quoting_style="needed"))
    with writer:
        writer.write_table(first)
        for chunk in chunks:
            writer.write_table(chunk)
    return path


def _chunks(rows: int, accounts: int, seed: int) -> Iterator[pa.Table]:
    """The book in order of time, each chunk a slice of the days."""
    for start in range(0, rows, CHUNK):
        size = min(CHUNK, rows - start)
        rng = np.random.default_rng([seed, start])
        span = DAYS * 86_400
        low, high = start * span // rows, (start + size) * span // rows
        at = _FIRST_DAY * 86_400 + np.sort(rng.integers(low, max(high, low + 1), size=size))
        yield _chunk(rng, start, at, accounts)


def _chunk(rng: np.random.Generator, start: int, at: Ints, accounts: int) -> pa.Table:
    size = len(at)
    draw = rng.random(size)
    channel = np.searchsorted(_CHANNEL_AT, rng.random(size)).astype(np.int8)
    credit = rng.integers(0, 2, size=size, dtype=np.int8)
    own = (rng.integers(0, 50, size=size, dtype=np.int8) == 0) & (channel == _CHANNELS.index("mobile"))
    made: Columns = {
        "serial": start + np.arange(size),
        "at": at,
        # Cubing the draw makes one account in a hundred hold a fifth of the rows, as merchants do.
        "account": (draw * draw * draw * accounts).astype(np.int64),
        "channel": channel,
        "credit": credit,
        "amount": 1_000 * (1 + (rng.random(size) ** 4 * 30_000).astype(np.int64)),
        "kind": np.where(channel == _CHANNELS.index("other"), 2 + credit, own).astype(np.int8),
        "purpose": rng.integers(-4, 5, size=size, dtype=np.int8),
    }
    known = rng.integers(0, 12, size=size) ** 2 * 7_919
    made["party"] = (made["account"] * 7 + known) % (accounts * 8)
    home, away = made["account"] * 7 % 18, rng.integers(0, 20, size=size, dtype=np.int8) == 0
    made["province"] = np.where(made["kind"] > 1, -1, np.where(away, (home + made["account"]) % 18, home)).astype(
        np.int8
    )
    _sprinkle(rng, made, accounts)
    return _table(made, accounts)


def _sprinkle(rng: np.random.Generator, made: Columns, accounts: int) -> None:
    """Some accounts take cash just under the reporting line, one price from many, or several wages."""
    account, channel, credit = made["account"], made["channel"], made["credit"]
    amount, purpose = made["amount"], made["purpose"]
    some = rng.random(len(account)) < 0.3
    for every, way in ((1_499, "cash"), (1_009, "mobile"), (1_201, "transfer")):
        chosen = some & (account % every == 7)
        channel[chosen], credit[chosen] = _CHANNELS.index(way), 1
        if way == "cash":
            amount[chosen] = 80_000_000 + amount[chosen] % 20_000 * 1_000
        elif way == "mobile":
            amount[chosen] = 300_000 + account[chosen] % 5 * 100_000
        else:
            amount[chosen], purpose[chosen] = 2_500_000, 0
    # Rent goes to one landlord; drawn at random it would go to many.
    purpose[(purpose == 3) & (made["party"] != (account * 7) % (accounts * 8))] = -1
    # A wage is a transfer that comes in; drawn at random it would be many other things.
    purpose[(purpose == 0) & ((channel != _CHANNELS.index("transfer")) | (credit == 0))] = -1


def _table(made: Columns, accounts: int) -> pa.Table:
    account, party, channel = made["account"], made["party"], made["channel"]
    other_side = np.isin(channel, [_CHANNELS.index(way) for way in ("qr", "transfer", "mobile", "wire")])
    other_side &= made["kind"] < 2
    bank = np.where(party < accounts, 0, 1 + party % 3)
    at_counter = channel == _CHANNELS.index("cash")
    machine = np.isin(channel, [_CHANNELS.index(way) for way in ("qr", "atm")])
    return pa.table(
        {
            "institution": pa.repeat(_INSTITUTION, len(account)),
            "transaction_id": _numbered("FT", made["serial"], 12),
            "account_id": _numbered("0100", account, 8),
            "at": pa.array(made["at"].astype("datetime64[s]")),
            "direction": _words(made["credit"], ["debit", "credit"]),
            "amount": _decimals(made["amount"] * 100),
            "currency": pa.repeat("LAK", len(account)),
            "channel": _words(channel, _CHANNELS),
            "kind": _words(made["kind"], _KINDS),
            "purpose": _words(made["purpose"], _PURPOSES),
            "narrative": _words((made["serial"] % 200).astype(np.int16), _TEXTS),
            "counterparty_institution": _words(np.where(other_side, bank, -1).astype(np.int8), _BANKS),
            "counterparty_account": _numbered("0100", party, 8, other_side),
            "ultimate_party": _numbered("Synth Worker ", party % 50_000, 8, made["purpose"] == 0),
            "conductor_id": _numbered(
                "P", np.where(party % 4 == 0, party, account), 8, at_counter & (made["credit"] == 1)
            ),
            "province": _words(made["province"], _PROVINCES),
            "branch_id": _numbered("BR-", account * 7 % 18 * 10 + party % 4, 4, at_counter),
            "terminal_id": _numbered("TM-", account % 20_000, 8, machine),
            "country": _words(np.where(channel == _CHANNELS.index("wire"), party % 6, -1).astype(np.int8), _COUNTRIES),
            "mcc": _words(np.where(channel == _CHANNELS.index("card"), party % 9, -1).astype(np.int8), _MCC),
        }
    )


def _words(codes: NDArray[np.signedinteger[Any]], words: list[str]) -> pa.Array[Any]:
    """Words by code; a negative code is unknown."""
    return pa.array(words).take(pa.array(codes, mask=codes < 0))


def _numbered(prefix: str, numbers: Ints, digits: int, known: NDArray[np.bool_] | None = None) -> pa.Array[Any]:
    """Prefix and number with leading zeros, made from bytes four digits at a time; words would take far longer."""
    wanted = numbers if known is None else numbers[known]
    letters = np.empty((len(wanted), len(prefix) + digits), np.uint8)
    letters[:, : len(prefix)] = np.frombuffer(prefix.encode(), np.uint8)
    for group in range(digits // 4):
        end = len(prefix) + digits - 4 * group
        letters[:, end - 4 : end] = _FOUR_DIGITS[wanted // 10_000**group % 10_000]
    length = np.full(len(numbers), letters.shape[1]) if known is None else known * letters.shape[1]
    ends = np.concatenate([[0], np.cumsum(length)]).astype(np.int32)
    valid = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    buffers = [valid, pa.py_buffer(ends.tobytes()), pa.py_buffer(letters.tobytes())]
    return pa.Array.from_buffers(pa.string(), len(numbers), buffers)


def _decimals(hundredths: Ints) -> pa.Array[Any]:
    """Whole hundredths as decimals with two digits: the low and the high half of 128 bits."""
    halves = np.stack([hundredths, hundredths >> 63], axis=1)
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(hundredths), [None, pa.py_buffer(halves.tobytes())])


def _reference(accounts: int, seed: int) -> dict[str, pa.Table]:
    """Four customers to five accounts; one account in thirty has a second owner."""
    rng = np.random.default_rng([seed, 1])
    customers = max(accounts * 4 // 5, 1)
    return {
        "accounts": _accounts(rng, accounts, customers),
        "customers": _customers(rng, customers),
        "holdings": _holdings(accounts, customers),
        **told_tables(rng, customers),
    }


def _accounts(rng: np.random.Generator, accounts: int, customers: int) -> pa.Table:
    number = np.arange(accounts)
    opened = _FIRST_DAY - rng.integers(-90, 3_000, size=accounts)
    return pa.table(
        {
            "institution": pa.repeat(_INSTITUTION, accounts),
            "account_id": _numbered("0100", number, 8),
            "customer_id": _numbered("C", number % customers, 8),
            "opened": pa.array(np.minimum(opened, _FIRST_DAY).astype("datetime64[D]")),
            "currency": pa.repeat("LAK", accounts),
            "declared_turnover": _decimals(rng.integers(20, 400, size=accounts) * 100_000 * 100),
            "is_merchant": pa.array(number < accounts // 100),
            "product": _words(np.where(number % 200, number % 2, 2).astype(np.int8), ["SAVINGS", "CURRENT", "CARD"]),
        }
    )


def _customers(rng: np.random.Generator, customers: int) -> pa.Table:
    number = np.arange(customers)
    born = _FIRST_DAY - rng.integers(6_600, 25_000, size=customers)
    expires = _FIRST_DAY + rng.integers(-30, 2_500, size=customers)
    return pa.table(
        {
            "institution": pa.repeat(_INSTITUTION, customers),
            "customer_id": _numbered("C", number, 8),
            "customer_kind": _words((number % 25 > 0).astype(np.int8), ["entity", "person"]),
            "name_latin": _numbered("Synth Person ", number, 8),
            "birth_date": pa.array(born.astype("datetime64[D]")),
            "province": _words((number * 7 % 18).astype(np.int8), _PROVINCES),
            "id_number": _numbered("SYN", number, 8),
            "id_expiry": pa.array(expires.astype("datetime64[D]")),
            **_kept_on_file(rng, number),
        }
    )


def _kept_on_file(rng: np.random.Generator, number: Ints) -> dict[str, pa.Array[Any]]:
    """What a bank knows of a customer besides the name; families share phones, workers an employer's address."""
    size = len(number)
    person = number % 25 > 0
    onboarded = _FIRST_DAY - rng.integers(-90, 3_000, size=size)
    some = rng.random(size)
    return {
        "occupation": _words(np.where(person, number * 7 % 8, -1).astype(np.int8), _OCCUPATIONS),
        "sector": _words(np.where(person, -1, number % 6).astype(np.int8), _SECTORS),
        "employer": _numbered("Synth Employer ", number // 300, 8, person & (number % 3 == 0)),
        "income": _decimals(rng.integers(200, 2_400, size=size) * 100_000 * 100),
        "address": _numbered("Synth Village ", number // 4, 8),
        "phone": _numbered("+85620", np.where(number % 10 == 0, number // 3, number), 8),
        "email": _numbered("synth.person.", number, 8, some < 0.3),
        "onboarded": pa.array(onboarded.astype("datetime64[D]")),
        "introducer": _numbered("INT", number % 500, 4, some < 0.5),
        "review_due": pa.array((_FIRST_DAY + rng.integers(-200, 900, size=size)).astype("datetime64[D]")),
        "risk_rating": _words(rng.integers(0, 3, size=size, dtype=np.int8), ["low", "medium", "high"]),
        "is_pep": pa.array(some < 0.002),
        "pep_approved": pa.array(onboarded.astype("datetime64[D]"), mask=some > 0.001),
        "is_licensed": pa.array(number % 2 == 0, mask=person),
        "edd_done": pa.array(number % 3 == 0, mask=person),
        "beneficial_owner_known": pa.array(number % 5 > 0, mask=person),
        "permit_expiry": pa.array(_ending_days(rng, size), mask=some < 0.98),
    }


def _ending_days(rng: np.random.Generator, size: int) -> NDArray[Any]:
    """Days on which papers run out, some of them past."""
    return (_FIRST_DAY + rng.integers(-200, 900, size=size)).astype("datetime64[D]")


def _holdings(accounts: int, customers: int) -> pa.Table:
    number = np.arange(accounts)
    joint = number[number % 30 == 3]
    whose = np.concatenate([number, joint])
    holders = np.concatenate([number, joint + 1]) % customers
    return pa.table(
        {
            "institution": pa.repeat(_INSTITUTION, len(whose)),
            "account_id": _numbered("0100", whose, 8),
            "customer_id": _numbered("C", holders, 8),
            "role": _words((np.arange(len(whose)) >= accounts).astype(np.int8), ["owner", "joint"]),
        }
    )


def main() -> None:
    """``python -m benchmarks.book FOLDER --rows 10000000``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet")
    parser.add_argument("--customers", type=int, help="Default: one to about 62 rows.")
    chosen = parser.parse_args()
    for path in write_book(chosen.folder, chosen.rows, chosen.seed, chosen.format, chosen.customers):
        print(f"{path.stat().st_size:>15,} {path}")


if __name__ == "__main__":
    main()
