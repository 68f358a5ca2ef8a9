"""The columns a card may name: canonical ones and derived ones, with type, unit and what they need.

Numbers in cards are written in the unit given here. Inside, ``ratio`` values are int64 millionths, floored; ``money``
is int64 minor units of the home currency; ``days`` and ``whole`` are plain integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from amlscreen.schema import LISTED_CATEGORIES, TABLES, TRANSACTIONS, Column

__all__ = ["LIST_WORDS", "RULE_COLUMNS", "TABLE_COLUMNS", "ColumnKind", "RuleColumn"]

ColumnKind = Literal["text", "flag", "whole", "days", "money", "ratio"]


@dataclass(frozen=True, slots=True)
class RuleColumn:
    """A column a card may name, and the canonical ``table.column`` it needs to be known at all."""

    name: str
    kind: ColumnKind
    meaning: str
    needs: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    trait: bool = False


_KIND: Mapping[str, ColumnKind] = {
    "text": "text",
    "code": "text",
    "money": "money",
    "time": "whole",
    "date": "days",
    "flag": "flag",
    "whole": "whole",
    "decimal": "ratio",
}
LIST_WORDS = (*LISTED_CATEGORIES, "unlisted")
"""What a column about lists holds: the gravest category under which something is listed, or that it is not."""
_FOLDED_INTO_COUNTERPARTY = frozenset({"counterparty_institution", "counterparty_account", "counterparty_phone"})
TRAITS = frozenset({"sex", "nationality", "birth_date", "province", "age", "holder_age", "arrived"})


def _canonical(table: str, column: Column) -> RuleColumn:
    return RuleColumn(
        column.name,
        _KIND[column.type],
        column.meaning,
        (f"{table}.{column.name}",),
        column.allowed,
        column.name in TRAITS,
    )


_DERIVED_OF_TRANSACTIONS = (
    RuleColumn("customer", "text", "Owner of the account booked.", ()),
    RuleColumn("account", "text", "The account booked.", ()),
    RuleColumn(
        "report_multiple",
        "ratio",
        "Amount over the cash-report threshold of that day.",
    ),
    RuleColumn("wage_multiple", "ratio", "Amount over the monthly minimum wage of that day."),
    RuleColumn(
        "limit_multiple",
        "ratio",
        "Amount over the line of jurisdiction.limits being looked at (`for_each: limits`); unknown for channels and "
        "directions the line does not concern.",
    ),
    RuleColumn(
        "declared_multiple",
        "ratio",
        "Amount over the monthly turnover declared for the account.",
        ("accounts.declared_turnover",),
    ),
    RuleColumn("local_day", "days", "Local calendar day."),
    RuleColumn("month", "whole", "Local month, counted from January 1970."),
    RuleColumn(
        "hour", "whole", "Local hour 0-23; unknown where only the date is known.", ("transactions.time_precision",)
    ),
    RuleColumn("account_age", "days", "Days from the account's opening to the transaction.", ("accounts.opened",)),
    RuleColumn(
        "quiet_days",
        "days",
        "Days since the account's transaction of kind customer before this one; for the first, since its opening or "
        "the first day of the data, whichever is later: quiet at least that long.",
    ),
    RuleColumn(
        "counterparty_is_related",
        "flag",
        "Recorded ties: the counterparty is the holder, holds an account together with the holder, is the holder's "
        "guardian or ward, or the holder's employer. Unknown where the counterparty is missing or pooled.",
        ("transactions.counterparty",),
    ),
    RuleColumn(
        "counterparty_is_new",
        "flag",
        "The first transaction of this account with this counterparty was at most 30 days before. Unknown where the "
        "counterparty is missing or pooled, and in the first 30 days of the data.",
        ("transactions.counterparty",),
    ),
    RuleColumn(
        "counterparty_is_own_customer",
        "flag",
        "The counterparty is an account in this data.",
        ("transactions.counterparty",),
    ),
    RuleColumn(
        "counterparty_list",
        "text",
        "The gravest category under which the counterparty's key stands on the bank's lists on that local day; an "
        "account also through its owner. `unlisted` where it does not; unknown where the counterparty is missing, or "
        "pooled and not itself listed.",
        ("transactions.counterparty", "listed.value"),
        LIST_WORDS,
    ),
    RuleColumn(
        "place",
        "text",
        "The terminal, else the branch, where it was made.",
        ("transactions.terminal_id|transactions.branch_id",),
    ),
    RuleColumn(
        "counterparty_name_list",
        "text",
        "The same for the counterparty's name as given, whatever its key. Namesakes are many: for firms, or beside "
        "something else. Unknown without a name.",
        ("transactions.counterparty_name", "listed.value"),
        LIST_WORDS,
    ),
    RuleColumn(
        "companions",
        "whole",
        "For cash drawn at a machine (channel atm): on how many other accounts cash was drawn there within 20 minutes "
        "that are companions of this one, together with it there on 3 days or more and on half or more of the days of "
        "the one drawn on there less often. 0 for credits and other channels; unknown without terminal or clock time, "
        "and where more than 60 withdrawals within 20 minutes show that the number is no single machine's.",
        ("transactions.terminal_id", "transactions.channel"),
    ),
    RuleColumn("holder_province", "text", "The owner's province.", ("customers.province",), trait=True),
    RuleColumn(
        "is_away",
        "flag",
        "Made in another province than the owner's.",
        ("transactions.province", "customers.province"),
        trait=True,
    ),
    RuleColumn("holder_kind", "text", "Person or entity.", ("customers.customer_kind",), ("person", "entity")),
    RuleColumn("holder_age", "whole", "The owner's age in years on that day.", ("customers.birth_date",), trait=True),
    RuleColumn(
        "holder_is_licensed", "flag", "The owner holds the licence its sector needs.", ("customers.is_licensed",)
    ),
    RuleColumn("holder_sector", "text", "The owner's line of business, as recorded.", ("customers.sector",)),
    RuleColumn("holder_occupation", "text", "The owner's occupation, as recorded.", ("customers.occupation",)),
    RuleColumn(
        "income_multiple",
        "ratio",
        "Amount over the owner's declared monthly income; unknown where none is recorded, or zero.",
        ("customers.income",),
    ),
    RuleColumn("is_merchant", "flag", "The account has a merchant contract.", ("accounts.is_merchant",)),
    RuleColumn("product", "text", "The bank's product code of the account booked.", ("accounts.product",)),
    RuleColumn("is_recalled", "flag", "A recall or complaint names this payment.", ("recalls.transaction_id",)),
    RuleColumn(
        "balance_after", "money", "Balance after the booking, account currency.", ("transactions.balance_after",)
    ),
)

RULE_COLUMNS: Mapping[str, RuleColumn] = MappingProxyType(
    {
        column.name: _canonical("transactions", column)
        for column in TRANSACTIONS.columns
        if column.name not in _FOLDED_INTO_COUNTERPARTY
    }
    | {column.name: column for column in _DERIVED_OF_TRANSACTIONS}
)


def _of_list(what: str, column: str, needed: str) -> RuleColumn:
    meaning = f"The gravest category under which {what} stands on the bank's lists at as_of; else `unlisted`."
    return RuleColumn(column, "text", meaning, (needed, "listed.value"), LIST_WORDS)


_DERIVED_OF_TABLES: Mapping[str, tuple[RuleColumn, ...]] = {
    "customers": (
        RuleColumn("age", "whole", "Age in years at as_of.", ("customers.birth_date",), trait=True),
        RuleColumn(
            "is_minor", "flag", "Under the jurisdiction's age of majority.", ("customers.birth_date",), trait=True
        ),
        RuleColumn(
            "id_expired_days",
            "days",
            "Days since the identity paper expired; negative while it is valid.",
            ("customers.id_expiry",),
        ),
        RuleColumn(
            "permit_expired_days",
            "days",
            "Days since the stay or work permit ran out; negative while it is valid.",
            ("customers.permit_expiry",),
        ),
        RuleColumn(
            "review_overdue_days", "days", "Days since the review fell due; negative before.", ("customers.review_due",)
        ),
        RuleColumn(
            "missing_fields",
            "whole",
            "How many of the jurisdiction's required_kyc columns are empty.",
            ("customers.id_number",),
        ),
        RuleColumn("tenure_days", "days", "Days the relationship has lasted at as_of.", ("customers.onboarded",)),
        RuleColumn("active_days", "whole", "Days with a customer transaction in the 90 days up to as_of."),
        RuleColumn(
            "debits_after_expiry",
            "whole",
            "Customer debits since the identity paper expired.",
            ("customers.id_expiry",),
        ),
        RuleColumn("name_fold", "text", "The name with its ways of writing as one.", ("customers.name",)),
        RuleColumn("latin_fold", "text", "The Latin name with its ways of writing as one.", ("customers.name_latin",)),
        RuleColumn(
            "earlier_reports",
            "whole",
            "How many earlier reports and cases name the customer, or an account the customer owns.",
            ("cases.subject_id|reports.subject_id",),
        ),
        _of_list("the phone", "phone_list", "customers.phone"),
        _of_list("the e-mail", "email_list", "customers.email"),
        _of_list("the number of the identity paper", "id_list", "customers.id_number"),
        _of_list("a name, in either script,", "name_list", "customers.name|customers.name_latin"),
        _of_list("the customer", "customer_list", "customers.customer_id"),
        RuleColumn(
            "wards",
            "whole",
            "How many minors the customer in guardian_id is recorded for.",
            ("customers.guardian_id", "customers.birth_date"),
        ),
    ),
    "holdings": (
        RuleColumn(
            "owner_id",
            "text",
            "The account's owner, the first by role and id, where the row's customer is none of its owners: for "
            "signatories, proxies and beneficial owners. Unknown on an owner's own row.",
            ("holdings.role",),
        ),
    ),
    "accounts": (
        RuleColumn("account_age", "days", "Days from opening to as_of.", ("accounts.opened",)),
        _of_list("the account", "account_list", "accounts.account_id"),
    ),
}

TABLE_COLUMNS: Mapping[str, Mapping[str, RuleColumn]] = MappingProxyType(
    {
        name: MappingProxyType(
            {column.name: _canonical(name, column) for column in table.columns}
            | {column.name: column for column in _DERIVED_OF_TABLES.get(name, ())}
        )
        for name, table in TABLES.items()
        if name not in {"transactions", "fx_rates"}
    }
)
