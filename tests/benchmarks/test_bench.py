"""The benchmark works, measures what it says, and holds both sides to the same question; never how fast."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.books import FILES, folder_of, make
from benchmarks.cases import BY_HAND, CONFORMED, FOUR_CARDS, HUGE, LARGE, TEXT, Case, Limits, cases_of
from benchmarks.child import Cost, python, run
from benchmarks.figures import Figures
from benchmarks.floor import COLUMNS, floor
from benchmarks.further_cards import FURTHER, write_cards
from benchmarks.report import page
from benchmarks.stages import Spent, spent

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
    """Every case runs in a process of its own; the table and the page hold them; by hand the same is found."""
    written = tmp_path / "performance.md"
    bench.main(
        ["--rows", "20000", "--runs", "1", "--bench", str(tmp_path / "bench"), "--page", str(written), "--machine", "M"]
    )
    shown, text = capsys.readouterr().out, written.read_text(encoding="utf-8")
    for what in ("floor", "screen", *BY_HAND, FOUR_CARDS, "hub", "even", CONFORMED, "mt940", "camt053"):
        assert what in shown and what in text
    for by in BY_HAND:
        assert f"{by} and the cards find the same accounts and customers at 20,000 rows" in text
    assert "HT-A08 34" in text
    assert "| 20,000 | sort and sweep |" in text and "What dominates at 20,000 rows: " in text


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


def test_a_book_in_365_files_has_the_same_rows_in_the_same_order(tmp_path: Path) -> None:
    """One Parquet file after the other; the other tables are those of the book."""
    days = make(tmp_path, 2_000, "days")
    files = sorted(days.glob("*/transactions.parquet"))
    assert len(files) == FILES
    whole = pq.read_table(folder_of(tmp_path, 2_000, "parquet") / "transactions.parquet")
    assert pa.concat_tables([pq.ParquetFile(file).read() for file in files]).equals(whole)
    assert (days / "accounts.parquet").exists()


def test_a_child_is_counted_with_the_processes_it_starts() -> None:
    """Memory that only a grandchild takes is seen, and standard error comes with its times."""
    take = "import sys; held = b'x' * 200_000_000; print('taken', file=sys.stderr)"
    cost = run(python("-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {take!r}], check=True)"))
    assert cost.peak > 200_000_000
    assert [line for _, line in cost.log] == ["taken"]
    assert 0 < cost.log[0][0] < cost.wall


def test_temporary_files_of_a_child_are_counted_at_their_highest() -> None:
    """Also those that are gone when it ends."""
    code = (
        "import pathlib, tempfile, time; made = pathlib.Path(tempfile.gettempdir(), 'spilled'); "
        "made.write_bytes(b'x' * 3_000_000); time.sleep(1); made.unlink()"
    )
    assert run(python("-c", code)).disk >= 3_000_000


def test_a_child_that_fails_is_told_with_what_it_said() -> None:
    """A case that cannot run is no figure."""
    with pytest.raises(RuntimeError, match="left with 3:\nno such book"):
        run([sys.executable, "-c", "import sys; print('no such book', file=sys.stderr); sys.exit(3)"])


def profiled(wall: float, peak: int, disk: int) -> Cost:
    """A run of the product whose log ends with its profile: two stages, the second with one inside."""
    lines = [
        {"stage": "whole run", "seconds": wall - 1, "cpu_seconds": 2 * wall - 1},
        {"stage": "whole run / read and conform", "seconds": wall / 4, "cpu_seconds": wall / 2},
        {"stage": "whole run / write", "seconds": wall / 2, "cpu_seconds": wall / 2},
        {"stage": "whole run / write / page", "seconds": wall / 8, "cpu_seconds": wall / 8},
    ]
    held = {"peak_bytes": peak, "bytes_before": 50_000_000, "temporary_bytes": disk}
    told = json.dumps({"event": "profile", "stages": [{**line, **held} for line in lines]})
    return Cost(wall, 2 * wall, peak, "", ((0.5, "a warning"), (wall, told)), disk)


def test_stages_are_those_that_lie_in_no_other() -> None:
    """What comes before the profile begins is one too; the middle of the runs counts."""
    runs = [profiled(8.0, 10**9, 0), profiled(80.0, 10**9, 0), profiled(8.0, 10**9, 0)]
    assert spent(runs) == [
        Spent("start Python and load libraries", 1.0, 1.0, 0.05, 0.0),
        Spent("read and conform", 2.0, 4.0, 1.0, 0.0),
        Spent("write", 4.0, 4.0, 1.0, 0.0),
    ]


def test_what_holds_a_book_in_memory_is_left_out_where_it_would_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Going by the size before; the sentence says how much it would take. One that was left out is not tried larger."""
    monkeypatch.setattr(bench, "available", lambda: 5 * 10**9)
    cases = [
        Case(rows, "parquet", "pandas", lambda: Cost(1.0, 1.0, 10**9, "", ())) for rows in (1_000_000, LARGE, HUGE)
    ]
    left_out: list[str] = []
    costs = bench._measure(cases, 2, left_out)
    assert {case.rows: len(each) for case, each in costs.items()} == {1_000_000: 2}
    assert left_out == [
        "pandas was not run on 10,000,000 rows: it would need about 10 GB, 5 GB were free.",
        "pandas was not run on 100,000,000 rows, for it was not on 10,000,000.",
    ]


