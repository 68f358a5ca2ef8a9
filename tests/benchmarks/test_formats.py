"""The script that judges how bank formats are read tells right from wrong, and takes nobody's word for too much."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from benchmarks.bank_formats import main
from benchmarks.formats_read import Outcome
from benchmarks.formats_truth import Truth, expected_truth, own_truth
from benchmarks.formats_verdict import judge

STATEMENT = (
    "OFXHEADER:100\n<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>A-1</BANKACCTFROM><BANKTRANLIST>"
    "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>-10.00<FITID>T1</STMTTRN></BANKTRANLIST></STMTRS></OFX>"
)


def read(*amounts: str, **more: object) -> Outcome:
    """An outcome with these entries."""
    known = [Decimal(each) for each in amounts]
    return Outcome("read", "csv", amounts=known, balances=[("A", each, None) for each in known], **more)


def truth(*amounts: str, **more: object) -> Truth:
    """What somebody says there is."""
    known = tuple(Decimal(each) for each in amounts)
    return Truth("a test", len(known), sum(known, Decimal(0)), known, **more)


@pytest.mark.parametrize(
    ("outcome", "truths", "word"),
    [
        (read("1", "-2"), [truth("-2", "1")], "read right"),
        (read("1", "-2"), [truth("-2", "1", "3")], "read wrong"),
        (read("1", "2"), [truth("1", "-2")], "read wrong"),
        (read("1", "2"), [truth("1", "2", absolute=True)], "read right"),
        (read("1", "2"), [], "no truth to compare"),
        (read("1", quarantined=1), [truth("1", "2")], "read right"),
        (read("3", quarantined=1), [truth("1", "2")], "read wrong"),
        (read("1", statements=(1, 1, 0)), [truth("1", "2")], "read right"),
        (read("1", statements=(1, 0, 1)), [truth("1", "2")], "read wrong"),
        (read("5", "-5"), [truth("5", absolute=True, legs=True)], "read right"),
        (read("5", "-5", "5"), [truth("5", absolute=True, legs=True)], "read wrong"),
        (Outcome("refused", said="why"), [truth("1")], "refused clearly"),
        (Outcome("crashed", said="KeyError"), [], "crashed"),
    ],
)
def test_the_verdict_follows_from_what_was_read_and_what_is_told(outcome, truths, word):
    """Balances of the statement itself bear more than what others counted."""
    assert judge("a.csv", outcome, truths).word == word


def test_a_running_balance_bears_entries_out_in_either_order():
    """Exports run forward or backward."""
    rows = [("A", Decimal(each), Decimal(balance)) for each, balance in (("1", "11"), ("2", "13"), ("-3", "10"))]
    for balances in (rows, rows[::-1]):
        outcome = Outcome("read", "csv", amounts=[each[1] for each in balances], balances=balances)
        assert judge("a.csv", outcome, []).word == "read right"
    broken = Outcome("read", "csv", balances=[rows[0], ("A", Decimal(5), Decimal(13))])
    assert judge("a.csv", broken, []).word == "no truth to compare"


@pytest.mark.parametrize(
    ("end", "said", "amounts"),
    [
        (
            "x.extract",
            '2026-01-05 * "a"\n  Assets:Bank  -10.00 USD\n\n2026-01-06 * "b"\n  Assets:Bank 3 USD\n',
            [-10, 3],
        ),
        ("x.qif", "!Account\nNA\n^\n!Type:Bank\nD01/05/2026\nT-1,000.00\n^\n", [-1000]),
        ("x.ofx", "<STMTTRN><TRNAMT>-10.00</STMTTRN>", [-10]),
        ("x.expected.json", '{"n_rows": 2, "amounts": [1, 2.5]}', [1, Decimal("2.5")]),
        ("x.pydata", "(None, 'A', [{'transactions': [{'amount': 2.5}]}])", [Decimal("2.5")]),
        ("x.ledger", "2026-01-05 a\n\tAssets:Bank:Checking\t-$1,100.00\n", [-1100]),
    ],
)
def test_each_kind_of_expected_file_is_understood(tmp_path, end, said, amounts):
    """Upstream projects write what they expect in their own ways."""
    (tmp_path / "_expected").mkdir()
    (tmp_path / "_expected" / f"a.csv@@{end}").write_text(said, encoding="utf-8")
    (found,) = expected_truth(tmp_path / "a.csv")
    assert found.amounts == tuple(amounts)


def test_the_payments_of_a_message_are_counted_in_its_own_text(tmp_path):
    """Without the product's readers."""
    one = "<CdtTrfTxInf><Amt><InstdAmt Ccy='EUR'>{}</InstdAmt></Amt></CdtTrfTxInf>"
    (found,) = own_truth(tmp_path / "a.xml", one.format("1.50") + one.format("2"))
    assert found.amounts == (Decimal("1.50"), Decimal(2))


def test_the_script_reads_a_folder_and_sums_up(tmp_path, capsys):
    """One line for each file, a table, and an exit code that tells whether anything was read wrong."""
    (tmp_path / "ofx").mkdir()
    (tmp_path / "ofx" / "a.ofx").write_text(STATEMENT, encoding="ascii")
    (tmp_path / "ofx" / "broken.ofx").write_text(STATEMENT[:-30], encoding="ascii")
    counts = {"ofx/a.ofx": {"by": "hand", "n_tx": 1, "sum": "-10.00"}}
    (tmp_path / "derived_counts.json").write_text(json.dumps(counts), encoding="ascii")
    assert main([str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "ofx/a.ofx | ofx | read right | 1 entries, sum -10" in shown
    assert "| ofx | 2 | 1 | 1 | 1 | 100.0 % |" in shown
    counts["ofx/a.ofx"]["sum"] = "-11.00"
    (tmp_path / "derived_counts.json").write_text(json.dumps(counts), encoding="ascii")
    assert main([str(tmp_path), "--only", "a.ofx"]) == 1
