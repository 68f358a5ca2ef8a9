"""What leaves a run: alerts, their contributions and evidence, and the people who are protected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from amlscreen.hits import Hit, Member, SubjectRef
from amlscreen.settings import Band

__all__ = ["Alert", "Change", "Contribution", "Evidence", "Protected", "Story"]

Change = Literal["new", "grown", "unchanged", "reopened"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One signed row of a score. Caps, overlaps and counter-evidence are rows too."""

    kind: Literal["rule", "repeat", "overlap", "cap", "counter", "typology", "feature"]
    rule_id: str
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row a person must see. ``part`` is the row set it stands in; ``decides`` or ``context``."""

    rule_id: str
    episode: int
    row_id: int
    part: str
    weight: Literal["decides", "context"]


@dataclass(frozen=True, slots=True)
class Protected:
    """A possible victim: never the subject, never in ``alerts.*``.

    ``urgency`` is an order of its own: the higher, the sooner to be looked at. ``alert_id`` is empty where no alert is
    connected.
    """

    alert_id: str
    customer_id: str
    role: str
    urgency: int
    reason: str
    institution: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A typology the alert looks like, in words: its parts that were seen, that were looked for and not seen, and that
    this data could not show.
    """

    typology: str
    title: str
    seen: tuple[str, ...]
    missing: tuple[str, ...]
    blind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """The hits on one subject or group that pass the alerting policy, scored.

    ``score == sum(c.points for c in contributions)``, always. ``typologies`` are those of ``stories``, best fitting
    first, then the methods of the rules; ``members`` are those of a group with their parts and roles.
    """

    alert_id: str
    revision: int
    change: Change
    rank: int
    score: int
    band: Band
    confidence: float
    subject: SubjectRef
    customer_ids: tuple[str, ...]
    account_ids: tuple[str, ...]
    role: str
    typologies: tuple[str, ...]
    rule_ids: tuple[str, ...]
    first_day: int
    last_day: int
    transactions: int
    amount: int
    currency: str
    summary: str
    clause: str
    contributions: tuple[Contribution, ...]
    hits: tuple[Hit, ...]
    would_differ: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    stories: tuple[Story, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The rows of its hits, hit after hit; made anew each time, since a group can have tens of thousands."""
        return tuple(row for hit in self.hits for row in _rows_of(hit))


def _rows_of(hit: Hit) -> Iterator[Evidence]:
    row_ids = hit.row_ids.tolist()
    decides = hit.decides.tolist() or [True] * len(row_ids)
    parts = hit.parts or ("",) * len(row_ids)
    for row_id, part, deciding in zip(row_ids, parts, decides, strict=True):
        yield Evidence(hit.rule_id, hit.episode, row_id, part, "decides" if deciding else "context")
