"""Large tables lie in files that are read where they lie."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from amlscreen.intake import set_aside
from amlscreen.intake.set_aside import on_disk

ROWS = pa.table({"id": [f"C{number}" for number in range(5_000)], "at": pa.array(range(5_000), pa.int32())})
WIDE = pa.schema([("id", pa.string()), ("at", pa.int64())])


def _batches() -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(ROWS.schema, ROWS.to_batches(max_chunksize=700))


@pytest.mark.parametrize("fewest", [1, 20_000, 1 << 40])
def test_a_table_is_the_same_wherever_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fewest: int) -> None:
    """From the first rows on, from some, or never in a file; nothing is left in the folder."""
    monkeypatch.setattr(set_aside, "FEWEST_BYTES", fewest)
    table = on_disk(_batches(), WIDE, tmp_path)
    assert table.equals(ROWS.cast(WIDE)) and list(tmp_path.iterdir()) == []
    assert on_disk(_batches(), WIDE, None).equals(table)


def test_an_empty_table_has_its_columns(tmp_path: Path) -> None:
    """No batch at all."""
    empty = pa.RecordBatchReader.from_batches(ROWS.schema, [])
    assert on_disk(empty, WIDE, tmp_path).schema == WIDE
