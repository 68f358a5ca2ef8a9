"""The scenarios that are shipped: what each needs, takes and measures."""

from __future__ import annotations

from amlscreen.rules.scenarios import Option, Signature, declare

__all__ = ["SHIPPED"]

_DAYS = Option("days", "How many days are looked at, up to the run's day.")

SHIPPED = (
    declare(
        Signature(
            name="separate_lives",
            meaning="A customer's account with most everyday spending, held against that one of the customer's other "
            "accounts, without a merchant contract, to which unrelated payers sent most.",
            subject="customer",
            needs=("transactions.counterparty", "transactions.purpose|transactions.channel"),
            measures={
                "household_share": "ratio",
                "everyday_there": "ratio",
                "third_share": "ratio",
                "payers": "count",
                "received": "money",
                "wages": "multiple",
            },
            options={"days": _DAYS},
            columns=(
                "account",
                "channel",
                "counterparty",
                "counterparty_is_related",
                "is_merchant",
                "purpose",
                "wage_multiple",
            ),
        )
    ),
    declare(
        Signature(
            name="firm_as_pass_through",
            meaning="Money that comes onto a person's account, goes the same or the next day to the account of a firm "
            "that the person holds, signs for or owns, and leaves it within days; the most such turns in a span.",
            subject="account",
            needs=("transactions.counterparty", "customers.customer_kind", "holdings.role"),
            measures={"turns": "count", "passed": "money", "wages": "multiple", "left_share": "ratio"},
            options={
                "span": Option("days", "The turns are counted within so many days."),
                "leaves_within": Option("days", "Days within which the money leaves the firm's account."),
                "share_in": Option("ratio", "Smallest share of a transfer that had just come in."),
                "share_out": Option("ratio", "Smallest share of it that leaves again by cash or transfer."),
            },
            columns=("channel", "counterparty", "counterparty_kind", "wage_multiple"),
        )
    ),
    declare(
        Signature(
            name="underground_mirror",
            meaning="Days on which what unrelated payers sent in home currency about equals what left in foreign "
            "currency, by wire or to another country without a trade purpose; the most such days in a span.",
            subject="customer",
            needs=("transactions.counterparty", "transactions.channel|transactions.country|transactions.currency"),
            measures={
                "mirrored": "days",
                "received": "money",
                "paid": "money",
                "wages": "multiple",
                "licensed": "flag",
            },
            options={
                "span": Option("days", "The days are counted within so many."),
                "apart": Option("ratio", "Greatest difference of the two sums, as a share of what came in."),
            },
            columns=(
                "channel",
                "country",
                "counterparty",
                "counterparty_is_related",
                "currency",
                "holder_is_licensed",
                "purpose",
                "wage_multiple",
            ),
        )
    ),
    declare(
        Signature(
            name="compound_profile",
            meaning="A firm's facts that go together where many people are lodged and work unseen: much telecom, much "
            "food and lodging, few wages, security services, money from virtual assets, round sums of unrelated "
            "payers. `Much` and `few` are among the firms of the data; no wages at all are few.",
            subject="customer",
            needs=("customers.customer_kind", "transactions.mcc", "transactions.purpose"),
            measures={
                "points": "count",
                "facts": "text",
                "telecom_share": "ratio",
                "upkeep_share": "ratio",
                "wages_paid": "count",
                "spent": "money",
                "wages": "multiple",
            },
            options={
                "days": _DAYS,
                "high": Option("ratio", "Above this share of all firms, spending is much."),
                "low": Option("ratio", "Below this share of all firms, wages are few."),
                "firms": Option("count", "Fewest firms to compare with; among fewer, nothing is much or few."),
                "rounds": Option("count", "Fewest round sums of unrelated payers that count."),
            },
            columns=("counterparty", "counterparty_is_related", "counterparty_list", "mcc", "purpose", "wage_multiple"),
        )
    ),
    declare(
        Signature(
            name="unseen_activity",
            meaning="An account opened for a salary, a business or remittances, on which for so long none was seen, "
            "held against how much went through it.",
            subject="account",
            needs=("accounts.declared_purpose", "transactions.purpose"),
            measures={
                "declared": "text",
                "seen": "count",
                "payments": "count",
                "turnover": "money",
                "wages": "multiple",
                "busier_than": "ratio",
                "account_days": "days",
            },
            options={"days": _DAYS},
            columns=("account_age", "channel", "country", "is_merchant", "purpose", "wage_multiple"),
        )
    ),
    declare(
        Signature(
            name="device_changes_hands",
            meaning="Soon after an account was opened the customer's first device falls silent for good and another "
            "one logs in; what moved in the days after that.",
            subject="customer",
            needs=("logins.device_id", "accounts.opened"),
            measures={
                "received": "money",
                "wages": "multiple",
                "passed_on": "ratio",
                "new_logins": "count",
                "abroad": "count",
            },
            options={
                "new": Option("days", "Oldest account, in days, at the change of device."),
                "after": Option("days", "How many days after the change are looked at."),
            },
            columns=("account_age", "wage_multiple"),
        )
    ),
    declare(
        Signature(
            name="debt_instalments",
            meaning="People of one recorded employer who pay one account an equal sum each month.",
            subject="account",
            needs=("transactions.counterparty", "customers.employer"),
            measures={
                "payers": "count",
                "months": "count",
                "instalment": "money",
                "paid": "money",
                "wages": "multiple",
                "licensed": "flag",
            },
            options={
                "months": Option("count", "Fewest payments in a row of one payer."),
                "apart": Option("ratio", "Greatest distance of a payment from the payer's middle one."),
                "early": Option("days", "Fewest days from one payment to the next."),
                "late": Option("days", "Most days from one payment to the next."),
            },
            columns=("counterparty", "counterparty_kind", "holder_is_licensed", "purpose", "wage_multiple"),
        )
    ),
)
"""Read for its declarations when cards are read."""
