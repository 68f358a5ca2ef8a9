"""The labelled sets of others, and the synthetic bank, as books for every competitor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.peers_book import Book, Part, Split, by_time

from amlscreen.synth import Bank, make_bank

__all__ = ["SHARE_LEARNT", "Files", "bank_split", "splits_in"]

SHARE_LEARNT = 0.5
"""Of the days; the rest is judged."""
CENTRE = 3
"""Labelled payments of one instance that make a holder its centre, where nearly everybody has some part."""


@dataclass(frozen=True)
class Files:
    """Where a set stands and which mapping reads it."""

    folder: Path
    mapping: str


def _one(folder: Path, pattern: str, **options: Any) -> pd.DataFrame:
    path = min(folder.glob(pattern))
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, low_memory=False, **options)


def _seconds(values: pd.Series[Any]) -> Any:
    return pd.to_datetime(values, format="ISO8601", utc=True).to_numpy("datetime64[s]").astype(np.int64)


def _code(values: Any) -> Any:
    """A text column as numbers, in the order of the alphabet; -1 for empty."""
    return pd.factorize(pd.Series(values).astype("string"), sort=True)[0].astype(float)


def _book(
    name: str,
    files: Files,
    rows: pd.DataFrame,
    raw: Mapping[str, Any],
    holder: Mapping[Any, str],
    everybody: Iterable[str],
) -> Book:
    """``rows`` has at, source, target, amount, cash, instance (empty for none); ``holder`` tells whose a side is."""
    names = sorted(set(everybody))
    number = {one: place for place, one in enumerate(names)}
    of = {account: number[who] for account, who in holder.items()}
    order = np.argsort(rows["at"].to_numpy(), kind="stable")
    vertices = pd.factorize(pd.concat([rows["source"], rows["target"]]))[0].reshape(2, -1).astype(np.int64)
    sides = [rows[side].map(of).fillna(-1).to_numpy(np.int64) for side in ("source", "target")]
    clock = pd.to_datetime(rows["at"], unit="s")
    columns = {
        "amount": rows["amount"],
        "hour": clock.dt.hour,
        "weekday": clock.dt.day_of_week,
        "day_of_month": clock.dt.day,
        "source_is_ours": sides[0] >= 0,
        "target_is_ours": sides[1] >= 0,
        **raw,
    }
    table = np.column_stack([np.asarray(one, float) for one in columns.values()])
    return Book(
        name,
        rows["at"].to_numpy(np.int64)[order],
        vertices[0][order],
        vertices[1][order],
        np.column_stack(sides)[order],
        rows["amount"].to_numpy(float)[order],
        rows["cash"].to_numpy(bool)[order],
        table[order],
        tuple(columns),
        pd.factorize(rows["instance"])[0].astype(np.int64)[order],
        names,
        files,
        owner={str(account): who for account, who in holder.items()},
    )


def _of_both(rows: pd.DataFrame, name: str, known: Mapping[Any, Any]) -> dict[str, Any]:
    """A fact about the holder on each side."""
    return {f"{name}_of_{side}": rows[side].map(known) for side in ("source", "target")}


def _tide(folder: Path) -> Iterable[Split]:
    read = _one(folder, "transactions*")
    owned = _one(folder, "ownership*")
    sides = {"source": "src", "target": "dest"}
    holder = dict(owned.loc[owned["owned"].str.startswith("account_"), ["owned", "owner"]].itertuples(index=False))
    rows = pd.DataFrame(
        {
            "at": _seconds(read["timestamp"]),
            # One account stands for all cash of that world; the mapping calls it pooled, so it is nobody for all.
            **{side: read[column].where(read[column] != "account_3331") for side, column in sides.items()},
            "amount": read["amount"],
            "cash": (read["src"] == "account_3331") | (read["dest"] == "account_3331"),
            "instance": read["pattern_id"],
        }
    )
    accounts = _one(folder, "accounts*").set_index("node_id")
    raw = {"kind": _code(read["transaction_type"]), "currency": _code(read["currency"])}
    raw |= _of_both(rows, "product", pd.Series(_code(accounts["account_category"]), accounts.index))
    raw |= _of_both(rows, "firm", {one: float(who.startswith("business")) for one, who in holder.items()})
    book = _book("TIDE", Files(folder, "tide"), rows, raw, holder, holder.values())
    yield by_time(book, "TIDE, any part", SHARE_LEARNT)
    yield by_time(book, "TIDE, at the centre", SHARE_LEARNT, CENTRE)


def _amlgentex(folder: Path) -> Iterable[Split]:
    read = _one(folder, "tx_log*")
    read = read[read["type"] != "INITALBALANCE"]
    rows = pd.DataFrame(
        {
            "at": read["step"].to_numpy(np.int64) * 86_400,
            # Below nought stand the source of wages and the sink of spending: nobody in particular.
            "source": read["nameOrig"].where(read["nameOrig"] >= 0),
            "target": read["nameDest"].where(read["nameDest"] >= 0),
            "amount": read["amount"],
            "cash": read["type"] == "CASH",
            "instance": read["patternID"].where(read["isSAR"] == 1),
        }
    )
    accounts = _one(folder, "accounts*").set_index("ACCOUNT_ID")
    raw = {
        "kind": _code(read["type"]),
        "bank_of_source": _code(read["bankOrig"]),
        "bank_of_target": _code(read["bankDest"]),
    }
    raw |= _of_both(rows, "income", accounts["SALARY"])
    holder = accounts["CUSTOMER_ID"].to_dict()
    book = _book("AMLGentex", Files(folder, "amlgentex"), rows, raw, holder, holder.values())
    yield by_time(book, "AMLGentex", SHARE_LEARNT)


def _amlsim(folder: Path) -> Iterable[Split]:
    text = {"orig_acct": str, "bene_acct": str}
    read = pd.concat(
        [_one(folder, pattern, dtype=text) for pattern in ("transactions*", "cash_tx*")], ignore_index=True
    )
    cash = read["tx_type"].str.startswith("CASH")
    sides = {side: read[side].where(read[side] != "-") for side in ("orig_acct", "bene_acct")}
    rows = pd.DataFrame(
        {
            "at": _seconds(read["tran_timestamp"]),
            # Of cash, the account that money is put into stands as the origin, and the other way round.
            "source": sides["orig_acct"].where(~cash, sides["bene_acct"]),
            "target": sides["bene_acct"].where(~cash, sides["orig_acct"]),
            "amount": read["base_amt"],
            "cash": cash,
            "instance": read["alert_id"].where(read["is_sar"].astype(bool)),
        }
    )
    holder = _one(folder, "accountMapping*", dtype=str).set_index("acct_id")["cust_id"].to_dict()
    branch = _one(folder, "accounts*", dtype={"acct_id": str}).set_index("acct_id")["branch_id"]
    raw = {"kind": _code(read["tx_type"]), **_of_both(rows, "branch", branch)}
    book = _book("AMLSim (Python port)", Files(folder, "amlsim"), rows, raw, holder, holder.values())
    yield by_time(book, "AMLSim (Python port)", SHARE_LEARNT)


def _amlsim_graph(folder: Path) -> Iterable[Split]:
    read = _one(folder, "transactions*")
    nodes = _one(folder, "nodes*")
    guilty = nodes.loc[nodes["isFraud"] == 1]
    step = guilty.set_index("nodeid")["fraudStep"]
    # The export labels no payments: a labelled one leaves a labelled account on its step for another labelled account.
    planted = (read["sourceNodeId"].map(step) == read["time"]) & read["targetNodeId"].isin(guilty["nodeid"])
    rows = pd.DataFrame(
        {
            "at": read["time"].to_numpy(np.int64) * 86_400,
            "source": read["sourceNodeId"].astype(np.int64),
            "target": read["targetNodeId"].astype(np.int64),
            "amount": read["value"],
            "cash": False,
            "instance": pd.Series(0.0, read.index).where(planted),
        }
    )
    everybody = {int(one): str(int(one)) for one in nodes["nodeid"]}
    book = _book("AMLSim as a graph", Files(folder, "amlsim_graph"), rows, {}, everybody, everybody.values())
    yield by_time(book, "AMLSim as a graph", SHARE_LEARNT)


_KNOWN_BY = {"patterns.json*": _tide, "tx_log*": _amlgentex, "alert_accounts*": _amlsim, "nodes*": _amlsim_graph}


def splits_in(folder: Path) -> Iterable[Split]:
    """Every set that is known by one of its files, in this folder and below."""
    for place in sorted([folder, *(path for path in folder.rglob("*") if path.is_dir())]):
        for pattern, read in _KNOWN_BY.items():
            if any(place.glob(pattern)):
                yield from read(place)


def bank_split(customers: int, days: int, learnt: int, judged: Iterable[int]) -> Split:
    """Learn from the synthetic bank of one seed, be judged on others."""
    train, *tests = (_bank_part(make_bank(customers, days, seed)) for seed in (learnt, *judged))
    return Split("synthetic bank", train, tests)


def _bank_part(bank: Bank) -> Part:
    book = _bank_book(bank)
    assert book.guilty is not None and book.neutral is not None
    return Part(book, int(book.at.min()) - 1, int(book.at.max()), book.guilty, ~book.neutral)


_CODED = ("channel", "kind", "purpose", "counterparty_institution", "country", "province", "mcc", "currency")


def _bank_book(bank: Bank) -> Book:
    wanted = [
        *_CODED,
        "at",
        "transaction_id",
        "account_id",
        "direction",
        "amount",
        "counterparty_account",
        "balance_after",
    ]
    read = bank.tables["transactions"].select(wanted).to_pandas()
    labels = bank.labels.to_pandas()
    culprits = labels[~labels["possible_victim"] & labels["customer_id"].notna()]
    victims = labels[labels["possible_victim"] & labels["customer_id"].notna()]
    planted = {one for ids in culprits["transaction_ids"] for one in ids.split(";") if one}
    own, other = read["account_id"], read["counterparty_account"]
    credit = (read["direction"] == "credit").to_numpy()
    rows = pd.DataFrame(
        {
            "at": read["at"].to_numpy("datetime64[s]").astype(np.int64),
            "source": other.where(credit, own),
            "target": own.where(credit, other),
            "amount": read["amount"].astype(float),
            "cash": read["channel"].isin(["cash", "atm"]),
            "instance": read["transaction_id"].isin(planted).map({True: 0.0}),
        }
    )
    customers = bank.tables["customers"].to_pandas().set_index("customer_id")
    holder = dict(
        bank.tables["accounts"].select(["account_id", "customer_id"]).to_pandas().dropna().itertuples(index=False)
    )
    whose = own.map(holder)
    raw = {name: _code(read[name]) for name in _CODED}
    raw |= {"credit": credit, "balance_after": read["balance_after"].astype(float)}
    raw |= {
        "income": whose.map(customers["income"].astype(float)),
        "firm": whose.map(customers["customer_kind"]) == "entity",
    }
    raw |= {name: _code(whose.map(customers[name])) for name in ("occupation", "sector")}
    book = _book(
        f"bank of {bank.customers} seed {bank.seed}", Files(Path(), str(bank.seed)), rows, raw, holder, customers.index
    )
    return _with_labels(book, bank, culprits, victims, credit[np.argsort(rows["at"].to_numpy(), kind="stable")])


def _with_labels(book: Book, bank: Bank, culprits: Any, victims: Any, credit: Any) -> Book:
    """A row is one booking: it counts to the holder of its account alone, for the other side has a row of its own."""
    names = np.array(book.names)
    guilty = np.isin(names, culprits["customer_id"])
    holders = book.holders.copy()
    holders[np.arange(len(holders)), np.where(credit, 0, 1)] = -1
    neutral = np.isin(names, victims["customer_id"]) & ~guilty
    return replace(book, holders=holders, guilty=guilty, neutral=neutral, read=bank)
