"""One sheet of the workbook."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

__all__ = ["Sheet"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, what stands above the table, the table, and the file that holds all rows if this cannot.

    The first ``frozen`` columns stay in sight; ``filtered`` tables have filters in their header.
    """

    name: str
    note: str
    table: pa.Table
    rest_in: str = ""
    frozen: int = 0
    filtered: bool = True
