"""A card's grammar in plain sentences."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from amlscreen.errors import RuleError
from amlscreen.rules.grammar import Baseline, Detect, Measure
from amlscreen.rules.grammar_cluster import MADE
from amlscreen.rules.grammar_path import FORMS
from amlscreen.rules.in_words import (
    Said,
    condition_in_words,
    conditions_in_words,
    looks_for,
    measure_in_words,
    value_in_words,
)
from amlscreen.rules.in_words.measures import _OF_A_BASELINE, _OF_A_CLUSTER, _OF_A_PATH
from amlscreen.rules.reader import CardFile, read_text
from amlscreen.rules.scenarios import SIGNATURES
from amlscreen.rules.words import Condition, Conditions, ParameterRef
from amlscreen.yaml_file import parse, plain

Changed = Callable[..., str]
KNOWN = {"payers": 4, "share": Decimal("0.7"), "cash": ["cash", "atm"]}


@pytest.mark.parametrize(
    ("name", "condition", "words"),
    [
        ("direction", "credit", "money comes in"),
        ("channel", ["cash", "atm", "qr"], "`channel` is cash, atm or qr"),
        ("channel", {"none_of": ["cash"]}, "`channel` is known and not cash"),
        ("channel", "$cash", "`channel` is cash or atm (`cash`)"),
        ("counterparty_is_related", False, "the counterparty has no recorded tie to the holder"),
        ("guardian_verified", False, "`guardian_verified` is no"),
        ("payers", {"gte": "$payers"}, "`payers` is at least 4"),
        ("people", {"gte": "$payers", "lt": 9}, "`people` is at least 4 (`payers`) and below 9"),
        ("wage_multiple", {"between": [0.05, 1.5]}, "`wage_multiple` is from 0.05 up to, not including, 1.5"),
        ("purpose", {"null": True}, "`purpose` is not known"),
    ],
)
def test_a_condition_is_said(name: str, condition: object, words: str) -> None:
    """With the value a parameter has, and its name where that says more."""
    assert condition_in_words(name, Condition.model_validate(condition), KNOWN) == words


def test_shares_are_said_in_percent() -> None:
    """As a person would; a multiple stays a number."""
    least = Condition.model_validate({"gte": "$share"})
    assert condition_in_words("out", least, KNOWN, "ratio") == "`out` is at least 70 % (`share`)"
    assert condition_in_words("wages", least, KNOWN, "multiple") == "`wages` is at least 0.7 (`share`)"


def test_alternatives_are_either_or() -> None:
    """What must hold together in one of them is joined by `and`."""
    said = Conditions.model_validate({"kind": "fee", "any": [{"mcc": "1"}, {"hour": 3, "country": "TH"}]})
    assert conditions_in_words(said, {}) == "`kind` is fee; either `mcc` is 1, or `hour` is 3 and `country` is TH"
    assert conditions_in_words(Conditions(), {}) == "any row"


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ({"count": "transactions", "of": "pay"}, "how many transactions in `pay`"),
        ({"sum": "amount", "of": "pay"}, "sum of `amount` in `pay`"),
        ({"distinct": "counterparty", "of": "pay"}, "how many different values of `counterparty` in `pay`"),
        ({"share": "count", "of": "night", "within": "all"}, "share of `night` in `all`, by count"),
        ({"ratio": ["out", "in"]}, "`out` as a share of `in`"),
        (
            {"top_share": "amount", "of": "pay", "k": "$payers"},
            "share of `pay` that carries one of the 4 (`payers`) commonest values of `amount`",
        ),
        (
            {"matched_within": "24h", "of": ["in", "out"]},
            "how much of `in` left as `out` within 24 hours, first in first out",
        ),
        ({"dwell": "mean", "of": ["in", "out"]}, "mean time from `in` to `out`, weighted by value, first in first out"),
        ({"gap": "longest", "of": "pay"}, "the longest pause between transactions in `pay`"),
        ({"days_active": "transactions", "of": "pay"}, "on how many days there is a transaction in `pay`"),
        ({"std": "amount", "of": "pay"}, "standard deviation of `amount` in `pay`"),
    ],
)
def test_a_measure_is_said(measure: dict[str, object], words: str) -> None:
    """Every verb of the grammar."""
    assert measure_in_words(Measure.model_validate(measure), KNOWN) == words


def test_a_window_card_is_said(funnel: CardFile) -> None:
    """Span and subject first, then the named parts, then what must hold."""
    said = looks_for(funnel.card)
    assert said.opening == "Within 9 days (`span`), about one account:"
    assert dict(said.parts)["cash_out"] == "money goes out; `channel` is cash or atm (`cash`)"
    assert said.when == ("`payers` is at least 3", "`share_out` is at least 70 %")


def test_a_match_card_is_said(minors: CardFile) -> None:
    """Table, day, whom it is about, and the conditions."""
    said = looks_for(minors.card)
    assert said.opening == (
        "Rows of the table `customers`, as of the run's day, about one customer in `guardian_id`, where: "
        "the customer is a minor; `guardian_verified` is no; `wards` is at least 2."
    )
    assert said.besides == ("Possible victims, kept apart and never the subject: `customer_id`.",)


def test_a_sequence_card_is_said(changed: Changed) -> None:
    """Steps in their order, what they compare, how often, after what."""
    text = changed(
        (
            "  shape: window\n  subject: account\n  within: $span\n",
            "  shape: sequence\n  subject: [account, customer]\n  by: [counterparty]\n  first: inflow\n  anchor: last\n"
            "  then:\n    - {rows: cash_out, within: $span, same: [counterparty], similar: {amount: 10%}}\n"
            "  repeat: {at_least: 3, within: 60d, distinct: month}\n  after_hit: {rule: HT-A02, within: 30d}\n",
        )
    )
    said = looks_for(read_text(text).card)
    assert said.opening == (
        "The last of each run of transactions of `inflow`, then within 9 days (`span`) a transaction of `cash_out` "
        "with the same `counterparty` and `amount` within 10% of it; about one account or customer, separately for "
        "each `counterparty`:"
    )
    assert said.besides == (
        "All of this at least 3 times within 60 days, counted by different `month`.",
        "Only within 30 days after a hit of HT-A02 on the same customer.",
    )


def test_numbers_are_said_without_needless_digits() -> None:
    """Thousands apart; spans as words; yes and no."""
    assert [value_in_words(one, KNOWN) for one in (3_000_000, Decimal("1.50"), "1d", True, ParameterRef("payers"))] == [
        "3,000,000",
        "1.5",
        "1 day",
        "yes",
        "4 (`payers`)",
    ]


def test_every_measure_a_shape_makes_is_said() -> None:
    """A reader meets no name that nothing explains."""
    assert [form for form, made in FORMS.items() for name in made if name not in _OF_A_PATH] == []
    assert set(MADE) <= set(_OF_A_CLUSTER)
    every = Baseline.model_construct(history=True, declared=None, peers=True, spans=True)
    assert set(every.made) <= set(_OF_A_BASELINE)


def said_of(funnel_text: str, detect: str) -> Said:
    """The words for another ``detect`` in the window card."""
    tree = parse(f"detect:\n{detect}", "x", RuleError)
    found = TypeAdapter(Detect).validate_python(plain(tree)["detect"])
    return looks_for(read_text(funnel_text).card.model_copy(update={"detect": found}))


def test_a_baseline_card_is_said(funnel_text: str) -> None:
    """What is compared with what, and what the numbers it makes mean."""
    said = said_of(
        funnel_text,
        """\
  shape: baseline
  subject: customer
  within: 30d
  rows: {inflow: {direction: credit}}
  measures: {received: {sum: amount, of: inflow}}
  compare: received
  peers: {by: [occupation, province], at_least: 30}
  spans: {at_least: 2, of: 3}
  when: {deviations: {gte: 4}}
