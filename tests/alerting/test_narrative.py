"""What is said about a hit: figures in their units, in English and Lao, and what would have had to differ."""

from __future__ import annotations

from typing import Any

import pytest

from alerting.judging_bank import Judge, make_card, make_hit, make_settings
from amlscreen.alerting.differ import would_differ
from amlscreen.errors import RuleError
from amlscreen.narrative import Style, explain, format_duration, format_money, format_ratio
from amlscreen.rules.card import Card
from amlscreen.rules.units import measure_units

KIP = Style("LAK", 0, 2)
LAO = Style("LAK", 0, 2, "lo")


def window(explain_text: Any = "x", **detect: Any) -> Card:
    """A card with one measure of each unit."""
    shape = {
        "shape": "window",
        "subject": "account",
        "within": "9d",
        "rows": {"inflow": {"direction": "credit"}, "out": {"direction": "debit"}},
        "measures": {
            "payers": {"distinct": "counterparty", "of": "inflow"},
            "paid": {"sum": "amount", "of": "inflow"},
            "left": {"ratio": ["gone", "paid"]},
            "gone": {"sum": "amount", "of": "out"},
            "rest": {"dwell": "mean", "of": ["inflow", "out"]},
            "days": {"days_active": "transactions", "of": "inflow"},
            "quiet": {"max": "quiet_days", "of": "inflow"},
            "wages": {"sum": "wage_multiple", "of": "inflow"},
            "since": {"min": "local_day", "of": "inflow"},
        },
        "when": {"payers": {"gte": 5}},
    }
    return make_card("HT-A01", explain=explain_text, detect=shape | detect)


MEASURES = {
    "payers": 1_205,
    "paid": 1_350_000_050,
    "left": 799_999,
    "gone": 5,
    "rest": 129_600_000_000,
    "days": 4,
    "quiet": 270,
    "wages": 2_500_000,
    "since": 20_000,
}


@pytest.mark.parametrize(
    ("gap", "english", "lao"),
    [
        ("{payers}", "1,205", "1,205"),
        ("{paid:money}", "13,500,000 LAK", "13,500,000 LAK"),
        ("{paid}", "13,500,000 LAK", "13,500,000 LAK"),
        ("{left:.0%}", "79%", "79%"),
        ("{left:.2%}", "79.99%", "79.99%"),
        ("{rest:duration}", "1 day 12 hours", "1 ມື້ 12 ຊົ່ວໂມງ"),
        ("{rest:days}", "1 day", "1 ມື້"),
        ("{quiet:days}", "270 days", "270 ມື້"),
        ("{days}", "4", "4"),
        ("{wages}", "2.5 times", "2.5 ເທົ່າ"),
        ("{wages:.1f}", "2.5", "2.5"),
        ("{since:date}", "2024-10-04", "2024-10-04"),
        ("{first_day} {last_day} {subject}", "2024-10-04 2024-10-04 A1", "2024-10-04 2024-10-04 A1"),
        ("{{a brace}}", "{a brace}", "{a brace}"),
    ],
)
def test_a_gap_is_filled_in_its_unit(gap: str, english: str, lao: str) -> None:
    """Money in whole units with the currency, ratios cut to percent, spans in words, days in ISO form."""
    hit = make_hit("HT-A01", measures=MEASURES)
    assert explain(window(gap), hit, KIP) == english
    assert explain(window(gap), hit, LAO) == lao


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    """Never zero."""
    assert explain(window("{payers} of {paid:money}"), make_hit("HT-A01", measures={}), KIP) == "unknown of unknown"


def test_the_text_is_in_the_language_asked_for() -> None:
    """Else in English."""
    both = window({"en": "{payers} people.", "lo": "ມີ {payers} ຄົນ."})
    english_only = window({"en": "{payers} people."})
    hit = make_hit("HT-A01")
    assert [explain(card, hit, LAO) for card in (both, english_only)] == ["ມີ 5 ຄົນ.", "5 people."]


def test_a_text_that_shows_what_is_not_measured_is_refused() -> None:
    """With the nearest name that is."""
    with pytest.raises(RuleError, match=r"HT-A01.*'payer'.*Did you mean 'payers'"):
        explain(window("{payer}"), make_hit("HT-A01"), KIP)


@pytest.mark.parametrize(
    ("millionths", "shown"), [(0, "0%"), (999_999, "99%"), (1_000_000, "100%"), (2_345_678, "234%")]
)
def test_a_ratio_is_cut_so_that_all_means_all(millionths: int, shown: str) -> None:
    """99.9999 % is not 100 %."""
    assert format_ratio(millionths) == shown


def test_money_rounds_half_to_even_where_fewer_digits_are_shown() -> None:
    """2.50 and 3.50 become 2 and 4; two digits are shown where the jurisdiction shows two."""
    assert [format_money(minor, KIP) for minor in (250, 350, -250)] == ["2 LAK", "4 LAK", "-2 LAK"]
    assert format_money(123_456, Style("USD", 2, 2)) == "1,234.56 USD"


@pytest.mark.parametrize(
    ("microseconds", "shown"),
    [
        (0, "0 minutes"),
        (1_000_000, "1 second"),
        (3_600_000_000, "1 hour"),
        (86_400_000_000 + 60_000_000, "1 day"),
        (-7_200_000_000, "-2 hours"),
    ],
)
def test_a_span_is_told_in_its_largest_units(microseconds: int, shown: str) -> None:
    """Two at most, neighbouring ones."""
    assert format_duration(microseconds, KIP) == shown


