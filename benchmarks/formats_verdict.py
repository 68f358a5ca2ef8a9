"""Whether what was read of a file is what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from benchmarks.formats_read import Outcome
from benchmarks.formats_truth import Truth

__all__ = ["ASKED", "DOUBTFUL", "RIGHT", "VERDICTS", "WRONG", "Verdict", "judge", "must_be_refused", "promised"]

RIGHT = "read right"
REFUSED = "refused clearly"
WRONG = "read wrong"
CRASHED = "crashed"
UNKNOWN = "no truth to compare"
ASKED = "right once asked"
DOUBTFUL = "right, expected doubtful"
VERDICTS = (RIGHT, ASKED, DOUBTFUL, REFUSED, WRONG, CRASHED, UNKNOWN)

_BAD_NAMES = ("broken", "wrong", "invalid", "overflow")
_NOT_PROMISED = (
    *("MT101", "MT199", "MT341", "MT362", "MT900"),
    *("pacs.002", "pacs002", "pacs.007", "pacs.028", "pain002"),
    *("0020110-", "valid_pain_v11", "mx_sample", "app_to_mqsq"),
)


@dataclass(frozen=True)
class Verdict:
    """One of ``VERDICTS``, and why."""

    word: str
    why: str = ""


def must_be_refused(name: str) -> bool:
    """Whether a file's name says that something is wrong with it."""
    return any(word in name.casefold() for word in _BAD_NAMES)


def promised(name: str) -> bool:
    """Whether a file is of a kind that the product says it reads; others are rightly refused."""
    return not any(word in name for word in _NOT_PROMISED)


def judge(
    name: str, outcome: Outcome, truths: Sequence[Truth], doubt: tuple[str, int, Decimal] | None = None
) -> Verdict:
    """What came of a file. The balances of its statements bear more than what others counted."""
    if outcome.state == "crashed":
        return Verdict(CRASHED, outcome.said)
    if outcome.state == "refused":
        return Verdict(REFUSED, outcome.said)
    aside = f"{outcome.quarantined} quarantined ({outcome.reasons})" if outcome.quarantined else ""
    if must_be_refused(name) and outcome.quarantined:
        return Verdict(RIGHT, aside)
    if doubt:
        why = _differs(outcome, Truth("the file as people see it", doubt[1], doubt[2]))
        return Verdict(WRONG, why) if why else Verdict(DOUBTFUL, doubt[0])
    wrong = [why for truth in truths if (why := _differs(outcome, truth))]
    if truths and len(wrong) < len(truths):  # two sources may contradict each other; one of them is met
        return Verdict(RIGHT, _joined(outcome.said, aside, f"but {wrong[0]}" if wrong else ""))
    borne = _borne_out(outcome)
    if borne:
        return Verdict(RIGHT, _joined(aside, borne, f"but {wrong[0]}" if wrong else ""))
    if wrong:
        return Verdict(WRONG, _joined(wrong[0], aside))
    if not outcome.amounts and outcome.quarantined:
        return Verdict(REFUSED, f"all rows {aside}")
    return Verdict(UNKNOWN, aside)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _borne_out(outcome: Outcome) -> str:
    """Says how balances prove the entries; empty where they do not."""
    every, agree, differ = outcome.statements
    if agree and agree == every and not differ:
        return "its balances bear it out"
    if len(outcome.balances) > 1 and not outcome.quarantined and _chain(outcome):
        return "its running balance bears it out"
    return ""


def _chain(outcome: Outcome) -> bool:
    """Whether each balance is the one before it and the amount between, in the file's order or against it."""
    rows: dict[str, list[tuple[Decimal, Decimal | None]]] = {}
    for account, amount, balance in outcome.balances:
        rows.setdefault(account, []).append((amount, balance))
    return all(
        any(
            len(way) > 1
            and all(
                before[1] is not None and after[1] is not None and before[1] + after[0] == after[1]
                for before, after in pairwise(way)
            )
            for way in (each, each[::-1])
        )
        for each in rows.values()
    )


def _differs(outcome: Outcome, truth: Truth) -> str:
    """How what was read differs from what one source says; empty if it does not.

    Rows that stood aside with a reason are not read wrong: what was read must then be a part of what is told.
    """
    read = [abs(each) for each in outcome.amounts] if truth.absolute else outcome.amounts
    if truth.legs and truth.amounts is not None:
        told, legs = Counter(truth.amounts), Counter(read)
        most = all(legs[amount] <= 2 * told[amount] for amount in legs)
        least = bool(outcome.quarantined) or all(legs[amount] >= told[amount] for amount in told)
        return "" if most and least else f"{truth.source}: {len(read)} bookings of {truth.entries} payments"
    left = outcome.quarantined + (outcome.excluded if truth.amounts is not None and read else 0)
    if left and truth.amounts is not None:
        extra = Counter(read) - Counter(truth.amounts)
        if extra:
            return f"{truth.source}: {extra.total()} amounts are not among those expected"
        most = len(read) + outcome.excluded + outcome.quarantined
        fewer = most < len(truth.amounts)
        return f"{truth.source}: {most} rows, expected {truth.entries}" if fewer else ""
    if outcome.quarantined:
        if len(read) > (truth.entries or 0):
            return f"{truth.source}: {len(read)} entries, expected {truth.entries}"
        if len(read) == truth.entries and truth.total not in (None, sum(read, Decimal(0))):
            return f"{truth.source}: sum {sum(read, Decimal(0))}, expected {truth.total}"
        return ""
    entries = len(read) + (outcome.excluded if truth.everything else 0)
    if truth.entries is not None and not truth.entries <= entries <= (truth.most or truth.entries):
        return f"{truth.source}: {entries} entries, expected {truth.entries}"
    if truth.total is not None and sum(read, Decimal(0)) != truth.total:
        return f"{truth.source}: sum {sum(read, Decimal(0))}, expected {truth.total}"
    if truth.amounts is not None and Counter(read) != Counter(truth.amounts):
        return f"{truth.source}: the sum agrees, the amounts do not"
    return ""
