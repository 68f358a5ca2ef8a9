"""A card that is wrong is refused in a sentence that helps."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from amlscreen.errors import RuleError
from amlscreen.rules import words
from amlscreen.rules.grammar import ParameterRef, Window
from amlscreen.rules.reader import CardFile, read_card, read_text

Changed = Callable[..., str]


def test_a_card_keeps_its_parameters_by_name_until_it_is_bound(funnel: CardFile) -> None:
    """What is read says `$payers`; the number comes when the card is bound."""
    detect = funnel.card.detect
    assert isinstance(detect, Window)
    assert detect.when.columns["payers"].gte == ParameterRef("payers")
    assert funnel.card.parameters["share_out"].value == Decimal("0.7")


@pytest.mark.parametrize(
    ("old", "new", "at", "sentence"),
    [
        (
            "of: inflow}",
            "off: inflow}",
            "off: inflow",
            "'off' is not known in detect.measures.payers. Did you mean 'of'?",
        ),
        ("shape: window", "shape: windw", "detect:", "there is no shape 'windw'. Did you mean 'window'?"),
        ("  shape: window\n", "", "detect:", "does not say its `shape`"),
        ("severity: high", "severity: hihg", "severity:", "'hihg' is not allowed. Did you mean 'high'?"),
        ("title: P", "titel: P", "titel:", "'titel' is not known in the card. Did you mean 'title'?"),
        ("version: 1\n", "", "id:", "'version' is missing"),
        ("id: HT-A01", "id: A01", "id:", "does not have the form"),
        ("subject: account", "subject: acount", "subject:", "Did you mean 'account'?"),
        ("within: $span", "within: 3 weeks", "within:", "'3 weeks' is not a span of time; write for example 9d"),
        ("value: 9d", "value: nine", "parameters:", "a parameter does not fit where it is used: 'nine' is not a span"),
        ("gte: $payers", "gte: $payer", "gte: $payer}", "there is no parameter 'payer'. Did you mean 'payers'?"),
        ("{payers: {gte: $p", "{payer: {gte: $p", "payer: {gte", "`when` names 'payer', which is not under `measures`"),
        ("[withdrawn, received]", "[withdrawn, receivd]", "receivd", "a ratio of 'receivd', which is not under"),
        ("{sum: amount, of: inflow}", "{sum: amount, of: inflw}", "of: inflw", "Did you mean 'inflow'?"),
        (
            "explain:",
            "strength: [{measure: payer, from: 1, times: 2}]\nexplain:",
            "measure: payer,",
            "Did you mean 'payers'?",
        ),
        ("{sum: amount, of: inflow}", "{sum: amount}", "received: {sum", "sum needs `of:` one row set"),
        (
            "direction: credit, c",
            "direction: creditt, c",
            "direction: creditt",
            "never holds 'creditt'. Did you mean 'credit'?",
        ),
        ("[cash, atm]", "[cash, atn]", "channel: $cash", "column 'channel' never holds 'atn'. Did you mean 'atm'?"),
        (
            "counterparty_is_related:",
            "counterparty_related:",
            "counterparty_related:",
            "Did you mean 'counterparty_is_related'?",
        ),
        ("is_related: false", "is_related: no", "counterparty_is_related:", "is true or false, not 'no'"),
        (
            "distinct: counterparty",
            "distinct: counterprty",
            "distinct: counterprty",
            "no column 'counterprty'. Did you mean",
        ),
        ("sum: amount", "sum: channel", "sum: channel", "column 'channel' is not a number"),
        ("channel: $cash", "mcc: 7011", "mcc:", 'holds text, not 7011. Write "7011" in quotes'),
        ("channel: $cash", "channel: {gte: cash}", "gte: cash", "has no order"),
        ("channel: $cash", "hour: {gte: late}", "hour:", "is a number, not 'late'"),
        ("{payers} people", "{payer} people", "explain:", "'{payer}' is not measured by this card. Did you mean"),
        ("{payers} people", "{payers:money} people", "explain:", "'{payers:money}' does not fit a measure in count"),
        ("{payers} people", "{payers people", "explain:", "explain: "),
        ("by {last_day}", "by {limit}", "explain:", "'{limit}' is known only with `for_each: limits`"),
        (
            "counterparty: P1}",
            "counterprty: P1}",
            "counterprty: P1",
            "no column 'counterprty'. Did you mean 'counterparty'?",
        ),
        ("payers: 3, r", "payer: 3, r", "payer: 3", "'payer' is not measured by this card. Did you mean 'payers'?"),
        ("hit: F1, ", "", "expect: {payers", "names the subject under `hit`"),
        ("title: People", "title: {lo: x} #", "title:", "title has no English text"),
        ("severity: high", "severity: high\nseverity: low", "severity: low", "'severity' stands twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_the_likely_fix(
    changed: Changed, old: str, new: str, at: str, sentence: str
) -> None:
    """File, line and column, one sentence, and the nearest word that would be right."""
    text = changed((old, new))
    line, column = text[: text.index(at)].count("\n") + 1, text.index(at) - text.rfind("\n", 0, text.index(at))
    with pytest.raises(RuleError) as caught:
        read_text(text, "card.yml")
    assert sentence in str(caught.value)
    assert str(caught.value).startswith(f"card.yml:{line}:{column}: ")


@pytest.mark.parametrize("gap", ["{payers.__class__}", "{payers[0]}", "{payers!r}", "{}", "{0}", "{payers:{received}}"])
def test_a_gap_is_a_name_and_a_format_and_nothing_else(changed: Changed, gap: str) -> None:
    """Python's format language could read attributes of objects; a card's text cannot."""
    with pytest.raises(RuleError, match="explain"):
        read_text(changed(("{payers} people", f"{gap} people")))


def test_a_match_is_held_to_the_columns_of_its_table(changed: Changed, minors_text: str) -> None:
    """A column of transactions does not stand in a match on customers."""
    with pytest.raises(RuleError, match=r"there is no column 'is_minr'. Did you mean 'is_minor'"):
        read_text(changed(("{is_minor:", "{is_minr:"), card=minors_text))
    with pytest.raises(RuleError, match=r"there is no column 'guardian'. Did you mean 'guardian_id'"):
        read_text(changed(("subject: guardian_id", "subject: guardian"), card=minors_text))


def test_possible_victims_are_a_row_sets_customer_or_a_column(changed: Changed) -> None:
    """Whose row goes to the protected list must be findable."""
    with pytest.raises(RuleError, match=r"Did you mean 'inflow\.customer'"):
        read_text(changed(("explain:", "possible_victims: inflows.customer\nexplain:")))
    assert read_text(changed(("explain:", "possible_victims: inflow.customer\nexplain:"))).card.possible_victims


def test_a_known_miss_expects_clear(changed: Changed) -> None:
    """It names what the card does not see, so it cannot expect a hit."""
    with pytest.raises(RuleError, match="a known miss expects `clear`"):
        read_text(changed(("expect: {hit: F1", "known_miss: x\n    expect: {hit: F1")))


def test_yaml_is_read_as_1_2(changed: Changed) -> None:
    """`no` and `012` are what they look like, not False and 10."""
    card = read_text(changed(("value: 3,", "value: 012,"), ("help: Fewest distinct payers.", "help: no"))).card
    assert card.parameters["payers"].value == 12
    assert card.parameters["payers"].help == "no"


def test_broken_yaml_is_told_with_its_place(changed: Changed) -> None:
    """The parser's own finding, in our form."""
    with pytest.raises(RuleError, match=r"^card\.yml:5:9: is not YAML: expected"):
        read_text(changed(("version: 1", "version: [1")), "card.yml")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """No traceback for a mistyped path."""
    with pytest.raises(RuleError, match=r"none\.yml: cannot be read"):
        read_card(tmp_path / "none.yml")


