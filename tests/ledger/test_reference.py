"""Facts about customers and accounts, by number and by key."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.engines.local import prepare
from amlscreen.intake.dataset import Dataset
from amlscreen.ledger.reference import Reference, positions

BANKS = ("BANKA", "BANKB", "BANK")
ACCOUNTS = ("1", "A/1", "2", "010")


@pytest.fixture(scope="module")
def facts() -> Reference:
    """Two banks that know some of the same account numbers."""
    held = [("BANKA", "1"), ("BANKA", "2"), ("BANKB", "1"), ("BANKB", "A/1")]
    accounts = [{"institution": bank, "account_id": account, "customer_id": f"C{account}"} for bank, account in held]
    rows = [
        {"institution": bank, "transaction_id": f"T{n}", "account_id": account}
        | {"at": "2026-03-01", "direction": "credit", "amount": 5, "currency": "LAK", "channel": "cash"}
        for n, (bank, account) in enumerate(held)
    ]
    with Dataset.from_tables(accounts=accounts, transactions=rows) as data:
        return prepare(data, (), data.last_complete_day)


@given(st.lists(st.tuples(st.sampled_from(BANKS), st.sampled_from(ACCOUNTS)) | st.none()))
def test_keys_name_the_accounts_of_their_bank_only(facts: Reference, asked: list[tuple[str, str] | None]) -> None:
    """As a search through the keys of all accounts finds them; a missing key and another bank's name none."""
    keys = pa.array([None if one is None else f"account:{one[0]}/{one[1]}" for one in asked], pa.string())
    assert facts.accounts_of_keys(keys).tolist() == positions(keys, facts.account_keys()).tolist()


def test_names_of_another_kind_are_no_accounts(facts: Reference) -> None:
    """A phone or a name is never taken for an account, whatever it looks like."""
    keys = pa.array(["phone:BANKA/1", "name:account:BANKA/1", "account:BANKA/", "account:BANKA"], pa.string())
    assert facts.accounts_of_keys(keys).tolist() == [-1] * 4


def test_numbers_lead_to_names_and_back(facts: Reference) -> None:
    """account_no follows institution and account_id; an unknown account is a KeyError."""
    numbers = np.arange(facts.account_ids.num_rows)
    names = facts.account_names(numbers)
    assert names == sorted(names)
    assert [facts.account_number(*name) for name in names] == numbers.tolist()
    for bank, account in (("BANKA", "A/1"), ("BANKC", "1")):
        with pytest.raises(KeyError):
            facts.account_number(bank, account)
