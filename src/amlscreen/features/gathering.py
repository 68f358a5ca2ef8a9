"""Features gathered from the sweep: what each partition gave, put together for the whole bank."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.feature_catalogue import Feature, function_of
from amlscreen.features import payments
from amlscreen.features.asked import Asked, at_stage, lacking
from amlscreen.features.by_flow import LONGEST
from amlscreen.features.flow import Flow
from amlscreen.features.laying import flow_of
from amlscreen.features.made import STORED_AS, SUBJECTS, Columns, Features, Subject
from amlscreen.features.rows import Rows
from amlscreen.features.whole import Whole
from amlscreen.ledger.partition import Partition, Values
from amlscreen.ledger.reference import Reference

__all__ = ["NOBODY", "Gathering", "Gatherings", "Piece", "Pieces", "piece_of", "pieces_of"]


NOBODY = "nobody has what it is worked out from"
"""Why a feature is unknown that the columns would allow."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Features of stage "rows" of one partition's subjects, by their numbers."""

    numbers: NDArray[np.int64]
    made: Mapping[str, Values]


@dataclass(frozen=True, slots=True)
class Pieces:
    """What one partition gave: features of its customers and accounts, and legs of payments where asked for."""

    subjects: tuple[Piece | None, ...]
    payments: payments.Piece | None


def piece_of(part: Partition, subject: Subject, asked: Asked, provided: Collection[str]) -> Piece | None:
    """What one partition's rows come to; None if no feature of such subjects is asked for."""
    features = asked.of(subject)
    names = at_stage(features, "rows", provided)
    if not names:
        return None
    rows = Rows(part, subject)
    return Piece(rows.numbers, {name: _kept(features[name], function_of(name)(rows)) for name in names})


def pieces_of(part: Partition, asked: Asked, provided: Collection[str]) -> Pieces:
    """What one partition's rows come to; many may be asked at once."""
    follows = any(at_stage(asked.of(subject), "flow", provided) for subject in SUBJECTS)
    subjects = tuple(piece_of(part, subject, asked, provided) for subject in SUBJECTS)
    return Pieces(subjects, payments.piece_of(part) if follows else None)


def _kept(feature: Feature, values: Values) -> Values:
    """Copied as narrow as its unit is kept, so that the partition can be let go."""
    return Values(values.array.astype(STORED_AS[feature.unit]), values.known)


class Gathering:
    """The features of one kind of subject while partitions come in.

    ``nothing`` is the piece of a partition without rows: what is told of subjects that have none.
    """

    def __init__(
        self,
        subject: Subject,
        asked: Asked,
        reference: Reference,
        provided: Collection[str],
        nothing: Piece | None,
        folder: Path | None,
    ) -> None:
        self.subject, self.reference = subject, reference
        self.features = asked.of(subject)
        self.unknown = {name: why for name, one in self.features.items() if (why := lacking(one, provided))}
        self.provided = provided
        size = (reference.customer_ids if subject == "customer" else reference.account_ids).num_rows
        self._columns = Columns({name: one.unit for name, one in self.features.items()}, size, folder)
        for name, values in (nothing.made if nothing else {}).items():
            self._columns.put(name, values)

    def add(self, piece: Piece | None) -> None:
        """Take in what one partition gave."""
        if piece is not None:
            for name, values in piece.made.items():
                self._columns.put(name, values, piece.numbers)

    @property
    def of_flow(self) -> tuple[str, ...]:
        """The features of stage "flow" to make."""
        return at_stage(self.features, "flow", self.provided)

    def finished(self, legs: payments.Legs, threads: int) -> Features:
        """Every feature of every subject; those of the last stage are made here, in the order of the catalogue."""
        columns = self._columns
        if self.of_flow:
            self._by_flow(flow_of(legs, self.subject, threads=threads), threads)
        later = at_stage(self.features, "table", self.provided)
        made = {name: columns.of(name) for name in self.features if name not in later}
        whole = Whole(self.subject, self.reference, made)
        for name in later:
            columns.put(name, function_of(name)(whole))
            made[name] = columns.of(name)
        nobody = (name for name, one in made.items() if whole.size and one.known is not None and not one.known.any())
        return Features.of(self.subject, self.reference, made, {**dict.fromkeys(nobody, NOBODY), **self.unknown})

    def _by_flow(self, flow: Flow, threads: int) -> None:
        """Features of stage "flow", several at a time."""

        def make(name: str) -> None:
            self._columns.put(name, function_of(name)(flow))

        names = sorted(self.of_flow, key=lambda name: name not in LONGEST)
        with ThreadPoolExecutor(threads, thread_name_prefix="flow") as pool:
            deque(pool.map(make, names), maxlen=0)


class Gatherings:
    """The features of customers and of accounts; ``empty`` is a partition without rows.

    What is large lies in files of ``folder`` while it is worked out, in memory if there is none.
    """

    def __init__(self, asked: Asked, empty: Partition, provided: Collection[str], folder: Path | None = None) -> None:
        nothing = [piece_of(empty, subject, asked, provided) for subject in SUBJECTS]
        self._both = tuple(
            Gathering(subject, asked, empty.reference, provided, piece, folder)
            for subject, piece in zip(SUBJECTS, nothing, strict=True)
        )
        self._legs = payments.Legs(empty.reference, folder)

    def add(self, pieces: Pieces) -> None:
        """Take in what one partition gave."""
        for gathering, piece in zip(self._both, pieces.subjects, strict=True):
            gathering.add(piece)
        if pieces.payments is not None:
            self._legs.add(pieces.payments)

    def unfinished(self) -> tuple[Features, Features]:
        """Of customers and of accounts, while nothing is known."""
        customers, accounts = (Features(subject, pa.table({})) for subject in SUBJECTS)
        return customers, accounts

    def finished(self, threads: int = 1) -> tuple[Features, Features]:
        """Of customers and of accounts."""
        customers, accounts = (one.finished(self._legs, threads) for one in self._both)
        return customers, accounts
