"""Countries: codes and names of ISO 3166-1, in several languages, and what exports call them besides.

Codes and names: pycountry (Debian iso-codes). The further words are short names, old names and nationalities as
exports in the region write them; they are this project's own list and add to the standard, never against it.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from functools import cache

from amlscreen.intake.vocabulary import Vocabulary

__all__ = ["KOSOVO", "country_codes", "country_words"]

KOSOVO = "XK"
"""User-assigned, and used so by SWIFT, the IBAN registry and the European Union."""
_LANGUAGES = ("fr", "km", "lo", "th", "vi", "zh_CN", "zh_TW")
_AMBIGUOUS = ("Korea", "Corée", "Corea", "Korean", "ເກົາຫຼີ", "เกาหลี", "Congo", "Congolese", "Guinean", "Dominican")
_FURTHER = {
    "AE": "UAE, Emirates, Emirati",
    "AU": "Australian, ອົດສະຕາລີ",
    "BD": "Bangladeshi",
    "BN": "Brunei",
    "BO": "Bolivia",
    "CA": "Canadian, ການາດາ",
    "CD": "DR Congo, DRC, Democratic Republic of the Congo, Democratic Republic of Congo, Congo Kinshasa, Zaire",
    "CG": "Congo-Brazzaville, Congo Brazzaville, Republic of Congo, Republic of the Congo",
    "CH": "Swiss",
    "CI": "Ivory Coast",
    "CN": "PRC, PR China, P.R. China, P.R.C., Mainland China, Chinese, Chinois, ຈີນ, ສປ ຈີນ, ປະເທດຈີນ, คนจีน",
    "CV": "Cape Verde",
    "CZ": "Czech Republic",
    "DE": "German, Allemagne, ເຢຍລະມັນ",
    "ES": "Spanish",
    "FR": "French, Français, Française, ຝຣັ່ງ, ຝະລັ່ງ",
    "GB": "UK, U.K., Great Britain, England, Scotland, Wales, British, Royaume-Uni, ອັງກິດ, อังกฤษ, 英国",
    "HK": "Hong Kong SAR, Hongkong, Hong Kong China",
    "ID": "Indonesian",
    "IN": "Indian",
    "IR": "Iran, Iranian",
    "IT": "Italian",
    "JP": "Japanese, ຍີ່ປຸ່ນ, ญี่ปุ่น",
    "KH": "Cambodian, Cambodge, Kampuchea, Khmer, ກຳປູເຈຍ, ຂະແມ, เขมร, กัมพูชา, Campuchia, 柬埔寨",
    "KP": "North Korea, DPRK, D.P.R. Korea, North Korean, ເກົາຫຼີເໜືອ, เกาหลีเหนือ",
    "KR": "South Korea, ROK, Rep. of Korea, Republic of Korea, Korea South, South Korean, Corée du Sud, ເກົາຫຼີໃຕ້, "
    "ສ ເກົາຫຼີ, เกาหลีใต้, Hàn Quốc, 韩国, 韓國",
    KOSOVO: "Kosovo",
    "LA": "Laos, Lao, Lao PDR, Lao P.D.R., LaoPDR, PDR Lao, Laotian, RDP Lao, Laotien, Laotienne, "
    "ລາວ, ສປປ ລາວ, ສ.ປ.ປ ລາວ, ສປປລາວ, ປະເທດລາວ, สปป.ลาว, ลาว, Lào, 老挝, 寮國",
    "LK": "Sri Lankan, Ceylon",
    "MK": "Macedonia",
    "MM": "Burma, Burmese, Birmanie, ພະມ້າ, ມຽນມາ, ມຽນມ້າ, พม่า, เมียนมา, เมียนมาร์, Miến Điện, 缅甸",
    "MO": "Macau",
    "MY": "Malaysian, ມາເລເຊຍ, มาเลเซีย",
    "NL": "Holland, The Netherlands, Dutch",
    "NP": "Nepali, Nepalese",
    "NZ": "New Zealander",
    "PH": "Filipino, Filipina, ຟີລິບປິນ",
    "PK": "Pakistani",
    "PS": "Palestine",
    "RU": "Russia, Russian, Russie, ຣັດເຊຍ, ລັດເຊຍ, รัสเซีย, Nga, 俄罗斯",
    "SG": "Singaporean, ສິງກະໂປ, ສິງກະປໍ, สิงคโปร์",
    "SY": "Syria",
    "SZ": "Swaziland",
    "TH": "Siam, Thai, Thaï, Thaïlandais, ໄທ, ປະເທດໄທ, ราชอาณาจักรไทย, ประเทศไทย, 泰国",
    "TL": "East Timor",
    "TR": "Turkey, Turkish",
    "TW": "Taiwan, Taiwanese, Chinese Taipei, Taiwan ROC, ໄຕ້ຫວັນ, ไต้หวัน, 台湾, 台灣",
    "TZ": "Tanzania",
    "US": "USA, U.S.A., U.S., America, American, United States of America, Etats-Unis, ອາເມລິກາ, ສະຫະລັດ, ສະຫະລັດອາເມລິກາ, "
    "สหรัฐ, สหรัฐอเมริกา, อเมริกา, Mỹ, Hoa Kỳ, 美国, 美國",
    "VA": "Vatican",
    "VE": "Venezuela",
    "VN": "Vietnam, Viet-Nam, Vietnamese, SR Vietnam, S.R. Vietnam, Vietnamien, Vietnamienne, ຫວຽດນາມ, ສສ ຫວຽດນາມ, "
    "ວຽດນາມ, เวียดนาม, 越南",
}


@cache
def country_codes() -> frozenset[str]:
    """Every alpha-2 code of ISO 3166-1, and Kosovo's."""
    import pycountry

    return frozenset(country.alpha_2 for country in pycountry.countries) | {KOSOVO}


@cache
def country_words() -> Vocabulary:
    """Codes of two or three letters or three digits, names and further words of every country."""
    import pycountry

    further = [(code, word) for code, words in _FURTHER.items() for word in words.split(", ")]
    codes = {code: country.alpha_2 for country in pycountry.countries for code in (country.alpha_2, country.alpha_3)}
    return Vocabulary.of([*_standard(), *further], ambiguous=_AMBIGUOUS, weaker=_translated(), standard=codes)


def _standard() -> Iterator[tuple[str, str]]:
    import pycountry

    for country in pycountry.countries:
        fields = ("alpha_2", "alpha_3", "numeric", "name", "official_name", "common_name")
        for word in (getattr(country, field, None) for field in fields):
            if word:
                yield country.alpha_2, word
                head, comma, tail = word.partition(", ")
                if comma:
                    yield country.alpha_2, f"{tail} {head}"


def _translated() -> Iterator[tuple[str, str]]:
    """Names in the languages of the region and French, as far as iso-codes has them."""
    import pycountry

    for language in _LANGUAGES:
        translation = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
        for country in pycountry.countries:
            for name in (country.name, getattr(country, "common_name", None)):
                if name:
                    yield country.alpha_2, translation.gettext(name)
