"""The amount, its direction and the balance of a file of bookings, as a mapping states them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Held
from amlscreen.intake.proposing.draft import Draft, column_spec
from amlscreen.intake.proposing.flow import Flow
from amlscreen.intake.proposing.money import NOTHING, Mark, Money, with_decimal
from amlscreen.intake.proposing.profile import Profile
from amlscreen.intake.proposing.proposal import Patch

__all__ = ["add_flow", "common_mark", "money_options", "reread"]

NO_AMOUNT = "^[^1-9๑-๙໑-໙]*$"
_SIGNED = {False: "negative_is_debit", True: "negative_is_credit"}
_CARD_WORDS = ("card", "karte", "carte", "tarjeta", "merchant", "visa", "kaart", "卡", "บัตร", "ບັດ", "thẻ")
_TURNED = {"negative_is_debit": "negative_is_credit", "negative_is_credit": "negative_is_debit"}


def common_mark(profiles: Sequence[Profile]) -> Mark | None:
    """The decimal mark that the file's other amounts show beyond doubt; None if they show none, or both."""
    told = {each.money.decimal for each in profiles if each.money and each.money.decimal and not each.money.plain}
    told |= {each.money.read for each in profiles if each.money and each.money.decimal is None and _leading(each.money)}
    return next(iter(told)) if len(told) == 1 else None


def _leading(money: Money) -> bool:
    """A nought before the mark shows that it is the decimal mark."""
    return any(cell is not None and cell.body.startswith(("0.", "0,")) for cell in money.cells)


def money_options(columns: Sequence[Profile], digits: int) -> dict[str, Any]:
    """How amounts are spelt, as options of a column."""
    moneys = [each.money for each in columns if each.money]
    comma = any(money.read == "," for money in moneys)
    marks = dict.fromkeys(mark for money in moneys for mark in money.marks)
    told: dict[str, Any] = {"decimal": "," if comma else None, "symbol": tuple(marks)}
    told["find"] = next((money.find for money in moneys if money.find), None)
    if any(_beyond(money, digits) for money in moneys):
        told["round"] = "half_even"
    return told


def _beyond(money: Money, digits: int) -> bool:
    """Whether reading would refuse some amount for its digits: three behind the mark, or more than the currency has."""
    for cell in money.cells:
        if cell is None or money.read not in cell.body:
            continue
        places = cell.body.rpartition(money.read)[2]
        if len(places) > digits and (len(places) == 3 or places.strip("0")):
            return True
    return False


def add_flow(draft: Draft, flow: Flow, profiles: Sequence[Profile], digits: int) -> None:
    """State the amount, the direction and what of it is unsure."""
    columns = flow.columns
    options = money_options(columns, digits)
    reason = _reason(flow)
    sure = flow.sure or flow.named >= 0.9
    if flow.amount is None:
        assert flow.debit is not None and flow.credit is not None
        sign = "negative_is_debit" if flow.flipped else None
        spec = column_spec(None, debit=flow.debit.name, credit=flow.credit.name, sign=sign, **options)
        draft.guess("amount", spec, sure=sure, reason=reason)
        if not sure and not flow.flipped and not flow.debit.words:
            _doubt_pair(draft, spec)
    elif flow.flag is not None:
        draft.guess("amount", column_spec(flow.amount.name, **options), sure=sure, reason=reason)
        _add_flag(draft, flow, flow.flag)
    else:
        sign = _SIGNED[flow.flipped]
        draft.guess("amount", column_spec(flow.amount.name, sign=sign, **options), sure=sure, reason=reason)
        if not flow.sure:
            _doubt_sign(draft, flow, draft.guesses["amount"].spec)
    _doubt_mark(draft, columns, common_mark(profiles))
    _without_amount(draft, flow)
    _doubt_remarks(draft, columns)
    for each in columns:
        if each.money and each.money.odd:
            _odd(draft, each)


def _reason(flow: Flow) -> str:
    names = " and ".join(f"'{each.name}'" for each in flow.columns)
    if flow.borne and flow.borne.sure and flow.balance:
        order = "the newest row first" if flow.borne.newest_first else "the oldest row first"
        share = f"{flow.borne.share:.0%} of the rows"
        return f"'{flow.balance.name}' adds up with {names} in {share}, {order}"
    if flow.flag is not None:
        return f"the name of {names}, and '{flow.flag.name}' says which way"
    return f"the name of {names}, and amounts in the cells"


