"""The synthetic bank: the same every time, sound as a book, and labelled truthfully."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pytest

from amlscreen.errors import SettingsError
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.schema import TABLES
from amlscreen.synth import Bank, make_bank

# Patterns in what a bank knows rather than in money.
ON_FILE = {"HT-K03", "HT-K04", "HT-N03", "HT-N11"}
# Cards that no plant is about: what is looked for says little about one customer.
WITHOUT_PLANT = {"HT-K09", "HT-K17", "HT-N12", "HT-N13", "HT-W06"}


def test_the_same_seed_gives_the_same_bank(bank: Bank) -> None:
    """Nothing but the arguments decides: no clock, no unseeded draw."""
    again = make_bank(110)
    assert all(again.tables[name].equals(table) for name, table in bank.tables.items())
    assert again.labels.equals(bank.labels)


def test_another_seed_gives_another_bank(bank: Bank) -> None:
    """The seed matters."""
    assert not make_bank(110, seed=8).tables["transactions"].equals(bank.tables["transactions"])


def test_a_bank_too_small_for_its_plants_is_refused() -> None:
    """The error says what is the least."""
    with pytest.raises(SettingsError, match="at least 100 customers and 90 days"):
        make_bank(99)


@pytest.mark.parametrize(("customers", "days"), [(100, 90), (110, 212), (401, 120)])
def test_the_bank_has_the_size_asked_for(customers: int, days: int) -> None:
    """So many customers, and no booking outside the days."""
    made = make_bank(customers, days, start=dt.date(2025, 11, 3))
    assert made.tables["customers"].num_rows == customers
    at = made.tables["transactions"]["at"].to_pylist()
    assert at[0].date() >= made.start
    assert (at[-1].date() - made.start).days < days
    assert at == sorted(at)


def test_every_row_is_canonical(bank: Bank) -> None:
    """Intake accepts every row of every table and sets none aside."""
    with Dataset.from_tables(**bank.tables) as data:
        assert data.rows_accepted == bank.tables["transactions"].num_rows
        assert data.quarantine.table.num_rows == 0
        for name, table in bank.tables.items():
            assert name == "transactions" or data.tables[name].num_rows == table.num_rows


def test_columns_stand_in_canonical_order(bank: Bank) -> None:
    """A table has canonical columns only, in the schema's order."""
    for name, table in bank.tables.items():
        assert table.column_names == [column for column in TABLES[name].names if column in table.column_names]


def test_both_legs_of_a_transfer_share_an_id_and_an_amount(bank: Bank) -> None:
    """What one account of the bank sends to another is one debit and one credit, equal and at the same time."""
    legs = defaultdict(list)
    for row in bank.tables["transactions"].to_pylist():
        legs[row["transaction_id"]].append(row)
    pairs = [rows for rows in legs.values() if len(rows) > 1]
    assert pairs
    for one, other in pairs:
        assert {one["direction"], other["direction"]} == {"debit", "credit"}
        assert (one["at"], one["amount"]) == (other["at"], other["amount"])
        assert one["counterparty_account"] == other["account_id"]


def test_balances_follow_from_the_bookings_and_never_fall_below_zero(bank: Bank) -> None:
    """Each balance is the one before it plus or minus the booking."""
    before: dict[str, Decimal] = {}
    for row in bank.tables["transactions"].to_pylist():
        account, change = row["account_id"], row["amount"] if row["direction"] == "credit" else -row["amount"]
        assert row["balance_after"] >= 0
        assert before.get(account, row["balance_after"] - change) + change == row["balance_after"]
        before[account] = row["balance_after"]


def test_a_reversal_takes_back_an_earlier_payment_of_that_account() -> None:
    """The row named in ``reverses`` stands before it, on the same account, the other way, for the same amount."""
    rows = make_bank(700, 100).tables["transactions"].to_pylist()
    by_key = {(row["transaction_id"], row["account_id"]): row for row in rows}
    reversals = [row for row in rows if row["kind"] == "reversal"]
    assert reversals
    for row in reversals:
        taken_back = by_key[row["reverses"], row["account_id"]]
        assert taken_back["at"] < row["at"]
        assert taken_back["direction"] != row["direction"]
        assert taken_back["amount"] == row["amount"]


def test_no_customer_moves_money_before_the_account_is_opened(bank: Bank) -> None:
    """An account opened within the data has no booking before."""
    opened = {row["account_id"]: row["opened"] for row in bank.tables["accounts"].to_pylist()}
    rows = bank.tables["transactions"].select(["account_id", "at"]).to_pylist()
    assert all(row["at"].date() >= opened[row["account_id"]] for row in rows)


def test_names_and_phones_are_plainly_made_up(bank: Bank) -> None:
    """Nobody can take a synthetic customer for a real one."""
    for row in bank.tables["customers"].to_pylist():
        assert row["name_latin"].startswith(("Synth Person", "Synth Firm"))
        assert "ສົມມຸດ" in row["name"]
        assert row["phone"].startswith("+856200")


