"""The canonical tables: what every column means, its type and its unit.

A mapping turns one bank's export into these columns; everything after intake knows only these. The data
dictionary in ``docs/data_dictionary.md`` is generated from this module.

Types
    ``text``     free text or an identifier, kept as given (NFC, trimmed)
    ``code``     one of ``allowed``
    ``money``    an amount; in files a decimal number, inside int64 minor units (ISO 4217 exponent)
    ``time``     an instant; in files local wall time in the mapping's zone, inside int64 microseconds UTC
    ``date``     a calendar day, inside days since 1970-01-01
    ``flag``     true or false
    ``whole``    a whole number
    ``decimal``  a decimal number that is not money (an exchange rate)
"""

# Over 300 lines: it is one list, and what a column means must stand in one place.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = [
    "CHANNELS",
    "COUNTERPARTY_KINDS",
    "DECLARED_PURPOSES",
    "HOLDING_ROLES",
    "KINDS",
    "LISTED_CATEGORIES",
    "LISTED_KINDS",
    "PURPOSES",
    "TABLES",
    "TRANSACTIONS",
    "Column",
    "ColumnType",
    "Table",
]

ColumnType = Literal["text", "code", "money", "time", "date", "flag", "whole", "decimal"]

KINDS = ("customer", "own_transfer", "fee", "interest", "reversal", "bank")
CHANNELS = (
    "cash",
    "atm",
    "transfer",
    "wire",
    "qr",
    "card",
    "mobile",
    "internet",
    "cheque",
    "agent",
    "other",
)
PURPOSES = (
    "salary",
    "family",
    "goods",
    "rent",
    "tuition",
    "loan",
    "gift",
    "agency_fee",
    "tax",
    "travel",
    "other",
)
COUNTERPARTY_KINDS = ("account", "phone", "wallet", "name", "pooled")
DECLARED_PURPOSES = ("salary", "savings", "business", "remittance", "other")
LISTED_KINDS = ("account", "phone", "email", "wallet", "name", "id_number", "customer")
LISTED_CATEGORIES = (
    "designated",
    "exchange",
    "gaming",
    "advert",
    "recruitment",
    "adverse_media",
    "high_risk_service",
    "other",
)
"""The gravest first: where several hold, the first is told."""
HOLDING_ROLES = ("owner", "joint", "signatory", "proxy", "beneficial_owner")


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column.

    ``required`` columns must be mapped and non-empty; ``key`` columns identify a row; ``personal`` columns never
    appear in logs, messages or masked outputs.
    """

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    required: bool = False
    key: bool = False
    personal: bool = False
    allowed: tuple[str, ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table and its columns, in order."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    compulsory: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        return tuple(column.name for column in self.columns if column.key)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column name, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; ``KeyError`` if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


_INSTITUTION = Column(
    "institution",
    "text",
    "The bank the row comes from; part of every key, so several banks' data can lie side by side.",
    required=True,
    key=True,
)

TRANSACTIONS = Table(
    "transactions",
    "One booking on one account.",
    compulsory=True,
    columns=(
        _INSTITUTION,
        Column(
            "transaction_id",
            "text",
            "The bank's own number of the transaction. Both legs of a transfer may share it. Where a bank gives none, "
            "one is made from the row's content and its occurrence within its file.",
            key=True,
        ),
        Column("account_id", "text", "The account booked.", required=True, key=True),
        Column(
            "at",
            "time",
            "When it happened. A date without a time stands at the start of that local day.",
            unit="local time in files; microseconds UTC inside",
            required=True,
        ),
        Column(
            "time_precision",
            "code",
            "How exact `at` is: to the second, the day, or the hour of a batch run (as good as a day).",
            allowed=("second", "day", "batch"),
        ),
        Column("value_date", "date", "The day from which the amount bears interest."),
        Column(
            "direction",
            "code",
            "credit: money comes onto the account; debit: it leaves.",
            required=True,
            key=True,
            allowed=("credit", "debit"),
        ),
        Column(
            "amount",
            "money",
            "The amount, never negative. In files in `currency`; inside in home currency at the dated rate, with the "
            "original kept as `amount_original`.",
            unit="minor units of the home currency",
            required=True,
        ),
        Column("currency", "text", "ISO 4217 code of the amount as given.", default="the jurisdiction's currency"),
        Column(
            "channel",
            "code",
            "How it was made: cash at a counter, ATM, domestic transfer, cross-border wire, QR, card, ...",
            allowed=CHANNELS,
        ),
        Column(
            "kind",
            "code",
            "customer: made by or for the customer; own_transfer: between accounts of one customer; fee, interest; "
            "reversal: takes back the row named in `reverses`; bank: the bank's own booking.",
            allowed=KINDS,
            default="customer",
        ),
        Column("reverses", "text", "The transaction_id that this row takes back."),
        Column("purpose", "code", "Coded purpose of the payment.", allowed=PURPOSES),
        Column("narrative", "text", "The text of the payment as given.", personal=True),
        Column("counterparty_institution", "text", "The bank of the other side (BIC or the bank's own code)."),
        Column("counterparty_account", "text", "The account of the other side.", personal=True),
        Column("counterparty_phone", "text", "The phone or wallet number of the other side.", personal=True),
        Column("counterparty_name", "text", "The name of the other side as given.", personal=True),
        Column(
            "counterparty",
            "text",
            "Key of the other side, with its kind in front: account:BANK/NUMBER, else phone:, wallet:, else name: and "
            "the normalised name; pooled: for wallet floats, suspense accounts, remitters and billers. Made at "
            "intake where a file does not give it. Empty means unknown: neither one payer nor none.",
            personal=True,
        ),
        Column(
            "counterparty_kind",
            "code",
            "What kind of key `counterparty` is; `pooled` is never a person.",
            allowed=COUNTERPARTY_KINDS,
        ),
        Column(
            "ultimate_party",
            "text",
            "The person a payment is for, if not the account holder (ISO 20022: ultimate creditor or debtor), "
            "for example the worker named on a wage payment.",
            personal=True,
        ),
        Column("conductor_id", "text", "Who physically made it: a third-party depositor's identifier.", personal=True),
        Column("province", "text", "ISO 3166-2 code of the place where it was made or sent from."),
        Column("country", "text", "ISO 3166-1 alpha-2 code of the counterparty's country."),
        Column("branch_id", "text", "The branch where it was made."),
        Column("terminal_id", "text", "The ATM, POS or QR label where it was made."),
        Column("mcc", "text", "Merchant category code, ISO 18245."),
        Column("balance_after", "money", "Balance of the account after the booking.", unit="minor units of `currency`"),
    ),
)

ACCOUNTS = Table(
    "accounts",
    "One account of the institution.",
    columns=(
        _INSTITUTION,
        Column("account_id", "text", "The account's number at the institution.", required=True, key=True),
        Column("customer_id", "text", "Its owner, where the bank gives no holdings table."),
        Column("opened", "date", "The day it was opened."),
        Column("closed", "date", "The day it was closed."),
        Column("status", "code", "State of the account.", allowed=("active", "dormant", "blocked", "closed")),
        Column("product", "text", "The bank's product code."),
        Column("currency", "text", "ISO 4217 code of the account."),
        Column("branch_id", "text", "The branch that keeps it."),
        Column("province", "text", "ISO 3166-2 code of that branch."),
        Column(
            "declared_turnover",
            "money",
            "Monthly turnover declared at opening.",
            unit="minor units of the home currency a month",
        ),
        Column("is_merchant", "flag", "The account takes QR, POS or biller payments under a merchant contract."),
        Column("declared_purpose", "code", "What it was opened for, as declared then.", allowed=DECLARED_PURPOSES),
    ),
)

CUSTOMERS = Table(
    "customers",
    "One person or firm known to the institution.",
    columns=(
        _INSTITUTION,
        Column("customer_id", "text", "The customer's number at the institution.", required=True, key=True),
        Column("customer_kind", "code", "A person or a firm.", allowed=("person", "entity"), default="person"),
        Column("name", "text", "Name as given, in its own script.", personal=True),
        Column("name_latin", "text", "Name in Latin letters as given.", personal=True),
        Column("birth_date", "date", "Date of birth.", personal=True),
        Column("sex", "code", "As recorded. Never scores.", allowed=("female", "male", "other"), personal=True),
        Column("nationality", "text", "ISO 3166-1 alpha-2. Never scores alone.", personal=True),
        Column("occupation", "text", "Occupation as recorded."),
        Column("sector", "text", "Line of business of a firm."),
        Column("employer", "text", "Employer as recorded.", personal=True),
        Column("income", "money", "Declared income.", unit="minor units of the home currency a month", personal=True),
        Column("province", "text", "ISO 3166-2 code of residence or seat. Never scores alone."),
        Column("address", "text", "Address as given.", personal=True),
        Column("phone", "text", "Phone, E.164 where it could be read so.", personal=True),
        Column("email", "text", "E-mail.", personal=True),
        Column("id_type", "code", "Kind of identity paper.", allowed=("id_card", "family_book", "passport", "licence")),
        Column("id_number", "text", "Its number.", personal=True),
        Column("id_expiry", "date", "The day it expires."),
        Column("onboarded", "date", "The day the relationship began."),
        Column("introducer", "text", "Who introduced the customer."),
        Column("risk_rating", "code", "The bank's own rating.", allowed=("low", "medium", "high")),
        Column("review_due", "date", "The day the next review is due."),
        Column("is_pep", "flag", "A politically exposed person or close relative."),
        Column("pep_approved", "date", "The day senior management approved the relationship."),
        Column("guardian_id", "text", "customer_id of the adult who runs a minor's account."),
        Column(
            "guardian_relationship",
            "code",
            "How the adult is related to the minor.",
            allowed=("parent", "guardian", "other", "unknown"),
        ),
        Column("guardian_verified", "flag", "Proof of guardianship was seen."),
        Column("is_licensed", "flag", "Holds the licence its sector needs (labour agency, exchanger, ...)."),
        Column("beneficial_owner_known", "flag", "For a firm: every owner of 25 % or more is recorded."),
        Column("source_of_wealth", "text", "Where the customer's wealth comes from, as recorded.", personal=True),
        Column("edd_done", "flag", "Enhanced due diligence was done."),
        Column("permit_expiry", "date", "The day the permit to stay or work expires. Never scores alone."),
        Column("permit_employer", "text", "The employer the permit names.", personal=True),
        Column("arrived", "date", "First arrival in the country. Never scores alone.", personal=True),
    ),
)

HOLDINGS = Table(
    "holdings",
    "Joins a customer and an account, with a role.",
    columns=(
        _INSTITUTION,
        Column("account_id", "text", "The account.", required=True, key=True),
        Column("customer_id", "text", "The customer.", required=True, key=True),
        Column(
            "role", "code", "What the customer is to the account.", key=True, allowed=HOLDING_ROLES, default="owner"
        ),
        Column("since", "date", "From which day."),
    ),
)

FX_RATES = Table(
    "fx_rates",
    "Exchange rates by day.",
    columns=(
        Column("currency", "text", "ISO 4217 code of the foreign currency.", required=True, key=True),
        Column("date", "date", "The day the rate holds from, until the next one given.", required=True, key=True),
        Column("rate", "decimal", "Home currency for one unit of the foreign one.", unit="home units", required=True),
    ),
)

LOGINS = Table(
    "logins",
    "One login or device event.",
    columns=(
        _INSTITUTION,
        Column("login_id", "text", "Number of the event.", key=True),
        Column("customer_id", "text", "Who logged in.", required=True),
        Column("at", "time", "When.", required=True),
        Column("device_id", "text", "Device fingerprint.", personal=True),
        Column("ip", "text", "Network address.", personal=True),
        Column("country", "text", "Country of the address, ISO 3166-1 alpha-2."),
    ),
)

OBSERVATIONS = Table(
    "observations",
    "One coded note by branch staff.",
    columns=(
        _INSTITUTION,
        Column("observation_id", "text", "Number of the note.", key=True),
        Column("customer_id", "text", "Whom it is about.", required=True),
        Column("at", "time", "When.", required=True),
        Column("code", "text", "The bank's observation code.", required=True),
        Column("staff_id", "text", "Who wrote it."),
        Column("branch_id", "text", "Where."),
    ),
)

RECALLS = Table(
    "recalls",
    "One recall message or fraud complaint about a payment received.",
    columns=(
        _INSTITUTION,
        Column("recall_id", "text", "Number of the recall or complaint.", key=True),
        Column("account_id", "text", "The account that got the money.", required=True),
        Column("transaction_id", "text", "The payment complained of."),
        Column("at", "time", "When the bank was told.", required=True),
        Column("reason", "text", "Reason code, for example FRAD of ISO 20022 camt.056."),
    ),
)

_EARLIER = (
    Column(
        "subject_kind", "code", "What it was about.", required=True, allowed=("customer", "account", "counterparty")
    ),
    Column("subject_id", "text", "Its identifier.", required=True),
    Column("at", "date", "The day it was filed or opened.", required=True),
    Column("status", "text", "State, in the bank's words."),
)

REPORTS = Table(
    "reports",
    "One earlier suspicious-transaction report.",
    columns=(_INSTITUTION, Column("report_id", "text", "Number of the report.", key=True), *_EARLIER),
)

CASES = Table(
    "cases",
    "One earlier case.",
    columns=(_INSTITUTION, Column("case_id", "text", "Number of the case.", key=True), *_EARLIER),
)

LISTED = Table(
    "listed",
    "One account, number, name or identity that stands on a list the bank keeps or uses. It is compared exactly, after "
    "both sides are written alike: no likeness of names is looked for.",
    columns=(
        _INSTITUTION,
        Column("list_id", "text", "Number of the entry.", key=True),
        Column("kind", "code", "What `value` is.", required=True, allowed=LISTED_KINDS),
        Column(
            "value",
            "text",
            "account: BANK/NUMBER, or the number of one of the institution's own; phone: E.164 where it can be read "
            "so; email, id_number: capitals alike, id_number without spaces; name: capitals and spaces alike, titles "
            "dropped; wallet and customer (one of the institution's): as given. A key's kind in front is taken off.",
            required=True,
            personal=True,
        ),
        Column("category", "code", "Why it is listed.", required=True, allowed=LISTED_CATEGORIES),
        Column("since", "date", "The first day on which it counts; empty: always."),
        Column("until", "date", "The last day on which it counts; empty: to the end."),
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            TRANSACTIONS,
            ACCOUNTS,
            CUSTOMERS,
            HOLDINGS,
            FX_RATES,
            LOGINS,
            OBSERVATIONS,
            RECALLS,
            REPORTS,
            CASES,
            LISTED,
        )
    }
)
