"""What is done with every partition: one pure function from rows to what they give, the same wherever it runs.

A program and what it gives can be pickled, so that a partition may be worked on in another process or machine, and
what it gave can be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from amlscreen.features.asked import Asked
from amlscreen.features.gathering import Pieces, pieces_of
from amlscreen.kyc.look import Looked, look
from amlscreen.kyc.look import stored_columns as kyc_columns
from amlscreen.ledger.columns import DERIVED
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference
from amlscreen.shapes.plan import ALWAYS, Plan, stored_columns
from amlscreen.shapes.sweep import Swept, sweep

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["Program", "Worked", "program_of"]


@dataclass(frozen=True, slots=True)
class Worked:
    """What one partition gave: hits and picked rows, features, what KYC health takes from it; and its rows."""

    swept: Swept
    features: Pieces
    kyc: Looked
    rows: int


@dataclass(frozen=True)
class Program:
    """Plans and features to work out, with the facts they read.

    ``stored`` are the columns of ``transactions`` that a partition must carry besides customer_no, account_no and
    holder_no; ``kyc`` those of them that KYC health reads; ``provided`` what the data give at all.
    """

    reference: Reference
    plans: tuple[Plan, ...]
    asked: Asked
    provided: frozenset[str]
    stored: tuple[str, ...]
    kyc: tuple[str, ...]
    alert_from: int

    def work(self, rows: pa.RecordBatch) -> Worked:
        """What the rows of whole customers come to, sorted as :func:`~amlscreen.intake.stream.sorted_batches` does."""
        part = Partition(rows, self.reference, DERIVED)
        swept = sweep(part, tuple(enumerate(self.plans)), self.alert_from)
        worked = Worked(swept, pieces_of(part, self.asked, self.provided), look(part, self.kyc), part.size)
        part.let_go()
        return worked


def program_of(data: Dataset, plans: Sequence[Plan], reference: Reference, asked: Asked, *, alert_from: int) -> Program:
    """The program of one run over a dataset."""
    kyc = kyc_columns(data.jurisdiction, reference.last_day, data.provided)
    stored = {*ALWAYS, *asked.stored(data.provided), *kyc}.union(*(stored_columns(plan) for plan in plans))
    return Program(
        reference, tuple(plans), asked, frozenset(data.provided), tuple(sorted(stored)), tuple(kyc), alert_from
    )
