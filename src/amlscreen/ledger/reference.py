"""Small facts about customers and accounts, as arrays indexed by their numbers.

Built once for a run; partitions read from it by ``customer_no`` and ``account_no``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.intake.currencies import minor_digits
from amlscreen.intake.relations import related_keys
from amlscreen.intake.stream import Numbering
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.ledger.named_accounts import NamedAccounts

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset
    from amlscreen.ledger.companions import Companions
    from amlscreen.ledger.listed import Listed

__all__ = ["UNKNOWN_DAY", "Reference", "build_reference", "joined", "positions", "whole"]

Kept = TypeVar("Kept")
UNKNOWN_DAY = int(np.iinfo(np.int32).min)


@dataclass(frozen=True, slots=True)
class Reference:
    """Facts by ``customer_no`` and ``account_no``. Days are ``UNKNOWN_DAY``, flags and amounts -1 where not known.

    ``owner_offsets`` and ``owner`` list the owners of each account; ``related_customer`` and ``related_key`` are the
    pairs of :func:`~amlscreen.intake.relations.related_keys`. ``rates`` gives, by currency, the days from which a rate
    holds and home units for one foreign unit in hundred-millionths. ``listed`` and ``companions`` are there only where
    a rule asks for them.
    """

    jurisdiction: Jurisdiction
    customer_ids: pa.Table
    account_ids: pa.Table
    owner_offsets: NDArray[np.int64]
    owner: NDArray[np.int32]
    opened: NDArray[np.int32]
    declared: NDArray[np.int64]
    merchant: NDArray[np.int8]
    birth: NDArray[np.int32]
    id_expiry: NDArray[np.int32]
    licensed: NDArray[np.int8]
    income: NDArray[np.int64]
    kind: pa.Array[Any]
    province: pa.Array[Any]
    sector: pa.Array[Any]
    occupation: pa.Array[Any]
    product: pa.Array[Any]
    related_customer: NDArray[np.int32]
    related_key: pa.Array[Any]
    rates: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]
    first_day: int
    last_day: int
    listed: Listed | None = None
    companions: Companions | None = None
    _kept: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._named_accounts()  # made at once, for threads look accounts up

    def once(self, key: str, make: Callable[[], Kept]) -> Kept:
        """What partitions make of the whole bank's facts, made when the first of them asks for it."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: Kept = self._kept[key]
        return kept

    def customer(self, number: int) -> tuple[str, str]:
        """Institution and customer_id of that customer_no."""
        return _pair(self.customer_ids, number)

    def customer_names(self, numbers: NDArray[np.int64]) -> list[tuple[str, str]]:
        """Institution and customer_id of many customer_no at once."""
        return _pairs(self.customer_ids, numbers)

    def account_names(self, numbers: NDArray[np.int64]) -> list[tuple[str, str]]:
        """Institution and account_id of many account_no at once."""
        return _pairs(self.account_ids, numbers)

    def account_number(self, institution: str, account_id: str) -> int:
        """The account_no of an account; ``KeyError`` if there is none."""
        number = int(self.accounts_of_keys(pa.array([f"account:{institution}/{account_id}"]))[0])
        if number < 0:
            raise KeyError(account_id)
        return number

    def owners(self, account: int) -> list[int]:
        """The customer_no of each owner of an account."""
        return [int(one) for one in self.owner[self.owner_offsets[account] : self.owner_offsets[account + 1]]]

    def owners_of(self, accounts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The owners of many accounts at once: where its account stands in ``accounts``, and customer_no, for each."""
        low = self.owner_offsets[accounts]
        size = self.owner_offsets[accounts + 1] - low
        at = np.repeat(np.arange(accounts.size), size)
        place = np.arange(at.size) - np.repeat(np.cumsum(size) - size - low, size)
        return at, self.owner[place].astype(np.int64)

    def digits(self, currency: str) -> int:
        """How many minor digits a currency has, by ISO 4217."""
        return minor_digits()[currency]

    def account_keys(self) -> pa.Array[Any]:
        """The counterparty key of every account, by account_no."""
        institutions, numbers = (whole(self.account_ids[name]) for name in ("institution", "account_id"))
        return joined("account:", institutions, "/", numbers)

    def accounts_of_keys(self, keys: pa.Array[Any]) -> NDArray[np.int64]:
        """The account_no that each counterparty key names; -1 where it is no account in this data."""
        return self._named_accounts().numbers(keys)

    def _named_accounts(self) -> NamedAccounts:
        institutions, numbers = (whole(self.account_ids[name]) for name in ("institution", "account_id"))
        return self.once("named accounts", lambda: NamedAccounts.of(institutions, numbers))


_NO_RELATIONS = pa.table({"customer_no": pa.array([], pa.int32()), "key": pa.array([], pa.string())})


def build_reference(
    data: Dataset,
    numbering: Numbering,
    *,
    last_day: int,
    relations: bool,
    listed: Listed | None = None,
    companions: Companions | None = None,
) -> Reference:
    """Gather what rules may know about owners and accounts; ``relations`` only where a rule asks for them."""
    accounts, customers, holders = numbering.accounts, numbering.customers, numbering.holders
    related = related_keys(data) if relations else _NO_RELATIONS
    counts = np.bincount(holders["account_no"].to_numpy(), minlength=accounts.num_rows)
    return Reference(
        jurisdiction=data.jurisdiction,
        customer_ids=customers.select(["institution", "customer_id"]).combine_chunks(),
        account_ids=accounts.select(["institution", "account_id"]).combine_chunks(),
        owner_offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)]),
        owner=holders["customer_no"].to_numpy().astype(np.int32),
        opened=_filled(accounts["opened"], np.int32, UNKNOWN_DAY),
        declared=_filled(accounts["declared_turnover"], np.int64, -1),
        merchant=_filled(accounts["is_merchant"], np.int8, -1),
        birth=_filled(customers["birth_date"], np.int32, UNKNOWN_DAY),
        id_expiry=_filled(customers["id_expiry"], np.int32, UNKNOWN_DAY),
        licensed=_filled(customers["is_licensed"], np.int8, -1),
        income=_filled(customers["income"], np.int64, -1),
        kind=_coded(customers["customer_kind"]),
        province=_coded(customers["province"]),
        sector=_coded(customers["sector"]),
        occupation=_coded(customers["occupation"]),
        product=_coded(accounts["product"]),
        related_customer=related["customer_no"].to_numpy().astype(np.int32),
        related_key=whole(related["key"]),
        rates=_rates(data),
        first_day=data.first_day,
        last_day=last_day,
        listed=listed,
        companions=companions,
    )


def _rates(data: Dataset) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    table = data.tables["fx_rates"].sort_by([("currency", "ascending"), ("date", "ascending")])
    found: dict[str, list[tuple[int, int]]] = {}
    for currency, day, rate in zip(*(table[c].to_pylist() for c in ("currency", "date", "rate")), strict=True):
        found.setdefault(currency, []).append((day, int(rate * 10**8)))
    return {
        currency: (np.array([d for d, _ in each], np.int64), np.array([r for _, r in each], np.int64))
        for currency, each in found.items()
    }


def _pair(ids: pa.Table, number: int) -> tuple[str, str]:
    institution, own = (str(ids.column(place)[number].as_py()) for place in (0, 1))
    return institution, own


def _pairs(ids: pa.Table, numbers: NDArray[np.int64]) -> list[tuple[str, str]]:
    distinct, back = np.unique(numbers, return_inverse=True)
    taken = ids.take(distinct)
    pairs = list(zip(*(taken.column(place).to_pylist() for place in (0, 1)), strict=True))
    return [pairs[at] for at in back.tolist()]


def positions(words: pa.Array[Any], among: pa.Array[Any]) -> NDArray[np.int64]:
    """Where each word stands in another list of words; -1 where it does not."""
    return np.array(pc.fill_null(pc.index_in(words, value_set=among), pa.scalar(-1, pa.int32())), np.int64)


def joined(*parts: str | pa.Array[Any]) -> pa.Array[Any]:
    """Texts put together row by row."""
    join: Any = pc.binary_join_element_wise  # the stubs know neither a fixed text nor a separator
    together: pa.Array[Any] = join(*parts, "")
    return together


def whole(column: pa.ChunkedArray[Any] | pa.Array[Any]) -> pa.Array[Any]:
    """A table's column in one piece."""
    if isinstance(column, pa.Array):
        return column
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _filled(column: pa.ChunkedArray[Any], dtype: Any, missing: int) -> NDArray[Any]:
    kind = pa.from_numpy_dtype(dtype)
    return np.array(pc.fill_null(whole(column.cast(kind)), pa.scalar(missing, kind)), dtype)


def _coded(column: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    return whole(column.cast(pa.string()).dictionary_encode().unify_dictionaries())
