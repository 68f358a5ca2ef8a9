"""Checks on both sides of the money: credits and debits, and who the other side is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from amlscreen.intake.facts import Facts
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, share

__all__ = ["SIDES"]

_FEWEST = 50
_FEWEST_OF_CHANNEL = 200
_LOPSIDED = 0.01
_BOTH_WAYS = frozenset({"transfer", "mobile", "internet", "cash", "agent"})
_MOST_ACCOUNTS = 0.5
_SOME_UNKNOWN, _MANY_UNKNOWN, _NEARLY_ALL = 0.05, 0.2, 0.95
_SOME_OWN, _MANY_OWN = 0.001, 0.005


def _one_sided(facts: Facts) -> Iterator[Seen]:
    credits, debits = sum(one.credits for one in facts.sides), sum(one.debits for one in facts.sides)
    rows = credits + debits
    if rows < _FEWEST:
        return
    for few, many, word, other in ((debits, credits, "debits", "credits"), (credits, debits, "credits", "debits")):
        if not few:
            yield Seen(
                f"There are {many:,} {other} and no {word}.", "transactions.direction", many, "error", (word,),
                is_whole=True,
            )  # fmt: skip
        elif share(few, rows) < _LOPSIDED:
            yield Seen(f"Only {count_of(few, rows, 'transactions')} are {word}.", "transactions.direction", few,
                       "warning", (word, "both directions"))  # fmt: skip
    if credits and debits:
        yield from _one_sided_files(facts)


def _one_sided_files(facts: Facts) -> Iterator[Seen]:
    by_file: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in facts.sides:
        by_file[one.file][0] += one.credits
        by_file[one.file][1] += one.debits
    for file, (ins, outs) in by_file.items():
        if ins + outs >= _FEWEST and not (ins and outs):
            has, lacks = ("credits", "debits") if ins else ("debits", "credits")
            yield Seen(f"The file has {ins + outs:,} {has} and no {lacks}.", file, ins + outs, "info", ())


def _one_sided_channels(facts: Facts) -> Iterator[Seen]:
    by_channel: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in facts.sides:
        if one.channel in _BOTH_WAYS:
            by_channel[one.channel][0] += one.credits
            by_channel[one.channel][1] += one.debits
    every = [sum(counts[side] for counts in by_channel.values()) for side in (0, 1)]
    for channel, (ins, outs) in by_channel.items():
        if ins + outs >= _FEWEST_OF_CHANNEL and not (ins and outs) and all(every):
            has, lacks = ("credits", "debits") if ins else ("debits", "credits")
            yield Seen(
                f"Channel {channel} has {ins + outs:,} {has} and no {lacks}.", "transactions.channel", ins + outs
            )


def _one_sided_accounts(facts: Facts) -> Iterator[Seen]:
    found = facts.accounts
    alone = found.only_credits + found.only_debits
    if found.busy >= 10 and share(alone, found.busy) > _MOST_ACCOUNTS:
        yield Seen(
            f"{count_of(alone, found.busy, 'accounts')} with ten transactions or more have one direction only: "
            f"{found.only_credits:,} credits, {found.only_debits:,} debits.",
            "transactions.direction",
            alone,
        )


def _no_counterparty(facts: Facts) -> Iterator[Seen]:
    looked, without, _ = facts.payments
    unknown = share(without, looked)
    if looked >= _FEWEST and unknown > _SOME_UNKNOWN:
        yield Seen(
            f"{count_of(without, looked, 'transfers, wires, QR, mobile and internet payments')} that were looked at "
            "have no counterparty.",
            "transactions.counterparty",
            without,
            "warning" if unknown > _MANY_UNKNOWN else "info",
            is_whole=unknown > _NEARLY_ALL,
        )


def _own_counterparty(facts: Facts) -> Iterator[Seen]:
    looked, _, own = facts.payments
    if own >= 5 and share(own, looked) > _SOME_OWN:
        yield Seen(
            f"{count_of(own, looked, 'payments')} that were looked at name the account itself as the other side.",
            "transactions.counterparty",
            own,
            "warning" if share(own, looked) > _MANY_OWN else "info",
        )


SIDES = (
    Check(
        "one_direction",
        "Credits without debits, or the reverse",
        "error",
        "Half of the export is missing, or the sign of amounts is not read as the export means it. Rules about what "
        "happens to money that came in see nothing.",
        "Ask for the other half; see `sign`, `debit` and `credit` in the mapping.",
        "None of one direction among 50 transactions or more; under 1 % is a warning. A file of one direction, where "
        "others have the other, is only told.",
        _one_sided,
        ("both directions",),
    ),
    Check(
        "one_sided_channel",
        "A channel in one direction only",
        "warning",
        "Money by transfer, phone, cash or agent goes both ways; one direction was not exported or got another code.",
        "See the mapping's list of channel codes for the other direction.",
        "200 transactions or more and none of the other direction; channels that go one way by nature (ATM, card, QR, "
        "cheque, wire) are not looked at.",
        _one_sided_channels,
        ("both directions", "transactions.channel"),
    ),
    Check(
        "one_sided_accounts",
        "Accounts in one direction only",
        "warning",
        "Most accounts only receive or only pay: the two legs of transfers lie on different accounts than they should, "
        "or one side of each account was not exported.",
        "See whether account_id is the account booked and not the counterparty's.",
        "More than half of ten or more accounts with ten transactions each.",
        _one_sided_accounts,
        ("both directions",),
    ),
    Check(
        "no_counterparty",
        "Payments without a counterparty",
        "warning",
        "Who paid or was paid is not known. It is neither one payer nor none, so rules that count different people do "
        "not count it.",
        "Map counterparty_account, counterparty_phone or counterparty_name; narratives often hold one of them.",
        "More than 5 % of 50 or more customer payments that were looked at is told, more than 20 % is a warning; above "
        "95 % rules that need it are told as blind.",
        _no_counterparty,
        ("transactions.counterparty",),
    ),
    Check(
        "own_counterparty",
        "An account as its own counterparty",
        "warning",
        "Payments name the account itself as the other side: the column holds the holder on one of the two legs.",
        "See which column is the other side for credits and which for debits, and map them by booking.",
        "Five or more; above 0.5 % of the payments that were looked at it is a warning.",
        _own_counterparty,
        ("transactions.counterparty",),
    ),
)
