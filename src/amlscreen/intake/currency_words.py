"""Currencies: codes, numbers and names of ISO 4217, in several languages, and the words and marks of exports.

Codes and names: pycountry (Debian iso-codes). Marks: Unicode CLDR, where a mark belongs to one currency only. What
several currencies share ($, kr, ¥, £, rupee, franc) is a word for none: by ``codes`` the mapping says which is meant.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from functools import cache

from amlscreen.intake.vocabulary import Vocabulary

__all__ = ["currency_words"]

_LANGUAGES = ("fr", "lo", "th", "vi", "zh_CN")
_MARKS: dict[str, str | None] = {
    "₭": "LAK",
    "₭N": "LAK",
    "฿": "THB",
    "₫": "VND",
    "Đ": "VND",
    "€": "EUR",
    "៛": "KHR",
    "₱": "PHP",
    "₹": "INR",
    "₽": "RUB",
    "US$": "USD",
    "U$": "USD",
    "USD$": "USD",
    "US $": "USD",
    "S$": "SGD",
    "HK$": "HKD",
    "NT$": "TWD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "R$": "BRL",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "K": None,
    "$": None,
    "¥": None,
    "￥": None,
    "£": None,
    "₩": None,
    "元": None,
    "円": None,
}
_AMBIGUOUS = (
    *(
        "Dollar",
        "Dollars",
        "Doller",
        "ໂດລາ",
        "ดอลลาร์",
        "ดอลล่าร์",
        "đô la",
        "kr",
        "kr.",
        "krone",
        "kroner",
        "krona",
        "Rs",
    ),
    *(
        "Rupee",
        "Rupees",
        "Franc",
        "Francs",
        "Peso",
        "Pesos",
        "Pound",
        "Pounds",
        "Won",
        "Rial",
        "Riyal",
        "Dinar",
        "Dirham",
    ),
    "Shilling",
)
_FURTHER = {
    "CNY": "RMB, Yuan, Renminbi, Chinese Yuan, Yuan Renminbi, ຢວນ, ຢວນຈີນ, หยวน, Nhân dân tệ, 人民币, 人民幣, 人民币元",
    "EUR": "Euros, ເອີໂຣ, ຢູໂຣ, ยูโร, 欧元",
    "GBP": "Pound Sterling, Sterling, British Pound, GB Pound, ປອນ ສະເຕີລິງ",
    "JPY": "Yen, Japanese Yen, ເຢນ, เยน, 日元, 日圆",
    "KHR": "Riel, Riels, ຣຽນ, เรียล",
    "KRW": "Korean Won, South Korean Won",
    "LAK": "Kip, Kips, Lao Kip, Laos Kip, Kip Lao, Kip PDR Lao, LAKIP, ກີບ, ເງິນກີບ, กีบ, Kíp, Kíp Lào, 基普, 老挝基普",
    "MMK": "Kyat, Kyats, ຈັດ",
    "MYR": "Ringgit, RM",
    "SGD": "Singapore Dollar, Sing Dollar",
    "THB": "Baht, Bath, Bahts, BHT, Thai Baht, Bt, ບາດ, ເງິນບາດ, บาท, บาทไทย, Bạt, 泰铢",
    "USD": "US Dollar, US Dollars, U.S. Dollar, U.S. Dollars, American Dollar, Dollar US, USDollar, ໂດລາສະຫະລັດ, "
    "ໂດລາອາເມລິກາ, ดอลลาร์สหรัฐ, ดอลล่าร์สหรัฐ, ดอลลาร์สหรัฐฯ, Đô la Mỹ, Đô Mỹ, 美元, 美金",
    "VND": "Dong, VN Dong, VNĐ, Vietnamese Dong, Đồng, Việt Nam đồng, ດົງ, ด่อง, ดอง, 越南盾",
}


@cache
def currency_words() -> Vocabulary:
    """Codes of three letters or digits, names, marks and further words of every currency."""
    further = [(code, word) for code, words in _FURTHER.items() for word in words.split(", ")]
    marks = {mark.upper(): code for mark, code in _MARKS.items()}
    return Vocabulary.of([*_standard(), *further], ambiguous=_AMBIGUOUS, weaker=_translated(), marks=marks)


def _standard() -> Iterator[tuple[str, str]]:
    import pycountry

    for currency in pycountry.currencies:
        for word in (currency.alpha_3, currency.numeric, currency.name):
            yield currency.alpha_3, word


def _translated() -> Iterator[tuple[str, str]]:
    import pycountry

    for language in _LANGUAGES:
        translation = gettext.translation("iso4217", pycountry.LOCALES_DIR, languages=[language], fallback=True)
        for currency in pycountry.currencies:
            yield currency.alpha_3, translation.gettext(currency.name)
