"""Four of the shipped rules the way an analyst writes them in pandas: merges, and rolling windows by group.

Cash just below the reporting line (HT-A05, customers, the line ``cash_report``), third-party money (HT-A08), a new
account's burst (HT-A12) and fan-in (HT-N01). The figures come from the cards and the jurisdiction, so that both sides
look for the same thing; which accounts and customers are found is compared in :mod:`benchmarks.agreement`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.asked import MILLION, figure, main_of, reporting_line, wage
from numpy.typing import NDArray

__all__ = ["RULES", "find"]

_USED = (
    "account_id",
    "at",
    "direction",
    "amount",
    "channel",
    "kind",
    "counterparty_institution",
    "counterparty_account",
)
_CATEGORIES = ("account_id", "direction", "channel", "kind", "counterparty_institution", "counterparty_account")


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a book; amounts as whole hundredths, words as categories."""
    tables = {}
    for name in ("transactions", "accounts", "customers", "holdings"):
        columns = list(_USED) if name == "transactions" else None
        tables[name] = pd.read_parquet(folder / f"{name}.parquet", columns=columns, dtype_backend="pyarrow")
    rows = tables["transactions"]
    for name in _CATEGORIES:
        rows[name] = rows[name].astype("string").astype("category")
    rows["amount"] = (rows["amount"].astype("float64") * 100).round().astype("int64")
    rows["at"] = pd.to_datetime(rows["at"])
    return tables