def differs(card: Card, **measures: Any) -> list[str]:
    """What would have had to differ, without the rule's id."""
    hit = make_hit("HT-A01", measures=MEASURES | measures)
    return [line.removeprefix("HT-A01: ") for line in would_differ(card, hit, KIP, measure_units(card))]


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({"payers": {"gte": 5}}, "payers was 1,205; it would not have fired below 5."),
        ({"payers": {"gt": 5}}, "payers was 1,205; it would not have fired at 5 or below."),
        ({"left": {"lte": 0.8}}, "left was 79.9999%; it would not have fired above 80%."),
        ({"left": {"lt": 0.805}}, "left was 79.9999%; it would not have fired at 80.5% or above."),
        ({"paid": {"gte": 1_000}}, "paid was 13,500,000.50 LAK; it would not have fired below 1,000 LAK."),
        ({"rest": {"lte": "2d"}}, "rest was 1 day 12 hours; it would not have fired above 2 days."),
        (
            {"quiet": {"between": [90, 365]}},
            "quiet was 270 days; it would not have fired below 90 days, nor at 365 days or above.",
        ),
        ({"days": [4, 5]}, "days was 4 days; it would not have fired outside 4 days, 5 days."),
        ({"days": 4}, "days was 4 days; it fires at 4 days only."),
        ({"wages": {"gte": 2}}, "wages was 2.5 times; it would not have fired below 2 times."),
    ],
)
def test_each_condition_says_what_would_not_have_fired(when: dict[str, Any], sentence: str) -> None:
    """The measured value, the threshold and the other side of it, with every digit that was compared."""
    assert differs(window(when=when)) == [sentence]


def test_a_condition_that_alone_is_not_needed_says_so() -> None:
    """Of alternatives each that held would have had to differ."""
    card = window(when={"payers": {"gte": 5}, "any": [{"days": {"gte": 3}}, {"quiet": {"gte": 90}}]})
    assert differs(card) == [
        "payers was 1,205; it would not have fired below 5.",
        "Any of these is enough, so each that held would have had to differ: days was 4 days; it would not have fired "
        "below 3 days. quiet was 270 days; it would not have fired below 90 days.",
    ]


def test_steps_and_repeats_are_conditions_too() -> None:
    """An absent step, several episodes, another rule before."""
    card = make_card(
        "HT-A01",
        explain="x",
        detect={
            "shape": "sequence",
            "subject": "account",
            "rows": {"wage": {"purpose": "salary"}, "back": {"direction": "debit"}, "spent": {"channel": "card"}},
            "first": "wage",
            "then": [{"rows": "back", "within": "7d"}, {"rows": "spent", "within": "36h", "is": "absent"}],
            "repeat": {"at_least": 3, "within": "90d", "distinct": "month"},
            "after_hit": {"rule": "HT-L01", "within": "30d"},
        },
    )
    assert differs(card) == [
        "It would not have fired without a row of 'back' within 7 days.",
        "It would not have fired had there been a row of 'spent' within 1 day 12 hours.",
        "It needs 3 different values of month within 90 days; fewer would not do.",
        "It would not have fired without an episode of HT-L01 within 30 days before.",
    ]


def test_a_match_tells_its_columns_and_their_values_where_shown() -> None:
    """A column the text does not show has a threshold and no value."""
    card = make_card(
        "HT-K05",
        explain="x",
        detect={
            "shape": "match",
            "table": "customers",
            "where": {"id_expired_days": {"gte": 30}, "risk_rating": ["high"], "guardian_id": {"null": True}},
            "measures": {"expired": "id_expired_days"},
            "at_least": 2,
        },
    )
    lines = would_differ(card, make_hit("HT-K05", measures={"expired": 45}), KIP, measure_units(card))
    assert lines == [
        "HT-K05: id_expired_days was 45 days; it would not have fired below 30 days.",
        "HT-K05: risk_rating: it would not have fired outside high.",
        "HT-K05: guardian_id: it fires only where this is not recorded.",
        "HT-K05: It needs at least 2 matching rows; with fewer it would not have fired.",
    ]


def test_tuned_thresholds_are_the_ones_told(judged: Judge) -> None:
    """The bound card speaks."""
    card = make_card("HT-A01", severity="critical")
    tuned = card.model_copy(update={"detect": window(when={"payers": {"gte": 4}}).detect})
    verdict = judged([make_hit("HT-A01", rows=[2])], cards={"HT-A01": tuned})
    assert "HT-A01: payers was 5; it would not have fired below 4." in verdict.alerts[0].would_differ


def test_the_summary_tells_the_strongest_fact_first(judged: Judge) -> None:
    """Then the titles of the others; advice is gathered from all cards."""
    cards = {"HT-L01": make_card("HT-L01", severity="critical", explain="Wages of {payers}.")}
    hits = [make_hit("HT-A01", rows=[2]), make_hit("HT-L01", rows=[4])]
    alert = judged(hits, cards=cards).alerts[0]
    assert alert.summary == "Wages of 5. Also: Title of HT-A01."
    assert alert.next_steps == ("Read the file for HT-L01.", "Read the file for HT-A01.")
    assert alert.false_positives == ("Innocent reason of HT-L01.", "Innocent reason of HT-A01.")
    assert alert.typologies == ("typology_l01", "typology_a01")


def test_a_verdict_speaks_lao(judged: Judge) -> None:
    """The sentences around the cards' texts too."""
    settings = make_settings(language="lo", policy={"band": "low"})
    hits = [make_hit("HT-A01", rows=[2]), make_hit("HT-A01", rows=[8], episode=2)]
    alert = judged(hits, settings=settings).alerts[0]
    assert alert.contributions[1].text.startswith("ພົບອີກໜຶ່ງຄັ້ງ")