def test_the_examples_of_the_grammar_hold() -> None:
    """Docstrings are run."""
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("value: 3,", "value: three,", "measure 'payers' is a number, not 'three'"),
        ("value: 3,", "value: .inf,", "measure 'payers' is a number, not 'Infinity'"),
        ("value: 3,", "value: yes,", "measure 'payers' is a number, not 'yes'"),
        ("explain:", "least_known: 80\nexplain:", "least_known is a share from 0 to 1"),
        ("explain:", "strength: [{measure: payers, from: many, times: 2}]\nexplain:", "`from` is a number, not 'many'"),
        ("explain:", "  repeat: {at_least: 1.5, within: 30d}\nexplain:", "`at_least` is a whole number from 1"),
        ("{sum: amount, of: inflow}", "{top_share: amount, k: 0, of: inflow}", "`k` is a whole number from 1"),
        ("{sum: amount, of: inflow}", "{sum: '', of: inflow}", "there is no column ''"),
    ],
)
def test_a_figure_is_a_figure(changed: Changed, old: str, new: str, sentence: str) -> None:
    """Through a parameter too; otherwise the run would be the first to notice."""
    with pytest.raises(RuleError, match=sentence):
        read_text(changed((old, new)))


def test_a_span_is_compared_with_a_span(changed: Changed) -> None:
    """`dwell: {lte: 12h}`, never a bare number whose unit one would have to guess."""
    with_dwell = changed(
        ("    share_out: {ratio", "    rest: {dwell: mean, of: [inflow, cash_out]}\n    share_out: {ratio"),
        ("when: {", "when: {rest: {lte: 12h}, "),
    )
    assert read_text(with_dwell)
    with pytest.raises(RuleError, match="measure 'rest' is a span of time"):
        read_text(with_dwell.replace("lte: 12h", "lte: 12"))
