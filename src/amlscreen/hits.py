"""What a sweep finds: hits and their rows. A hit is not an alert.

Numbers are integers: counts as they are, money in minor units of the home currency, ``ratio`` in millionths,
``time`` in microseconds, ``days`` in days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Hit", "Member", "Outcome", "SubjectRef"]


@dataclass(frozen=True, slots=True, order=True)
class SubjectRef:
    """What a hit is about."""

    institution: str
    kind: Literal["account", "customer", "conductor", "counterparty", "terminal", "group"]
    id: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of a group, and its part in the picture: origin, through, end, collector, spoke, sender, receiver, member."""

    kind: Literal["customer", "account", "counterparty"]
    id: str
    customer_ids: tuple[str, ...]
    part: str
    role: Literal["suspect", "possible_victim", "facilitator", "unclear"] = "unclear"


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule, one subject, one episode: the longest run of overlapping windows that meet the rule.

    ``measures`` are those of the peak window. ``row_ids`` point at accepted transactions, ordered by time; ``decides``
    marks those of the peak window, the others are context of the same episode; ``parts`` names each row's row set. A
    hit whose episode ended before the alerting span carries no rows: it is context only. ``victims`` are customer ids
    that go to ``protected.csv`` and are never its subject. A hit on a group lists its ``members``; its customers and
    accounts are all of theirs. ``notes`` are codes for what a search left out (``stopped_early``, ``hub_skipped``).
    """

    rule_id: str
    subject: SubjectRef
    customer_ids: tuple[str, ...]
    account_ids: tuple[str, ...]
    episode: int
    first_at: int
    last_at: int
    first_day: int
    last_day: int
    measures: Mapping[str, int | str | None]
    known: int
    total: int
    partial: bool = False
    limit: str | None = None
    victims: tuple[str, ...] = ()
    row_ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    parts: tuple[str, ...] = ()
    decides: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    members: tuple[Member, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one rule in a run; never silently "no hit"."""

    rule_id: str
    version: int
    status: Literal["ran", "not_evaluable", "failed"]
    reason: str = ""
    hits: int = 0
    subjects: int = 0
    partial_hits: int = 0
    subjects_not_evaluable: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