def test_students_of_one_dormitory_share_a_phone(bank: Bank) -> None:
    """A look-alike of shared identity."""
    rows = bank.tables["customers"].to_pylist()
    phones = [row["phone"] for row in rows if row["occupation"] == "student"]
    assert len(set(phones)) < len(phones)


def test_the_bank_holds_what_a_bank_holds(bank: Bank) -> None:
    """Fees, interest, own transfers, joint accounts, foreign currency, pooled counterparties, firms and minors."""
    rows = bank.tables["transactions"]
    assert {"customer", "fee", "interest", "own_transfer"} <= set(rows["kind"].to_pylist())
    assert {"LAK"} < set(rows["currency"].to_pylist())
    assert "pooled" in rows["counterparty_kind"].to_pylist()
    assert {"owner", "joint", "signatory"} <= set(bank.tables["holdings"]["role"].to_pylist())
    assert {"person", "entity"} <= set(bank.tables["customers"]["customer_kind"].to_pylist())


@pytest.fixture(scope="module")
def large() -> Bank:
    """A bank that has room for every pattern at every strength."""
    return make_bank(3_000, 120)


def test_every_pattern_is_planted_at_every_strength(large: Bank) -> None:
    """Blatant, moderate and subtle instances stand in one bank, and most customers have no part in any."""
    planted = defaultdict(set)
    for row in large.labels.to_pylist():
        planted[row["typology"]].add(row["intensity"])
    short = {card for card, strengths in planted.items() if len(strengths) < 3}
    assert not short
    assert len({row["customer_id"] for row in large.labels.to_pylist()}) < large.customers // 3


def test_every_shipped_card_is_planted_or_named_here(large: Bank) -> None:
    """A card without a plant could fail unseen; variants (HT-A02B) go with their card."""
    planted = set(large.labels["typology"].to_pylist())
    shipped = {card.id for card in RuleSet.load().select(status=("stable", "test"))}
    alone = {card for card in shipped if card not in planted and card.rstrip("BCDEFGH") not in planted}
    # What no rule describes (family X, anomalies) cannot be planted card by card: every plant may be odd.
    assert {card for card in alone if not card.startswith("HT-X")} <= WITHOUT_PLANT


def test_rings_have_suspects_and_possible_victims(large: Bank) -> None:
    """A venue, a payroll and a hub hold people who are to be protected, and people who are not."""
    for story in ("sexual_exploitation_venue", "forced_labour_payroll"):
        ring = [row for row in large.labels.to_pylist() if row["story"] == story]
        assert {row["possible_victim"] for row in ring} == {True, False}
        assert all(row["role"] in {"spoke", "worker"} for row in ring if row["possible_victim"])


def test_every_innocent_customer_has_a_group_and_no_planted_one(bank: Bank) -> None:
    """So that false alerts can be told by what people are."""
    grouped = set(bank.groups["customer_id"].to_pylist())
    planted = set(bank.labels["customer_id"].to_pylist())
    assert not grouped & planted
    assert grouped | planted == set(bank.tables["customers"]["customer_id"].to_pylist())


def test_look_alikes_share_what_rings_share(large: Bank) -> None:
    """Phones, devices, machines on pay-day and introducers are shared by honest people too."""
    groups = set(large.groups["group"].to_pylist())
    assert {"family on one phone", "pay-day queue at one machine", "savings round", "supply chain"} <= groups
    devices = defaultdict(set)
    for row in large.tables["logins"].to_pylist():
        devices[row["device_id"]].add(row["customer_id"])
    assert sum(len(users) > 1 for users in devices.values()) > 50


def test_labels_name_rows_customers_and_accounts_that_exist(bank: Bank) -> None:
    """Each transaction of a label stands in the book, on the labelled account or to the labelled party."""
    where = defaultdict(set)
    for row in bank.tables["transactions"].to_pylist():
        where[row["transaction_id"]].add(row["account_id"])
    customers = set(bank.tables["customers"]["customer_id"].to_pylist())
    for label in bank.labels.to_pylist():
        ids = label["transaction_ids"].split(";") if label["transaction_ids"] else []
        assert ids or label["role"] not in {"collector", "mule"} or label["typology"] in ON_FILE
        if label["subject_kind"] == "customer":
            assert label["customer_id"] in customers
            assert all(label["account_ids"] in where[one] for one in ids)
        assert all(where[one] for one in ids)


def test_a_customer_has_a_part_in_one_instance_only(bank: Bank) -> None:
    """So that a hit can be told to belong to one plant."""
    parts = defaultdict(set)
    for label in bank.labels.to_pylist():
        parts[label["subject_id"]].add(label["instance"])
    assert all(len(instances) == 1 for instances in parts.values())
