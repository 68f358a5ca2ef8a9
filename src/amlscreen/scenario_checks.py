"""What every scenario must be, ours or anybody's: the same checks for all.

A scenario is a function behind a card. Run these on data in which it finds something, and on data in which it does
not; :func:`check_scenario` gives back what is wrong, in sentences, and nothing if all is well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from amlscreen.finding import find
from amlscreen.hits import Hit
from amlscreen.intake.dataset import Dataset
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings

__all__ = ["check_scenario"]

_ORDERS = 3
_CUTS = (1, 2, 7)


def check_scenario(
    card: Card, *, jurisdiction: str | Jurisdiction = "laos", settings: Settings | None = None, **tables: Any
) -> list[str]:
    """What is wrong with the scenario behind a card, seen on these canonical tables (lists of rows).

    It gives the same hits in any order of the rows and however they are cut into partitions; it names only subjects,
    customers and transactions of the data; each hit shows what its signature says, in whole numbers or text.
    """
    base = settings or Settings(threads=1)
    first, wrong = _hits(card, jurisdiction, base, tables), list[str]()
    for seed in range(_ORDERS):
        if _hits(card, jurisdiction, base, _shuffled(tables, seed)) != first:
            wrong.append("hits depend on the order of the rows")
    for rows in _CUTS:
        cut = base.model_copy(update={"partition_rows": rows, "threads": 2})
        if _hits(card, jurisdiction, cut, tables) != first:
            wrong.append(f"hits depend on how rows are cut into partitions (about {rows} rows each)")
    return [*dict.fromkeys(wrong), *_names(card, first, tables)]


Told = list[dict[str, Any]]


def _hits(card: Card, jurisdiction: str | Jurisdiction, settings: Settings, tables: Mapping[str, Any]) -> Told:
    with Dataset.from_tables(jurisdiction, settings, **tables) as data:
        found = find(data, RuleSet.of(card), settings=settings)
        (outcome,) = found.outcomes
        if outcome.status != "ran":
            return [{"status": f"the rule is {outcome.status}: {outcome.reason}"}]
        rows = np.unique(np.concatenate([np.empty(0, np.int64), *(hit.row_ids for hit in found.hits)]))
        names = data.rows(rows)["transaction_id"].to_pylist() if rows.size else []
    known = dict(zip(rows.tolist(), names, strict=True))
    return sorted((_told(hit, known) for hit in found.hits), key=repr)


def _told(hit: Hit, names: Mapping[int, str]) -> dict[str, Any]:
    """A hit without the numbers of this run."""
    return {
        "subject": (hit.subject.institution, hit.subject.kind, hit.subject.id, hit.episode),
        "when": (hit.first_at, hit.last_at, hit.first_day, hit.last_day),
        "about": (hit.customer_ids, hit.account_ids, hit.victims),
        "measures": dict(hit.measures),
        "rows": [(names[row], part) for row, part in zip(hit.row_ids.tolist(), hit.parts, strict=True)],
    }


def _shuffled(tables: Mapping[str, Any], seed: int) -> dict[str, Any]:
    chance = np.random.default_rng(seed)
    return {name: [rows[at] for at in chance.permutation(len(rows)).tolist()] for name, rows in tables.items()}


def _names(card: Card, hits: Sequence[Mapping[str, Any]], tables: Mapping[str, Any]) -> list[str]:
    """What hits name that the data has not, or that the signature does not."""
    wrong = []
    ids = {str(value) for rows in tables.values() for row in rows for value in row.values() if value is not None}
    for hit in hits:
        if "status" in hit:
            wrong.append(str(hit["status"]))
            continue
        named = {hit["subject"][2], *(one for about in hit["about"] for one in about)}
        wrong += [f"it names '{one}', which is not in the data" for one in sorted(named - ids)]
        wrong += [
            f"it shows '{name}', not in its signature" for name in hit["measures"] if name not in card.detect.made
        ]
        wrong += [f"'{name}' is not measured" for name in card.detect.made if name not in hit["measures"]]
        kinds = {name: type(value).__name__ for name, value in hit["measures"].items()}
        wrong += [f"'{name}' is a {kind}" for name, kind in kinds.items() if kind not in {"int", "str", "NoneType"}]
    return list(dict.fromkeys(wrong))