def prepare(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the customer, with what the rules ask: wages, age of the account, merchant or not, stranger or not."""
    rows, accounts = tables["transactions"], tables["accounts"].copy()
    rows = rows[rows["kind"] == "customer"]
    accounts["account_id"] = accounts["account_id"].astype("string").astype(rows["account_id"].dtype)
    accounts["turnover"] = (accounts["declared_turnover"].astype("float64") * 100).round().astype("int64")
    accounts["opened"] = pd.to_datetime(accounts["opened"])
    rows = rows.merge(accounts[["account_id", "opened", "turnover", "is_merchant"]], on="account_id", how="left")
    rows["wages"] = rows["amount"] * MILLION // wage()
    rows["age"] = (rows["at"].dt.normalize() - rows["opened"]).dt.days
    rows["is_merchant"] = rows["is_merchant"].fillna(value=False).astype(bool)
    rows["stranger"] = _strangers(rows, tables["holdings"])
    return rows.sort_values(["account_id", "at"], ignore_index=True)


def _strangers(rows: pd.DataFrame, holdings: pd.DataFrame) -> NDArray[np.bool_]:
    """Payments of an account that no holder of the account, or holder beside them elsewhere, holds."""
    held = holdings[["account_id", "customer_id"]].astype("string")
    holder = held.sort_values("customer_id").drop_duplicates("account_id")
    beside = held.merge(held, on="account_id", suffixes=("", "_other"))[["customer_id", "customer_id_other"]]
    beside = beside.drop_duplicates()
    tied = holder.merge(beside, on="customer_id").merge(
        held.rename(columns={"account_id": "counterparty_account", "customer_id": "customer_id_other"}),
        on="customer_id_other",
    )
    tied = tied[["account_id", "counterparty_account"]].drop_duplicates()
    known = rows["counterparty_account"].notna()
    pairs = rows.loc[known, ["account_id", "counterparty_account", "counterparty_institution"]].astype("string")
    pairs = pairs.merge(tied, on=["account_id", "counterparty_account"], how="left", indicator=True)
    found = np.zeros(len(rows), np.bool_)
    own_bank = (pairs["counterparty_institution"] == "SYNBANK").to_numpy(bool)
    found[known.to_numpy()] = ~((pairs["_merge"] == "both").to_numpy() & own_bank)
    return found


def _rolling(rows: pd.DataFrame, by: str, days: int, columns: dict[str, str]) -> pd.DataFrame:
    """Sums, or numbers of distinct values, over the days up to each row; rows must be sorted by ``by`` and time."""
    windows = rows.groupby(by, observed=True, sort=True).rolling(f"{days}D", on="at")
    made = {}
    for name, what in columns.items():
        series = windows[name]
        found = series.sum() if what == "sum" else series.apply(lambda codes: len(np.unique(codes)), raw=True)
        made[name] = found.to_numpy()
    out = rows[[by, "at"]].assign(**made)
    return out.drop_duplicates([by, "at"], keep="last")


def below_the_line(rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> set[str]:
    """HT-A05: customers with several cash transactions within a week just below the line."""
    multiple = rows["amount"] * MILLION // reporting_line()
    near = (multiple >= figure("HT-A05", "from") * MILLION) & (multiple < figure("HT-A05", "below") * MILLION)
    near &= rows["channel"] == "cash"
    owners = tables["holdings"][["account_id", "customer_id"]].astype("string")
    some = rows.loc[near, ["account_id", "at"]].astype({"account_id": "string"}).merge(owners, on="account_id")
    some = some.sort_values(["customer_id", "at"], ignore_index=True).assign(count=1)
    found = _rolling(some, "customer_id", 7, {"count": "sum"})
    return set(found.loc[found["count"] >= figure("HT-A05", "times"), "customer_id"])


def _paid_by_strangers(rows: pd.DataFrame, card: str) -> pd.Series[bool]:
    large = rows["wages"] >= figure(card, "least") * MILLION
    return (rows["direction"] == "credit") & rows["stranger"] & large & ~rows["is_merchant"]


def _many_payers(rows: pd.DataFrame, card: str, days: int) -> pd.DataFrame:
    """Payers and wages of the days up to each payment; accounts that never have so many payers are left out first."""
    paid = rows[_paid_by_strangers(rows, card)].assign(
        payer=lambda some: some.groupby(["counterparty_institution", "counterparty_account"], observed=True).ngroup()
    )
    payers = paid.groupby("account_id", observed=True)["payer"].transform("nunique")
    paid = paid[payers >= figure(card, "payers")].reset_index(drop=True)
    found = _rolling(paid, "account_id", days, {"payer": "distinct", "wages": "sum", "amount": "sum"})
    enough = (found["payer"] >= figure(card, "payers")) & (found["wages"] >= figure(card, "wages") * MILLION)
    return found[enough]


def third_parties(rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> set[str]:
    """HT-A08: accounts of which many strangers supply most of the money in two months.

    Only instants of a stranger's payment are looked at: after another credit their share is smaller than before it.
    """
    found = _many_payers(rows, "HT-A08", 60)
    credits = rows[(rows["direction"] == "credit") & rows["account_id"].isin(found["account_id"])]
    every = _rolling(credits.reset_index(drop=True), "account_id", 60, {"amount": "sum"})
    both = found.merge(every, on=["account_id", "at"], suffixes=("", "_all"))
    share = both["amount"] * MILLION // both["amount_all"]
    return set(both.loc[share >= figure("HT-A08", "share") * MILLION, "account_id"])


def new_account_burst(rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> set[str]:
    """HT-A12: new accounts whose inflow of a month is far above what was declared, and mostly leaves."""
    young = rows[(rows["age"] >= 0) & (rows["age"] <= figure("HT-A12", "age"))].reset_index(drop=True)
    inward = young["direction"] == "credit"
    young = young.assign(
        received=young["amount"].where(inward, 0),
        wages=young["wages"].where(inward, 0),
        declared=(young["amount"] * MILLION // young["turnover"]).where(inward, 0),
        sent=young["amount"].where(~inward, 0),
    )
    sums = _rolling(young, "account_id", 30, dict.fromkeys(("received", "wages", "declared", "sent"), "sum"))
    sums = sums[(sums["wages"] >= figure("HT-A12", "least_wages") * MILLION) & (sums["received"] > 0)]
    large = (sums["declared"] >= figure("HT-A12", "declared") * MILLION) | (
        sums["wages"] >= figure("HT-A12", "wages") * MILLION
    )
    left = sums["sent"] * MILLION // sums["received"] >= figure("HT-A12", "share_out") * MILLION
    return set(sums.loc[large & left, "account_id"])


def fan_in(rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> set[str]:
    """HT-N01: accounts paid by many strangers within a month."""
    return set(_many_payers(rows, "HT-N01", 30)["account_id"])


RULES: dict[str, Callable[[pd.DataFrame, dict[str, pd.DataFrame]], set[str]]] = {
    "HT-A05": below_the_line,
    "HT-A08": third_parties,
    "HT-A12": new_account_burst,
    "HT-N01": fan_in,
}


def find(chosen: argparse.Namespace) -> dict[str, set[str]]:
    """The accounts, or customers, that each rule finds."""
    tables = read(chosen.folder)
    rows = prepare(tables)
    return {rule: look(rows, tables) for rule, look in RULES.items()}


if __name__ == "__main__":
    main_of(find, __doc__)
