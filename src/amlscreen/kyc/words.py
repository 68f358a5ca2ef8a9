"""What there is to do with a customer's file, and why a rating is what it is, in words; for the rows people read."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.kyc.contradictions import CONTRADICTIONS
from amlscreen.kyc.health import TO_DO
from amlscreen.ledger.reference import whole

__all__ = ["health_in_words", "rating_in_words"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

_FIGURES = (
    "paper_expired_days",
    "permit_expired_days",
    "review_overdue_days",
    "paper_expiry",
    "flow_over_income",
    "flow_over_turnover",
)

_SAID: Mapping[str, str] = {
    "pep_without_approval": "Politically exposed; no approval by senior management is recorded.",
    "beneficial_owner_missing": "The beneficial owners of the firm are not recorded.",
    "guardian_missing": "A minor without a recorded guardian.",
    "no_record": "Owns an account but has no record in the customer table.",
    "paper_expired": "The identity paper expired {paper_expired_days} days ago.",
    "permit_expired": "The permit expired {permit_expired_days} days ago.",
    "due_diligence_missing": "Enhanced due diligence is due and not recorded.",
    "review_overdue": "The review is {review_overdue_days} days overdue; the bank's rating is {bank_rating}.",
    "fields_missing": "Empty: {missing}.",
    "paper_undated": "No day of expiry is recorded for the identity paper.",
    "pep_without_wealth": "Politically exposed; the source of wealth is not recorded.",
    "guardian_unverified": "A minor whose guardian is not proved.",
    "licence_missing": "The firm's licence is missing.",
    "quiet_and_incomplete": "No booking in the data, and the file is not in order.",
    "review_undated": "No day is set for the next review.",
    "paper_expires_soon": "The identity paper expires on {paper_expiry}.",
    "permit_expires_soon": "The permit expires in {permit_expired_days} days.",
    "income_below_flow": "What comes in a month is {flow_over_income} times the declared income.",
    "turnover_below_flow": "An account moves {flow_over_turnover} times its declared turnover a month.",
    "shop_like_without_earnings": "Payments come in as to a shop, though the occupation earns nothing.",
    "salary_account_without_salary": "Opened for a salary; none has come in of late.",
    "savings_in_daily_use": "Opened for savings; in daily use.",
    "remittance_account_without_remittances": "Opened for remittances; none is seen.",
    "private_account_like_a_shop": "Opened for private use; payments come in as to a shop.",
}


_NO_INCOME = "No income is declared, yet money comes in."


def health_in_words(table: pa.Table) -> pa.Array[Any]:
    """One text for each row of ``kyc_health``: a sentence for each thing to do, gravest first."""
    if not table.num_rows:
        return pa.array([], pa.string())
    shown = {name: _text(table, name) for name in ("bank_rating", "missing", *_FIGURES)}
    to_do, contradictions = (_marks(whole(table[name])) for name in ("to_do", "contradictions"))
    sentences = []
    for name in (*TO_DO[: TO_DO.index("contradiction")], *CONTRADICTIONS, *TO_DO[TO_DO.index("contradiction") + 1 :]):
        holds = to_do.get(name, contradictions.get(name))
        if holds is not None:
            sentences.append(pc.if_else(pa.array(holds), _filled(name, shown), pa.scalar(None, pa.string())))
    if not sentences:
        return pa.repeat("", table.num_rows)
    together: pa.Array[Any] = pc.binary_join_element_wise(*sentences, " ", null_handling="skip")
    return together


def _text(table: pa.Table, name: str) -> Any:
    column: Any = whole(table[name])
    if pa.types.is_list(column.type):
        return pc.binary_join(column, ", ")
    if name == "permit_expired_days":
        column = pc.abs(column)
    return pc.fill_null(column.cast(pa.string()), "not known")


def _marks(lists: Any) -> dict[str, NDArray[np.bool_]]:
    """For each name that stands in a list, the rows in whose list it stands."""
    names = pc.list_flatten(lists).dictionary_encode()
    parents, codes = np.asarray(pc.list_parent_indices(lists)), np.asarray(names.indices)
    marks = {}
    for code, name in enumerate(names.dictionary.to_pylist()):
        marks[str(name)] = np.zeros(len(lists), np.bool_)
        marks[str(name)][parents[codes == code]] = True
    return marks


def _filled(name: str, shown: Mapping[str, Any]) -> Any:
    """The sentence with its figures, for every row."""
    parts: list[Any] = []
    for literal, field, _, _ in Formatter().parse(_SAID[name]):
        parts += [pa.scalar(literal)] + ([shown[field]] if field else [])
    if len(parts) == 1:
        return parts[0]
    sentence = pc.binary_join_element_wise(*parts, "")
    if name == "income_below_flow":
        return pc.if_else(pc.equal(shown["flow_over_income"], "not known"), _NO_INCOME, sentence)
    return sentence


def rating_in_words(table: pa.Table) -> pa.Array[Any]:
    """One list of lines for each row of ``risk_ratings``: factor, points, what for, and what was seen."""
    lists: Any = whole(table["rows"])
    every = pc.list_flatten(lists)
    columns = {name: pc.struct_field(every, name) for name in ("factor", "points", "what", "observed")}
    positive = pc.greater_equal(columns["points"], 0)
    points = pc.binary_join_element_wise(pc.if_else(positive, "+", ""), columns["points"].cast(pa.string()), "")
    seen = pc.if_else(
        pc.equal(columns["observed"], ""), "", pc.binary_join_element_wise(" (", columns["observed"], ")", "")
    )
    line = pc.binary_join_element_wise(columns["factor"], points, columns["what"], " ")
    line = pc.replace_substring(pc.binary_join_element_wise(line, seen, ""), ";", ",")
    counts = np.asarray(pc.list_value_length(lists))
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)])
    lines: Any = pa.ListArray.from_arrays(pa.array(offsets), line)
    return lines  # type: ignore[no-any-return]  # the stubs do not know lists
