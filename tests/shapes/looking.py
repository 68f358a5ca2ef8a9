"""Short ways to look at small data with small cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from amlscreen.finding import Findings, find
from amlscreen.hits import Hit
from amlscreen.intake.dataset import Dataset
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from shapes.test_oracle import card

__all__ = ["lines", "look", "rule", "transaction_ids"]

_SHORT = {"account": "account_id", "conductor": "conductor_id"}


def rule(rule_id: str = "HT-T01", *, detect: dict[str, Any], **others: Any) -> Card:
    """A card that says nothing but ``detect`` and what else is given."""
    made = card(**detect)
    return Card.model_validate({**made.model_dump(by_alias=True, exclude_unset=True), "id": rule_id, **others})


def lines(table: str, **defaults: Any) -> list[dict[str, Any]]:
    """Rows from a table whose first line names the columns; ``day`` is of March 2026, ``-`` is unknown."""
    head, *body = (line.split() for line in table.strip().splitlines())
    rows = []
    for number, cells in enumerate(body):
        row = {"transaction_id": f"T{number:03d}", "account_id": "A1", "direction": "credit", "amount": 100, **defaults}
        for name, cell in zip(head, cells, strict=True):
            if name == "day":
                day, _, clock = cell.partition("@")
                row["at"] = f"2026-03-{int(day):02d}" + (f"T{clock}:00" if clock else "")
            else:
                row[_SHORT.get(name, name)] = None if cell == "-" else cell
        rows.append(row)
    return rows


def look(
    *cards: Card, jurisdiction: str | Jurisdiction = "laos", settings: Settings | None = None, **tables: Any
) -> Findings:
    """What the cards find in these tables."""
    settings = settings or Settings(threads=1)
    with Dataset.from_tables(jurisdiction, settings, **tables) as data:
        return find(data, RuleSet.of(*cards), settings=settings)


def transaction_ids(data: Dataset, hits: Sequence[Hit]) -> list[list[str]]:
    """The transactions that each hit points at, in its order."""
    every = np.unique(np.concatenate([np.empty(0, np.int64), *(hit.row_ids for hit in hits)]))
    if not every.size:
        return [[] for _ in hits]
    names = dict(zip(every.tolist(), data.rows(every)["transaction_id"].to_pylist(), strict=True))
    return [[names[row] for row in hit.row_ids.tolist()] for hit in hits]
