"""The benchmark works, measures what it says, and holds both sides to the same question; never how fast."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks.books import folder_of, make
from benchmarks.cases import CONFORMED, LARGE, MORE_CARDS, ONE_CARD, TEXT, Case, Limits, cases_of
from benchmarks.child import Cost, python, run
from benchmarks.floor import COLUMNS, floor
from benchmarks.further_cards import FURTHER, write_cards
from benchmarks.report import Figures, page
from benchmarks.stages import STAGES, stages

from amlscreen.features.asked import EVERY_RUN
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.rules.ruleset import RuleSet
from amlscreen.shapes.plan import ALWAYS, plans_of, stored_columns
from benchmarks import bench

_MADE_OF = {
    "amount_original": {"amount"},
    "counterparty": {"counterparty_institution", "counterparty_account"},
    "counterparty_kind": {"counterparty_account"},
    "hour": {"at"},
    "local_day": {"at"},
    "time_precision": {"at"},
    "netted": set[str](),
    "row_id": set[str](),
}
"""Stored columns that are made while reading, and the columns of a book they are made of."""


def test_the_whole_benchmark_runs_and_both_sides_find_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every case runs in a process of its own; the table and the page hold them; pandas agrees with the cards."""
    written = tmp_path / "performance.md"
    bench.main(
        ["--rows", "20000", "--runs", "1", "--bench", str(tmp_path / "bench"), "--page", str(written), "--machine", "M"]
    )
    shown, text = capsys.readouterr().out, written.read_text(encoding="utf-8")
    for what in ("floor", "screen", "pandas", MORE_CARDS, "hub", "even", CONFORMED, "mt940", "camt053"):
        assert what in shown and what in text
    assert "pandas and the cards find the same accounts and customers at 20,000 rows" in text
    assert "HT-A08 34" in text
    assert "seconds by stage: start" in text


def test_the_floor_reads_what_the_shipped_cards_read() -> None:
    """A card that needs a further column raises the floor too."""
    rules, country = RuleSet.load().select(status=("stable", "test")), Jurisdiction.load("laos")
    stored = {*ALWAYS, *EVERY_RUN.stored(())}.union(
        *(stored_columns(plan) for card in rules for plan in plans_of(card, country))
    )
    read = {"transaction_id", "account_id"}.union(*(_MADE_OF.get(name, {name}) for name in stored))
    # A book has neither marks of recalled payments nor names of counterparties nor balances.
    assert read - {"is_recalled", "counterparty_name", "balance_after"} == set(COLUMNS)


def test_the_floor_sorts_every_row_of_both_forms(tmp_path: Path) -> None:
    """As many rows come out as the book has."""
    for form in ("parquet", "csv"):
        file = make(tmp_path, 2_000, form) / f"transactions.{form}"
        assert floor(file, memory="500MB", threads=1) == 2_000


def test_a_book_is_made_once(tmp_path: Path) -> None:
    """The second time the files are left as they are."""
    made = {path: path.stat().st_mtime_ns for path in make(tmp_path, 2_000, "hub").iterdir()}
    assert make(tmp_path, 2_000, "hub") == folder_of(tmp_path, 2_000, "hub")
    assert made == {path: path.stat().st_mtime_ns for path in folder_of(tmp_path, 2_000, "hub").iterdir()}


def test_a_child_is_counted_with_the_processes_it_starts() -> None:
    """Memory that only a grandchild takes is seen, and standard error comes with its times."""
    take = "import sys; held = b'x' * 200_000_000; print('taken', file=sys.stderr)"
    cost = run(python("-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {take!r}], check=True)"))
    assert cost.peak > 200_000_000
    assert [line for _, line in cost.log] == ["taken"]
    assert 0 < cost.log[0][0] < cost.wall


def test_a_child_that_fails_is_told_with_what_it_said() -> None:
    """A case that cannot run is no figure."""
    with pytest.raises(RuntimeError, match="left with 3:\nno such book"):
        run([sys.executable, "-c", "import sys; print('no such book', file=sys.stderr); sys.exit(3)"])


def test_stages_add_up_to_the_whole_run() -> None:
    """No second is lost between two stages; lines that are no progress are passed over."""
    told = ["reading", "conforming", "sorting", "sweeping rules", "judging hits", "writing results"]
    log = [(float(at), f'{{"event": "progress", "stage": "{stage}"}}') for at, stage in enumerate(told, 1)]
    split = stages(Cost(10.0, 1.0, 1, "", ((0.5, "a warning"), *log)))
    assert split == dict(zip(STAGES, [1.0, 2.0, 2.0, 1.0, 4.0], strict=True))


def test_pandas_is_left_out_where_it_would_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going by the size before; the sentence says how much it would take."""
    monkeypatch.setattr(bench, "available", lambda: 5 * 10**9)
    small, large = (
        Case(rows, "parquet", "pandas", lambda: Cost(1.0, 1.0, 10**9, "", ())) for rows in (1_000_000, LARGE)
    )
    left_out: list[str] = []
    costs = bench._measure([small, large], {1_000_000: 1, LARGE: 1}, left_out)
    assert list(costs) == [small]
    assert left_out == ["pandas was not run on 10,000,000 rows: it would need about 10 GB, 5 GB were free."]


def test_ratios_are_to_the_floor_on_the_same_input(tmp_path: Path) -> None:
    """CSV is held against CSV, all else against Parquet; the middle of the runs counts."""
    cases = cases_of(tmp_path, 1_000, Limits("1GB", 2), effects=True)
    seconds = {("parquet", "floor"): 2.0, ("csv", "floor"): 5.0}
    costs = {
        case: [Cost(seconds.get((case.book, case.what), 10.0) * k, 1.0, 10**9, "50 2.0 100.0", ()) for k in (1, 9, 1)]
        for case in cases
    }
    figures = Figures(costs, {}, (), "M", "L")
    rows = [line.split(" | ") for line in page(figures).splitlines() if line.startswith("| 1,000")]
    assert {(row[1], row[2]): row[7] for row in rows} == {
        ("parquet", "floor"): "1.0",
        ("parquet", "screen"): "5.0",
        ("csv", "floor"): "1.0",
        ("csv", "screen"): "2.0",
        ("csv", TEXT): "2.0",
        ("csv", CONFORMED): "1.0",
        ("parquet", ONE_CARD): "5.0",
        ("parquet", MORE_CARDS): "5.0",
        ("parquet", "pandas"): "5.0",
        ("even", "screen"): "5.0",
        ("hub", "screen"): "5.0",
    }
    assert rows[-1] == "| 1,000 | hub | screen | 3 | 10.0 | 1.0 | 100 | 5.0 | 1.0 | 1.00 |".split(" | ")


def test_further_cards_are_cards_of_their_own(tmp_path: Path) -> None:
    """Each further one has an id and a window that no other has."""
    rules = RuleSet.load(write_cards(tmp_path / "cards", further=FURTHER))
    assert len(rules) == 1 + FURTHER
    windows = {rules.get(f"BM-A{number:02d}").detect.within for number in range(1, FURTHER + 1)}  # type: ignore[union-attr]  # windows
    assert len(windows) == FURTHER
