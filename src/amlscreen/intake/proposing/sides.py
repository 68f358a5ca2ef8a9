"""Records that hold both sides of a transfer: which columns name who pays and who is paid."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amlscreen.intake.conditions import Held
from amlscreen.intake.mapping import Leg
from amlscreen.intake.proposing.draft import Draft, column_spec
from amlscreen.intake.proposing.profile import Profile
from amlscreen.intake.proposing.proposal import Guess, Patch

__all__ = ["add_sides", "two_sides"]

_PAYS = re.compile(r"src|source|orig|from|sender|payer|remitter|ordering|debtor", re.I)
_IS_PAID = re.compile(r"dest|dst|target|bene|recipient|receiver|payee|creditor|(?<![a-z])to(?![a-z])", re.I)
_ACCOUNT = re.compile(r"acc|acct|iban|id$|node|name|number|no$|^(src|dest|from|to)$", re.I)
_NOT_SO = re.compile(r"bank|bic|amount|balance|currency|country|mail|date|time|old|new", re.I)
_OUTSIDE = re.compile(r"-\d*|cash|none|null|source|sink", re.I)
_LEAST_SHARED = 0.05


def two_sides(profiles: Sequence[Profile]) -> tuple[Profile, Profile] | None:
    """The column of payers and the one of those paid: named so, always filled, and with accounts that stand in both."""
    pays = [each for each in profiles if _names_side(each, _PAYS)]
    paid = [each for each in profiles if _names_side(each, _IS_PAID)]
    found = [(payer, payee) for payer in pays for payee in paid if payer is not payee and _shared(payer, payee)]
    return max(found, key=lambda pair: _overlap(*pair), default=None)


def _names_side(each: Profile, side: re.Pattern[str]) -> bool:
    full = each.filled >= 0.5 * len(each.cells) and each.days is None and not (each.money and each.money.places)
    return full and bool(side.search(each.name) and _ACCOUNT.search(each.name)) and not _NOT_SO.search(each.name)


def _overlap(payer: Profile, payee: Profile) -> float:
    both = len(payer.counts.keys() & payee.counts.keys())
    return both / max(min(len(payer.counts), len(payee.counts)), 1)


def _shared(payer: Profile, payee: Profile) -> bool:
    return len(payer.counts) > 3 and len(payee.counts) > 3 and _overlap(payer, payee) >= _LEAST_SHARED


def add_sides(draft: Draft, payer: Profile, payee: Profile) -> None:
    """State both bookings of each record; a side that is no account, such as cash, has none."""
    amount = draft.guesses["amount"].spec.model_copy(update={"sign": None})
    draft.guesses["amount"] = Guess(
        "amount", amount, sure=True, reason="its name; which way it goes is told by the side"
    )
    for name in ("account_id", "direction", "counterparty_account", "counterparty_name"):
        draft.guesses.pop(name, None)
    draft.doubts = [doubt for doubt in draft.doubts if doubt.about not in ("amount", "account_id", "direction")]
    draft.legs = (_leg(payer, payee, "debit"), _leg(payee, payer, "credit"))
    outside = sorted({value for leg in draft.legs for held in leg.unless.values() for value in held.values})
    if outside:
        shown = ", ".join(repr(value) for value in outside)
        draft.doubt(
            "records",
            f"In '{payer.name}' or '{payee.name}' stands {shown}. It is taken for no account, so it has no booking.",
            [("so it is", Patch())],
        )
    draft.taken.update((payer.name, payee.name))


def _leg(own: Profile, other: Profile, direction: str) -> Leg:
    outside = tuple(text for text in own.counts if _OUTSIDE.fullmatch(text))
    empty = ("",) if any(not cell for cell in own.cells) else ()
    columns = {
        "account_id": column_spec(own.name),
        "direction": column_spec(constant=direction),
        "counterparty_account": column_spec(other.name),
    }
    unless = {own.name: Held(values=(*outside, *empty))} if outside or empty else {}
    return Leg.model_validate({"columns": columns, "unless": unless})
