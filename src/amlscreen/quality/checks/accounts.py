"""Checks on accounts, owners and customers: whether the tables fit together."""

from __future__ import annotations

from collections.abc import Iterator

from amlscreen.intake.facts import Facts
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, share

__all__ = ["ACCOUNTS"]

_MANY = 0.05
_FEW = 0.01
_MOST = 0.5
_IDLE = 0.8


def _missing_tables(facts: Facts) -> Iterator[Seen]:
    absent = [name for name in ("accounts", "customers") if not facts.table_rows.get(name)]
    for name in absent:
        yield Seen(f"No {name} were given.", name, severity="warning", effects=(name,), is_whole=True)
    if "holdings" not in facts.provided and "accounts.customer_id" not in facts.provided and facts.rows:
        yield Seen(
            "Nothing says who owns which account: each account counts as a customer of its own.",
            "holdings",
            severity="warning",
            effects=("holdings", "owners"),
            is_whole=True,
        )


def _unknown_accounts(facts: Facts) -> Iterator[Seen]:
    found = facts.accounts
    if found.unknown:
        yield Seen(
            f"{count_of(found.unknown_rows, found.rows, 'transactions')} are on {found.unknown:,} accounts that the "
            "table of accounts does not have.",
            "transactions.account_id",
            found.unknown_rows,
            "error" if share(found.unknown_rows, found.rows) > _MANY else "warning",
        )


def _without_owner(facts: Facts) -> Iterator[Seen]:
    found = facts.accounts
    if found.booked_without_owner:
        grave = share(found.booked_without_owner, found.booked) > _MANY
        yield Seen(
            f"{count_of(found.booked_without_owner, found.booked, 'booked accounts')} have no owner on record.",
            "holdings",
            found.booked_without_owner,
            "error" if grave else "warning",
        )


def _unknown_owners(facts: Facts) -> Iterator[Seen]:
    found = facts.accounts
    if found.unknown_owners:
        yield Seen(
            f"{found.unknown_owners:,} owners of accounts are not among the {found.customers:,} customers.",
            "customers.customer_id",
            found.unknown_owners,
        )


def _without_account(facts: Facts) -> Iterator[Seen]:
    found = facts.accounts
    if found.customers_without_account:
        grave = share(found.customers_without_account, found.customers) > _MOST
        yield Seen(
            f"{count_of(found.customers_without_account, found.customers, 'customers')} hold no account.",
            "customers.customer_id",
            found.customers_without_account,
            "warning" if grave else "info",
        )


def _idle(facts: Facts) -> Iterator[Seen]:
    found = facts.accounts
    if found.recorded >= 10 and share(found.idle, found.recorded) > _IDLE:
        yield Seen(
            f"{count_of(found.idle, found.recorded, 'accounts')} have no transaction.",
            "accounts.account_id",
            found.idle,
        )


def _currencies(facts: Facts) -> Iterator[Seen]:
    found = facts.accounts
    if found.several_currencies:
        grave = share(found.several_currencies, found.booked) > _MANY
        yield Seen(
            f"{count_of(found.several_currencies, found.booked, 'booked accounts')} have transactions in more than one "
            "currency.",
            "transactions.currency",
            found.several_currencies,
            "warning" if grave else "info",
        )
    if found.other_currency:
        grave = share(found.other_currency_rows, found.rows) > _FEW
        yield Seen(
            f"{count_of(found.other_currency_rows, found.rows, 'transactions')} on {found.other_currency:,} accounts "
            "are in another currency than the account's own.",
            "transactions.currency",
            found.other_currency_rows,
            "warning" if grave else "info",
        )


def _outside_life(facts: Facts) -> Iterator[Seen]:
    found = facts.accounts
    for number, said, column in (
        (found.before_opening, "before they were opened", "opened"),
        (found.after_closing, "after they were closed", "closed"),
    ):
        if number:
            yield Seen(
                f"{count_of(number, found.booked, 'booked accounts')} have transactions {said}.",
                f"accounts.{column}",
                number,
                "warning" if share(number, found.booked) > _FEW else "info",
                (f"accounts.{column}",),
            )


ACCOUNTS = (
    Check(
        "missing_tables",
        "Reference tables that are not there",
        "warning",
        "Without accounts, customers or holdings nothing is known of who stands behind transactions.",
        "Export them and map them; `amlscreen rules coverage` says which columns matter most.",
        "Any of accounts, customers, and who owns what.",
        _missing_tables,
    ),
    Check(
        "unknown_accounts",
        "Transactions on unknown accounts",
        "error",
        "The account is not in the table of accounts: its owner, opening and kind are not known, and it counts as a "
        "customer of its own.",
        "See whether account numbers are written alike in both exports (leading noughts, spaces, branch prefixes) and "
        "whether closed accounts are exported too.",
        "Any is a warning; more than 5 % of the transactions is an error, for then numbers are written differently.",
        _unknown_accounts,
        ("owners", "accounts"),
    ),
    Check(
        "accounts_without_owner",
        "Accounts without an owner",
        "error",
        "Nobody is recorded for the account, so it is looked at alone and not with its owner's others.",
        "See whether holdings, or customer_id of accounts, are complete and written alike.",
        "Any is a warning; more than 5 % of the booked accounts is an error.",
        _without_owner,
        ("owners", "holdings"),
    ),
    Check(
        "unknown_owners",
        "Owners who are not among the customers",
        "warning",
        "An account's owner is not in the table of customers, so nothing is known of that person or firm.",
        "See whether customer numbers are written alike, and whether former customers are exported too.",
        "Any.",
        _unknown_owners,
        ("customers",),
    ),
    Check(
        "customers_without_account",
        "Customers without an account",
        "info",
        "Former customers, guarantors, or customers whose accounts are not in the export.",
        "Nothing, if the export holds former customers; else see whether accounts are missing.",
        "Any is told; more than half of the customers is a warning.",
        _without_account,
        ("owners",),
    ),
    Check(
        "idle_accounts",
        "Most accounts have no transaction",
        "warning",
        "Transactions of a part of the bank only, or account numbers written in two ways.",
        "Compare an account number of both exports.",
        "More than 80 % of ten or more accounts that are not closed.",
        _idle,
        ("days",),
    ),
    Check(
        "currency_mixes",
        "Currencies that contradict one another",
        "warning",
        "An account is kept in one currency. Several on one account, or another than the account's own, mean that the "
        "column is the payment's currency and the amount perhaps is not.",
        "See whether amount is in the currency mapped, or in the account's.",
        "Any is told; more than 5 % of the accounts with several, or 1 % of the transactions in another, is a warning.",
        _currencies,
        ("amounts",),
    ),
    Check(
        "outside_its_life",
        "Transactions before opening or after closing",
        "warning",
        "The day of opening or closing is not what the column says, or numbers of accounts are given out again.",
        "See what the columns mean in the core system; a day of migration is no day of opening.",
        "Any is told; more than 1 % of the booked accounts is a warning.",
        _outside_life,
    ),
)
