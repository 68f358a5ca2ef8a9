"""A reference table with its derived columns, as of the run's day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.intake.counterparty import name_key
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.ledger.columns import full_years
from amlscreen.ledger.listed import Listed, as_list_values
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import joined, positions, whole
from amlscreen.rules.grammar import duration_microseconds
from amlscreen.schema import LISTED_CATEGORIES
from amlscreen.shapes.known_before import earlier_reports
from amlscreen.shapes.name_fold import folded_names

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["MatchTable"]

_DAY = 86_400_000_000
_NONE: Mapping[str, pa.Table] = MappingProxyType({})
_SPACES = r"[\s\p{Z}]+"
_OWNERS = ("owner", "joint")


class MatchTable:
    """A conformed reference table with its derived columns, as of a day; what was not yet told is not in it."""

    def __init__(
        self,
        table: pa.Table,
        jurisdiction: Jurisdiction,
        features: pa.Table,
        provided: frozenset[str],
        *,
        as_of: int,
        told_until: int,
        beside: Mapping[str, pa.Table] = _NONE,
    ) -> None:
        self.jurisdiction, self.as_of, self.told_until = jurisdiction, as_of, told_until
        self.table = self._so_far(table).combine_chunks()
        self.size = self.table.num_rows
        self._features, self._provided, self.beside = features, provided, beside
        self._made: dict[str, Values] = {}

    @classmethod
    def of(cls, data: Dataset, name: str, features: pa.Table, as_of: int) -> MatchTable:
        """The dataset's table of that name, with what counts as of the day."""
        until = data.told_until(as_of)
        table, provided = data.tables[name], data.provided
        return cls(table, data.jurisdiction, features, provided, as_of=as_of, told_until=until, beside=data.tables)

    def _so_far(self, table: pa.Table) -> pa.Table:
        """The table without what was told later."""
        if "at" not in table.column_names:
            return table
        return table.take(np.flatnonzero(self._local_days(table, "at").array <= self.told_until))

    def _local_days(self, table: pa.Table, column: str) -> Values:
        """A column of days or of instants as local days."""
        values = as_values(whole(table[column]))
        day = values.array.astype(np.int64)
        if pa.types.is_int64(table.schema.field(column).type):
            day = (day + self.jurisdiction.utc_offset_minutes * 60_000_000) // _DAY
        return Values(day, values.known)

    def recent(self, column: str, span: str) -> NDArray[np.bool_]:
        """Rows whose day is one of the last so many up to ``as_of``; what the bank was told of later than it counts."""
        day = self._local_days(self.table, column)
        first = self.as_of - duration_microseconds(span) // _DAY
        within: NDArray[np.bool_] = (day.array > first) & (day.array <= self.told_until) & day.is_known()
        return within

    def column(self, name: str) -> Values:
        """A canonical or derived column; made once."""
        if name not in self._made:
            maker = _DERIVED.get(name)
            self._made[name] = maker(self) if maker else as_values(whole(self.table[name]))
        return self._made[name]

    def days_since(self, column: str) -> Values:
        """Days from a date column to ``as_of``."""
        day = self.column(column)
        return Values(np.where(day.is_known(), self.as_of - day.array.astype(np.int64), 0), day.known)

    def age(self) -> Values:
        """Whole years at ``as_of``."""
        born = self.column("birth_date")
        years = full_years(born.array.astype(np.int64), np.full(self.size, self.as_of, np.int64))
        return Values(np.where(born.is_known(), years, 0), born.known)

    def is_minor(self) -> Values:
        """Under the age of majority."""
        age = self.age()
        return Values((age.array < self.jurisdiction.age_of_majority).astype(np.int8), age.known)

    def missing_fields(self) -> Values:
        """How many required columns are empty; a column the data lacks altogether is unknown, not missing."""
        entity = self.column("customer_kind")
        is_entity = entity.array == entity.code_of("entity")
        count = np.zeros(self.size, np.int64)
        for names, rows in (
            (self.jurisdiction.required_kyc, ~is_entity),
            (self.jurisdiction.required_kyc_entity, is_entity),
        ):
            for name in names:
                if f"customers.{name}" in self._provided:
                    count += rows & ~self.column(name).is_known()
        return Values(count)

    def wards(self) -> Values:
        """How many minors the row's guardian is recorded for."""
        known, minor = self.column("guardian_id").is_known(), self.is_minor()
        guardian = as_values(_keys(self.table, "guardian_id")).array
        counted = minor.is_known() & (minor.array == 1) & known
        per = np.bincount(guardian[counted], minlength=self.size + 1)
        return Values(np.where(known, per[guardian], 0), known)

    def feature(self, name: str) -> Values:
        """A number about the customer from the ledger."""
        keys = [_keys(table) for table in (self._features, self.table)]
        values = as_values(whole(self._features[name])).array
        return Values(np.append(values, 0)[positions(keys[1], keys[0])])

    def owner_id(self) -> Values:
        """The account's owner, by role and then by id, where the row's customer is none of its owners."""
        held, accounts = self.table, self.beside["accounts"]
        owned = held.filter(pc.is_in(held["role"], value_set=pa.array(_OWNERS)))
        recorded = accounts.filter(pc.is_valid(accounts["customer_id"]))
        rank = [*positions(whole(owned["role"].cast(pa.string())), pa.array(_OWNERS)), *[len(_OWNERS)] * len(recorded)]
        owners = pa.table(
            {
                "account": pa.concat_arrays([_keys(owned, "account_id"), _keys(recorded, "account_id")]),
                "rank": pa.array(rank, pa.int64()),
                "customer": pa.concat_arrays([whole(owned["customer_id"]), whole(recorded["customer_id"])]),
            }
        ).sort_by([("account", "ascending"), ("rank", "ascending"), ("customer", "ascending")])
        at = positions(_keys(held, "account_id"), whole(owners["account"]))
        pairs = joined(whole(owners["account"]), "\x1f", whole(owners["customer"]))
        own = positions(joined(_keys(held, "account_id"), "\x1f", whole(held["customer_id"])), pairs) >= 0
        mine: Any = pa.array(at, pa.int64(), mask=(at < 0) | own)
        return as_values(whole(owners["customer"]).take(mine))

    def listed(self, *keys: pa.Array[Any]) -> Values:
        """Under which category any of a row's keys stands on the lists as of the day; unknown where it has none."""
        entries, banks = Listed.of(self.beside["listed"]), self.column("institution")
        rank, known = np.full(self.size, len(LISTED_CATEGORIES), np.int64), np.zeros(self.size, np.bool_)
        told, today = (np.full(self.size, day, np.int64) for day in (self.told_until, self.as_of))
        for each in keys:
            values = as_values(each)
            rank = np.minimum(rank, entries.gravest(banks, values, since_by=told, until_from=today))
            known |= values.is_known()
        return as_list_values(rank, known)

    def key(self, front: str, column: str) -> pa.Array[Any]:
        """A column as keys, written as those of the lists are."""
        words: Any = whole(self.table[column])
        if front in {"email", "id_number"}:
            words = pc.utf8_lower(words)
        if front == "id_number":
            words = pc.replace_substring_regex(words, _SPACES, "")
        if front == "phone":  # one that could not be read is compared by its digits
            read: Any = pc.match_substring_regex(words, r"^\+[0-9]+$")
            words = pc.if_else(read, words, pc.replace_substring_regex(words, "[^0-9]", ""))
        if front == "name":
            given: Any = pc.unique(words)
            made = pa.array([name_key(name) for name in given.to_pylist()], pa.string())
            words = made.take(pc.index_in(words, given))
        return joined(f"{front}:", words)


