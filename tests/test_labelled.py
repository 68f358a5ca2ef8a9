"""Labelled simulations of others: the shipped mappings read their files; what is found is told by pattern."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.intake.dataset import Dataset
from benchmarks import labelled


def _write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def amlsim(tmp_path: Path) -> Path:
    """Thirty payers send to one account of an AMLSim world, whose label says fan_in; cash stands beside."""
    folder = tmp_path / "world"
    folder.mkdir()
    paid = [f"{one},{one},99,TRANSFER,900.00,2025-01-{one % 20 + 1:02d}T00:00:00Z,True,1" for one in range(1, 31)]
    _write(
        folder / "transactions.csv",
        "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id",
        *paid,
    )
    _write(
        folder / "cash_tx.csv",
        "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id",
        "500,99,-,CASH-IN,70.55,2025-01-01T00:00:00Z,False,-1",
        "501,-,99,CASH-OUT,13.16,2025-01-02T00:00:00Z,False,-1",
    )
    _write(folder / "alert_accounts.csv", "alert_id,alert_type,acct_id", "1,fan_in,99", "1,fan_in,7")
    return folder


def test_a_transfer_is_booked_on_both_sides_and_cash_on_one(amlsim: Path) -> None:
    """Thirty transfers make sixty bookings, one cash deposit and one withdrawal two."""
    with Dataset.read(amlsim, "amlsim", "generic") as data:
        assert data.rows_accepted == 62


def test_a_graph_is_read_with_counted_days(tmp_path: Path) -> None:
    """Source, target, value and step: two bookings on the day of the step."""
    _write(tmp_path / "transactions.csv", "sourceNodeId,targetNodeId,value,time", "1,2,10.5,0", "2,3,10.4,31")
    with Dataset.read(tmp_path, "amlsim_graph", "generic") as data:
        days = data.connection.execute("SELECT DISTINCT local_day FROM transactions ORDER BY 1").fetchall()
        assert [day for (day,) in days] == [19_723, 19_754]  # 1 January and 1 February 2024
        assert data.rows_accepted == 4


def test_two_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """In AMLworld both account columns are called Account; each leg stands at its own bank."""
    header = "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,"
    row = "2022/09/01 00:20,010,AA1,020,BB2,5.00,US Dollar,5.00,US Dollar,Wire,1"
    _write(tmp_path / "X_Trans.csv", f"{header}Payment Currency,Payment Format,Is Laundering", row)
    with Dataset.read(tmp_path, "amlworld", "generic") as data:
        found = data.connection.execute(
            "SELECT institution, account_id, direction FROM transactions ORDER BY 1"
        ).fetchall()
        assert found == [("010", "AA1", "debit"), ("020", "BB2", "credit")]


def test_what_is_found_is_told_by_pattern(amlsim: Path) -> None:
    """The fan-in has a member with a hit; the base rate stands beside those ranked first."""
    known = next(one for one in labelled.SETS if one.mapping == "amlsim")
    lines = list(labelled.report(known, amlsim, 0.02))
    assert any(line.split()[:3] == ["fan_in", "1", "100%"] for line in lines)
    assert any("base rate" in line for line in lines)


def test_a_folder_without_a_known_set_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is reported as found where nothing was read."""
    monkeypatch.setattr("sys.argv", ["labelled", str(tmp_path)])
    assert labelled.main() == 1
    assert "No set is known" in capsys.readouterr().out
