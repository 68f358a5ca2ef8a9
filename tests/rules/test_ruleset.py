"""Sets of rules: loaded, chosen, tuned, and what they need."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amlscreen.errors import AmlScreenError, RuleError, SettingsError
from amlscreen.rules.bind import bind
from amlscreen.rules.grammar import Window
from amlscreen.rules.needs import needs
from amlscreen.rules.reader import CardFile, read_text
from amlscreen.rules.ruleset import RuleSet
from amlscreen.rules.units import measure_units

Changed = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, funnel_text: str, minors_text: str) -> Path:
    """A folder of two cards and a lock."""
    texts = {"account/HT-A01_funnel.yml": funnel_text, "kyc/HT-K08_minors.yml": minors_text, "lock.yml": "{}"}
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_binding_leaves_no_parameter_name_behind(funnel: CardFile) -> None:
    """Numbers, spans and lists stand where the names stood; a list becomes one_of."""
    detect = bind(funnel.card).detect
    assert isinstance(detect, Window)
    assert detect.within == "9d"
    assert detect.when.columns["share_out"].gte == Decimal("0.7")
    assert detect.rows["cash_out"].columns["channel"].one_of == ["cash", "atm"]
    assert detect.rows["cash_out"].columns["channel"].eq is None


def test_binding_twice_changes_nothing(funnel: CardFile, minors: CardFile) -> None:
    """A bound card has nothing left to fill in."""
    for card in (bind(funnel.card), bind(minors.card)):
        assert bind(card) == card


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ({"payers": 6.5}, "must be a whole number"),
        ({"payers": True}, "must be a number"),
        ({"share_out": "most"}, "must be a number"),
        ({"span": 9}, "must be a span of time"),
        ({"span": "soon"}, "must be a span of time"),
        ({"cash": "atm"}, "must be a list"),
        ({"cash": [1]}, "must be a list whose every item is a word"),
        ({"cash": ["atn"]}, "column 'channel' never holds 'atn'"),
        ({"payer": 6}, "has no parameter 'payer'. Did you mean 'payers'"),
    ],
)
def test_an_override_is_of_the_parameters_kind(funnel: CardFile, override: dict[str, Any], sentence: str) -> None:
    """A mistyped tuning is refused before anything runs."""
    with pytest.raises(SettingsError, match=sentence):
        RuleSet([funnel]).tune({"HT-A01": override})


def test_tuning_adds_up_and_leaves_the_first_set_alone(funnel: CardFile) -> None:
    """Later values win; the set tuned from is as before."""
    rules = RuleSet([funnel])
    tuned = rules.tune({"HT-A01": {"payers": 6, "share_out": 1}}).tune({"HT-A01": {"payers": 7}})
    assert tuned.get("HT-A01").parameters["payers"].value == 7
    assert tuned.get("HT-A01").parameters["share_out"].value == 1
    assert rules.get("HT-A01").parameters["payers"].value == 3
    assert tuned.overrides == {"HT-A01": {"payers": 7, "share_out": 1}}


def test_a_folder_is_loaded_without_its_lock(folder: Path) -> None:
    """Cards in order of id, from all folders below."""
    rules = RuleSet.load(folder)
    assert [card.id for card in rules] == ["HT-A01", "HT-K08"]
    assert len(rules) == 2
    assert "HT-A01" in rules
    assert len(RuleSet.load(folder / "kyc" / "HT-K08_minors.yml")) == 1


def test_two_cards_of_one_id_are_refused(folder: Path, funnel_text: str) -> None:
    """An id names one rule."""
    (folder / "account" / "other.yml").write_text(funnel_text, encoding="utf-8")
    with pytest.raises(RuleError, match=r"rule 'HT-A01' stands in .*HT-A01_funnel\.yml too"):
        RuleSet.load(folder)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """No rules is a mistake, not a clean result."""
    with pytest.raises(AmlScreenError, match="there are no cards"):
        RuleSet.load(tmp_path)


def test_rules_are_chosen_by_status_family_and_id(folder: Path) -> None:
    """Every criterion narrows; an unknown word is refused with the nearest known one."""
    rules = RuleSet.load(folder)
    assert [card.id for card in rules.select(status="stable")] == ["HT-A01"]
    assert [card.id for card in rules.select(family=["kyc", "account"])] == ["HT-A01", "HT-K08"]
    assert len(rules.select(status="stable", ids="HT-K08")) == 0
    for wrong in ({"status": "stabel"}, {"family": "acount"}, {"ids": "HT-A1"}):
        with pytest.raises(SettingsError, match="Did you mean"):
            rules.select(**wrong)


def test_choosing_keeps_the_tuning_of_what_is_left(folder: Path) -> None:
    """Select after tune is tune after select."""
    tuned = RuleSet.load(folder).tune({"HT-A01": {"payers": 9}, "HT-K08": {"wards": 4}})
    chosen = tuned.select(ids=["HT-A01"])
    assert chosen.get("HT-A01").parameters["payers"].value == 9
    assert set(chosen.overrides) == {"HT-A01"}


def test_the_fingerprint_changes_with_what_is_detected_and_not_with_layout(changed: Changed, funnel: CardFile) -> None:
    """Same fingerprint, same rules."""
    plain = RuleSet([funnel]).fingerprint()
    spaced = RuleSet([read_text(changed(("version: 1", "version:   1  # a note")))]).fingerprint()
    assert plain == spaced
    assert RuleSet([funnel]).tune({"HT-A01": {"payers": 4}}).fingerprint() != plain
    assert RuleSet([read_text(changed(("within: $span", "within: 8d")), "x")]).fingerprint() != plain


def test_a_rule_needs_the_columns_it_names(funnel: CardFile, minors: CardFile) -> None:
    """Conditions and measures, through the columns that derived ones are made from."""
    assert needs(funnel.card) == {
        "transactions.account_id",
        "transactions.amount",
        "transactions.channel",
        "transactions.counterparty",
        "transactions.direction",
    }
    assert needs(minors.card) == {"customers.birth_date", "customers.guardian_id", "customers.guardian_verified"}


def test_alternatives_need_one_of_their_columns(changed: Changed) -> None:
    """`any: [{mcc, country}, {hour}]` runs with hour alone, or with mcc and country; never with mcc alone."""
    text = changed(("channel: $cash", 'channel: $cash, any: [{mcc: "7011", country: TH}, {hour: {gte: 1}}]'))
    assert {need for need in needs(read_text(text).card) if "|" in need} == {
        "transactions.mcc|transactions.time_precision",
        "transactions.country|transactions.time_precision",
    }


def test_what_is_needed_anyway_is_not_named_as_an_alternative(changed: Changed) -> None:
    """`channel` must be there, so `channel or mcc` says nothing more."""
    text = changed(("channel: $cash", 'channel: $cash, any: [{channel: atm}, {mcc: "7011"}]'))
    assert not any("|" in need for need in needs(read_text(text).card))


def test_a_place_may_be_a_terminal_or_a_branch(changed: Changed) -> None:
    """Either column is enough."""
    card = read_text(changed(("distinct: counterparty", "distinct: place"))).card
    assert "transactions.branch_id|transactions.terminal_id" in needs(card)


def test_measures_have_the_unit_of_their_verb_or_column(funnel: CardFile, minors: CardFile) -> None:
    """Money stays money, a ratio a ratio, a count a count."""
    money = {"received": "money", "withdrawn": "money"}
    assert measure_units(funnel.card) == {"payers": "count", **money, "share_out": "ratio"}
    assert measure_units(minors.card) == {"wards": "count"}


def test_this_or_not_known_needs_no_column(changed: Changed) -> None:
    """A card that says what happens where a flag is missing runs without it."""
    either = "{direction: credit, any: [{is_merchant: false}, {is_merchant: {'null': true}}]}"
    tolerant = read_text(changed(("{direction: credit, counterparty_is_related: false}", either))).card
    assert "accounts.is_merchant" not in needs(tolerant)
    empty = "{direction: credit, any: [{mcc: {'null': true}}, {purpose: {'null': true}}]}"
    demanding = read_text(changed(("{direction: credit, counterparty_is_related: false}", empty))).card
    assert "transactions.mcc|transactions.purpose" in needs(demanding)


def test_a_measure_that_is_only_shown_is_not_needed(changed: Changed) -> None:
    """Provinces told in the explanation do not keep a rule from running on data without them."""
    text = changed(("    received: {sum", "    provinces: {distinct: province, of: inflow}\n    received: {sum"))
    assert "transactions.province" not in needs(read_text(text).card)
    asked = read_text(text.replace("when: {", "when: {provinces: {gte: 1}, ")).card
    assert "transactions.province" in needs(asked)


def test_an_alternative_in_when_needs_one_of_its_measures(changed: Changed) -> None:
    """Wages with named workers, or several of them on one day."""
    text = changed(
        ("    received: {sum", "    workers: {distinct: ultimate_party, of: inflow}\n    received: {sum"),
        ("{payers: {gte: $payers}, ", "{any: [{payers: {gte: $payers}}, {workers: {gte: $payers}}], "),
        ("{direction: credit, counterparty_is_related: false}", "{direction: credit}"),
    )
    assert "transactions.counterparty|transactions.ultimate_party" in needs(read_text(text).card)
