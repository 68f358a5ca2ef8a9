"""Places and currencies in whatever words an export has them."""

from __future__ import annotations

import pycountry
import pytest

from amlscreen.intake.countries import country_words
from amlscreen.intake.currency_words import currency_words
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.places import province_words
from amlscreen.jurisdiction import Jurisdiction
from intake.conforming import LENIENT, accepted, read_texts, reasons
from intake.test_reference_births import noticed
from intake.test_reference_wide import BOOKED, column

ROW = {"transaction_id": "T1", "account_id": "A1", "at": "2026-03-10", "direction": "credit", "amount": 100}
PROVINCES = province_words(Jurisdiction.load("laos"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("LA", "LA|la|LAO|418|Laos|Lao PDR|Lao P.D.R.|ລາວ|สปป.ลาว|Lào|老挝|ສປປ ລາວ|Lao People's Democratic Republic"),
        ("TH", "TH|THA|764|Thailand|Thaïlande|ไทย|ປະເທດໄທ|ໄທ|泰国|Thai|Thái Lan"),
        ("VN", "VN|VNM|704|Vietnam|Viet Nam|Việt Nam|ຫວຽດນາມ|เวียดนาม|越南|Viêt Nam"),
        ("CN", "CN|CHN|156|China|P.R. China|ຈີນ|จีน|中国|Trung Quốc|Chine"),
        ("KR", "KR|KOR|410|South Korea|Korea, Republic of|Republic of Korea|ເກົາຫຼີໃຕ້"),
        ("CI", "Côte d'Ivoire|Cote d Ivoire|Ivory Coast"),
    ],
)
def test_a_country_is_known_by_code_number_and_name_in_several_languages(code, words):
    """Capitals, accents, spaces and points do not matter."""
    texts = words.split("|")
    assert {text: country_words().read(text)[0] for text in texts} == dict.fromkeys(texts, code)


@pytest.mark.parametrize("text", ["Korea", "Congo", "ເກົາຫຼີ"])
def test_a_name_of_two_countries_is_known_to_be_none(text):
    """Which is meant only the bank can say."""
    assert country_words().read(text) == (None, True)


@pytest.mark.parametrize("text", ["Atlantis", "XX", "4", "", "-"])
def test_what_is_no_country_is_not_known(text):
    """A number counts only with all its three digits: 4 may be a bank's own code."""
    assert country_words().read(text) == (None, False)


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("LAK", ["LAK", "lak", "418", "KIP", "Kip", "ກີບ", "₭", "Lao Kip", "กีบ"]),
        ("THB", ["THB", "764", "Baht", "บาท", "ບາດ", "฿"]),
        ("USD", ["USD", "840", "US$", "us $", "US Dollar", "U.S. Dollars", "ໂດລາ ສະຫະລັດ", "美元"]),
        ("CNY", ["CNY", "RMB", "Yuan", "人民币", "ຢວນ"]),
        ("VND", ["VND", "Dong", "đồng", "₫", "VNĐ"]),
        ("EUR", ["EUR", "€", "Euro"]),
    ],
)
def test_a_currency_is_known_by_code_number_name_and_mark(code, texts):
    """As tellers in the region write them."""
    assert {text: currency_words().read(text)[0] for text in texts} == dict.fromkeys(texts, code)


@pytest.mark.parametrize("text", ["$", "kr", "¥", "£", "Dollar", "ໂດລາ", "Rupee", "K"])
def test_a_mark_of_several_currencies_is_known_to_be_none(text):
    """A dollar of which country is not said."""
    assert currency_words().read(text) == (None, True)


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("LA-LP", ["Luang Prabang", "Luang-Prabang", "LOUANGPHABANG", "ແຂວງຫຼວງພະບາງ", "ຫລວງພະບາງ"]),
        ("LA-LP", ["Province de Luang Prabang"]),
        ("LA-SV", ["Savannakhet", "Savannakhét", "Savannakhet Prov.", "Khoueng Savannakhet", "ສະຫວັນນະເຂດ"]),
        ("LA-VT", ["Vientiane Capital", "Vientiane, Capital", "ນະຄອນຫຼວງວຽງຈັນ", "la-vt", "Préfecture de Vientiane"]),
        ("LA-VI", ["Vientiane Province", "ແຂວງວຽງຈັນ", "Province de Vientiane"]),
        ("LA-SL", ["Saravane", "Salavan"]),
        ("LA-XA", ["Sayaboury", "Xayabury"]),
        ("LA-CH", ["Champassac", "ຈໍາປາສັກ", "ຈຳປາສັກ"]),
    ],
)  # fmt: skip
def test_a_province_is_known_in_english_lao_french_and_old_spellings(code, texts):
    """With and without the word for province."""
    assert {text: PROVINCES.read(text)[0] for text in texts} == dict.fromkeys(texts, code)


