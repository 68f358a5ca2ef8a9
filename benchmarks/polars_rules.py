"""Four of the rules in Polars, with lazy scans, the streaming engine and rolling windows.

``python -m benchmarks.polars_rules FOLDER -o FILE``. It reads clean canonical columns and only those it needs; it
checks nothing, scores nothing and keeps no evidence. Polars cannot be held to an amount of memory.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl
from benchmarks.asked import MILLION, figure, main_of, millionths, reporting_line, wage

__all__ = ["find"]

_CENTS = (pl.col("amount") * 100).cast(pl.Int64)


def find(chosen: argparse.Namespace) -> dict[str, list[str]]:
    """The accounts, or customers, that each rule finds."""
    folder: Path = chosen.folder
    rows = pl.scan_parquet(folder / "transactions.parquet").filter(pl.col("kind") == "customer")
    rows = rows.with_columns(cents=_CENTS).with_columns(wages=pl.col("cents") * MILLION // wage())
    accounts, holdings = (pl.scan_parquet(folder / f"{name}.parquet") for name in ("accounts", "holdings"))
    strangers = _strangers(rows, accounts, holdings)
    return {
        "HT-A05": _below_the_line(rows, holdings),
        "HT-A08": _third_parties(rows, strangers),
        "HT-A12": _new_account(rows, accounts),
        "HT-N01": _many_payers(strangers, "HT-N01", "30d")["account_id"].unique().to_list(),
    }


def _collected(rows: pl.LazyFrame) -> pl.DataFrame:
    return rows.collect(engine="streaming")


def _below_the_line(rows: pl.LazyFrame, holdings: pl.LazyFrame) -> list[str]:
    multiple = pl.col("cents") * MILLION // reporting_line()
    near = (multiple >= millionths("HT-A05", "from")) & (multiple < millionths("HT-A05", "below"))
    some = rows.filter((pl.col("channel") == "cash") & near).select("account_id", "at")
    some = _collected(some.join(holdings.select("account_id", "customer_id"), on="account_id")).sort(
        "customer_id", "at"
    )
    found = some.rolling("at", period="7d", group_by="customer_id").agg(times=pl.len())
    return found.filter(pl.col("times") >= figure("HT-A05", "times"))["customer_id"].unique().to_list()


def _strangers(rows: pl.LazyFrame, accounts: pl.LazyFrame, holdings: pl.LazyFrame) -> pl.LazyFrame:
    """Credits of accounts that are no merchant's, by somebody who holds nothing with a holder of the account."""
    held = holdings.select("account_id", "customer_id")
    holder = held.group_by("account_id").agg(pl.col("customer_id").min())
    beside = held.join(held, on="account_id", suffix="_other").select("customer_id", "customer_id_other").unique()
    theirs = held.rename({"account_id": "counterparty_account", "customer_id": "customer_id_other"})
    tied = holder.join(beside, on="customer_id").join(theirs, on="customer_id_other")
    tied = tied.select("account_id", "counterparty_account", counterparty_institution=pl.lit("SYNBANK")).unique()
    paid = rows.filter((pl.col("direction") == "credit") & pl.col("counterparty_account").is_not_null())
    merchants = accounts.filter(pl.col("is_merchant")).select("account_id")
    return paid.join(merchants, on="account_id", how="anti").join(tied, on=tied.collect_schema().names(), how="anti")


def _many_payers(strangers: pl.LazyFrame, card: str, period: str) -> pl.DataFrame:
    """Payers and money of the days up to each payment; accounts that never have so many payers are left out first."""
    least, payers = millionths(card, "least"), figure(card, "payers")
    payer = pl.struct("counterparty_institution", "counterparty_account").hash()
    paid = strangers.filter(pl.col("wages") >= least).select("account_id", "at", "cents", "wages", payer=payer)
    many = paid.group_by("account_id").agg(pl.col("payer").n_unique()).filter(pl.col("payer") >= payers)
    some = _collected(paid.join(many.select("account_id"), on="account_id", how="semi")).sort("account_id", "at")
    found = some.rolling("at", period=period, group_by="account_id").agg(
        pl.col("payer").n_unique(), pl.col("wages").sum(), pl.col("cents").sum()
    )
    return found.filter((pl.col("payer") >= payers) & (pl.col("wages") >= millionths(card, "wages")))


def _third_parties(rows: pl.LazyFrame, strangers: pl.LazyFrame) -> list[str]:
    found = _many_payers(strangers, "HT-A08", "60d")
    credits = rows.filter(pl.col("direction") == "credit").select("account_id", "at", "cents")
    credits = credits.join(found.lazy().select("account_id").unique(), on="account_id", how="semi")
    every = _collected(credits).sort("account_id", "at").rolling("at", period="60d", group_by="account_id")
    both = found.unique(["account_id", "at"]).join(
        every.agg(pl.col("cents").sum()).unique(), on=["account_id", "at"], suffix="_all"
    )
    share = pl.col("cents") * MILLION // pl.col("cents_all")
    return both.filter(share >= millionths("HT-A08", "share"))["account_id"].unique().to_list()


def _new_account(rows: pl.LazyFrame, accounts: pl.LazyFrame) -> list[str]:
    opened = accounts.select("account_id", "opened", turnover=(pl.col("declared_turnover") * 100).cast(pl.Int64))
    age = (pl.col("at").dt.date() - pl.col("opened")).dt.total_days()
    young = rows.join(opened, on="account_id").filter(age.is_between(0, figure("HT-A12", "age")))
    inward = pl.col("direction") == "credit"
    young = young.select(
        "account_id",
        "at",
        received=pl.when(inward).then("cents").otherwise(0),
        sent=pl.when(inward).then(0).otherwise("cents"),
        wages=pl.when(inward).then("wages").otherwise(0),
        declared=pl.when(inward).then(pl.col("cents") * MILLION // pl.col("turnover")).otherwise(0),
    )
    sums = _collected(young).sort("account_id", "at").rolling("at", period="30d", group_by="account_id")
    found = sums.agg(pl.col("received", "sent", "wages", "declared").sum())
    large = (pl.col("declared") >= millionths("HT-A12", "declared")) | (
        pl.col("wages") >= millionths("HT-A12", "wages")
    )
    left = pl.col("sent") * MILLION // pl.col("received") >= millionths("HT-A12", "share_out")
    enough = (pl.col("wages") >= millionths("HT-A12", "least_wages")) & (pl.col("received") > 0)
    return found.filter(enough & large & left)["account_id"].unique().to_list()


if __name__ == "__main__":
    main_of(find, __doc__)
