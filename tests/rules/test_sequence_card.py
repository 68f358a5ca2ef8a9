"""Sequences and measures: what the grammar lets a card say, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from amlscreen.errors import RuleError
from amlscreen.rules.bind import bind
from amlscreen.rules.grammar import Sequence
from amlscreen.rules.needs import needs
from amlscreen.rules.reader import read_text

Changed = Callable[..., str]

STEPS = """\
detect:
  shape: sequence
  subject: [account, conductor]
  by: [counterparty]
  rows:
    inflow: {direction: credit}
    cash_out: {direction: debit, channel: $cash}
    more: {direction: credit}
  first: inflow
  anchor: last
  then:
    - {rows: cash_out, within: $span, same: [province], different: [terminal_id], similar: {amount: 10%}}
    - {rows: more, within: 30d, is: absent, from: previous}
  measures:
    payers: {distinct: counterparty, of: inflow}
    received: {sum: amount, of: inflow}
    withdrawn: {sum: amount, of: cash_out}
    share_out: {ratio: [withdrawn, received]}
  when: {payers: {gte: $payers}, share_out: {gte: $share_out}}
  repeat: {at_least: $payers, within: 90d, distinct: month}
explain:"""


@pytest.fixture
def steps(funnel_text: str) -> str:
    """The window card's text with a sequence in place of the window."""
    start, end = funnel_text.index("detect:"), funnel_text.index("explain:")
    return funnel_text[:start] + STEPS + funnel_text[end + len("explain:") :]


def test_a_sequence_says_steps_after_an_anchor(steps: str) -> None:
    """Spans are bound in steps too, and `is` and `from` keep their names in files."""
    detect = bind(read_text(steps).card).detect
    assert isinstance(detect, Sequence)
    assert [(step.within, step.is_, step.from_) for step in detect.then] == [
        ("9d", "present", "anchor"),
        ("30d", "absent", "previous"),
    ]


def test_a_sequence_needs_what_its_steps_compare(steps: str) -> None:
    """Of two kinds of subject one is enough."""
    assert needs(read_text(steps).card) == {
        "transactions.account_id|transactions.conductor_id",
        "transactions.amount",
        "transactions.channel",
        "transactions.counterparty",
        "transactions.direction",
        "transactions.province",
        "transactions.terminal_id",
    }


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("first: inflow", "first: inflw", "'inflw', which is not under `rows`. Did you mean 'inflow'"),
        ("- {rows: cash_out", "- {rows: cash", "a step reads row set 'cash'"),
        ("same: [province]", "same: [provinces]", "Did you mean 'province'"),
        ("{amount: 10%}", "{amount: ten}", "'ten' is not a relative distance. Write for example 10%"),
        ("{amount: 10%}", "{channel: 10%}", "column 'channel' is not a number"),
        ("distinct: month", "distinct: months", "repeat counts by 'months'.* Did you mean 'month'"),
        ("by: [counterparty]", "by: [counterprty]", "Did you mean 'counterparty'"),
        ("is: absent", "is: missing", "'missing' is not allowed.* Allowed: absent, present"),
        ("anchor: last", "anchor: latest", "'latest' is not allowed. Did you mean 'last'"),
        ("[account, conductor]", "[account, depositor]", "'depositor' is not allowed"),
        ("{sum: amount, of: cash_out}", "{sum: amount, of: [inflow, cash_out]}", "sum needs `of:` one row set"),
        ("{sum: amount, of: cash_out}", "{dwell: mean, of: cash_out}", r"dwell needs `of:` two row sets \[in, out\]"),
        ("{sum: amount, of: cash_out}", "{share: value, of: cash_out}", "share, and only share, needs `within:`"),
        (
            "{sum: amount, of: cash_out}",
            "{top_share: amount, of: cash_out}",
            "and only top_share, needs `k:`",
        ),
        ("{sum: amount, of: cash_out}", "{ratio: [received, share_out]}", "is a ratio of a ratio"),
        ("{sum: amount, of: cash_out}", "{sum: amount, min: amount, of: inflow}", "exactly one verb"),
        ("[withdrawn, received]}", "[withdrawn, received], of: inflow}", "takes no `of`"),
        ("{direction: credit}\n", "{direction: {}}\n", "an empty condition"),
        ("shape: sequence", "shape: window", "is not known in detect"),
    ],
)
def test_what_a_sequence_cannot_say_is_refused(steps: str, old: str, new: str, sentence: str) -> None:
    """In one sentence that names the word."""
    assert old in steps
    with pytest.raises(RuleError, match=sentence):
        read_text(steps.replace(old, new, 1))


def test_a_match_has_no_strength_table(minors_text: str, changed: Changed) -> None:
    """Rows that match are no amount of anything."""
    text = changed(("explain:", "strength: [{measure: wards, from: 3, times: 2}]\nexplain:"), card=minors_text)
    with pytest.raises(RuleError, match="choose the severity instead"):
        read_text(text)