def rows_of(text: str, first: str) -> list[list[str]]:
    """The cells of each line of the page's first table about books of so many rows."""
    lines = text.partition("## Growth")[0].splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith(first)]


def test_ratios_are_to_the_floor_on_the_same_input(tmp_path: Path) -> None:
    """CSV is held against CSV, all else against Parquet; the middle of the runs counts."""
    seconds = {("parquet", "floor"): 2.0, ("csv", "floor"): 5.0}
    costs = {
        case: [profiled(seconds.get((case.book, case.what), 10.0) * k, 10**9, 2 * 10**9) for k in (1, 9, 1)]
        for case in cases_of(tmp_path, 1_000, Limits("1GB", 2))
        if case.what != "read"
    }
    rows = rows_of(page(Figures(costs, {}, (), "M", Limits("1GB", 2))), "| 1,000 |")
    assert {(row[1], row[2]): row[8] for row in rows} == {
        **{("parquet", what): "5.0" for what in ("screen", FOUR_CARDS, *BY_HAND)},
        **{(book, "screen"): "5.0" for book in ("even", "hub")},
        ("parquet", "floor"): "1.0",
        ("csv", "floor"): "1.0",
        ("csv", "screen"): "2.0",
        ("csv", TEXT): "2.0",
        ("csv", CONFORMED): "1.0",
    }
    assert rows[-1] == "1,000 | hub | screen | 3 | 10.0 | 20.0 | 100 | 50 | 5.0 | 5.0 | 1.00 | 2.00".split(" | ")


def test_the_limit_is_told_from_the_two_largest_books(tmp_path: Path) -> None:
    """A gigabyte for 9 million rows more is 111 bytes a row: of 4 GB, 2 are left for 18 million more."""
    limits = Limits("4GB", 2)
    screens = {
        next(case for case in cases_of(tmp_path, rows, limits) if case.what == "screen"): [
            profiled(seconds, peak, rows * 50)
        ]
        for rows, seconds, peak in ((1_000_000, 10.0, 10**9), (LARGE, 100.0, 2 * 10**9))
    }
    text = page(Figures(screens, {}, (), "M", limits))
    assert "111 bytes for each row more than 1,000,000; going on like that it reaches 4GB at 28 million rows." in text
    assert "50 bytes of temporary files a row, so 100 GB of free disk hold 2,000 million rows." in text
    assert "| 10,000,000 | 100.0 | 10.0 | 20.0 |  | 2.00 | 0.50 | 50 | #" in text
    assert "What dominates at 10,000,000 rows: write (50 %), read and conform (25 %)" in text


def test_the_largest_book_is_read_as_one_file_and_as_365_and_nothing_else(tmp_path: Path) -> None:
    """CSV of 100 million rows, or statements, would take more disk than they tell."""
    cases = cases_of(tmp_path, HUGE, Limits("4GB", 2))
    assert {(case.book, case.what) for case in cases} == {
        *(("parquet", what) for what in ("floor", "screen", FOUR_CARDS, *BY_HAND)),
        ("days", "screen"),
    }


def test_further_cards_are_cards_of_their_own(tmp_path: Path) -> None:
    """Each further one has an id and a window that no other has."""
    rules = RuleSet.load(write_cards(tmp_path / "cards", further=FURTHER))
    assert len(rules) == 1 + FURTHER
    windows = {rules.get(f"BM-A{number:02d}").detect.within for number in range(1, FURTHER + 1)}  # type: ignore[union-attr]  # windows
    assert len(windows) == FURTHER
