"""Two rule sets compared: what changed is said in words, and more or fewer is said only where it is sure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.bind import bind
from amlscreen.rules.compare import Change, tendency
from amlscreen.rules.reader import CardFile, read_text
from amlscreen.rules.ruleset import RuleSet

Changed = Callable[..., str]
RULES = RuleSet.load()
RUNNING = RULES.select(status=("stable", "test"))


@pytest.fixture
def differ(funnel: CardFile, changed: Changed) -> Callable[..., list[Change]]:
    """The changes that replacing parts of the window card makes."""

    def diff(*pairs: tuple[str, str]) -> list[Change]:
        return list(RuleSet([funnel]).compare(RuleSet([read_text(changed(*pairs))])))

    return diff


def test_the_same_rules_have_no_difference(funnel: CardFile, minors: CardFile) -> None:
    """And the comparison is false, as an empty list is."""
    comparison = RuleSet([funnel, minors]).compare(RuleSet([minors, funnel]))
    assert not comparison
    assert str(comparison) == "Nothing changed; 2 rules say the same."


@pytest.mark.parametrize(
    ("old", "new", "said", "finds"),
    [
        ("value: 3, help", "value: 5, help", "parameter `payers` from 3 to 5 (Fewest distinct payers)", "fewer"),
        (
            "value: 0.7",
            "value: 0.5",
            "parameter `share_out` from 0.7 to 0.5 (Smallest share that leaves as cash)",
            "more",
        ),
        ("value: 9d", "value: 20d", "parameter `span` from 9 days to 20 days (The span looked at)", "unclear"),
        ("[cash, atm]", "[cash]", "parameter `cash` from cash or atm to cash (Channels that count as cash)", "fewer"),
        ("help: Fewest distinct payers.", "help: Payers.", "the help of parameter `payers` was reworded", "same"),
        ("severity: high", "severity: low", "severity from high to low, so each hit weighs less", "same"),
        ("status: stable", "status: test", "status from stable to test", "same"),
        ("role: unclear", "role: possible_victim", "role from unclear to possible victim", "same"),
        (
            "exploitation: [labour]",
            "exploitation: [labour, sexual]",
            "exploitation from labour to labour, sexual",
            "same",
        ),
        ("version: 1", "version: 2", "version from 1 to 2", "same"),
        (
            "counterparty_is_related: false}",
            "counterparty_is_related: false, is_away: true}",
            "row set `inflow` now also asks that it is made in another province than the holder's",
            "unclear",
        ),
        (
            "{direction: debit, channel: $cash}",
            "{direction: debit, channel: $cash, hour: {gte: 20}}",
            "row set `cash_out` now also asks that `hour` is at least 20",
            "fewer",
        ),
        (
            "{sum: amount, of: cash_out}",
            "{max: amount, of: cash_out}",
            "measure `withdrawn` is now largest `amount` in `cash_out` (was: sum of `amount` in `cash_out`)",
            "unclear",
        ),
        (
            "share_out: {gte: $share_out}}",
            "share_out: {gte: $share_out}, received: {gte: 1}}",
            "now also asks that `received` is at least 1",
            "fewer",
        ),
        (
            "when: {payers: {gte: $payers}, ",
            "when: {payers: {gte: $payers, lt: 90}, ",
            "asks that `payers` is at least 3 and below 90 (was: `payers` is at least 3)",
            "fewer",
        ),
        ("subject: account", "subject: customer", "`subject` from account to customer", "unclear"),
        (
            "explain:",
            "  repeat: {at_least: 2, within: 60d}\nexplain:",
            "`repeat` added: at_least 2, within 60 days",
            "fewer",
        ),
        (
            "explain:",
            "strength:\n  - {measure: payers, from: 9, times: 2}\nexplain:",
            "points: no strength table; now: `payers` from 9 times 2",
            "same",
        ),
        (
            "- Money that leaves by transfer.",
            "- Money that leaves by transfer.\n  - Wires.",
            'blind spot added: "Wires."',
            "same",
        ),
        ("section: I,", "section: II,", "reference added: FinCEN FIN-2020-A008, II (2020)", "same"),
        ("name: the same inflow stays", "name: it stays", "example added: it stays", "same"),
        ("Read the account-opening file.", "Read it.", 'next step added: "Read it."', "same"),
    ],
)
def test_a_change_is_said(differ: Any, old: str, new: str, said: str, finds: str) -> None:
    """One change of a card, one sentence, and what becomes of the subjects found."""
    found = {change.said: change.finds for change in differ((old, new))}
    assert found[said] == finds


def test_a_reworded_text_is_shown_before_and_after(differ: Any) -> None:
    """Old and new words, so that nobody need open two files."""
    (change,) = differ(("description: Payments from", "description: Transfers from"))
    assert change.said.startswith('description reworded: "Transfers from') and '(was: "Payments from' in change.said


def test_another_shape_is_a_new_detection(minors: CardFile, funnel: CardFile, changed: Changed) -> None:
    """Nothing is claimed about what it finds."""
    text = changed(("id: HT-A01", "id: HT-K08"))
    found = [one for one in RuleSet([read_text(text)]).compare(RuleSet([minors])) if one.part == "detect"]
    assert [(one.said, one.finds) for one in found] == [
        ("shape from window to match; all of `detect` is new", "unclear")
    ]


def test_a_match_is_compared_too(minors: CardFile, minors_text: str, changed: Changed) -> None:
    """A condition of `where` that goes finds more; more rows for a subject finds fewer."""
    text = changed(
        ("guardian_verified: false, wards", "wards"),
        ("  measures: {wards: wards}", "  at_least: 3\n  measures: {wards: wards}"),
        card=minors_text,
    )
    found = {one.said: one.finds for one in RuleSet([minors]).compare(RuleSet([read_text(text)]))}
    assert found == {
        "no longer asks that `guardian_verified` is no": "more",
        "`at_least` from 1 to 3": "fewer",
    }


def test_rules_that_came_and_went_are_told(funnel: CardFile, minors: CardFile) -> None:
    """With shape and status; the sum counts them."""
    comparison = RuleSet([funnel]).compare(RuleSet([minors]))
    assert [(one.rule_id, one.kind, one.said) for one in comparison] == [
        ("HT-A01", "removed", "removed: window, stable, severity high"),
        ("HT-K08", "added", "new: match, test, severity medium"),
    ]
    assert str(comparison).endswith("1 added, 1 removed; 0 rules say the same.")


def test_tuning_is_compared_as_it_runs(funnel: CardFile) -> None:
    """A bank's own values against the card's; a tuned value needs no new version."""
    rules = RuleSet([funnel])
    comparison = rules.compare(rules.tune({"HT-A01": {"payers": 2, "share_out": 0.9}}))
    assert {one.part: one.finds for one in comparison} == {"parameters.payers": "more", "parameters.share_out": "fewer"}
    assert comparison.finds == {"HT-A01": "unclear"} and "All together it may find others." in str(comparison)
    assert comparison.unversioned == ()


def test_a_silent_change_is_told(funnel: CardFile, changed: Changed) -> None:
    """The same version for another rule; a draft, a promotion and a further example are free."""
    rules = RuleSet([funnel])

    def against(*pairs: tuple[str, str]) -> tuple[str, ...]:
        return rules.compare(RuleSet([read_text(changed(*pairs))])).unversioned

    assert against(("value: 9d", "value: 8d")) == ("HT-A01",)
    assert against(("value: 9d", "value: 8d"), ("version: 1", "version: 2")) == ()
    assert against(("value: 9d", "value: 8d"), ("status: stable", "status: draft")) == ()
    assert against(("status: stable", "status: test"), ("name: the same inflow stays", "name: it stays")) == ()


def test_a_comparison_is_written_for_programs_too(funnel: CardFile) -> None:
    """It is plain JSON; exact numbers are told as they are written."""
    rules = RuleSet([funnel])
    told = json.loads(json.dumps(rules.compare(rules.tune({"HT-A01": {"share_out": 0.9}})).to_dict()))
    assert told["changes"] == [
        {
            "rule_id": "HT-A01", "kind": "changed", "part": "parameters.share_out", "finds": "fewer", "old": "0.7",
            "new": "0.9", "said": "parameter `share_out` from 0.7 to 0.9 (Smallest share that leaves as cash)",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("file", RULES.files, ids=lambda file: file.card.id)
def test_every_shipped_rule_can_be_compared(file: CardFile) -> None:
    """Against itself with every parameter moved."""
    card = RULES.get(file.card.id)
    for name, one in card.parameters.items():
        if (value := _moved(one.value)) is not None:
            assert tendency(card.detect, bind(file.card, {name: value}).detect) in {"same", "fewer", "more", "unclear"}
    assert tendency(card.detect, card.detect) == "same"


def _moved(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if isinstance(value, int):
        return value + 1
    return value * Decimal("1.2") if value >= 1 else value + (1 - value) / 10  # a share stays one


def _one_moved(rules: RuleSet, place: int) -> Iterator[tuple[str, str, Any]]:
    for card in rules:
        names = [name for name, one in card.parameters.items() if _moved(one.value) is not None]
        if place < len(names):
            yield card.id, names[place], _moved(card.parameters[names[place]].value)


@pytest.fixture(scope="module")
def bank(tiny_bank: Path) -> Iterator[Dataset]:
    """The small bank, read once."""
    with Dataset.read(tiny_bank) as data:
        yield data


@pytest.fixture(scope="module")
def found_before(bank: Dataset) -> set[tuple[str, Any]]:
    """Rule and subject of every hit of the rules as shipped."""
    return {(hit.rule_id, hit.subject) for hit in find(bank, RUNNING).hits}


@pytest.mark.parametrize("place", [0, 1])
def test_what_is_said_of_more_and_fewer_holds_on_a_bank(
    bank: Dataset, found_before: set[tuple[str, Any]], place: int
) -> None:
    """Each rule with one parameter moved: where `fewer` is said none is new, where `more` is said none is lost."""
    moved = RUNNING.tune({rule: {name: value} for rule, name, value in _one_moved(RUNNING, place)})
    found_after = {(hit.rule_id, hit.subject) for hit in find(bank, moved).hits}
    said = {one.rule_id: one.finds for one in RUNNING.compare(moved)}
    assert found_before and "fewer" in said.values()
    assert [pair for pair in found_after - found_before if said.get(pair[0]) in {"fewer", "same"}] == []
    assert [pair for pair in found_before - found_after if said.get(pair[0]) in {"more", "same"}] == []
