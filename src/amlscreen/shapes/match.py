"""Shape ``match``: rows of a reference table for which conditions hold, as of the run's day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from amlscreen.hits import Hit, SubjectRef
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.ledger.columns import full_years
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import joined, positions, whole
from amlscreen.rules.card import Card
from amlscreen.rules.columns import TABLE_COLUMNS
from amlscreen.rules.grammar import Condition, Match
from amlscreen.shapes.conditions import Truth, evaluate, inside_number, test_values

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["MatchTable", "match_hits", "shown_value"]

_DAY = 86_400_000_000


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
    ) -> None:
        self.jurisdiction, self.as_of = jurisdiction, as_of
        self.table = self._so_far(table, told_until).combine_chunks()
        self.size = self.table.num_rows
        self._features, self._provided = features, provided

    @classmethod
    def of(cls, data: Dataset, name: str, features: pa.Table, as_of: int) -> MatchTable:
        """The dataset's table of that name, with what counts as of the day."""
        until = data.told_until(as_of)
        return cls(data.tables[name], data.jurisdiction, features, data.provided, as_of=as_of, told_until=until)

    def _so_far(self, table: pa.Table, told_until: int) -> pa.Table:
        """The table without what was told later."""
        if "at" not in table.column_names:
            return table
        day = table["at"].to_numpy().astype(np.int64)
        if pa.types.is_int64(table.schema.field("at").type):
            day = (day + self.jurisdiction.utc_offset_minutes * 60_000_000) // _DAY
        return table.take(np.flatnonzero(day <= told_until))

    def column(self, name: str) -> Values:
        """A canonical or derived column."""
        maker = _DERIVED.get(name)
        return maker(self) if maker else as_values(whole(self.table[name]))

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


def _keys(table: pa.Table, column: str = "customer_id") -> pa.Array[Any]:
    return joined(whole(table["institution"]), "\x1f", whole(table[column]))


_DERIVED: Mapping[str, Callable[[MatchTable], Values]] = {
    "age": MatchTable.age,
    "is_minor": MatchTable.is_minor,
    "id_expired_days": lambda table: table.days_since("id_expiry"),
    "review_overdue_days": lambda table: table.days_since("review_due"),
    "tenure_days": lambda table: table.days_since("onboarded"),
    "account_age": lambda table: table.days_since("opened"),
    "missing_fields": MatchTable.missing_fields,
    "wards": MatchTable.wards,
    "active_days": lambda table: table.feature("active_days"),
    "debits_after_expiry": lambda table: table.feature("debits_after_expiry"),
}


def match_hits(card: Card, table: MatchTable) -> list[Hit]:
    """One hit for each subject with rows enough that match."""
    detect = card.detect
    assert isinstance(detect, Match)
    kinds = TABLE_COLUMNS[detect.table]
    digits = table.jurisdiction.minor_digits

    def atom(name: str, condition: Condition) -> Truth:
        return test_values(table.column(name), condition, lambda value: inside_number(kinds[name].kind, value, digits))

    truth = evaluate(detect.where, atom, table.size)
    subject = table.column(detect.subject)
    rows = np.flatnonzero(truth.true & subject.is_known())
    shown = {name: table.column(column) for name, column in detect.measures.items()}
    victims = table.column(card.possible_victims) if card.possible_victims else None
    institution = table.column("institution")
    groups: dict[tuple[str, str], list[int]] = {}
    for row in rows.tolist():
        groups.setdefault((_word(institution, row), _word(subject, row)), []).append(row)
    return [
        _hit(card, detect, key, members, shown, victims, table)
        for key, members in sorted(groups.items())
        if len(members) >= int(detect.at_least)
    ]


def _hit(
    card: Card,
    detect: Match,
    key: tuple[str, str],
    members: list[int],
    shown: Mapping[str, Values],
    victims: Values | None,
    table: MatchTable,
) -> Hit:
    first = members[0]
    measures: dict[str, int | str | None] = {name: shown_value(values, first) for name, values in shown.items()}
    is_customer = detect.subject_kind == "customer"
    moment = table.as_of * _DAY - table.jurisdiction.utc_offset_minutes * 60_000_000
    return Hit(
        rule_id=card.id,
        subject=SubjectRef(key[0], detect.subject_kind, key[1]),
        customer_ids=(key[1],) if is_customer else (),
        account_ids=() if is_customer else (key[1],),
        episode=1,
        first_at=moment,
        last_at=moment,
        first_day=table.as_of,
        last_day=table.as_of,
        measures=measures,
        known=1,
        total=1,
        victims=tuple(sorted({_word(victims, row) for row in members if victims.array[row] >= 0})) if victims else (),
    )


def shown_value(values: Values, row: int) -> int | str | None:
    """A row's word or inside number; None where it is not known."""
    if not values.is_known()[row]:
        return None
    return _word(values, row) if values.words is not None else int(values.array[row])


def _word(values: Values, row: int) -> str:
    words: Any = values.words
    return str(words[int(values.array[row])].as_py())
