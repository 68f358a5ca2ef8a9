"""Shape ``cluster``: customers tied together by the values they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from amlscreen.hits import Hit
from amlscreen.rules.card import Card
from amlscreen.shapes.settled import Settled

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["cluster_hits"]


def cluster_hits(card: Card, data: Dataset, features: pa.Table, hits: Sequence[Hit], as_of: int) -> Settled:
    """One hit for each connected group that meets the card; ``hits`` are those of the other rules."""
    raise NotImplementedError
