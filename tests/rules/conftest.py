"""Small cards to read, bend and break."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from amlscreen.rules.reader import CardFile, read_text

FUNNEL = """\
id: HT-A01
title: People in several provinces pay in, then the money leaves as cash
status: stable
version: 1
typology: funnel_account
exploitation: [labour]
severity: high
role: unclear
description: Payments from several people in several provinces leave as cash within days.
rationale: People in many places pay into one account, and somebody else draws the money.
references:
  - {source: FinCEN FIN-2020-A008, section: I, year: 2020}
false_positives:
  - Traders with branches in several provinces.
blind_spots:
  - Money that leaves by transfer.
next_steps:
  - Read the account-opening file.
parameters:
  payers: {value: 3, help: Fewest distinct payers.}
  share_out: {value: 0.7, help: Smallest share that leaves as cash.}
  span: {value: 9d, help: The span looked at.}
  cash: {value: [cash, atm], help: Channels that count as cash.}
detect:
  shape: window
  subject: account
  within: $span
  rows:
    inflow: {direction: credit, counterparty_is_related: false}
    cash_out: {direction: debit, channel: $cash}
  measures:
    payers: {distinct: counterparty, of: inflow}
    received: {sum: amount, of: inflow}
    withdrawn: {sum: amount, of: cash_out}
    share_out: {ratio: [withdrawn, received]}
  when: {payers: {gte: $payers}, share_out: {gte: $share_out}}
explain: "{payers} people paid {received:money}; {share_out:.0%} left as cash by {last_day}."
examples:
  - name: three payers, cash out
    defaults: {account: F1, direction: credit, channel: transfer}
    transactions:
      - {at: 2026-03-10, amount: 1_000_000, counterparty: P1}
      - {at: 2026-03-10, amount: 1_000_000, counterparty: P2}
      - {at: 2026-03-11, amount: 1_000_000, counterparty: P3}
      - {at: 2026-03-12, amount: 3_000_000, direction: debit, channel: atm}
    expect: {hit: F1, payers: 3, received: 3_000_000, withdrawn: 3_000_000, share_out: 1}
  - name: the same inflow stays
    transactions:
      - {account: F1, at: 2026-03-10, amount: 1_000_000, direction: credit, channel: transfer, counterparty: P1}
    expect: clear
  - name: the money leaves by transfer
    known_miss: Only cash is counted.
    transactions:
      - {account: F1, at: 2026-03-10, amount: 1_000_000, direction: debit, channel: transfer, counterparty: P1}
    expect: clear
"""

MINORS = """\
id: HT-K08
title: A guardian who is not shown to be one runs several minors' accounts
status: test
version: 2
typology: minor_account
exploitation: [sexual]
severity: medium
role: unclear
description: One adult is recorded as guardian of several minors without proof.
rationale: Accounts of children can be opened by somebody who is no relative.
references:
  - {source: FATF 2018, year: 2018, seen: false}
false_positives:
  - Orphanages and boarding schools.
blind_spots:
  - Accounts without a recorded guardian.
next_steps:
  - Read the proof of guardianship.
parameters:
  wards: {value: 2, help: Fewest minors.}
detect:
  shape: match
  table: customers
  where: {is_minor: true, guardian_verified: false, wards: {gte: $wards}}
  subject: guardian_id
  measures: {wards: wards}
possible_victims: customer_id
explain: "{wards} minors are recorded for {subject} without proof of guardianship."
examples:
  - name: two minors, one guardian
    as_of: 2026-03-31
    customers:
      - {customer: G}
      - {customer: M1, birth_date: 2015-01-01, guardian_id: G, guardian_verified: false}
      - {customer: M2, birth_date: 2016-01-01, guardian_id: G, guardian_verified: false}
    expect: {hit: G, wards: 2, victims: [M1, M2]}
  - name: proof was seen
    customers:
      - {customer: M1, birth_date: 2015-01-01, guardian_id: G, guardian_verified: true}
    expect: clear
"""

Changed = Callable[..., str]


@pytest.fixture
def funnel_text() -> str:
    """The text of the window card."""
    return FUNNEL


@pytest.fixture
def minors_text() -> str:
    """The text of the match card."""
    return MINORS


@pytest.fixture
def funnel() -> CardFile:
    """A window card that is in order."""
    return read_text(FUNNEL, "rules/account/HT-A01_funnel.yml")


@pytest.fixture
def minors() -> CardFile:
    """A match card that is in order."""
    return read_text(MINORS, "rules/kyc/HT-K08_minors.yml")


@pytest.fixture
def changed() -> Changed:
    """A card's text with parts replaced; a part that is not there is a mistake of the test."""

    def change(*pairs: tuple[str, str], card: str = FUNNEL) -> str:
        for old, new in pairs:
            assert old in card, old
            card = card.replace(old, new, 1)
        return card

    return change