def _doubt_mark(draft: Draft, columns: Sequence[Profile], common: Mark | None) -> None:
    """Ask about amounts such as 1.250 that mean two things; the file's other amounts answer where they can."""
    unsure = [each for each in columns if each.money and each.money.decimal is None and not each.money.plain]
    if not unsure or common is not None:
        return
    shown = next(
        (c.body for e in unsure if e.money for c in e.money.cells if c and c.body[-4:-3] in (".", ",")), "1,250"
    )
    spec = draft.guesses["amount"].spec
    decimal = spec.decimal == shown[-4]
    turned = spec.model_copy(
        update={"decimal": "," if spec.decimal == "." else ".", "rounding": None if decimal else "half_even"}
    )
    choices = [
        ("it parts thousands", turned if decimal else spec),
        ("it is the decimal mark", spec if decimal else turned),
    ]
    draft.doubt(
        "amount",
        f"In '{unsure[0].name}' every amount with a mark has three digits behind it, such as {_masked(shown)}. "
        "What is the mark?",
        [(label, Patch(columns={"amount": each})) for label, each in choices],
        chosen=int(decimal),
    )


def _masked(body: str) -> str:
    """An amount's form without its digits."""
    return "".join("9" if letter.isdigit() else letter for letter in body)


def _add_flag(draft: Draft, flow: Flow, flag: Profile) -> None:
    codes = dict(flow.codes)
    if flow.find is not None:
        _doubt_words(draft, flow, flag)
        return
    draft.guess("direction", column_spec(flag.name, codes=codes), sure=True, reason="its codes say debit and credit")
    if not flow.neutral:
        return
    count = sum(flag.counts[code] for code in flow.neutral)
    shown = ", ".join(f"'{code}'" for code in flow.neutral)
    neutral = Held(values=flow.neutral)
    draft.leave_out(flag.name, neutral)
    debit, credit = (
        Patch(
            columns={"direction": column_spec(flag.name, codes={**codes, **dict.fromkeys(flow.neutral, side)})},
            unless={flag.name: None},
        )
        for side in ("debit", "credit")
    )
    draft.doubt(
        "direction",
        f"{count} rows have {shown} in '{flag.name}', which says neither debit nor credit. What are they?",
        [
            ("no bookings: leave them out, counted", Patch(unless={flag.name: neutral})),
            ("debits", debit),
            ("credits", credit),
        ],
    )


def _doubt_words(draft: Draft, flow: Flow, flag: Profile) -> None:
    """Words say which way amounts go; whether they do is asked."""
    spec = column_spec(flag.name, find=flow.find, codes=dict(flow.codes))
    draft.guess("direction", spec, sure=False, reason=f"the words that '{flag.name}' begins with")
    draft.taken.discard(flag.name)
    sides = {side: [word for word, each in flow.codes.items() if each == side] for side in ("debit", "credit")}
    shown = "; ".join(f"{side}: {', '.join(words)}" for side, words in sides.items())
    draft.doubt(
        "direction",
        f"No sign and no flag says which way amounts go; the first word of '{flag.name}' may ({shown}). Does it?",
        [
            ("yes", Patch(columns={"direction": spec})),
            ("no: all are debits", Patch(columns={"direction": column_spec(constant="debit")})),
            ("no: all are credits", Patch(columns={"direction": column_spec(constant="credit")})),
        ],
    )


