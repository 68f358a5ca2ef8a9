"""What KYC health takes from a partition: how accounts were used, and cash that may have to be reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from amlscreen.jurisdiction import Jurisdiction
from amlscreen.kyc.cash_reports import Candidates, candidates_of, joined
from amlscreen.kyc.use import Use, listed_places, use_of, used
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference

__all__ = ["Looked", "look", "looked", "stored_columns"]

_NEEDED = ("row_id", "local_day", "amount", "direction", "kind", "netted", "channel", "purpose")


@dataclass(frozen=True, slots=True)
class Looked:
    """Of one partition, or of all."""

    use: Use
    cash: Candidates


def stored_columns(jurisdiction: Jurisdiction, last_day: int, provided: Collection[str]) -> tuple[str, ...]:
    """The stored columns a partition must carry; the country only where there are listed ones to look for."""
    wanted = listed_places(jurisdiction, last_day) and "transactions.country" in provided
    return (*_NEEDED, "country") if wanted else _NEEDED


def look(part: Partition, columns: Collection[str]) -> Looked:
    """A pure function of the partition's rows; ``columns`` are the stored ones it carries."""
    facts = part.reference
    listed = listed_places(facts.jurisdiction, facts.last_day) if "country" in columns else ()
    return Looked(use_of(part, listed), candidates_of(part))


def looked(parts: Sequence[Looked], reference: Reference) -> Looked:
    """What the partitions gave, together."""
    return Looked(used([part.use for part in parts], reference), joined([part.cash for part in parts]))
