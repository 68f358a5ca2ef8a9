"""The value of a ``listed`` row, written the way the keys are that it is compared with."""

from __future__ import annotations

from amlscreen.intake.conform import Plan
from amlscreen.intake.sql import identifier, literal

__all__ = ["add_listed_value"]

_IN_FRONT = r"^(account|phone|email|wallet|name|id_number|customer):"
_SPACES = r"[\s\p{Z}]+"


def add_listed_value(plan: Plan) -> str:
    """The expression of the final ``value``; rows of which nothing is left to compare stand aside.

    An account without its bank in front is one of the institution. Everything else as in ``schema.LISTED``.
    """
    bare = f"trim(regexp_replace({identifier('value')}, {literal(_IN_FRONT)}, ''))"
    plan.layers[3]["listed:value"] = (
        f"CASE {identifier('kind')} "
        f"WHEN 'account' THEN CASE WHEN contains({bare}, '/') THEN {bare} ELSE institution || '/' || {bare} END "
        f"WHEN 'phone' THEN phone_key({bare}) "
        f"WHEN 'name' THEN name_key({bare}) "
        f"WHEN 'email' THEN lower({bare}) "
        f"WHEN 'id_number' THEN regexp_replace(lower({bare}), {literal(_SPACES)}, '', 'g') "
        f"ELSE {bare} END"
    )
    value = identifier("listed:value")
    plan.refuse(f"coalesce({value}, '') = ''", "missing_required", "value", "NULL")
    return value
