"""Phone numbers, IBAN and BIC: one number in several spellings is one, and what fails its check is told."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.intake.bank_ids import bic_fails, iban, iban_fails
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.phones import holds_several, phone_number, plainly_written
from intake.conforming import LENIENT, accepted
from intake.test_reference_births import noticed
from intake.test_reference_wide import column
from intake.test_reference_words import ROW


@pytest.mark.parametrize(
    ("number", "spellings"),
    [
        ("+8562055555555", ["020 5555 5555", "20-5555-5555", "+856 20 55555555", "(856-20) 5555 5555"]),
        ("+8562055555555", ["856 20 55555555", "+856 (0)20 55555555", "๐๒๐ ๕๕๕๕ ๕๕๕๕", "0085620 55555555"]),
        ("+8562055555555", ["020.5555.5555", "tel: 02055555555"]),
        ("+856305555555", ["030 5555555", "+856 30 555 5555"]),
        ("+85621212121", ["021 212121", "(021) 21 21 21", "+856-21-212121"]),
        ("+66812345678", ["+66 81 234 5678", "0066 81 2345678", "+66(0)812345678"]),
        ("+84901234567", ["+84 90 123 4567", "0084901234567"]),
    ],
)  # fmt: skip
def test_a_phone_number_is_e164_however_it_is_written(number, spellings):
    """Lao, Thai and Vietnamese, with country codes, trunk zeros, spaces and strokes."""
    assert {text: phone_number(text, "LA") for text in spellings} == dict.fromkeys(spellings, number)


@pytest.mark.parametrize(
    "text", ["0205555555", "0812345678", "+85620555", "1234", "wallet-12", "none", "", "00000000000"]
)
def test_what_fits_no_numbering_plan_is_no_number(text):
    """A digit too few, or a number of another country without its code, is not made into a Lao one."""
    assert phone_number(text, "LA") is None


@pytest.mark.parametrize(
    "text", ["02055555555/02077777777", "020 5555 5555, 030 5555555", "02055555555 02077777777",
             "02055555555 ຫຼື 02077777777",
             "x; 02055555555; 02077777777"]
)  # fmt: skip
def test_of_several_numbers_the_first_is_taken(text):
    """And that there are several is known."""
    assert phone_number(text, "LA") == "+8562055555555"
    assert holds_several(text, "LA") or text.startswith("x")


@given(
    st.text("0123456789+ ().-", max_size=18)
    | st.from_regex(r"(\+856|00856|0|856)?(20|30|21)[0-9 -]{6,11}", fullmatch=True)
)
def test_what_the_store_reads_by_itself_is_what_the_library_reads(text):
    """The quick way only saves calls."""
    plain, number = plainly_written("$t", "LA") or ("", "")
    found = CONNECTION.execute(f"SELECT CASE WHEN {plain} THEN {number} END", {"t": text}).fetchall()[0][0]
    assert found in {None, phone_number(text, "LA")}
    assert found is None or not holds_several(text, "LA")


CONNECTION = duckdb.connect()


def test_phones_that_cannot_be_read_are_kept_and_counted_but_never_shown():
    """Counts by column; the text itself stands in no warning."""
    phones = ["020 5555 5555", "0205555555", "020 5555 5556 / 030 5555555", None, "+66 81 234 5678"]
    people = [{"customer_id": f"C{n}", "phone": phone} for n, phone in enumerate(phones)]
    data = Dataset.from_tables(
        settings=LENIENT, transactions=[{**ROW, "counterparty_phone": "0205555555"}], customers=people
    )
    assert column(data, "customers", "phone") == [
        "+8562055555555",
        "0205555555",
        "+8562055555556",
        None,
        "+66812345678",
    ]
    assert sorted(noticed(data)) == [
        ("counterparty_phone", "phone_unreadable", 1), ("phone", "phone_several", 1), ("phone", "phone_unreadable", 1),
    ]  # fmt: skip
    assert accepted(data, "counterparty") == [("phone:0205555555",)]
    assert not any("5555" in warning for warning in data.warnings)


@pytest.mark.parametrize(
    "text", ["DE89 3704 0044 0532 0130 00", "de89370400440532013000", "IBAN: DE89-3704-0044-0532-0130-00"]
)
def test_an_iban_is_one_however_it_is_written(text):
    """Spaces, strokes and capitals do not matter."""
    assert iban(text) == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("DE89370400440532013001", True), ("DE8937040044053201300", True), ("GB82WEST12345698765432", False),
        ("LA12345678901234567", False), ("0102030405060708", False), ("NO9386011117947", False), ("", False),
    ],
)  # fmt: skip
def test_only_what_begins_like_an_iban_of_a_country_that_has_them_can_fail(text, fails):
    """Laos has none, so a number that begins with LA is the bank's own."""
    assert iban_fails(text) is fails


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=11, max_size=11), st.integers(4, 21))
def test_one_wrong_character_never_passes(rest, at):
    """The remainder by 97 finds every exchange of one character by one of its kind."""
    bare = "GB00" + rest + "0000000"
    number = int("".join(str(int(each, 36)) for each in bare[4:] + bare[:4]))
    right = f"GB{98 - number % 97:02}{bare[4:]}"
    assert iban(right) == right
    wrong = (
        right[:at]
        + ("1" if right[at] == "0" else "0" if right[at].isdigit() else "B" if right[at] == "A" else "A")
        + right[at + 1 :]
    )
    assert iban(wrong) is None and iban_fails(wrong)