def _doubt_sign(draft: Draft, flow: Flow, spec: ColumnSpec) -> None:
    """No balance bears the signs out: ask which way amounts without a sign go, and what a card's minus means."""
    turned = spec.model_copy(update={"sign": _TURNED[spec.sign or "negative_is_debit"]})
    name = flow.amount.name if flow.amount else ""
    if flow.one_sided:
        draft.doubt(
            "amount",
            f"No amount in '{name}' is below zero and no column says which way they go. Which way do they go?",
            [
                ("they come in: credits", Patch(columns={"amount": spec})),
                ("they leave the account: debits", Patch(columns={"amount": turned})),
            ],
        )
    elif _like_a_card(draft, flow) or _few_below(flow):
        likely = int(_few_below(flow) and _like_a_card(draft, flow))
        if likely:
            draft.guess("amount", turned, sure=False, reason="few amounts are below zero, as in a card's statement")
        draft.doubt(
            "amount",
            f"No balance tells what a minus in '{name}' means. Does money leave the account there?",
            [
                ("yes: a minus is a debit", Patch(columns={"amount": spec})),
                ("no: a minus is a credit, as in some card statements", Patch(columns={"amount": turned})),
            ],
            chosen=likely,
        )


def _doubt_pair(draft: Draft, spec: ColumnSpec) -> None:
    turned = spec.model_copy(update={"debit": spec.credit, "credit": spec.debit})
    draft.doubt(
        "amount",
        f"Each row has an amount in '{spec.debit}' or in '{spec.credit}'. Which of them holds what leaves the account?",
        [(f"'{each.debit}'", Patch(columns={"amount": each})) for each in (spec, turned)],
    )


def _like_a_card(draft: Draft, flow: Flow) -> bool:
    """Whether a card's statement is possible, where a purchase often has no minus: its words are there."""
    values = [value for value in flow.signed if value]
    below = sum(value < 0 for value in values)
    words = " ".join((draft.sight.name, *draft.sight.header)).casefold()
    return below * 4 <= 3 * len(values) and any(word in words for word in _CARD_WORDS)


def _few_below(flow: Flow) -> bool:
    """Whether at most half of the amounts are below zero: few get more often than they spend by card."""
    values = [value for value in flow.signed if value]
    return sum(value < 0 for value in values) * 2 <= len(values)


def _without_amount(draft: Draft, flow: Flow) -> None:
    """Rows that move nothing are left out, counted; otherwise they would stand in quarantine."""
    if flow.amount is None or flow.amount.money is None:
        return
    values = flow.amount.money.values
    empty = sum(value is None and cell in ("", *NOTHING) for value, cell in zip(values, flow.amount.cells, strict=True))
    zero = sum(value == 0 for value in values) if flow.flag is None else 0
    if not empty and not zero:
        return
    held = Held(pattern=NO_AMOUNT)
    draft.leave_out(flow.amount.name, held)
    draft.doubt(
        "records",
        f"{empty + zero} rows have no amount in '{flow.amount.name}', or nought. What shall become of them?",
        [
            ("they move nothing: leave them out, counted", Patch(unless={flow.amount.name: held})),
            ("they are faulty: set them aside in quarantine", Patch(unless={flow.amount.name: None})),
        ],
    )


def _doubt_remarks(draft: Draft, columns: Sequence[Profile]) -> None:
    """A remark behind an amount may say that it was paid back, in part or whole: ask what counts."""
    for column in columns:
        if column.money is None or column.money.find is None:
            continue
        spec = draft.guesses["amount"].spec
        count = sum(number for text, number in column.counts.items() if text.endswith((")", "）", "]")))
        plain = spec.model_copy(update={"find": None})
        draft.doubt(
            "amount",
            f"{count} rows have a remark in parentheses behind the amount in '{column.name}', which may change what it "
            "means. What shall become of them?",
            [
                ("the amount before the remark counts", Patch(columns={"amount": spec})),
                ("set them aside in quarantine", Patch(columns={"amount": plain})),
            ],
        )


def _odd(draft: Draft, column: Profile) -> None:
    assert column.money is not None
    count = sum(column.counts[text] for text in column.money.odd)
    draft.doubt(
        "amount",
        f"{count} rows hold something in '{column.name}' that is no amount as the others are written; "
        "they will stand in quarantine.",
        [("so be it", Patch())],
    )


def reread(profiles: Sequence[Profile], mark: Mark | None) -> list[Profile]:
    """The same columns, with amounts that mean two things read as the file's other amounts are."""
    from dataclasses import replace

    if mark is None:
        return list(profiles)
    return [
        replace(each, money=with_decimal(each.money, mark)) if each.money and each.money.decimal is None else each
        for each in profiles
    ]
