"""Facts of a firm that go together where many people are lodged and work unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.jurisdiction import Jurisdiction
from amlscreen.ledger.columns import MILLION, ratio_values
from amlscreen.ledger.partition import Values
from amlscreen.shapes.scenario_functions import measures
from amlscreen.shapes.scenario_lines import Facts, Lines, Seen
from amlscreen.shapes.scenarios.tables import are_firms
from amlscreen.shapes.settled import AfterSweep

__all__ = ["compound_profile"]

Ints = NDArray[np.int64]
_TELECOM = ("4812", "4813", "4814", "4816", "4899")
_UPKEEP = ("5411", "5422", "5462", "5499", "5811", "5812", "5814", "6513", "7011", "7021", "7211", "7032")
_SECURITY = ("7381", "7382", "7393")
_VIRTUAL = ("6051",)
FACTS = ("telecom", "food and lodging", "few wages", "virtual assets", "security services", "round sums")


class Spent(NamedTuple):
    """Of each firm: what was spent, and on what; wages paid; and the transactions that carry it."""

    customer: Ints
    sums: Ints
    facts: Facts
    of: Ints
    part: list[str]


def spent(lines: Lines, options: Mapping[str, Any]) -> Spent:
    """What one partition's firms show; ``sums`` are spent, in wages, for telecom, for upkeep, and four counts."""
    kind = are_firms(lines.reference)
    recent = lines.since(options["days"]) & kind[lines.subject[lines.group]]
    debit = lines.is_("direction", "debit") & recent
    credit = lines.is_("direction", "credit") & recent
    amount = lines.column("amount").array.astype(np.int64)
    related = lines.column("counterparty_is_related")
    whole_sum = amount % _round_step(lines.reference.jurisdiction) == 0
    found = {
        "telecom": debit & lines.is_("mcc", *_TELECOM),
        "upkeep": debit & (lines.is_("mcc", *_UPKEEP) | lines.is_("purpose", "rent")),
        "wages": debit & lines.is_("purpose", "salary"),
        "virtual": credit & (lines.is_("mcc", *_VIRTUAL) | lines.is_("counterparty_list", "exchange")),
        "security": debit & lines.is_("mcc", *_SECURITY),
        "round": credit & related.is_known() & (related.array == 0) & whole_sum,
    }
    money = [lines.total(np.where(found[name], amount, 0)) for name in ("telecom", "upkeep")]
    counts = [lines.total(found[name]) for name in ("wages", "virtual", "security", "round")]
    spending = [lines.total(np.where(debit, one, 0)) for one in (amount, lines.column("wage_multiple").array)]
    firm = kind[lines.subject]
    part = np.select(list(found.values()), [*range(len(found))], -1)
    rows = np.flatnonzero(part >= 0)
    names = [*found]
    return Spent(
        lines.subject[firm],
        np.stack([*spending, *money, *counts])[:, firm],
        lines.facts(rows),
        lines.subject[lines.group[rows]],
        [names[one] for one in part[rows].tolist()],
    )


def _round_step(country: Jurisdiction) -> int:
    """The largest power of ten that is not above a monthly minimum wage, in minor units."""
    wage = max(country.monthly_minimum_wage, key=lambda figure: figure.holds_from).value
    return int(10 ** (len(str(int(wage))) - 1 + country.minor_digits))


@measures("compound_profile", gather=spent)
def compound_profile(pieces: Sequence[Spent], bank: AfterSweep, options: Mapping[str, Any]) -> Seen:
    """Every firm with its points, one for each fact that holds."""
    none = np.empty(0, np.int64)
    customer = np.concatenate([none, *(piece.customer for piece in pieces)])
    sums = np.concatenate([np.empty((8, 0), np.int64), *(piece.sums for piece in pieces)], axis=1)
    total, multiple, telecom, upkeep, wages, virtual, security, rounds = sums
    phone, beds = (ratio_values(one, total).array for one in (telecom, upkeep))
    active, few = total > 0, _few(wages, total)
    enough = int(active.sum()) >= options["firms"]
    holds = np.stack(
        [
            enough & (phone > _at(phone[active], options["high"])),
            enough & (beds > _at(beds[active], options["high"])),
            active & ((wages == 0) | (enough & (few < _at(few[active], options["low"])))),
            virtual > 0,
            security > 0,
            rounds >= options["rounds"],
        ]
    )
    facts = [", ".join(name for name, one in zip(FACTS, column, strict=True) if one) for column in holds.T.tolist()]
    words = pa.array(facts, pa.string()).dictionary_encode()
    of = np.concatenate([none, *(piece.of for piece in pieces)])
    order = np.argsort(customer, kind="stable")
    return Seen(
        customer,
        {
            "points": holds.sum(axis=0).astype(np.int64),
            "facts": Values(np.asarray(words.indices, np.int32), None, words.dictionary),
            "telecom_share": phone,
            "upkeep_share": beds,
            "wages_paid": wages,
            "spent": total,
            "wages": multiple,
        },
        Facts.of([piece.facts for piece in pieces]),
        order[np.searchsorted(customer[order], of)] if customer.size else none,
        [name for piece in pieces for name in piece.part],
    )


def _few(wages: Ints, total: Ints) -> Ints:
    """Wage payments for a thousand million minor units spent."""
    return wages * 1_000_000_000_000 // np.maximum(total, 1)


def _at(values: Ints, share: int) -> int:
    """The value below which this share of them lies."""
    if not values.size:
        return 0
    return int(np.sort(values)[min(values.size * share // MILLION, values.size - 1)])
