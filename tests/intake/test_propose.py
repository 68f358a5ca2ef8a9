"""From unknown exports to a mapping: what is guessed must read the file right, and what cannot be known is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from amlscreen.errors import DataError
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.proposing.proposal import Proposal
from amlscreen.intake.proposing.propose import propose
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

LAOS = Jurisdiction.load("laos")
Proposed = Callable[..., Proposal]


@pytest.fixture
def proposed(tmp_path: Path) -> Proposed:
    """Write files by name and propose a mapping for them."""

    def write(encoding: str = "utf-8", /, **files: str) -> Proposal:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_bytes(text.encode(encoding))
        return propose(tmp_path, Settings(), LAOS)

    return write


def booked(proposal: Proposal, folder: Path) -> list[tuple[str, str, int]]:
    """What reading the files with the proposed mapping gives: day, direction and amount in minor units."""
    with Dataset.read(folder, proposal.mapping, LAOS, Settings(most_quarantined=0.0)) as data:
        found = data.connection.execute(
            "SELECT strftime(DATE '1970-01-01' + local_day, '%Y-%m-%d'), direction::VARCHAR, amount_original "
            "FROM transactions ORDER BY row_id"
        ).fetchall()
    return [(day, direction, int(amount)) for day, direction, amount in found]


HEADERS = {
    "english": "Date;Description;Withdrawal;Deposit;Balance",
    "lao": "ວັນທີ;ລາຍລະອຽດ;ຖອນເງິນ;ຝາກເງິນ;ຍອດເງິນຄົງເຫຼືອ",
    "thai": "วันที่;รายละเอียด;ถอนเงิน;ฝากเงิน;ยอดคงเหลือ",
    "chinese": "交易日期;摘要;支出;收入;余额",
    "vietnamese": "Ngày giao dịch;Diễn giải;Ghi nợ;Ghi có;Số dư",
    "french": "Date;Libellé;Débit;Crédit;Solde",
}


@pytest.mark.parametrize("language", HEADERS)
def test_columns_are_known_by_their_names_in_six_languages(language: str, proposed: Proposed, tmp_path: Path) -> None:
    """The same statement reads the same whatever language its header is in."""
    rows = "03/02/2026;one;1.000,50;;9.000,00\n14/02/2026;two;;500,00;9.500,00\n15/02/2026;three;20,00;;9.480,00\n"
    proposal = proposed(statement=f"{HEADERS[language]}\n{rows}")
    assert booked(proposal, tmp_path) == [
        ("2026-02-03", "debit", 100050),
        ("2026-02-14", "credit", 50000),
        ("2026-02-15", "debit", 2000),
    ]
    assert {"balance_after", "narrative"} <= set(proposal.mapping.files[0].columns)


def test_a_balance_tells_what_a_sign_means(proposed: Proposed, tmp_path: Path) -> None:
    """Where the balance rises with every minus, a minus is a credit, and nobody is asked."""
    rows = "2026-01-01,a,10,90\n2026-01-02,b,-30,120\n2026-01-03,c,20,100\n"
    proposal = proposed(card=f"Date,Text,Amount,Balance\n{rows}")
    assert [direction for _, direction, _ in booked(proposal, tmp_path)] == ["debit", "credit", "debit"]
    assert "amount" not in {doubt.about for doubt in proposal.doubts}


def test_amounts_without_any_sign_are_asked_about(proposed: Proposed, tmp_path: Path) -> None:
    """Nothing says which way they go, so a doubt has both, and answering it turns them."""
    proposal = proposed(list="Date,Text,Amount\n2026-01-01,a,10.00\n2026-01-02,b,30.00\n")
    at = next(no for no, doubt in enumerate(proposal.doubts) if doubt.about == "amount")
    before = booked(proposal, tmp_path)
    after = booked(proposal.answered(at, 1 - proposal.doubts[at].chosen), tmp_path)
    assert {direction for _, direction, _ in before} != {direction for _, direction, _ in after}


def test_days_and_months_are_told_apart_over_the_whole_column(proposed: Proposed, tmp_path: Path) -> None:
    """One day beyond the twelfth settles the column; Buddhist years are 543 ahead."""
    proposal = proposed(a="Date,Text,Amount\n29/02/2567,a,-1.00\n03/04/2567,b,2.00\n")
    assert [day for day, _, _ in booked(proposal, tmp_path)] == ["2024-02-29", "2024-04-03"]


def test_days_that_read_both_ways_are_asked_about(proposed: Proposed) -> None:
    """A single row of 02/03 could be March or February."""
    proposal = proposed(a="Date,Text,Amount\n02/03/2026,a,-1.00\n")
    assert "at" in {doubt.about for doubt in proposal.doubts}


def test_lines_above_and_below_the_table_are_no_records(proposed: Proposed, tmp_path: Path) -> None:
    """The preamble gives account and currency; totals at the end are left out."""
    text = (
        "Account Number: 0100000000015,,\nCurrency: USD,,\nPeriod: 01/01/2026 - 31/01/2026,,\n"
        "Posting date,Details,Amount\n05/01/2026,a,-1.00\n25/01/2026,b,2.00\nTotal,,1.00\nEnd of statement,,\n"
    )
    proposal = proposed(statement=text)
    entry = proposal.mapping.files[0]
    assert entry.columns["account_id"].constant == "0100000000015"
    assert entry.columns["currency"].constant == "USD"
    assert entry.layout.skip_rows == 3
    assert len(entry.layout.footer) == 2


def test_pending_rows_are_left_out_and_told(proposed: Proposed, tmp_path: Path) -> None:
    """A payment that is not booked is no booking; the doubt says how many."""
    rows = "2026-01-01,a,-1.00,Completed\n2026-01-02,b,-2.00,Pending\n2026-01-03,c,3.00,Completed\n"
    proposal = proposed(a=f"Date,Text,Amount,Status\n{rows}")
    assert len(booked(proposal, tmp_path)) == 2
    assert "records" in {doubt.about for doubt in proposal.doubts}


def test_a_flag_says_which_way_and_neutral_codes_are_asked_about(proposed: Proposed, tmp_path: Path) -> None:
    """借 and 贷 are debit and credit."""
    rows = "2026-01-01,借,1.00\n2026-01-02,贷,2.00\n2026-01-03,/,3.00\n"
    proposal = proposed(a=f"交易日期,借贷,交易金额\n{rows}")
    assert [direction for _, direction, _ in booked(proposal, tmp_path)] == ["debit", "credit"]
    assert "direction" in {doubt.about for doubt in proposal.doubts}


def test_a_file_without_a_header_is_told_by_what_it_holds(proposed: Proposed, tmp_path: Path) -> None:
    """Days, amounts and a currency stand for themselves."""
    proposal = proposed(a='18.09.2026;"SHOP";-33,87;LAK\n19.09.2026;"SHOP";-1.023,55;LAK\n20.09.2026;"PAY";8,00;LAK\n')
    assert booked(proposal, tmp_path) == [
        ("2026-09-18", "debit", 3387),
        ("2026-09-19", "debit", 102355),
        ("2026-09-20", "credit", 800),
    ]


def test_months_of_one_export_share_an_entry_and_say_what_differs(proposed: Proposed, tmp_path: Path) -> None:
    """February changed its separator and its days; one glob holds both."""
    one = "Date,Text,Amount\n13/01/2026,a,-1.00\n14/01/2026,b,2.00\n"
    two = "Date;Text;Amount\n2026-02-13;a;-1.00\n2026-02-14;b;2.00\n"
    proposal = proposed(stmt_202601=one, stmt_202602=two)
    (entry,) = proposal.mapping.files
    assert entry.match == "stmt_*.csv"
    assert [each.match for each in entry.overrides] == ["stmt_202602.csv"]
    assert len(booked(proposal, tmp_path)) == 4


def test_a_table_of_customers_and_accounts_is_told_from_bookings(proposed: Proposed) -> None:
    """A file of days and amounts need not be bookings: an account's opening day and turnover are none."""
    accounts = "Account No,Customer No,Open Date,Status,Currency\nA1,C1,2020-05-13,A,LAK\nA2,C2,2021-05-14,A,LAK\n"
    names = "Customer No,Full Name,Date of Birth,Nationality"
    customers = f"{names}\nC1,Synth One,1980-05-13,LA\nC2,Synth Two,1990-05-14,LA\n"
    proposal = proposed(acct=accounts, cust=customers)
    assert {file.table for file in proposal.files} == {"accounts", "customers"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp874"])
def test_the_encoding_is_found_out(encoding: str, proposed: Proposed, tmp_path: Path) -> None:
    """Thai column names are known in each of the encodings Thai comes in."""
    rows = "".join(f"{day:02}/05/2569;รายการ;-{day},000.00\n" for day in range(13, 20))
    proposal = proposed(encoding, a=f"วันที่;รายการ;จำนวนเงิน\n{rows}")
    assert booked(proposal, tmp_path)[0] == ("2026-05-13", "debit", 1300000)


def test_a_log_of_transfers_has_two_bookings_for_each_record(proposed: Proposed, tmp_path: Path) -> None:
    """Accounts that stand on both sides show it; cash is no account and has no booking."""
    pairs = [("A1", "A2"), ("A2", "A3"), ("A3", "A4"), ("A4", "A1"), ("A1", "A4"), ("A4", "CASH")]
    rows = "".join(f"2026-01-{day:02},{one},{two},{day}.50\n" for day, (one, two) in enumerate(pairs, start=13))
    proposal = proposed(log=f"Date,src,dest,Amount\n{rows}")
    directions = [direction for _, direction, _ in booked(proposal, tmp_path)]
    assert (directions.count("debit"), directions.count("credit")) == (6, 5)
    assert "records" in {doubt.about for doubt in proposal.doubts}


def test_codes_need_more_than_a_letter_to_be_a_direction(proposed: Proposed) -> None:
    """A and B are Dutch for debit and credit, and mean anything else elsewhere."""
    proposal = proposed(a="Date,Remark,Amount\n2026-01-13,A,1.00\n2026-01-14,B,2.00\n")
    assert "direction" not in proposal.mapping.files[0].columns


def test_short_and_long_rows_are_read(proposed: Proposed, tmp_path: Path) -> None:
    """The last separators of a row may be missing; cells beyond the header get a name."""
    short = proposed(a="Date,Amount,Text,More\n2026-01-13,-1.00,x,y\n2026-01-14,2.00,x\n")
    assert short.mapping.files[0].layout.short_rows == "fill"
    assert len(booked(short, tmp_path)) == 2
    long = proposed(a="Date,Amount,Text\n2026-01-13,-1.00,x,y\n2026-01-14,2.00,x,y\n")
    assert len(booked(long, tmp_path)) == 2


def test_a_number_that_both_legs_share_still_identifies_a_booking(proposed: Proposed) -> None:
    """It is unique with account and direction; one that repeats on the same side identifies nothing."""
    head = "Date,Account No,Reference No,Amount"
    shared = proposed(a=f"{head}\n2026-01-13,A1,R1,-1.00\n2026-01-13,A2,R1,1.00\n")
    assert "transaction_id" in shared.mapping.files[0].columns
    repeated = proposed(a=f"{head}\n2026-01-13,A1,R1,-1.00\n2026-01-13,A1,R1,-2.00\n")
    assert "transaction_id" not in repeated.mapping.files[0].columns


def test_a_mark_on_few_rows_turns_the_others(proposed: Proposed, tmp_path: Path) -> None:
    """Some card statements mark what comes in with CR and leave all else bare."""
    rows = "2026-01-13,a,1.00,\n2026-01-14,b,2.00,\n2026-01-15,c,3.00,CR\n2026-01-16,d,4.00,\n"
    proposal = proposed(a=f"Date,Description,Amount,\n{rows}")
    assert [direction for _, direction, _ in booked(proposal, tmp_path)] == ["debit", "debit", "credit", "debit"]


def test_words_may_say_which_way_and_are_asked_about(proposed: Proposed, tmp_path: Path) -> None:
    """A purchase leaves the account and a refund comes in; an answer can say otherwise."""
    rows = "2026-01-13,Purchase SHOP,1.00\n2026-01-14,Refund SHOP,2.00\n2026-01-15,Purchase X,3.00\n"
    proposal = proposed(a=f"Date,Description,Amount\n{rows}")
    assert [direction for _, direction, _ in booked(proposal, tmp_path)] == ["debit", "credit", "debit"]
    assert "direction" in {doubt.about for doubt in proposal.doubts}


def test_a_balance_brought_forward_is_no_booking(proposed: Proposed, tmp_path: Path) -> None:
    """It stands among the bookings with a day and an amount, and is told by its words."""
    rows = "2026-01-01,Opening balance,100.00\n2026-01-13,a,-1.00\n2026-01-14,b,2.00\n2026-01-15,c,-3.00\n"
    proposal = proposed(a=f"Date,Description,Amount\n{rows}")
    assert len(booked(proposal, tmp_path)) == 3


@pytest.mark.parametrize("content", [b"\0\1\2", b"a,b\n", b"x\ny\nz\n", b'"', b"\xff\xfe", b"PK\x03\x04", b"1\n" * 50])
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    """Never another exception."""
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError):
        propose(tmp_path, Settings(), LAOS)
