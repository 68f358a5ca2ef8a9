"""The currency of a booking or a rate: without it an amount means nothing, so what is no currency stands aside."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from amlscreen.intake.alike import Alike
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_money import Minor
from amlscreen.intake.conform_text import coded
from amlscreen.intake.currency_words import currency_words
from amlscreen.intake.spelled import different_texts, keep_table
from amlscreen.intake.sql import literal

__all__ = ["add_currency", "look_up_currency"]


def look_up_currency(
    connection: duckdb.DuckDBPyConnection, alike: Alike, plan: Plan, columns: dict[str, ColumnSpec], relation: str
) -> None:
    """The table that tells of each different text which currency it is; ``columns`` without one that is always home."""
    spec = columns.get("currency")
    if spec is None or alike.table not in {"transactions", "fx_rates"}:
        return
    home = plan.country.currency
    if spec.constant is not None:
        texts = [spec.constant]
    elif spec.codes is not None:
        texts = [*spec.codes.values(), *([spec.otherwise] if spec.otherwise is not None else [])]
    else:
        texts = list(different_texts(connection, plan, "currency", spec, relation))
    read = {text: _read(text, home) for text in (home, *texts)}
    if alike.table == "transactions" and spec.codes is None and all(code == home for code, _ in read.values()):
        del columns["currency"]
        return
    made = pa.table({
        "text": pa.array(list(read), pa.string()),
        "code": pa.array([code for code, _ in read.values()], pa.string()),
        "why": pa.array([why for _, why in read.values()], pa.string()),
    })  # fmt: skip
    plan.spelled["currency"] = keep_table(connection, f"words_{alike.number}_currency", made)


def add_currency(plan: Plan, columns: Mapping[str, ColumnSpec], *, empty: str) -> tuple[str | None, Minor]:
    """``currency``, ``digits`` and ``scale`` of each row, None if all are in home currency.

    ``empty`` is SQL for what an empty cell is. A word for several currencies is refused as
    such: the mapping says by ``codes`` which is meant.
    """
    spec = columns.get("currency")
    if spec is None or "currency" not in plan.spelled:
        return None, Minor.of(plan.country.digits)
    plan.layers[0]["given:currency"] = text = coded(plan, "currency", spec)
    plan.joins.append(f"LEFT JOIN {plan.spelled['currency']} AS word ON word.text = coalesce({text}, {empty})")
    plan.joins.append("LEFT JOIN currencies AS cur ON cur.code = word.code")
    for name, value in (("currency", "code"), ("digits", "digits"), ("scale", "scale")):
        plan.layers[0][name] = f"cur.{value}"
    plan.layers[0]["why:currency"] = "word.why"
    shown = plan.shown(*spec.source) if spec.source else literal(spec.constant)
    plan.refuse("\"why:currency\" = 'ambiguous_currency'", "ambiguous_currency", "currency", shown)
    plan.refuse("\"why:currency\" = 'unknown_currency'", "unknown_currency", "currency", shown)
    return "currency", Minor("digits", '"scale"')


def _read(text: str, home: str) -> tuple[str | None, str | None]:
    if text.strip().upper() == home:
        return home, None
    code, known = currency_words().read(text)
    return code, None if code else "ambiguous_currency" if known else "unknown_currency"
