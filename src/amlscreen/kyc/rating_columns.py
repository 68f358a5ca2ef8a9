"""The columns that a risk factor or floor may name. Sex, nationality, ethnicity and age are none, on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.kyc import states as of
from amlscreen.kyc.files import Files
from amlscreen.kyc.health import HealthFound
from amlscreen.kyc.seen import Seen
from amlscreen.kyc.use import listed_places
from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.listed import as_list_values
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import UNKNOWN_DAY
from amlscreen.settings import BANDS

__all__ = ["COLUMNS", "KINDS", "PLACES", "Basis", "RatingColumn"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Kind = Literal["flag", "text", "words", "whole", "ratio"]


@dataclass(frozen=True)
class Basis:
    """What ratings are made from."""

    files: Files
    health: HealthFound
    seen: Seen

    @cached_property
    def places(self) -> tuple[str, ...]:
        """High-risk places on the last day."""
        return listed_places(self.files.jurisdiction, self.files.as_of)

    def share(self, name: str) -> Values:
        """One of the use figures over all that moved in the span, in millionths."""
        used = self.files.use.customer
        return ratio_values(used[name], used["received"] + used["sent"])


@dataclass(frozen=True, slots=True)
class RatingColumn:
    """One column: its kind, what it means, what the bank must give for it, and how it is made."""

    kind: Kind
    meaning: str
    make: Callable[[Basis], Values]
    needs: tuple[str, ...] = ()


def _flag(values: Flags) -> Values:
    return Values(values.astype(np.int8))


def _state(codes: Ints, words: tuple[str, ...]) -> Values:
    return Values(codes, codes != words.index("not_judged"), pa.array(words, pa.string()))


def _days(days: Ints) -> Values:
    return Values(np.where(days == UNKNOWN_DAY, 0, days), days != UNKNOWN_DAY)


def _multiple(millionths: Ints) -> Values:
    return Values(np.maximum(millionths, 0), millionths >= 0)


def _recorded(name: str) -> Callable[[Basis], Values]:
    return lambda basis: basis.files.customer(name)


def _foreign(basis: Basis) -> Values:
    files = basis.files
    currency = files.account("currency")
    return _flag(files.any_account((currency.array >= 0) & ~currency.among((files.jurisdiction.currency,))))


def _others_may_act(basis: Basis) -> Values:
    files = basis.files
    holdings = files.tables["holdings"]
    role: Any = pyarrow.compute.is_in(holdings["role"], value_set=pa.array(["signatory", "proxy"]))
    accounts = files.account_numbers(holdings.filter(role))
    marked = np.zeros(files.reference.account_ids.num_rows, np.bool_)
    marked[accounts[accounts >= 0]] = True
    return _flag(files.any_account(marked))


def _accounts(basis: Basis) -> Values:
    _, owners = basis.files.account_of_owner
    return Values(np.bincount(owners, minlength=basis.files.size).astype(np.int64))


def _home_listed(basis: Basis) -> Values:
    province = basis.files.customer("province")
    return Values(province.among(basis.places).astype(np.int8), province.is_known())


def _cash_wages(basis: Basis) -> Values:
    wage = basis.health.contradictions.wage
    cash = basis.files.monthly(basis.files.use.customer["cash"])
    return ratio_values(cash, np.full(cash.size, wage, np.int64))


def _band(basis: Basis) -> Values:
    return Values(basis.seen.band, basis.seen.band >= 0, pa.array(BANDS, pa.string()))


def _listed(basis: Basis) -> Values:
    return as_list_values(basis.seen.listed, basis.files.place >= 0)


_CUSTOMER: Mapping[str, RatingColumn] = {
    "customer_kind": RatingColumn("text", "person or entity", _recorded("customer_kind"), ("customers",)),
    "sector": RatingColumn("text", "A firm's line of business.", _recorded("sector"), ("customers.sector",)),
    "occupation": RatingColumn("text", "As recorded.", _recorded("occupation"), ("customers.occupation",)),
    "is_pep": RatingColumn("flag", "Politically exposed.", _recorded("is_pep"), ("customers.is_pep",)),
    "pep": RatingColumn(
        "text", "State of the approval.", lambda b: _state(b.health.states.pep, of.PEP), ("customers.is_pep",)
    ),
    "is_licensed": RatingColumn("flag", "Has its licence.", _recorded("is_licensed"), ("customers.is_licensed",)),
    "edd_done": RatingColumn("flag", "Enhanced due diligence.", _recorded("edd_done"), ("customers.edd_done",)),
    "introducer": RatingColumn("text", "Who introduced it.", _recorded("introducer"), ("customers.introducer",)),
    "paper": RatingColumn(
        "text", "State of the paper.", lambda b: _state(b.health.states.paper, of.PAPER), ("customers.id_expiry",)
    ),
    "review_overdue_days": RatingColumn(
        "whole", "Days overdue.", lambda b: _days(b.health.states.review_days), ("customers.review_due",)
    ),
    "complete": RatingColumn(
        "whole",
        "Per cent of the required fields.",
        lambda b: _multiple(b.health.states.required.percent),
        ("customers",),
    ),
    "beneficial_owner": RatingColumn(
        "text", "State of a firm's owners.", lambda b: _state(b.health.states.owner, of.OWNER), ("customers",)
    ),
    "tenure_days": RatingColumn(
        "whole", "Days since the first account.", lambda b: b.files.feature("tenure_days"), ("accounts.opened",)
    ),
    "listed": RatingColumn("text", "Gravest list that holds an identifier of its.", _listed, ("listed.value",)),
}
_PRODUCT: Mapping[str, RatingColumn] = {
    "accounts": RatingColumn("whole", "Accounts owned.", _accounts),
    "is_merchant": RatingColumn(
        "flag", "A merchant contract.", lambda b: b.files.feature("is_merchant"), ("accounts.is_merchant",)
    ),
    "product": RatingColumn(
        "words", "Product codes of the accounts.", lambda b: b.files.account("product"), ("accounts.product",)
    ),
    "foreign_currency": RatingColumn("flag", "An account in another currency.", _foreign, ("accounts.currency",)),
    "others_may_act": RatingColumn("flag", "Signatories or proxies.", _others_may_act, ("holdings.role",)),
}
_CHANNEL: Mapping[str, RatingColumn] = {
    "cash_share": RatingColumn(
        "ratio", "Cash, machines and agents.", lambda b: b.share("cash"), ("transactions.channel",)
    ),
    "cash_in_wages": RatingColumn("ratio", "Cash a month in wages.", _cash_wages, ("transactions.channel",)),
    "wire_share": RatingColumn("ratio", "Cross-border wires.", lambda b: b.share("wired"), ("transactions.channel",)),
    "agent_share": RatingColumn("ratio", "Agents.", lambda b: b.share("by_agent"), ("transactions.channel",)),
}
_GEOGRAPHY: Mapping[str, RatingColumn] = {
    "home_listed": RatingColumn("flag", "Lives in a high-risk place.", _home_listed, ("customers.province",)),
    "listed_country_share": RatingColumn(
        "ratio", "Money to and from such countries.", lambda b: b.share("listed_country"), ("transactions.country",)
    ),
}
_BEHAVIOUR: Mapping[str, RatingColumn] = {
    "alert_band": RatingColumn("text", "Band of the open alert.", _band),
    "families": RatingColumn("whole", "Families of open hits.", lambda b: Values(b.seen.families)),
    "on_watchlist": RatingColumn("flag", "An open watchlist hit.", lambda b: _flag(b.seen.on_watchlist)),
    "contradictions": RatingColumn(
        "whole", "How many.", lambda b: Values(b.health.contradicting, np.full(b.files.size, b.files.shows_use))
    ),
    "flow_over_income": RatingColumn(
        "ratio",
        "What came in a month over declared income.",
        lambda b: _multiple(b.health.contradictions.flow_over_income),
        ("customers.income",),
    ),
    "earlier_reports": RatingColumn("whole", "Reports before.", lambda b: Values(b.seen.reports), ("reports",)),
    "earlier_cases": RatingColumn("whole", "Cases before.", lambda b: Values(b.seen.cases), ("cases",)),
    "cash_candidates": RatingColumn(
        "whole", "Current cash-report candidates.", lambda b: Values(b.seen.cash_candidates), ("transactions.channel",)
    ),
}
COLUMNS: Mapping[str, RatingColumn] = MappingProxyType(
    {**_CUSTOMER, **_PRODUCT, **_CHANNEL, **_GEOGRAPHY, **_BEHAVIOUR}
)
PLACES = frozenset(_GEOGRAPHY)
"""Columns about places; what they decide stands under geography and its cap."""
KINDS: Mapping[str, Kind] = MappingProxyType({name: column.kind for name, column in COLUMNS.items()})
