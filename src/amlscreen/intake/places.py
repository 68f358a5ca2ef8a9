"""Provinces: the spellings met in exports become ISO 3166-2 codes, by the jurisdiction's list and never by a guess."""

from __future__ import annotations

import duckdb

from amlscreen.intake.sql import literal
from amlscreen.jurisdiction import Jurisdiction

__all__ = ["count_spellings", "make_province_names", "province_spelling"]


def province_spelling(text: str) -> str:
    """SQL for a spelling without capitals, spaces and accents."""
    return f"lower(strip_accents(replace({text}, ' ', '')))"


def make_province_names(connection: duckdb.DuckDBPyConnection, jurisdiction: Jurisdiction) -> None:
    """Table ``province_names(spelling, code)``; the code is empty where a spelling could be more than one province."""
    rows = [
        f"({literal(province.code)}, {literal(spelling)}, {spelling in province.ambiguous})"
        for province in jurisdiction.provinces
        for spelling in (province.code, province.name, province.name_local, *province.aliases, *province.ambiguous)
        if spelling
    ]
    source = f"(VALUES {', '.join(rows)})" if rows else "(SELECT NULL::VARCHAR, NULL::VARCHAR, TRUE WHERE FALSE)"
    connection.execute(
        f"""
        CREATE TABLE province_names AS
        SELECT {province_spelling("name")} AS spelling,
            CASE WHEN count(DISTINCT code) = 1 AND NOT bool_or(ambiguous) THEN min(code) END AS code
        FROM {source} AS p(code, name, ambiguous) GROUP BY spelling
        """
    )


def count_spellings(connection: duckdb.DuckDBPyConnection, relation: str, text: str) -> tuple[int, int, int]:
    """How many texts stand for a code in other words, could be more than one province, or are not listed."""
    found = connection.execute(
        f"""
        SELECT coalesce(sum(n) FILTER (code <> text), 0),
            coalesce(sum(n) FILTER (spelling IS NOT NULL AND code IS NULL), 0),
            coalesce(sum(n) FILTER (spelling IS NULL), 0)
        FROM (SELECT {text} AS text, count(*) AS n FROM ({relation}) AS r WHERE {text} <> '' GROUP BY ALL)
        LEFT JOIN province_names ON spelling = {province_spelling("text")}
        """
    ).fetchall()[0]
    return int(found[0]), int(found[1]), int(found[2])
