"""What the sinks read of a finished run, and no more; :class:`amlscreen.result.Result` fits this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from amlscreen.alerts import Alert, Protected
from amlscreen.hits import Outcome
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.kyc.report import KycReport
from amlscreen.quality import QualityReport
from amlscreen.rules.card import Card
from amlscreen.settings import Settings

if TYPE_CHECKING:
    from amlscreen.alerting.kyc import KycFinding

__all__ = ["Judged", "Quarantined", "Reconciled", "Screened", "ScreenedData"]


class Quarantined(Protocol):
    """The rows that were not accepted: file, line, record, table, column, reason, value, message."""

    @property
    def table(self) -> pa.Table: ...


class Reconciled(Protocol):
    """How what was read ties to what became of it; ``ties`` raises where it does not."""

    @property
    def rows_read(self) -> int: ...
    @property
    def rows_accepted(self) -> int: ...
    @property
    def rows_quarantined(self) -> int: ...
    @property
    def rows_duplicate(self) -> int: ...
    @property
    def rows_excluded(self) -> int: ...
    def ties(self) -> None: ...
    def to_dict(self) -> dict[str, Any]: ...


class ScreenedData(Protocol):
    """What the sinks read of a :class:`~amlscreen.intake.dataset.Dataset`."""

    @property
    def institutions(self) -> tuple[str, ...]: ...
    @property
    def tables(self) -> Mapping[str, pa.Table]: ...
    @property
    def rows_accepted(self) -> int: ...
    @property
    def first_day(self) -> int: ...
    @property
    def last_complete_day(self) -> int: ...
    @property
    def quarantine(self) -> Quarantined: ...
    @property
    def reconciliation(self) -> Reconciled: ...
    @property
    def warnings(self) -> Sequence[str]: ...


class Judged(Protocol):
    """What the sinks read of a verdict: its figures, whom to hide, and earlier alerts that fell silent."""

    @property
    def counts(self) -> Mapping[str, int]: ...
    @property
    def masked(self) -> Set[tuple[str, str]]: ...
    @property
    def history(self) -> pa.Table: ...


class Screened(Protocol):
    """A finished run.

    ``alert_list`` is in ranked order; ``evidence_table`` holds one row per alert, rule, episode and transaction;
    ``fingerprint`` is that of the rule set; ``times`` holds everything that differs between two equal runs.
    """

    @property
    def alert_list(self) -> Sequence[Alert]: ...
    @property
    def ranked_table(self) -> pa.Table: ...
    @property
    def points_table(self) -> pa.Table: ...
    @property
    def feature_tables(self) -> tuple[pa.Table, pa.Table]: ...
    @property
    def protected_list(self) -> Sequence[Protected]: ...
    @property
    def kyc_list(self) -> Sequence[KycFinding]: ...
    @property
    def kyc_report(self) -> KycReport: ...
    @property
    def quality(self) -> QualityReport: ...
    @property
    def evidence_table(self) -> pa.Table: ...
    @property
    def verdict(self) -> Judged: ...
    @property
    def outcomes(self) -> Sequence[Outcome]: ...
    @property
    def cards(self) -> Mapping[str, Card]: ...
    @property
    def data(self) -> ScreenedData: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def jurisdiction(self) -> Jurisdiction: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def times(self) -> Mapping[str, Any]: ...
