"""What the store itself can say of names, phones, accounts and banks: functions and macros for conforming."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from amlscreen.intake.bank_ids import MAY_BE_IBAN, SHORTEST_IBAN, iban, is_head_office
from amlscreen.intake.counterparty import name_key
from amlscreen.intake.names import bare_keys
from amlscreen.intake.phones import holds_several, phone_key, phone_number, plainly_written
from amlscreen.intake.sql import literal

__all__ = ["register_keys"]

_REMEMBERED = 500_000
_BETWEEN_PARTS = "[ ,.]+"


def register_keys(connection: duckdb.DuckDBPyConnection, region: str | None) -> None:
    """Give the store what makes names, phones, accounts and banks comparable; each distinct text is worked out once.

    ``match_key`` of a name is its key with the parts in the order of letters, so that given and family name may change
    places. ``phone_number`` is E.164 or NULL, ``phone_key`` E.164 or digits. Texts written in the usual ways, which are
    nearly all, are worked out by the store itself.
    """
    functions: dict[str, Callable[[str | None], str | None]] = {
        "name_key": name_key,
        "slow_phone_number": lambda text: phone_number(text, region),
        "slow_phone_key": lambda text: phone_key(text, region),
        "slow_iban": iban,
    }
    for name, function in functions.items():
        _register(connection, name, function, "VARCHAR")
    _register(connection, "bare_name", bare_keys, "VARCHAR", whole=True)
    _register(connection, "slow_several", lambda text: holds_several(text, region), "BOOLEAN")
    plain, number = plainly_written("t", region) or ("FALSE", "NULL")
    parts = f"string_split_regex(bare_name(t), {literal(_BETWEEN_PARTS)})"
    last_in_front = r"regexp_replace(t, '^name:(.+) ([^ ]+)$', 'name:\2 \1')"
    first_behind = r"regexp_replace(t, '^name:([^ ]+) (.+)$', 'name:\2 \1')"
    may_be = f"t >= 'A' AND strlen(t) >= {SHORTEST_IBAN} AND regexp_full_match(t, {literal(MAY_BE_IBAN)})"
    for name, value in {
        "phone_number": f"CASE WHEN {plain} THEN {number} ELSE slow_phone_number(t) END",
        "phone_key": f"CASE WHEN {plain} THEN {number} ELSE slow_phone_key(t) END",
        "several_phones": f"CASE WHEN {plain} THEN FALSE ELSE slow_several(t) END",
        "match_key": f"nullif(array_to_string(list_sort([x for x in {parts} if x <> '']), ' '), '')",
        "both_orders": f"list_distinct([t, {last_in_front}, {first_behind}])",
        "account_key": f"CASE WHEN {may_be} THEN coalesce(slow_iban(t), t) ELSE t END",
        "bank_key": f"CASE WHEN {is_head_office('t')} THEN left(t, 8) ELSE t END",
    }.items():
        connection.execute(f"CREATE MACRO {name}(t) AS ({value})")


def _register(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    function: Callable[[Any], Any],
    kind: str,
    *,
    whole: bool = False,
) -> None:
    """A function of one text, worked out once for each different one; ``whole``: of an array of texts."""
    made = _of_array(function) if whole else _remembering(function, pa.bool_() if kind == "BOOLEAN" else pa.string())
    connection.create_function(
        name,
        made,
        ["VARCHAR"],
        kind,
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )


def _of_array(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def over(texts: Any) -> Any:
        return function(texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts)

    return over


def _remembering(function: Callable[[str | None], object], kind: pa.DataType) -> Callable[[Any], Any]:
    known: dict[str | None, object] = {}

    def over(texts: Any) -> Any:  # DuckDB evaluates annotations, and those of pyarrow cannot be
        if len(known) > _REMEMBERED:
            known.clear()
        values = texts.to_pylist()
        for text in set(values) - known.keys():
            known[text] = function(text)
        return pa.array([known[text] for text in values], kind)

    return over
