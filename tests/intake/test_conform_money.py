"""Amounts become exact minor units or are refused; nothing is rounded into place."""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.conforming import minor_units

LAO = str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙")
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def test_the_common_spellings_are_read():
    """One amount, in the ways banks write it."""
    spellings = ["1234567.50", "1,234,567.50", "1 234 567.50", "1'234'567.50", "1\u00a0234\u00a0567.50", "+1234567.5"]
    assert minor_units(spellings) == [123456750] * len(spellings)


def test_decimal_commas_and_dotted_thousands_are_read():
    """`1.234.567,50` where the mapping says that the comma is the decimal mark."""
    assert minor_units(["1.234.567,50", "1234567,5", "12"], decimal=",") == [123456750, 123456750, 1200]


def test_minus_may_stand_behind_or_be_parentheses():
    """Accounting spellings of less than nothing."""
    assert minor_units(["-5.00", "5.00-", "(5.00)", "5.00 -", "\u22125"]) == [-500] * 5


def test_lao_and_thai_digits_are_digits():
    """Digits of the script are folded before anything is checked."""
    assert minor_units(["1,234.50".translate(LAO), "1,234.50".translate(THAI)]) == [123450, 123450]


def test_a_third_digit_in_a_two_digit_currency_stands_aside():
    """`1.005` is never 1.01, and `1.000` could be a thousand."""
    assert minor_units(["1.005", "1.000", "1.0050", "1.0000"]) == ["too_precise", "too_precise", "too_precise", 100]


def test_zeros_behind_a_currency_without_minor_units_are_harmless():
    """Exports print 1500.00 for yen or dong; 1500.50 has no such coin."""
    assert minor_units(["1500.00", "1500.50", "1500.000"], digits=0) == [1500, "too_precise", "too_precise"]


@pytest.mark.parametrize(
    "text",
    ["1e3", "0x10", "NaN", "infinity", "1,50", "12,34,567", "--5", "(5", "5)", "1.2.3", "$5", "1 2", "-(5)", "."],
)
def test_what_is_no_amount_stands_aside(text):
    """Exponents, hexadecimal, infinities and stray marks are refused as text, before any cast."""
    assert minor_units([text]) == ["bad_amount"]


def test_amounts_too_large_to_be_one_stand_aside():
    """The largest amount is below 10^14 whole units."""
    assert minor_units(["99999999999999.99", "100000000000000", "9" * 40]) == [9999999999999999, "overflow", "overflow"]


def test_empty_is_nothing_and_not_zero():
    """Blank cells come out empty."""
    assert minor_units([None, "", "  "]) == [None, None, None]


@given(st.lists(st.tuples(st.decimals(-(10**13), 10**13, places=2), st.integers(0, 8)), min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_every_spelling_means_what_decimal_says(pairs):
    """Whatever the spelling, minor units equal the Decimal times a hundred."""
    texts = [_spelled(value, style) for value, style in pairs]
    assert minor_units(texts) == [int(value * 100) for value, _ in pairs]


@given(st.lists(st.text("0123456789.,-+() 'eExX໑๑", max_size=12), min_size=1, max_size=60), st.sampled_from([".", ","]))
@settings(max_examples=25, deadline=None)
def test_strings_of_any_kind_are_read_as_the_oracle_reads_them(texts, decimal):
    """No odd string slips through a cast: accepted exactly where the oracle accepts, with its value."""
    assert minor_units(texts, decimal=decimal) == [_oracle(text, decimal) for text in texts]


@given(st.lists(st.decimals(-(10**12), 10**12, places=2), min_size=1, max_size=50))
@settings(max_examples=15, deadline=None)
def test_typed_columns_give_the_same_as_text(values):
    """DECIMAL, whole numbers and doubles of a Parquet file come to the same minor units."""
    expected = [int(value * 100) for value in values]
    assert minor_units(values, kind=pa.decimal128(18, 2)) == expected
    assert minor_units(values, kind=pa.decimal128(38, 8)) == expected
    assert minor_units([float(value) for value in values], kind=pa.float64()) == expected
    whole = [int(value) for value in values]
    assert minor_units(whole, kind=pa.int64()) == [value * 100 for value in whole]


def test_a_double_that_is_no_whole_number_of_minor_units_stands_aside():
    """A binary fraction is taken only within a millionth of a minor unit."""
    found = minor_units([1.005, 0.1, float("nan"), float("inf"), 1e15, 2.5e13], kind=pa.float64())
    assert found == ["too_precise", 10, "bad_amount", "bad_amount", "overflow", 2500000000000000]


def test_a_decimal_type_keeps_its_digits():
    """More digits than the currency has are refused in typed columns too; zeros are not digits."""
    values = [Decimal("1.0050"), Decimal("1.0000"), Decimal("12345678901234.00")]
    assert minor_units(values, kind=pa.decimal128(24, 4)) == ["too_precise", 100, 1234567890123400]


def _spelled(value: Decimal, style: int) -> str:
    size, minus = abs(value), value < 0
    plain, grouped = format(size, "f"), f"{size:,.2f}"
    text = [
        plain, grouped, grouped.replace(",", " "), grouped.replace(",", "'"), grouped.translate(LAO),
        plain.translate(THAI), grouped, plain, grouped.replace(",", "\u00a0"),
    ][style]  # fmt: skip
    if not minus:
        return text
    return [f"-{text}", f"{text}-", f"({text})"][style % 3]


def _oracle(text: str, decimal: str) -> int | str | None:
    text = text.strip()
    if not text:
        return None
    folded = text.replace("໑", "1").replace("๑", "1")
    mark = re.escape(decimal)
    other = re.escape({".": ",", ",": "."}[decimal])
    grouped = "|".join(f"[0-9]{{1,3}}({each}[0-9]{{3}})+" for each in (other, " ", "'"))
    body = f"(([0-9]+|{grouped})({mark}[0-9]+)?|{mark}[0-9]+)"
    if not re.fullmatch(f"[+-]? ?{body}|{body} ?-|\\({body}\\)", folded):
        return "bad_amount"
    digits = re.sub(f"[^0-9{mark}]", "", folded).replace(decimal, ".")
    value = Decimal(digits) * (-1 if "-" in folded or "(" in folded else 1)
    if abs(value) >= 10**14:
        return "overflow"
    places = len(digits.partition(".")[2])
    if places > 2 and (places == 3 or int(digits.partition(".")[2] or 0)):
        return "too_precise"
    return int(value * 100)