def _listed(front: str, *columns: str) -> Callable[[MatchTable], Values]:
    return lambda table: table.listed(*(table.key(front, column) for column in columns))


def _account_list(table: MatchTable) -> Values:
    return table.listed(joined("account:", whole(table.table["institution"]), "/", whole(table.table["account_id"])))


def _keys(table: pa.Table, column: str = "customer_id") -> pa.Array[Any]:
    return joined(whole(table["institution"]), "\x1f", whole(table[column]))


_DERIVED: Mapping[str, Callable[[MatchTable], Values]] = {
    "age": MatchTable.age,
    "is_minor": MatchTable.is_minor,
    "id_expired_days": lambda table: table.days_since("id_expiry"),
    "permit_expired_days": lambda table: table.days_since("permit_expiry"),
    "review_overdue_days": lambda table: table.days_since("review_due"),
    "tenure_days": lambda table: table.days_since("onboarded"),
    "account_age": lambda table: table.days_since("opened"),
    "missing_fields": MatchTable.missing_fields,
    "wards": MatchTable.wards,
    "name_fold": lambda table: folded_names(table.column("name")),
    "latin_fold": lambda table: folded_names(table.column("name_latin")),
    "earlier_reports": lambda table: Values(earlier_reports(table.table, table.beside, table.told_until)),
    "phone_list": _listed("phone", "phone"),
    "email_list": _listed("email", "email"),
    "id_list": _listed("id_number", "id_number"),
    "name_list": _listed("name", "name", "name_latin"),
    "customer_list": _listed("customer", "customer_id"),
    "account_list": _account_list,
    "owner_id": MatchTable.owner_id,
    "active_days": lambda table: table.feature("active_days"),
    "debits_after_expiry": lambda table: table.feature("debits_after_expiry"),
}
