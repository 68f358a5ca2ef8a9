"""Exports in the languages of the region are read as their people would read them, without a word from anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

import amlscreen as aml

LAO = """\
ທະນາຄານຕົວຢ່າງ
ລຳດັບ;ວັນທີ;ເວລາ;ເລກບັນຊີ;ລາຍລະອຽດ;ຖອນ;ຝາກ;ຍອດເຫຼືອ;ສະກຸນເງິນ;ຊ່ອງທາງ;ຊື່ຜູ້ຮັບ
໑;໓໑/໐໑/໒໕໖໙;໐໘:໓໐;໐໑໐໐໒;ຄ່າເຊົ່າ;໑.໒໕໐.໐໐໐,໐໐;;໘.໗໕໐.໐໐໐,໐໐;ກີບ;ເງິນສົດ;ບຸກຄົນ ກ
໒;໐໑/໐໒/໒໕໖໙;໐໙:໓໐;໐໑໐໐໒;ເງິນເດືອນ;;໒.໐໐໐.໐໐໐,໐໐;໑໐.໗໕໐.໐໐໐,໐໐;ກີບ;ໂອນເງິນ;ບຸກຄົນ ຂ
ລວມ;;;;;໑.໒໕໐.໐໐໐,໐໐;໒.໐໐໐.໐໐໐,໐໐;;;;
"""
THAI = """\
เลขที่บัญชี\tวันที่\tเวลา\tถอนเงิน\tฝากเงิน\tยอดคงเหลือ\tช่องทาง\tรายละเอียด\tสกุลเงิน
01002\t31/01/69\t08:30\t1,250,000.00\t\t8,750,000.00\tเคาน์เตอร์\tค่าเช่า\tกีบ
01002\t01/02/69\t09:30\t\t2,000,000.00\t10,750,000.00\tโอน\tเงินเดือน\tกีบ
"""
CHINESE = """\
账号,交易日期,交易时间,借贷标志,交易金额,余额,币种,摘要,对方户名,交易渠道
01002,2026-01-31,08:30:00,借,1250000.00,8750000.00,基普,房租,某甲,现金
01002,2026-02-01,09:30:00,贷,2000000.00,10750000.00,基普,工资,某乙,转账
合计,,,,3250000.00,,,,,
"""
VIETNAMESE = """\
STT;Ngày giao dịch;Giờ;Số tài khoản;Nợ;Có;Số dư;Loại tiền;Kênh;Diễn giải;Trạng thái
1;31/01/2026;08:30;01002;1.250.000;;8.750.000;LAK;Tiền mặt;Tien thue nha;Thành công
2;01/02/2026;09:30;01002;;2.000.000;10.750.000;LAK;Chuyển khoản;Luong;Thành công
3;01/02/2026;09:31;01002;500.000;;10.750.000;LAK;Chuyển khoản;Luong;Thất bại
Tổng cộng;;;;1.250.000;2.000.000;;;;;
"""
FRENCH = """\
Compte;Date d'opération;Heure;Libellé;Débit;Crédit;Solde;Devise;Canal
01002;31/01/2026;08:30;Loyer;1 250 000,00;;8 750 000,00;LAK;Espèces
01002;01/02/2026;09:30;Salaire;;2 000 000,00;10 750 000,00;LAK;Virement
"""


@pytest.mark.parametrize("text", [LAO, THAI, CHINESE, VIETNAMESE, FRENCH], ids=["lo", "th", "zh", "vi", "fr"])
def test_the_same_two_bookings_are_found(text: str, tmp_path: Path) -> None:
    """Rent paid in cash and wages received, whatever the language, the digits, the marks and the era."""
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    (seen,) = aml.propose_mapping(tmp_path / "export.csv", institution="TESTBANK").previews
    assert (seen.accepted, seen.quarantined) == (2, 0), seen.reasons
    shown = [{**pair.canonical, "account_id": len(pair.canonical["account_id"])} for pair in seen.pairs]
    rent = {"at": "2026-01-31 08:30:00", "direction": "debit", "amount": "1,250,000.00", "channel": "cash"}
    wages = {"at": "2026-02-01 09:30:00", "direction": "credit", "amount": "2,000,000.00", "channel": "transfer"}
    for booking, row in zip((rent, wages), shown, strict=True):
        assert {**booking, "currency": "LAK", "account_id": 5}.items() <= row.items()


def test_years_of_two_digits_are_asked_about(tmp_path: Path) -> None:
    """69 can be 2569 of the Buddhist era, which is likely, or 1969."""
    (tmp_path / "export.csv").write_text(THAI, encoding="utf-8")
    proposal = aml.propose_mapping(tmp_path / "export.csv", institution="TESTBANK")
    at = next(no for no, doubt in enumerate(proposal.doubts) if doubt.about == "at")
    assert proposal.answered(at, 1).previews[0].pairs[0].canonical["at"].startswith("1969-01-31")
