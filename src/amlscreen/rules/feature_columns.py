"""The features of the catalogue as columns that a card may put conditions on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product

from amlscreen.feature_catalogue import Feature, Unit, catalogue
from amlscreen.rules.columns import TABLE_COLUMNS, ColumnKind, RuleColumn

__all__ = ["TRAITS", "feature_columns", "few_needs", "lacking_needs", "tells_a_trait"]

_KINDS: Mapping[Unit, ColumnKind] = {
    "count": "whole",
    "days": "days",
    "money": "money",
    "ratio": "ratio",
    "multiple": "ratio",
    "time": "whole",
    "bits": "ratio",
    "deviations": "ratio",
    "flag": "flag",
    "date": "whole",
}
TRAITS = frozenset(
    need
    for table, columns in TABLE_COLUMNS.items()
    for column in columns.values()
    if column.trait
    for need in column.needs or (f"{table}.{column.name}",)
)
"""Canonical columns that say who somebody is or where, not what was done."""


def feature_columns() -> dict[str, RuleColumn]:
    """Every feature by name; a span of time is held against microseconds, a date against days since 1970-01-01."""
    return {
        one.name: RuleColumn(one.name, _KINDS[one.unit], one.meaning, one.needs, trait=tells_a_trait(one))
        for one in catalogue().values()
    }


def tells_a_trait(feature: Feature) -> bool:
    """Whether it is made of traits alone, so that it must not be what sets a person apart."""
    parts = {part for need in feature.needs for part in need.split("|")}
    return bool(parts) and parts <= TRAITS


def lacking_needs(features: Iterable[Feature], provided: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The features that nobody can have on data that provide these columns, each with the needs that are not met."""
    found = {
        one.name: tuple(need for need in one.needs if not any(part in provided for part in need.split("|")))
        for one in features
    }
    return {name: needs for name, needs in found.items() if needs}


def few_needs(features: Iterable[Feature]) -> Iterator[str]:
    """What at least one of the features needs, as clauses ``a|b`` that must all hold; none if one needs nothing."""
    wanted = {frozenset(one.needs) for one in features}
    least = sorted((one for one in wanted if not any(other < one for other in wanted)), key=sorted)
    clauses: set[frozenset[str]] = {frozenset()}
    for needs in least:
        clauses = {one | {*need.split("|")} for one, need in product(clauses, sorted(needs))}
        clauses = {one for one in clauses if not any(other < one for other in clauses)}
    yield from sorted("|".join(sorted(one)) for one in clauses if one)
