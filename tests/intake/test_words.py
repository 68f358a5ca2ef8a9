"""What exports call their columns, in many languages and spellings."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.intake.proposing.parts import PARTS
from amlscreen.intake.proposing.vocabulary import vocabulary
from amlscreen.intake.proposing.words import LANGUAGES, footer_pattern, meanings, named, row_kind
from amlscreen.schema import TABLES

SIX = ("en", "lo", "th", "zh", "zht", "vi", "fr")
BESIDE = {"row_number", "account_name", "exchange_rate", "balance_side", "printed", "first_name", "last_name", *PARTS}


NAMES = """
at: Transaction Date; TXN_DT; transactiondate; txnDate; ວັນທີ
at: วันที่ทำรายการ; 交易日期; Ngày giao dịch; Date de l'opération; Ngày GD / Date; วันที่ Date
account_id: ACCT_NO; ເລກບັນຊີ; เลขที่บัญชี; Số TK
amount: AMT; Amount (LAK); ຈຳນວນເງິນ; ຈໍານວນເງິນ; จำนวนเงิน (บาท); Số tiền; So tien; MONTANT; 金額; Betrag (EUR)
debit: Withdrawal Amt.; ຖອນ; ถอนเงิน; 借方发生额; Nợ; Débit; Soll
credit: CR_AMT; ຝາກ; ฝากเงิน; 交易金额(收入); Phát sinh có; Avere
balance_after: BAL; ຍອດເຫຼືອ; ยอดคงเหลือ; 余额; Số dư
currency: CCY; ສະກຸນເງິນ; Devise
direction: D/C; Dr/Cr; 借贷标志
transaction_id: Chq./Ref.No.; 日 志 号; N° de transaction; Số tham chiếu
counterparty_account: Beneficiary A/C; CP_ACCT; 对方账号
counterparty_name: ຊື່ຜູ້ຮັບ; Người thụ hưởng; Naam tegenpartij
narrative: LIBELLE; Discription; 摘要; Verwendungszweck; รายละเอียด
value_date: Wertstellung; 起息日
row_number: No.; ລຳດັບ; STT
channel: ช่องทาง; 交易渠道
branch_id: ສາຂາ
status: Trạng thái
"""
OTHER_NAMES = """
customers customer_id: CIF_NO
customers name: Full Name; ຊື່ ແລະ ນາມສະກຸນ
customers birth_date: ວັນເດືອນປີເກີດ; DOB
customers sex: 性别
customers phone: SĐT
customers occupation: Nghề nghiệp
customers province: จังหวัด
customers first_name: Prénom
customers id_number: 身份证号
accounts opened: ACC_OPEN_DT
accounts customer_id: Mã khách hàng
accounts product: ປະເພດບັນຊີ
holdings role: Relationship
"""


def told(text: str) -> list[tuple[str, str]]:
    """Pairs of a name and what it means, from lines "meaning: name; name"."""
    lines = [line.partition(": ") for line in text.strip().splitlines()]
    return [(name, meaning) for meaning, _, names in lines for name in names.split("; ")]


@pytest.mark.parametrize(("header", "column"), told(NAMES))
def test_a_column_of_transactions_is_known_by_its_name(header: str, column: str) -> None:
    """The likeliest meaning is the right one."""
    assert named(header, "transactions")[0][0] == column


@pytest.mark.parametrize(("header", "meaning"), told(OTHER_NAMES))
def test_a_column_of_reference_data_is_known_by_its_name(header: str, meaning: str) -> None:
    """What a name means depends on the table."""
    table, column = meaning.split()
    assert named(header, table)[0][0] == column


def test_exact_beats_likeness() -> None:
    """A word of the list weighs most, an abbreviation less, a misspelling least; an unknown name gives nothing."""
    weights = [named(each, "transactions")[0][1] for each in ("Amount", "AMT", "Ammount")]
    assert weights == sorted(weights, reverse=True) and weights[0] == 1.0 > weights[1] > weights[2]
    assert named("Qzzx", "transactions") == [] and named("") == []


def test_short_words_keep_their_accents() -> None:
    """Vietnamese nợ is a debit; English no is a number."""
    assert named("Nợ")[0][0] == "debit" and named("No")[0][0] == "row_number"


def test_every_word_names_a_column_there_is() -> None:
    """Of the schema, or a part that parts.py explains; and every word has a language that is known."""
    for phrase in vocabulary().phrases:
        table, column = phrase.place
        assert column in BESIDE or column in TABLES[table].names, phrase
        assert phrase.language in LANGUAGES
    assert set(PARTS) >= BESIDE


EVERYWHERE = (
    "at amount debit credit account_id balance_after currency direction narrative channel status counterparty_account "
    "counterparty_name branch_id"
)


@pytest.mark.parametrize("column", EVERYWHERE.split())
def test_what_every_export_has_is_known_in_each_language(column: str) -> None:
    """English, Lao, Thai, Chinese in both spellings, Vietnamese and French."""
    known = {phrase.language for phrase in vocabulary().phrases if phrase.place == ("transactions", column)}
    assert known >= set(SIX)


SIDES = "D C, Dr. Cr., S H, D H, A B, D A, 借 贷, 支出 收入"
FURTHER_SIDES = "ຖອນ ຝາກ, ถอน ฝาก, Nợ Có, débit crédit, - +, Af Bij"


@pytest.mark.parametrize("codes", f"{SIDES}, {FURTHER_SIDES}".split(", "))
def test_codes_of_debit_and_credit_are_known(codes: str) -> None:
    """A letter means what it means in the language of the other one."""
    debit, credit = codes.split()
    assert meanings("direction", [debit, credit]) == {debit: "debit", credit: "credit"}


def test_other_codes_are_known() -> None:
    """States and channels; what is not known is left out."""
    assert meanings("status", ["PENDING", "Hủy", "成功", "QQ"]) == {
        "PENDING": "pending",
        "Hủy": "failed",
        "成功": "booked",
    }
    assert meanings("channel", ["ATM Withdrawal", "消费", "Überweisung"]) == {
        "ATM Withdrawal": "atm", "消费": "card", "Überweisung": "transfer",
    }  # fmt: skip
    assert meanings("direction", ["1", "2"]) == {}
    assert meanings("currency", ["人民币", "ກີບ", "$"]) == {"人民币": "CNY", "ກີບ": "LAK", "$": "USD"}


@pytest.mark.parametrize("cell", ["Total: 12", "TOTAL", "ລວມທັງໝົດ 100", "合计：", "Tổng cộng: 5", "Summe", "ยอดรวม"])
def test_a_total_row_is_known_by_how_it_begins(cell: str) -> None:
    """And its pattern finds it, and no row that merely begins alike."""
    pattern = footer_pattern(cell)
    assert row_kind(cell) == "footer" and pattern and re.search(pattern, cell)
    assert row_kind("Totally fine") is None and footer_pattern("2026-01-01") is None


def test_a_balance_brought_forward_is_no_total() -> None:
    """It opens a statement."""
    assert [row_kind(cell) for cell in ("Balance B/F", "ยอดยกมา", "Số dư đầu kỳ", "")] == [
        "opening",
        "opening",
        "opening",
        None,
    ]


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    """Sorted weights between 0.3 and 1, or nothing; never an error."""
    weights = [weight for _, weight in named(text)]
    assert weights == sorted(weights, reverse=True) and all(0.3 <= weight <= 1 for weight in weights)
    row_kind(text)
    meanings("channel", [text])


def test_thousands_of_headers_take_seconds_at_most() -> None:
    """Even names that stand nowhere in the list."""
    headers = [f"{a}_{b}{c}" for a in ("TXN", "BEN", "XREF") for b in ("DT", "QQQ", "BLNC") for c in range(100)]
    named("begin")
    begun = time.perf_counter()
    for header in headers:
        named(header)
    assert time.perf_counter() - begun < 5
