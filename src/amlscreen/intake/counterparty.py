"""The key of the other side: bank and account, else phone, else the normalised name; pooled ones are set apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from amlscreen.intake.bank_ids import MAY_BE_IBAN, iban, is_head_office
from amlscreen.intake.letters import alike
from amlscreen.intake.phones import holds_several, phone_key, phone_number, plainly_written
from amlscreen.intake.sql import literal
from amlscreen.intake.titles import MOST_TITLES, TITLES

__all__ = ["name_key", "register_keys"]

_TITLES = re.compile(TITLES)
_SPACES = re.compile(r"\s+")
_REMEMBERED = 500_000
_SHORTEST_IBAN = 15


def name_key(name: str | None) -> str | None:
    """A name made comparable: letters that look alike and capitals alike, titles dropped, spaces collapsed.

    None if nothing is left. The order of its parts stays.

    >>> name_key("  Mr.  SOMCHAI   Test ")
    'somchai test'
    """
    if name is None:
        return None
    text = _SPACES.sub(" ", alike(name).casefold()).strip(" .,;-")
    bare = text
    for _ in range(MOST_TITLES):
        bare = _TITLES.sub("", bare, count=1).strip(" .,;-") or bare
    return unicodedata.normalize("NFKC", bare) or None


def register_keys(connection: duckdb.DuckDBPyConnection, region: str | None) -> None:
    """Give the store what makes names, phones, accounts and banks comparable; each distinct text is worked out once.

    ``phone_number`` is E.164 or NULL, ``phone_key`` E.164 or digits. Texts written in the usual ways, which are nearly
    all, are worked out by the store itself.
    """
    functions: dict[str, Callable[[str | None], str | None]] = {
        "name_key": name_key,
        "slow_phone_number": lambda text: phone_number(text, region),
        "slow_phone_key": lambda text: phone_key(text, region),
        "slow_iban": iban,
    }
    for name, function in functions.items():
        _register(connection, name, function, "VARCHAR")
    _register(connection, "slow_several", lambda text: holds_several(text, region), "BOOLEAN")
    plain, number = plainly_written("t", region) or ("FALSE", "NULL")
    may_be = f"t >= 'A' AND strlen(t) >= {_SHORTEST_IBAN} AND regexp_full_match(t, {literal(MAY_BE_IBAN)})"
    for name, value in {
        "phone_number": f"CASE WHEN {plain} THEN {number} ELSE slow_phone_number(t) END",
        "phone_key": f"CASE WHEN {plain} THEN {number} ELSE slow_phone_key(t) END",
        "several_phones": f"CASE WHEN {plain} THEN FALSE ELSE slow_several(t) END",
        "account_key": f"CASE WHEN {may_be} THEN coalesce(slow_iban(t), t) ELSE t END",
        "bank_key": f"CASE WHEN {is_head_office('t')} THEN left(t, 8) ELSE t END",
    }.items():
        connection.execute(f"CREATE MACRO {name}(t) AS ({value})")


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, function: Callable[[str | None], object], kind: str
) -> None:
    connection.create_function(
        name,
        _remembering(function, pa.bool_() if kind == "BOOLEAN" else pa.string()),
        ["VARCHAR"],
        kind,
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )


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
