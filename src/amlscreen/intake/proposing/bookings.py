"""One file of bookings: the columns that every such file must give, and then all others that its names tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amlscreen.intake.conditions import Held
from amlscreen.intake.currencies import minor_digits
from amlscreen.intake.proposing.account import add_account
from amlscreen.intake.proposing.amounts import add_flow, common_mark, money_options, reread
from amlscreen.intake.proposing.currency import add_currency
from amlscreen.intake.proposing.draft import Draft, column_spec
from amlscreen.intake.proposing.flow import Flow, best_flow
from amlscreen.intake.proposing.money import NOTHING
from amlscreen.intake.proposing.others import add_others
from amlscreen.intake.proposing.profile import Profile
from amlscreen.intake.proposing.proposal import Patch, Sight
from amlscreen.intake.proposing.sides import add_sides, two_sides
from amlscreen.intake.proposing.times import add_times, main_day
from amlscreen.intake.proposing.words import footer_pattern, meanings, row_kind

__all__ = ["draft_bookings"]

# A column that counts bookings stands in a summary of statements, whose rows are none.
_COUNTS = re.compile(r"(?i)^(?:num|number|count|no)[ _.-]*(?:of[ _.-]*)?(?:transactions|txns|entries|bookings)$")


def draft_bookings(sight: Sight, profiles: Sequence[Profile], home: str) -> Draft | None:
    """The entry for a file of bookings; None if it has no column of days or none of amounts."""
    profiles = reread(profiles, common_mark(profiles))
    at = main_day(profiles)
    if at is None or any(_COUNTS.search(each.name) for each in profiles):
        return None
    others = [each for each in profiles if each is not at]
    status = _status(others)
    groups = _groups(profiles)
    flow = best_flow(others, groups)
    if flow is None or not _is_money(flow, at):
        return None
    draft = Draft(sight, "transactions")
    draft.empty = tuple(sorted({cell for each in profiles for cell in each.cells if cell in NOTHING}))
    add_times(draft, at, profiles)
    currency = add_currency(draft, flow, profiles, home)
    digits = minor_digits().get(currency or home, 2)
    add_flow(draft, flow, profiles, digits)
    sides = two_sides(others) if flow.one_sided else None  # a sign or a flag says which way, so one side is meant
    if sides is not None:
        add_sides(draft, *sides)
    else:
        add_account(draft, profiles)
    if status is not None:
        _add_status(draft, status)
    _without_brought_forward(draft, others)
    _add_balance(draft, flow, profiles, digits)
    add_others(draft, [each for each in profiles if each.name not in draft.taken])
    draft.weight = sum(max(each.words.values(), default=0.3) for each in profiles if each.name in draft.taken)
    draft.weight += 2.0 if flow.sure else 0.5 * (flow.named >= 0.9)
    return draft


def _groups(profiles: Sequence[Profile]) -> list[str]:
    """The account and currency of each row, so that balances are compared within one account."""
    keys = [each for each in profiles if each.word("account_id") >= 0.6 and len(each.counts) > 1]
    keys += [each for each in profiles if each.currencies > 0.9 and len(each.counts) > 1]
    size = len(profiles[0].cells) if profiles else 0
    return ["|".join(each.cells[at] for each in keys[:3]) for at in range(size)]


def _is_money(flow: Flow, at: Profile) -> bool:
    """Whether the likeliest amounts are money: named so, with marks or cents, or borne out by a balance."""
    if flow.sure:
        return True
    told = max(each.word("amount", "debit", "credit", "foreign_amount") for each in flow.columns)
    spelt = any(
        each.money and (each.money.marks or each.money.places == 2 or each.money.signed) for each in flow.columns
    )
    return told >= 0.6 or (spelt and not all(each.words for each in flow.columns)) or (spelt and told > 0)


def _status(profiles: Sequence[Profile]) -> Profile | None:
    named = [each for each in profiles if each.word("status") >= 0.6 and 0 < len(each.counts) <= 12]
    known = [each for each in named if meanings("status", each.counts)]
    return max(known, key=lambda each: each.word("status"), default=None)


def _add_status(draft: Draft, status: Profile) -> None:
    """Entries that are pending, declined or cancelled are no bookings."""
    told = meanings("status", status.counts)
    out = tuple(code for code, meaning in told.items() if meaning != "booked")
    unknown = [code for code in status.counts if code not in told]
    draft.taken.add(status.name)
    if out:
        held = Held(values=out)
        draft.leave_out(status.name, held)
        count = sum(status.counts[code] for code in out)
        draft.doubt(
            "records",
            f"{count} rows have {', '.join(map(repr, out))} in '{status.name}'. Are they bookings?",
            [
                ("no: leave them out, counted", Patch(unless={status.name: held})),
                ("yes: read them", Patch(unless={status.name: None})),
            ],
        )
    if unknown and any(told.values()):
        held = Held(values=tuple(dict.fromkeys((*out, *unknown))))
        count = sum(status.counts[code] for code in unknown)
        draft.doubt(
            "records",
            f"{count} rows have {', '.join(map(repr, unknown[:6]))} in '{status.name}'. Are they bookings?",
            [
                ("yes: read them", Patch(unless={status.name: Held(values=out) if out else None})),
                ("no: leave them out, counted", Patch(unless={status.name: held})),
            ],
        )


def _without_brought_forward(draft: Draft, profiles: Sequence[Profile]) -> None:
    """Rows whose text says that they bring a balance forward, or sum up, are no bookings."""
    for column in profiles:
        if column.days or column.clock is not None or column.money or column.name in draft.unless:
            continue
        texts = tuple(text for text in column.counts if len(text) <= 40 and _is_no_booking(text))
        count = sum(column.counts[text] for text in texts)
        if not texts or count * 4 > column.filled:
            continue
        held = Held(values=texts)
        draft.leave_out(column.name, held)
        shown = ", ".join(map(repr, texts[:5]))
        draft.doubt(
            "records",
            f"{count} rows have {shown} in '{column.name}', which sounds like a balance or a sum. Are they bookings?",
            [
                ("no: leave them out, counted", Patch(unless={column.name: held})),
                ("yes: read them", Patch(unless={column.name: None})),
            ],
        )


def _is_no_booking(text: str) -> bool:
    """Whether a text is a balance brought forward, or nothing but the word for a sum."""
    pattern = footer_pattern(text)
    return row_kind(text) == "opening" or (pattern is not None and re.fullmatch(pattern, text) is not None)


def _add_balance(draft: Draft, flow: Flow, profiles: Sequence[Profile], digits: int) -> None:
    """The balance that bears the amounts out, or the one named so."""
    named = [each for each in profiles if each.money and each.word("balance_after") >= 0.6 and each not in flow.columns]
    sure = flow.borne is not None and flow.borne.sure
    balance = flow.balance if sure else max(named, key=lambda each: each.word("balance_after"), default=None)
    if balance is None or balance.money is None or balance.money.odd:
        return
    reason = "it adds up with the amounts" if sure else "its name; it does not add up row by row"
    draft.guess(
        "balance_after", column_spec(balance.name, **money_options([balance], digits)), sure=sure, reason=reason
    )
