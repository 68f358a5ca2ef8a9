"""Why not: one subject looked at again, and the point at which it came nearest to the rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.engines import local
from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.evaluable import missing_for_card, missing_for_plan
from amlscreen.finding import Findings
from amlscreen.intake.stream import has_clock
from amlscreen.ledger.reference import Reference, whole
from amlscreen.nearest import nearest_point, nearest_row, told
from amlscreen.nearest_baseline import nearest_span
from amlscreen.nearest_group import nearest_group
from amlscreen.nearest_odd import nearest_odd
from amlscreen.nearest_path import nearest_move
from amlscreen.nearest_scenario import nearest_measured
from amlscreen.rules.card import Card
from amlscreen.rules.grammar import Anomaly, Baseline, Cluster, Match, Path, Scenario
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.shapes import scenario
from amlscreen.shapes.anomaly import Odd
from amlscreen.shapes.gather import detach, join
from amlscreen.shapes.match import MatchTable
from amlscreen.shapes.plan import Plan, plans_of
from amlscreen.shapes.population import Population
from amlscreen.shapes.scenario import needs_whole_bank
from amlscreen.shapes.selection import SUBJECT_COLUMNS, Frame, Selection, arrange, select
from amlscreen.shapes.settled import AfterSweep

if TYPE_CHECKING:
    import pandas as pd

    from amlscreen.intake.dataset import Dataset

__all__ = ["near_miss"]

_INSIDE = frozenset({"account", "customer"})
"""Subjects that are known by number; others are looked for by their key."""

COLUMNS = ("condition", "measured", "wanted", "holds", "distance")


def near_miss(
    data: Dataset, rules: RuleSet, rule_id: str, subject: str, settings: Settings, *, found: Findings
) -> pd.DataFrame:
    """The conditions of a rule at the subject's best point: measured, wanted, whether it holds, and how far off.

    ``distance`` is relative to what is wanted: 0.2 means a fifth short. A rule that cannot be looked at is told by one
    row that says why; so is a subject with no row that any row set takes. ``found`` is what the run found.
    SettingsError for a subject the data lacks.
    """
    import pandas as pd

    card = rules.get(rule_id)
    missing = missing_for_card(card, data.provided)
    if missing:
        rows = [told("evaluable", missing)]
    elif isinstance(card.detect, Match):
        table = MatchTable.of(data, card.detect.table, found.features.table, found.as_of)
        rows = nearest_row(card, table, subject)
    elif isinstance(card.detect, Cluster):
        rows = _of_groups(data, rules, card, subject, found)
    elif isinstance(card.detect, Anomaly):
        rows = _of_features(card, card.detect, subject, settings, found)
    else:
        rows = _of_sweeps(data, card, subject, settings, found)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_groups(data: Dataset, rules: RuleSet, card: Card, subject: str, found: Findings) -> list[dict[str, Any]]:
    """The group of a customer, or of those whom the card's ``lead`` column names."""
    outcome = next(one for one in found.outcomes if one.rule_id == card.id)
    if outcome.status == "not_evaluable":
        return [told("evaluable", outcome.reason)]
    others = [hit for hit in found.hits if not isinstance(rules.get(hit.rule_id).detect, Cluster | Anomaly)]
    people = Population(data, found.reference, found.features.table, others, found.as_of)
    rows = nearest_group(card, people, subject)
    if rows is None:
        raise _unknown(["customer"], whole(found.reference.customer_ids["customer_id"]), subject)
    return rows


def _of_features(
    card: Card, detect: Anomaly, subject: str, settings: Settings, found: Findings
) -> list[dict[str, Any]]:
    """How odd the subject is; the detector judges everybody once more, and says the same."""
    outcome = next(one for one in found.outcomes if one.rule_id == card.id)
    if outcome.status != "ran":
        return [told("evaluable", outcome.reason)]
    is_customer = detect.subject == "customer"
    facts = found.reference
    ids = whole(facts.customer_ids["customer_id"] if is_customer else facts.account_ids["account_id"])
    numbers = np.flatnonzero(np.array(pc.equal(ids, pa.scalar(subject)))).astype(np.int64)
    if not numbers.size:
        raise _unknown([detect.subject], ids, subject)
    features = found.features if is_customer else found.account_features
    return list(nearest_odd(Odd(card, facts, features, local.threads_of(settings)), numbers))


def _of_sweeps(data: Dataset, card: Card, subject: str, settings: Settings, before: Findings) -> list[dict[str, Any]]:
    """The nearest of the sweeps that the subject can be found by."""
    as_of = before.as_of
    plans = list(plans_of(card, data.jurisdiction))
    reference = local.prepare(data, plans, as_of)
    sought = [plan for plan in plans if plan.subject not in _INSIDE or _numbers(plan, reference, subject).size]
    if not sought:
        ids = pa.concat_arrays([_ids(plan, reference) for plan in plans])
        raise _unknown(list(dict.fromkeys(plan.subject for plan in plans)), ids, subject)
    clock, days = has_clock(data), as_of - data.first_day + 1
    found = []
    for plan in sought:
        missing = missing_for_plan(plan, data.provided, has_clock=clock, days=days)
        if missing:
            found.append([told("evaluable", missing)])
        elif isinstance(plan.detect, Scenario):
            found.append(_measured(data, plan, reference, subject, settings, before))
        elif isinstance(plan.detect, Path):
            found.append(_moved(data, plan, reference, subject, settings, before))
        elif isinstance(plan.detect, Baseline):
            found.append(_against_usual(data, plan, reference, subject, settings))
        else:
            found.append(list(nearest_point(plan, _frame_of(data, plan, reference, subject, settings))))
    return min(found, key=_missed)