""",
    )
    assert said.opening == (
        "`received` of the last 30 days, about one customer, against the median of people alike in `occupation` and "
        "`province`, at least 30 of them, else of the next wider group:"
    )
    assert said.parts[-1] == ("deviations", "how far `received` lies from the median, in robust standard deviations")
    assert said.besides == ("This holds in at least 2 of the last 3 spans.",)


def test_a_cluster_card_is_said(funnel_text: str) -> None:
    """What ties the members, when a value ties nobody, who leads and who may be a victim."""
    said = said_of(
        funnel_text,
        """\
  shape: cluster
  members: {customer_kind: person}
  links:
    - {same: [phone], most: 50}
    - {table: logins, same: [device_id], within: 90d, most: 20}
  flagged_by: [HT-A02, account]
  lead: introducer
  victims: {age: {lt: 25}}
  measures: {firms: {count: {customer_kind: entity}}}
  when: {members: {gte: 4}, flagged: {gte: 2}}
""",
    )
    assert said.opening == (
        "Customers for whom `customer_kind` is person who are tied together by the same `phone` in `customers` (a "
        "value on more than 50 customers ties nobody) or by the same `device_id` in `logins`, of the last 90 days (a "
        "value on more than 20 customers ties nobody):"
    )
    assert dict(said.parts)["firms"] == "how many members for whom `customer_kind` is entity"
    assert said.besides == (
        "A member is flagged by a hit of HT-A02 or account in the last 90 days.",
        "The hit is about whom `introducer` names.",
        "Possible victims, kept apart and never the subject: members for whom `age` is below 25.",
    )


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("chain", "money that moves on from account to account, each time within 24 hours and at least 85 % of it"),
        (
            "cycle",
            "money that comes back to where it began, moving on each time within 24 hours and at least 85 % of it",
        ),
        ("reach", "payments, at most 6 steps away, to or from a party named in earlier reports or cases"),
        ("collector", "accounts that each pass at least 50 % of what came in on to one and the same within 24 hours"),
    ],
)
def test_a_path_card_is_said(funnel_text: str, form: str, words: str) -> None:
    """The form in words, with its shares and spans; what is not walked through is said."""
    inflow = ", inflow: {direction: credit}" if form == "collector" else ""
    said = said_of(
        funnel_text, f"  shape: path\n  form: {form}\n  within: 30d\n  rows: {{moves: {{direction: debit}}{inflow}}}\n"
    )
    assert said.opening == f"Within 30 days, {words}:"
    assert said.besides == ("An account with more than 100 counterparties is not walked through.",)


def test_a_scenario_card_is_said(funnel_text: str) -> None:
    """What its function means, with the options of the card."""
    name, one = next(iter(sorted(SIGNATURES.items())))
    options = ", ".join(f"{option}: 3" for option in one.options)
    said = said_of(funnel_text, f"  shape: scenario\n  function: {name}\n  options: {{{options}}}\n")
    assert said.opening.startswith(one.meaning.rstrip("."))
