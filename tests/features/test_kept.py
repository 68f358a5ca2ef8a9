"""Features of a finished run: in a notebook, and beside the results."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest

import amlscreen as aml
from amlscreen.feature_catalogue import catalogue
from amlscreen.rules.ruleset import RuleSet
from amlscreen.sinks.write import FEATURE_OUTPUTS, OUTPUTS
from shapes.looking import lines, rule

CARD = rule(
    detect={
        "shape": "window",
        "subject": "account",
        "within": "1d",
        "rows": {"a": {"direction": "credit"}},
        "measures": {"n": {"count": "transactions", "of": "a"}},
        "when": {"n": {"gte": 1}},
    }
)
TABLE = lines("day account amount direction\n1@10 A1 100 credit\n2@11 A1 40 debit\n2 A2 7 credit")


@pytest.mark.parametrize("keep", [False, True])
def test_a_result_has_every_feature_whether_the_run_needed_them_or_not(tmp_path: Path, keep: bool) -> None:
    """Whole numbers stay whole beside unknown ones; they are files only where the settings ask for them."""
    settings = aml.Settings(threads=1, keep_features=keep)
    with aml.Dataset.from_tables("laos", settings, transactions=TABLE) as data:
        result = aml.screen(data, RuleSet.of(CARD))
        customers, accounts = result.features, result.account_features
        assert list(customers.columns) == ["institution", "customer_id", *catalogue()]
        assert list(accounts.columns) == ["institution", "account_id", *catalogue()]
        assert customers["credits_90d"].tolist() == [10_000, 700]
        assert str(customers["debit_spread_90d"].dtype) == "Int64" and customers["debit_spread_90d"].isna().all()
        written = result.write(tmp_path / "out")
    names = {path.name for path in written}
    assert names == set(OUTPUTS) | (set(FEATURE_OUTPUTS) if keep else set())
    if keep:
        kept = pyarrow.parquet.read_table(tmp_path / "out" / "features.parquet")
        assert kept.to_pylist() == result.feature_tables[0].to_pylist()


def test_the_dictionary_tells_every_feature() -> None:
    """One row each, in the order of the tables' columns."""
    told = aml.feature_dictionary()
    assert told["name"].tolist() == list(catalogue())
    assert told.set_index("name").loc["credits_90d", ["unit", "window_days"]].tolist() == ["money", 90]
    assert pd.isna(told.set_index("name").loc["credits", "window_days"])
    assert told["meaning"].str.endswith(".").all() and told["label"].str.len().gt(0).all()


def test_there_are_features_enough_and_each_says_what_it_is() -> None:
    """At least 60 for customers and accounts; names say the window; meanings are no repetition."""
    every = catalogue()
    assert len(every) >= 60
    assert [
        name
        for name, one in every.items()
        if name.endswith("d") and name[-3:-1].isdigit() and one.window != int(name[-3:-1])
    ] == []