def _against_usual(
    data: Dataset, plan: Plan, reference: Reference, subject: str, settings: Settings
) -> list[dict[str, Any]]:
    """The subject's last spans beside what is usual; to know its peers, the whole bank is read again."""
    assert isinstance(plan.detect, Baseline)
    numbers = _numbers(plan, reference, subject)
    customers = None if plan.detect.peers else _customers_of(plan, reference, numbers)
    return list(nearest_span(plan, local.partitions(data, [plan], reference, settings, customers), numbers))


def _measured(
    data: Dataset, plan: Plan, reference: Reference, subject: str, settings: Settings, before: Findings
) -> list[dict[str, Any]]:
    """What a scenario measured of the subject; one that must see the whole bank is shown all of it again."""
    numbers = _numbers(plan, reference, subject)
    customers = None if needs_whole_bank(plan) else _customers_of(plan, reference, numbers)
    parts = local.partitions(data, [plan], reference, settings, customers)
    pieces = [piece for part in parts if (piece := scenario.piece_of(plan, part)) is not None]
    return list(nearest_measured(plan, pieces, _bank_after(data, reference, before), numbers))


def _moved(
    data: Dataset, plan: Plan, reference: Reference, subject: str, settings: Settings, before: Findings
) -> list[dict[str, Any]]:
    """What of the money's ways an account stands nearest to a hit; all payments are followed again."""
    parts = local.partitions(data, [plan], reference, settings)
    pieces = [detach(picked, picking_too=True) for part in parts if (picked := select(plan, part)).size]
    bank = _bank_after(data, reference, before)
    return list(nearest_move(plan, pieces, bank, _numbers(plan, reference, subject).tolist()))


def _bank_after(data: Dataset, reference: Reference, before: Findings) -> AfterSweep:
    until = data.told_until(before.as_of)
    return AfterSweep(reference, before.features.table, data.tables, before.as_of, before.as_of, until)


def _missed(rows: Sequence[dict[str, Any]]) -> float:
    return sum(1.0 if row["distance"] is None else float(row["distance"]) for row in rows if not row["holds"])


def _ids(plan: Plan, reference: Reference) -> pa.Array[Any]:
    """The ids of what the plan is about, by number; an outside counterparty may be an account in this data."""
    if plan.subject == "customer":
        return whole(reference.customer_ids["customer_id"])
    return whole(reference.account_ids["account_id"])


def _numbers(plan: Plan, reference: Reference, subject: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.flatnonzero(np.array(pc.equal(_ids(plan, reference), pa.scalar(subject)))).astype(np.int64)


def _unknown(kinds: Sequence[str], ids: pa.Array[Any], subject: str) -> SettingsError:
    half = max(len(subject) // 2, 1)
    alike = pc.or_(pc.starts_with(ids, subject[:half]), pc.ends_with(ids, subject[-half:]))
    near = did_you_mean(subject, [str(one) for one in ids.filter(alike)[:10_000].to_pylist()]).partition(" Allowed:")
    fix = near[0] if near[0].startswith("Did") else f"The data has {len(ids)} of them."
    return SettingsError(f"There is no {' or '.join(kinds)} '{subject}' in this data.", fix=fix)


def _frame_of(data: Dataset, plan: Plan, reference: Reference, subject: str, settings: Settings) -> Frame | None:
    """Every row of the subject that the plan looks at; None if there is none."""
    customers = _customers_of(plan, reference, _numbers(plan, reference, subject))
    picked = []
    for part in local.partitions(data, [plan], reference, settings, customers):
        selection = _only(select(plan, part), reference, subject)
        if selection.size:
            picked.append(detach(selection, picking_too=True))
    return arrange(join(picked), prune=False) if picked else None


def _customers_of(plan: Plan, reference: Reference, numbers: np.ndarray[Any, np.dtype[np.int64]]) -> list[int] | None:
    """The customers whose rows are read; None for all."""
    if plan.subject == "account":
        return [one for number in numbers.tolist() for one in reference.owners(number)]
    return numbers.tolist() if plan.subject == "customer" else None


def _only(selection: Selection, reference: Reference, subject: str) -> Selection:
    plan = selection.plan
    numbers = _numbers(plan, reference, subject)
    if plan.subject in {"account", "customer"}:
        keep = np.isin(selection.column(plan.subject).array, numbers)
    else:
        values = selection.column(SUBJECT_COLUMNS[plan.subject])
        names = [subject]
        if plan.subject == "counterparty":
            names += [str(key) for key in reference.account_keys().take(pa.array(numbers)).to_pylist()]
        keep = np.isin(values.array, [values.code_of(name) for name in names])
    return selection.narrowed(np.flatnonzero(keep))