@pytest.mark.parametrize(
    ("text", "fails"),
    [("BCELLALA", False), ("BCELLALAXXX"[:11], False), ("SYNBANKA", True), ("BANKA", False), ("12345678", False)],
)
def test_a_bic_without_a_country_fails(text, fails):
    """Only what has eight or eleven characters and letters where a BIC has them."""
    assert bic_fails(text) is fails


def test_numbers_written_apart_or_together_are_one_counterparty_and_wrong_ones_are_told():
    """The bank's own account number too, so that own transfers are found."""
    head_office = "DEUTDEFF" + "X" * 3
    given_rows = [
        ("DE89 3704 0044 0532 0130 00", "DEUTDEFF"), ("DE89370400440532013000", head_office),
        ("DE89 3704 0044 0532 0130 01", "SYNBANKA"), ("77 88 99", None),
    ]  # fmt: skip
    rows = [
        {**ROW, "transaction_id": f"T{n}", "counterparty_account": account, "counterparty_institution": bank}
        for n, (account, bank) in enumerate(given_rows)
    ]
    data = Dataset.from_tables(settings=LENIENT, transactions=rows)
    assert [row[0] for row in accepted(data, "counterparty")] == [
        "account:DEUTDEFF/DE89370400440532013000", "account:DEUTDEFF/DE89370400440532013000",
        "account:SYNBANKA/DE89 3704 0044 0532 0130 01", "account:BANK/77 88 99",
    ]  # fmt: skip
    assert sorted(noticed(data)) == [
        ("counterparty_account", "iban_wrong", 1), ("counterparty_institution", "bic_wrong", 1),
    ]  # fmt: skip
    assert len(data.quarantine) == 0


def test_a_column_of_the_banks_own_codes_is_no_column_of_bics():
    """Eight letters alone are no claim to be one; beside a right one they are."""
    own = [{**ROW, "transaction_id": f"T{n}", "counterparty_institution": "SYNBANKA"} for n in range(2)]
    assert noticed(Dataset.from_tables(settings=LENIENT, transactions=own)) == []
    mixed = [*own, {**ROW, "transaction_id": "T9", "counterparty_institution": "DEUTDEFF"}]
    assert noticed(Dataset.from_tables(settings=LENIENT, transactions=mixed)) == [
        ("counterparty_institution", "bic_wrong", 2)
    ]


def test_an_own_account_is_found_however_the_iban_is_written():
    """In the table of accounts with spaces, in the booking without."""
    other = "GB82 WEST 1234 5698 7654 32"
    accounts = [{"account_id": "A1", "customer_id": "C1"}, {"account_id": other, "customer_id": "C1"}]
    row = {**ROW, "counterparty_account": other.replace(" ", "")}
    data = Dataset.from_tables(settings=LENIENT, transactions=[row], accounts=accounts)
    assert accepted(data, "kind::VARCHAR") == [("own_transfer",)]
