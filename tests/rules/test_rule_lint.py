"""Lint: each check finds what it is for and leaves a card that is in order alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from amlscreen.rules.lint import CHECKS, lint, lint_path
from amlscreen.rules.lock import write_lock
from amlscreen.rules.reader import CardFile, read_text

Changed = Callable[..., str]
NAME = "rules/account/HT-A01_funnel.yml"


def test_a_card_in_order_has_no_findings(funnel: CardFile) -> None:
    """Not even a warning."""
    assert lint([funnel]) == []


def test_a_missing_known_miss_is_a_warning_only(minors: CardFile) -> None:
    """It is said, but fails nothing."""
    assert [(one.check, one.level) for one in lint([minors])] == [("known-miss", "warning")]


@pytest.mark.parametrize(
    ("check", "old", "new", "message"),
    [
        ("key-order", "status: stable\nversion: 1", "version: 1\nstatus: stable", "`status` comes before `version`"),
        ("key-order", "shape: window\n  subject: account", "subject: account\n  shape: window", "`shape` comes first"),
        ("title-length", "title: People", f"title: {'Very ' * 20}People", "at most 100 fit"),
        ("title-length", "leaves as cash\n", "leaves as cash.\n", "full stop"),
        ("accusing-words", "title: People", "title: Traffickers", "'traffickers' accuses"),
        ("accusing-words", 'explain: "{payers} people', 'explain: "{payers} criminals', "'criminals' accuses"),
        ("desk-review", "- Read the account-opening file", "- Ask the holder", "'ask' goes beyond desk review"),
        ("desk-review", "- Read the account-opening file", "- Read it, then freeze the account", "'freeze'"),
        ("reference", ", section: I", "", "has no `section`"),
        ("reference", "year: 2020", "year: 2020, seen: false", "no source was read"),
        ("unused-parameter", "gte: $payers", "gte: 1", "parameter 'payers' is used nowhere"),
        (
            "unused-name",
            "    withdrawn: {sum",
            "    odd: {count: transactions, of: inflow}\n    withdrawn: {sum",
            "'odd'",
        ),
        (
            "unused-name",
            "    cash_out: {",
            "    idle: {direction: debit}\n    cash_out: {",
            "row set 'idle' is measured nowhere",
        ),
        ("threshold", "gte: $share_out", "gte: 0.7", "'share_out' is held against 0.7; make it a parameter"),
        ("threshold", "channel: $cash", "report_multiple: {between: [0.8, 1]}", "held against 0.8"),
        ("threshold", "explain:", "  repeat: {at_least: 3, within: 30d}\nexplain:", "`at_least` is 3"),
        ("money-figure", "channel: $cash", "amount: {gte: $payers}", "held against an amount; use report_multiple"),
        ("money-figure", "share_out: {gte: $share_out}", "received: {gte: $payers}", "sum wage_multiple or"),
        ("clear-example", "    expect: clear", "    known_miss: x\n    expect: clear", "no example of an innocent"),
        (
            "hit-measures",
            "{hit: F1, payers: 3, received: 3_000_000, withdrawn: 3_000_000, share_out: 1}",
            "{hit: F1}",
            "no measure",
        ),
        ("example-names", "name: the same inflow stays", "name: three payers, cash out", "two examples are called"),
    ],
)
def test_each_check_finds_its_mistake(changed: Changed, check: str, old: str, new: str, message: str) -> None:
    """One change to a good card, one check that objects."""
    found = [one for one in lint([read_text(changed((old, new)), NAME)]) if one.check == check]
    assert len(found) == 1
    assert message in found[0].message


def test_a_card_without_a_hit_example_proves_nothing(changed: Changed) -> None:
    """Clear examples alone are passed by a rule that never hits."""
    text = changed(("{hit: F1, payers: 3, received: 3_000_000, withdrawn: 3_000_000, share_out: 1}", "clear"))
    assert "hit-example" in {one.check for one in lint([read_text(text, NAME)])}


def test_a_word_inside_another_is_not_an_accusation(changed: Changed) -> None:
    """`close` is refused among next steps, `close-knit` and `closed` are not; `emulate` is no mule."""
    text = changed(
        ("- Read the account-opening file.", "- List accounts closed since; compare close-knit groups; emulate.")
    )
    assert lint([read_text(text, NAME)]) == []


def test_only_a_trait_never_decides(changed: Changed, minors_text: str) -> None:
    """Age with nothing beside it is refused; age beside a missing proof is not."""
    text = changed(
        ("{is_minor: true, guardian_verified: false, wards: {gte: $wards}}", "{is_minor: true, age: {lt: $wards}}"),
        card=minors_text,
    )
    checks = [one.check for one in lint([read_text(text, "kyc/HT-K08_minors.yml")])]
    assert "trait-decides" in checks


def test_province_alone_does_not_decide_in_a_window(changed: Changed) -> None:
    """Where somebody lives or pays is context."""
    text = changed(
        ("{direction: credit, counterparty_is_related: false}", "{direction: credit, holder_province: LA-BK}"),
        ("{direction: debit, channel: $cash}", "{direction: debit}"),
        ("{distinct: counterparty, of: inflow}", "{count: transactions, of: inflow}"),
        ("  cash: {value: [cash, atm], help: Channels that count as cash.}\n", ""),
    )
    assert {one.check for one in lint([read_text(text, NAME)])} == {"trait-decides"}


def test_a_card_lies_where_its_id_belongs(funnel_text: str) -> None:
    """Folder and file name say what the id says."""
    found = lint([read_text(funnel_text, "rules/kyc/funnel.yml")])
    assert [one.check for one in found] == ["file-name", "file-name"]


def test_strength_rises(changed: Changed) -> None:
    """A higher measure never earns fewer points."""
    rows = "strength:\n  - {measure: payers, from: 6, times: 1.5}\n  - {measure: payers, from: 9, times: 1.2}\nexplain:"
    found = lint([read_text(changed(("explain:", rows)), NAME)])
    assert [one.check for one in found] == ["strength-rises"]


def test_two_cards_of_one_id_and_a_missing_predecessor_are_found(funnel: CardFile, changed: Changed) -> None:
    """What only shows when cards are looked at together."""
    follower = read_text(changed(("explain:", "  after_hit: {rule: HT-A09, within: 30d}\nexplain:")), NAME)
    found = {one.check for one in lint([funnel, follower], whole=True)}
    assert found == {"duplicate-id", "after-hit"}


def test_a_folder_is_linted_with_what_cannot_be_read(tmp_path: Path, funnel_text: str) -> None:
    """One broken card hides no other card's findings."""
    (tmp_path / "account").mkdir()
    (tmp_path / "account" / "HT-A01_funnel.yml").write_text(funnel_text, encoding="utf-8")
    broken = funnel_text.replace("shape: window", "shape: windw").replace("HT-A01", "HT-A02")
    (tmp_path / "account" / "HT-A02_broken.yml").write_text(broken, encoding="utf-8")
    found = lint_path(tmp_path)
    assert [(one.rule_id, one.check) for one in found] == [("HT-A02", "reads")]
    known = "anomaly, baseline, cluster, match, path, scenario, sequence, window"
    assert str(found[0]).endswith(f"there is no shape 'windw'. Did you mean 'window'? Allowed: {known}.")


def test_a_locked_card_changes_only_with_its_version(tmp_path: Path, funnel_text: str) -> None:
    """Lint and the lock both refuse a silent change; a bump, another layout or a further example pass."""
    path = tmp_path / "account" / "HT-A01_funnel.yml"
    path.parent.mkdir()
    path.write_text(funnel_text, encoding="utf-8")
    write_lock(tmp_path, [read_text(funnel_text, str(path))])
    assert lint_path(tmp_path) == []
    path.write_text(funnel_text.replace("value: 9d", "value: 10d"), encoding="utf-8")
    assert [one.check for one in lint_path(tmp_path)] == ["version-bump"]
    path.write_text(
        funnel_text.replace("value: 9d", "value: 10d").replace("version: 1", "version: 2"), encoding="utf-8"
    )
    assert lint_path(tmp_path) == []
    path.write_text("# a note\n" + funnel_text.replace("name: the same", "name: just the same"), encoding="utf-8")
    assert lint_path(tmp_path) == []


def test_every_finding_is_of_a_known_check(minors: CardFile) -> None:
    """The list of checks is what the documentation shows."""
    assert {one.check for one in lint([minors])} <= set(CHECKS)
    assert len(CHECKS) >= 15
