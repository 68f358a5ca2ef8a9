"""Names are kept as given, with a key that looks past the ways of writing one name."""

from __future__ import annotations

import unicodedata

import duckdb
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.intake.counterparty import name_key
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.keys import register_keys
from amlscreen.intake.letters import alike
from amlscreen.intake.names import bare_keys
from intake.conforming import LENIENT
from intake.test_reference_wide import column
from intake.test_reference_words import ROW

PARTS = st.sampled_from(["somchai", "test", "noi", "KEO", "ສົມໃຈ", "ທົດສອບ", "ນ້ອຍ", "ຫຼ້າ", "แก้ว", "ทดสอบ", "Élise", "李"])
NAMES = st.lists(PARTS, min_size=1, max_size=4)
TITLES = st.sampled_from(
    ["", "Mr ", "MRS. ", "Miss ", "Dr. ", "ທ້າວ ", "ທ້າວ", "ນາງ ", "ນາງສາວ ", "ທ່ານ ", "นาย ", "นางสาว", "Mr. Dr. "]
)
INVISIBLE = st.sampled_from(["", "\u200b", "\u200d", "\ufeff", "\u00ad"])


CONNECTION = duckdb.connect()
register_keys(CONNECTION, "LA")


def match_keys(*names):
    """The match key of each name, as the store makes it."""
    found = CONNECTION.execute("SELECT match_key(n) FROM (SELECT unnest($n) AS n)", {"n": list(names)}).fetchall()
    return [row[0] for row in found]


@given(
    NAMES,
    TITLES,
    INVISIBLE,
    st.sampled_from([" ", "  ", "\u00a0", "\u3000", "\t"]),
    st.sampled_from(["NFC", "NFD", "NFKC"]),
    st.booleans(),
)
def test_one_name_has_one_key(parts, title, mark, space, form, capitals):
    """Titles, spaces, marks without width, forms of Unicode and capitals make no other name."""
    plain = " ".join(parts)
    written = unicodedata.normalize(form, title + space.join(part[:1] + mark + part[1:] for part in parts))
    assert name_key(written.upper() if capitals else written) == name_key(plain)


@given(st.data(), NAMES, TITLES)
def test_the_match_key_does_not_know_which_name_is_the_family_name(data, parts, title):
    """Given and family name may change places, a comma may stand between."""
    turned = data.draw(st.permutations(parts))
    one, two, three = match_keys(title + " ".join(parts), " ".join(turned), ", ".join(turned))
    assert one == two == three


@given(
    st.lists(
        st.text(st.characters(codec="utf-8"), max_size=12) | NAMES.map(" ".join) | st.builds(str.__add__, TITLES, PARTS)
    )
)
def test_many_keys_at_once_are_the_keys_one_by_one(names):
    """The quick way and the plain one agree on any text."""
    assert bare_keys(pa.array(names, pa.string())).to_pylist() == [name_key(name) or "" for name in names]


def test_ways_of_typing_one_lao_or_thai_letter_are_one():
    """Tone mark and nikhahit in either order, am as one letter or two, two e for ae, a letter joined or apart."""
    assert len({alike(text) for text in ("ນ້ຳ", "ນໍ້າ", "ນ້ໍາ")}) == 1
    assert len({alike(text) for text in ("น้ำ", "นํ้า", "น้ํา")}) == 1
    assert alike("ເເກ້ວ") == alike("ແກ້ວ") and alike("เเก้ว") == alike("แก้ว")
    assert alike("ຫຼວງ") == alike("ຫລວງ") and alike("ໜອງ") == alike("ຫນອງ") and alike("ໝີ") == alike("ຫມີ")
    assert alike("ກາ") != alike("ກະ")


def test_a_customers_names_stay_as_given_beside_their_keys():
    """In both scripts; a name in another order has the same key, another name another one."""
    people = [
        {"customer_id": "C1", "name": "ທ້າວ ສົມໃຈ  ທົດສອບ", "name_latin": "Mr. Somchai TEST"},
        {"customer_id": "C2", "name": "ທົດສອບ ສົມໃຈ", "name_latin": "TEST, Somchai"},
        {"customer_id": "C3", "name": None, "name_latin": "Noi Test"},
    ]
    data = Dataset.from_tables(settings=LENIENT, transactions=[ROW], customers=people)
    assert column(data, "customers", "name")[0] == "ທ້າວ ສົມໃຈ  ທົດສອບ"
    assert column(data, "customers", "name_latin") == ["Mr. Somchai TEST", "TEST, Somchai", "Noi Test"]
    first, second, third = column(data, "customers", "name_key")
    assert first == second and first is not None and third is None
    assert column(data, "customers", "latin_key") == ["somchai test", "somchai test", "noi test"]
