"""Times: each stated format is checked before it is parsed, and an era is taken off before that."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.conforming import instants


def test_iso_is_read_without_being_stated():
    """Date alone, date and time, with seconds, with fractions."""
    texts = ["2026-03-10", "2026-03-10 08:05", "2026-03-10T08:05:59", "2026-03-10 08:05:59.123456"]
    assert instants({"D": texts}) == [
        ("2026-03-10 00:00:00", False),
        ("2026-03-10 08:05:00", True),
        ("2026-03-10 08:05:59", True),
        ("2026-03-10 08:05:59", True),
    ]


def test_a_zone_in_the_text_is_taken_at_its_word():
    """Z and offsets give an instant; local time in Laos is seven hours ahead of UTC."""
    texts = ["2026-03-10T23:10:00Z", "2026-03-10T23:10:00+07:00", "2026-03-10 23:10:00+0000", "2026-03-10 23:10:00-05"]
    assert [found[0] for found in instants({"D": texts})] == [
        "2026-03-11 06:10:00",
        "2026-03-10 23:10:00",
        "2026-03-11 06:10:00",
        "2026-03-11 11:10:00",
    ]


def test_the_leap_day_of_a_buddhist_year_is_a_real_day():
    """29/02/2567 is 29 February 2024, although 2567 is no leap year as a number."""
    assert instants({"D": ["29/02/2567", "29/02/2568"]}, date="%d/%m/%Y", era="buddhist") == [
        ("2024-02-29 00:00:00", False),
        "bad_date",
    ]


def test_buddhist_years_are_read_wherever_they_stand():
    """At the end, at the start, in the middle, with two digits, in ISO order."""
    assert instants({"D": ["2567-02-29"]}, era="buddhist") == [("2024-02-29 00:00:00", False)]
    assert instants({"D": ["29.02.67"]}, date="%d.%m.%y", era="buddhist") == [("2024-02-29 00:00:00", False)]
    assert instants({"D": ["2567/02/29 10:00"]}, date="%Y/%m/%d %H:%M", era="buddhist") == [
        ("2024-02-29 10:00:00", True)
    ]


def test_a_buddhist_year_read_as_common_stands_aside():
    """A wrongly stated era is noticed by the year, not believed."""
    assert instants({"D": ["10/03/2569", "10/03/1400"]}, date="%d/%m/%Y") == ["date_out_of_range"] * 2
    assert instants({"D": ["10/03/2026"]}, date="%d/%m/%Y", era="buddhist") == ["date_out_of_range"]


@pytest.mark.parametrize(
    "text", ["31/02/2026", "32/01/2026", "10-03-2026", "2026", "10/03/26", "10/13/2026", "x", "1/1/2026x"]
)
def test_what_is_no_such_day_stands_aside(text):
    """Days that do not exist and other spellings are refused."""
    assert instants({"D": [text]}, date="%d/%m/%Y") == ["bad_date"]


def test_formats_are_tried_in_the_order_given():
    """03/04 is the third of April or the fourth of March: the mapping says which comes first."""
    assert instants({"D": ["03/04/2026"]}, date=["%d/%m/%Y", "%m/%d/%Y"])[0][0] == "2026-04-03 00:00:00"
    assert instants({"D": ["03/04/2026"]}, date=["%m/%d/%Y", "%d/%m/%Y"])[0][0] == "2026-03-04 00:00:00"


def test_a_second_column_may_hold_the_clock():
    """Date and time apart; without a time only the day is known; a bad time is not midnight."""
    columns = {"D": ["10/03/2026"] * 4, "T": ["08:05:59", "23:10", None, "25:00"]}
    assert instants(columns, date="%d/%m/%Y") == [
        ("2026-03-10 08:05:59", True),
        ("2026-03-10 23:10:00", True),
        ("2026-03-10 00:00:00", False),
        "bad_date",
    ]


def test_zeros_that_a_sheet_dropped_are_put_back():
    """5032026 is 05032026 and 80559 is 080559."""
    assert instants({"D": ["5032026"], "T": ["80559"]}, date="%d%m%Y", time="%H%M%S") == [("2026-03-05 08:05:59", True)]


def test_lao_and_thai_digits_are_digits():
    """Also with the era of the country."""
    texts = ["໑໐/໐໓/໒໕໖໙", "๑๐/๐๓/๒๕๖๙"]
    assert instants({"D": texts}, date="%d/%m/%Y", era="buddhist") == [("2026-03-10 00:00:00", False)] * 2


def test_names_of_months_and_halves_of_the_day_are_read():
    """10 Mar 2026 08:05 PM."""
    assert instants({"D": ["10 Mar 2026 08:05 PM"]}, date="%d %b %Y %I:%M %p") == [("2026-03-10 20:05:00", True)]


def test_typed_columns_skip_the_text():
    """Timestamps are local wall time, those with a zone instants, dates are days."""
    moment = dt.datetime(2026, 3, 10, 8, 5, 59)
    assert instants({"D": [moment]}, kind=pa.timestamp("us")) == [("2026-03-10 08:05:59", True)]
    assert instants({"D": [moment]}, kind=pa.timestamp("ns")) == [("2026-03-10 08:05:59", True)]
    assert instants({"D": [moment]}, kind=pa.timestamp("us", "UTC")) == [("2026-03-10 15:05:59", True)]
    assert instants({"D": [moment.date()]}, kind=pa.date32()) == [("2026-03-10 00:00:00", False)]
    assert instants({"D": [dt.datetime(2569, 1, 1)]}, kind=pa.timestamp("us")) == ["date_out_of_range"]


def test_whole_numbers_can_be_seconds_or_a_packed_date():
    """Epoch seconds are instants, whatever the zone of the file; 20260310 is a date."""
    assert instants({"D": [20260310]}, kind=pa.int64(), date="%Y%m%d") == [("2026-03-10 00:00:00", False)]
    assert instants({"D": ["1773075600"]}, date="epoch_seconds") == [("2026-03-10 00:00:00", True)]
    assert instants({"D": [1773075600000]}, kind=pa.int64(), date="epoch_milliseconds") == [
        ("2026-03-10 00:00:00", True)
    ]


def test_a_format_may_hold_the_zone():
    """%z makes an instant of it; formats without stay local."""
    form = ["%d/%m/%Y %H:%M %z", "%d/%m/%Y %H:%M"]
    texts = ["10/03/2026 10:00 +0000", "10/03/2026 10:00 +07:00", "10/03/2026 10:00"]
    assert [found[0] for found in instants({"D": texts}, date=form)] == [
        "2026-03-10 17:00:00",
        "2026-03-10 10:00:00",
        "2026-03-10 10:00:00",
    ]


@given(st.lists(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 12, 31)), min_size=1, max_size=40))
@settings(max_examples=20, deadline=None)
def test_every_stated_format_gives_the_time_it_was_made_from(moments):
    """Formatting and reading again is the identity, in both eras."""
    expected = [(moment.strftime("%Y-%m-%d %H:%M:%S").zfill(19), True) for moment in moments]
    for form in ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d %B %Y %I:%M:%S %p", "%m.%d.%Y %H.%M.%S"):
        assert instants({"D": [moment.strftime(form) for moment in moments]}, date=form) == expected
        buddhist = [moment.strftime(form.replace("%Y", str(moment.year + 543))) for moment in moments]
        assert instants({"D": buddhist}, date=form, era="buddhist") == expected