@pytest.mark.parametrize("text", ["Vientiane", "ວຽງຈັນ", "Viangchan", "VTE"])
def test_vientiane_alone_is_the_capital_or_the_province(text):
    """So it is neither."""
    assert PROVINCES.read(text) == (None, True)


def test_every_table_has_its_places_read_and_what_is_left_open_told(tmp_path):
    """Customers, accounts and logins as much as transactions; what nobody knows stays as given."""
    files = {
        "transactions.csv": f"{BOOKED.splitlines()[0]},country\n{BOOKED.splitlines()[1]},Lao PDR\n",
        "customers.csv": "institution,customer_id,province,nationality\n"
        "BANKA,C1,Vientiane,ລາວ\nBANKA,C2,Luang Prabang,Korea\nBANKA,C3,Elsewhere,Atlantis\nBANKA,C4,,\n",
        "accounts.csv": "institution,account_id,province,currency\nBANKA,A1,ວຽງຈັນ,KIP\n"
        "BANKA,A2,LA-SV,$\nBANKA,A3,,ABC\n",
        "logins.csv": "institution,customer_id,at,country\nBANKA,C1,2026-03-10 10:00:00,Thaïlande\n",
    }
    data = read_texts(tmp_path / "in", files)
    assert accepted(data, "country") == [("LA",)]
    assert column(data, "customers", "province") == [None, "LA-LP", "Elsewhere", None]
    assert column(data, "customers", "nationality") == ["LA", None, "Atlantis", None]
    assert column(data, "accounts", "province") == [None, "LA-SV", None]
    assert column(data, "accounts", "currency") == ["LAK", None, "ABC"]
    assert column(data, "logins", "country") == ["TH"]
    assert sorted((each.table, each.column, each.code, each.rows) for each in data.noticed) == [
        ("accounts", "currency", "currency_ambiguous", 1), ("accounts", "currency", "currency_unknown", 1),
        ("accounts", "province", "province_ambiguous", 1), ("customers", "nationality", "country_ambiguous", 1),
        ("customers", "nationality", "country_unknown", 1), ("customers", "province", "province_ambiguous", 1),
        ("customers", "province", "province_unlisted", 1),
    ]  # fmt: skip
    assert len(data.quarantine) == 0


def test_the_currency_of_a_booking_is_read_or_the_booking_stands_aside():
    """A mark of several currencies has a reason of its own; an empty cell is home currency."""
    given = ["KIP", "ກີບ", "418", "", None, "$", "ABC"]
    rows = [{**ROW, "transaction_id": f"T{n}", "currency": text} for n, text in enumerate(given)]
    data = Dataset.from_tables(settings=LENIENT, transactions=rows)
    assert accepted(data, "currency, amount") == [("LAK", 10_000)] * 5
    assert reasons(data) == [("ambiguous_currency", "currency"), ("unknown_currency", "currency")]


def test_a_mapping_says_which_dollar_is_meant(tmp_path):
    """By codes, in the words that any currency has; rates are read in words too."""
    columns = {
        "transaction_id": "ID", "account_id": "ACC", "at": "DAY", "amount": "AMT", "direction": {"constant": "credit"},
        "currency": {"from": "CUR", "codes": {"$": "US Dollar", "k": "kip"}},
    }  # fmt: skip
    files = {
        "t.csv": "ID,ACC,DAY,AMT,CUR\n1,A1,2026-03-10,5,$\n2,A1,2026-03-10,5,k\n3,A1,2026-03-10,5,kr\n",
        "r.csv": "CUR,DAY,RATE\nUS$,2026-03-10,20000\nkr,2026-03-10,2000\n",
    }
    entries = [
        {"match": "t.csv", "table": "transactions", "columns": columns},
        {"match": "r.csv", "table": "fx_rates", "columns": {"currency": "CUR", "date": "DAY", "rate": "RATE"}},
    ]
    data = read_texts(tmp_path / "in", files, {"files": entries})
    assert accepted(data, "currency, amount") == [("USD", 10_000_000), ("LAK", 500)]
    assert sorted(reasons(data)) == [("ambiguous_currency", "currency"), ("unknown_code", "currency")]
    assert noticed(data) == []


def test_every_standard_code_in_capitals_is_that_code():
    """No word of another language gainsays it: MY is Malaysia, NGA Nigeria; words with their accents stay words."""
    for country in pycountry.countries:
        for code in (country.alpha_2, country.alpha_3):
            assert country_words().read(code) == (country.alpha_2, True)
    for currency in pycountry.currencies:
        assert currency_words().read(currency.alpha_3) == (currency.alpha_3, True)
