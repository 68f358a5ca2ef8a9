"""Which columns say how much and which way: one signed column, a pair, or an amount beside a flag.

What each way of reading gives is held against the running balance, where there is one; that is the strongest evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from amlscreen.intake.proposing.balance import Borne, borne_out
from amlscreen.intake.proposing.movements import FIRST_WORD, moved
from amlscreen.intake.proposing.profile import Profile
from amlscreen.intake.proposing.words import meanings

__all__ = ["Flow", "best_flow"]

Values = Sequence[Decimal | None]
_OTHER = (
    "balance_after",
    "fee",
    "exchange_rate",
    "foreign_amount",
    "row_number",
    "rate",
    "income",
    "declared_turnover",
)
_AMOUNT = ("amount", "debit", "credit")
_MOST = 10


@dataclass(frozen=True, slots=True)
class Flow:
    """One way to read amounts.

    ``signed`` are the amounts, credits above zero; ``flag`` the column that says which way, ``codes`` what its codes
    mean, ``neutral`` those of its codes that mean neither; ``flipped`` if a sign must be turned;
    ``confirmed`` if another column says the same as the sign; ``find`` cuts the flag out of a longer text.
    """

    signed: tuple[Decimal | None, ...]
    amount: Profile | None = None
    debit: Profile | None = None
    credit: Profile | None = None
    flag: Profile | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    neutral: tuple[str, ...] = ()
    named: float = 0.0
    borne: Borne | None = None
    balance: Profile | None = None
    flipped: bool = False
    one_sided: bool = False
    confirmed: bool = False
    find: str | None = None

    @property
    def score(self) -> float:
        """How much speaks for it: the balance most, then the names."""
        if self.borne is None or self.balance is None or not self.borne.sure:
            return self.named
        return self.named + self.borne.share * (4 if self.balance.word("balance_after") else 0.5)

    @property
    def sure(self) -> bool:
        """Whether a balance bears it out beyond chance."""
        return self.confirmed or (self.borne is not None and self.borne.sure)

    @property
    def columns(self) -> tuple[Profile, ...]:
        """The columns it takes amounts from."""
        return tuple(each for each in (self.amount, self.debit, self.credit) if each)


def best_flow(profiles: Sequence[Profile], groups: Sequence[str]) -> Flow | None:
    """The likeliest way, or None where no column holds amounts."""
    money = [each for each in profiles if each.money is not None and not each.word("row_number") > 0.8]
    balances = [each for each in money if each.word("balance_after") >= 0.6]
    amounts = sorted((each for each in money if each not in balances), key=lambda each: -each.word(*_AMOUNT))[:_MOST]
    amounts = [
        each for each in profiles if each in amounts or (not each.filled and each.word("debit", "credit") >= 0.6)
    ]
    filled = [each for each in amounts if each.money]
    flows = [*_pairs(amounts), *_flagged(filled, profiles), *_worded(filled, profiles), *_single(filled, profiles)]
    if not balances:  # nothing is named so: another column may still bear the amounts out
        balances = [each for each in money if not each.words or each.word("amount", "debit", "credit", "fee") < 0.6][
            -3:
        ]
    held = [_held(flow, balances, groups) for flow in flows]
    ranked = sorted(held, key=lambda flow: -flow.score)
    return ranked[0] if ranked else None


def _held(flow: Flow, balances: Sequence[Profile], groups: Sequence[str]) -> Flow:
    """The flow with the balance that bears it out best, its signs turned if that is what the balance says."""
    best: tuple[Borne, Profile] | None = None
    for balance in balances:
        if balance in flow.columns or balance.money is None:
            continue
        borne = borne_out(flow.signed, balance.money.values, groups)
        if borne is not None and (best is None or borne.share > best[0].share):
            best = borne, balance
    if best is None:
        return flow
    borne, balance = best
    held = replace(flow, borne=borne, balance=balance)
    if borne.sure and borne.inverted and not flow.codes:
        turned = tuple(None if value is None else -value for value in flow.signed)
        return replace(held, signed=turned, flipped=not flow.flipped)
    return held


def _values(column: Profile) -> Values:
    return column.money.values if column.money else (None,) * len(column.cells)


def _pairs(amounts: Sequence[Profile]) -> list[Flow]:
    """A column of debits beside one of credits: told by their names, or because each row fills one of them."""
    made = []
    for debit in amounts:
        for credit in amounts:
            if debit is credit:
                continue
            words = min(debit.word("debit"), credit.word("credit"))
            if not words and not _beside(debit, credit, amounts):
                continue
            out, into = _values(debit), _values(credit)
            both = [(one or Decimal(0), two or Decimal(0)) for one, two in zip(out, into, strict=True)]
            exclusive = sum(bool(one) != bool(two) for one, two in both) / max(
                sum(bool(one or two) for one, two in both), 1
            )
            if exclusive < (0.8 if words else 1.0):
                continue
            below = all(one <= 0 for one, _ in both) and any(one < 0 for one, _ in both)
            signed = tuple(
                None
                if one is None and two is None
                else (two or Decimal(0)) - (-(one or Decimal(0)) if below else (one or Decimal(0)))
                for one, two in zip(out, into, strict=True)
            )
            weight = (
                (words or 0.7 + 0.3 * below)
                + 0.3 * (exclusive == 1.0)
                + (0.1 if any(o for o, _ in both) and any(i for _, i in both) else 0)
            )
            made.append(
                Flow(
                    signed, debit=debit, credit=credit, named=weight - _rivalry(debit) - _rivalry(credit), flipped=below
                )
            )
    return made


def _beside(debit: Profile, credit: Profile, amounts: Sequence[Profile]) -> bool:
    """Whether two nameless columns stand side by side and share out the rows between them."""
    places = [each.name for each in amounts]
    near = abs(places.index(debit.name) - places.index(credit.name)) == 1
    return near and not debit.words and not credit.words and any(_values(debit)) and any(_values(credit))


def _rivalry(column: Profile) -> float:
    """How much speaks against a column: a name that says something else, or marks of many currencies."""
    mixed = 0.2 * (column.money is not None and len(column.money.marks) > 1)
    return max(0.0, column.word(*_OTHER) - column.word(*_AMOUNT)) * 0.7 + mixed


def _single(amounts: Sequence[Profile], profiles: Sequence[Profile]) -> list[Flow]:
    """One column whose sign says which way."""
    made = []
    places = max((each.money.places for each in amounts if each.money), default=0)
    for column in amounts:
        values = _values(column)
        signed = any(value is not None and value < 0 for value in values)
        weight = (
            column.word("amount", "debit", "credit") * 0.9
            - _rivalry(column)
            + (0.5 if signed and (column.word(*_AMOUNT) or not column.words) else 0.0)
        )
        weight += 0.6 * (not any(each.words for each in amounts) and _beside_currency(column, profiles))
        weight -= 0.02 * list(profiles).index(column) / max(len(profiles), 1)
        weight -= 0.5 * (column.word("debit", "credit") > column.word("amount"))
        weight -= 0.4 * (places > 0 and column.money is not None and not column.money.places)
        weight -= 0.6 * _is_number(column)
        weight += 0.1 * bool(column.money and (column.money.marks or column.money.places == 2))
        weight -= 0.3 * (sum(value is None for value in values) * 2 > len(values))
        made.append(Flow(tuple(values), amount=column, named=weight, one_sided=not signed))
    return made


def _is_number(column: Profile) -> bool:
    """Whether its name says that it counts or numbers something."""
    return re.search(r"(?i)(?:^|[_ .-])(?:id|no|nr|num|number|index|count|qty|quantity|code)$", column.name) is not None


def _beside_currency(column: Profile, profiles: Sequence[Profile]) -> bool:
    at = list(profiles).index(column)
    return any(profiles[near].currencies > 0.9 for near in (at - 1, at + 1) if 0 <= near < len(profiles))


def _flagged(amounts: Sequence[Profile], profiles: Sequence[Profile]) -> list[Flow]:
    """An amount beside a column of two codes, known ones or such as agree with a sign."""
    made = []
    flags = [each for each in profiles if each.days is None and each.clock is None and 0 < len(each.counts) <= 8]
    for flag in flags:
        codes = _sides(flag)
        known = sum(flag.counts[code] for code in codes if code) / flag.filled
        sides = set(codes.values())
        if known < 0.5 or (len(sides) < 2 and flag.word("direction") < 0.6) or not _can_be_flag(flag, codes):
            continue
        neutral = tuple(code for code in flag.counts if code not in codes)
        for column in amounts:
            values = _values(column)
            below = any(value is not None and value < 0 for value in values)
            if below and (turned := _agreement(flag, codes, values)):
                told = tuple(None if value is None else turned * value for value in values)
                named = column.word("amount") * 0.9 - _rivalry(column) + 0.6
                made.append(Flow(told, amount=column, named=named, flipped=turned < 0, confirmed=True))
                continue
            signed = tuple(
                None if value is None or code not in codes else (value if codes[code] == "credit" else -value)
                for value, code in zip(values, flag.cells, strict=True)
            )
            weight = column.word("amount") * 0.9 - _rivalry(column) + 0.5 * known + 0.3 * flag.word("direction")
            weight += (-0.6 if below else 0.0) + (0.2 if len(sides) == 2 else 0.0)
            made.append(Flow(signed, amount=column, flag=flag, codes=codes, neutral=neutral, named=weight))
    return made


def _worded(amounts: Sequence[Profile], profiles: Sequence[Profile]) -> list[Flow]:
    """Amounts without a sign beside texts whose first word says which way, such as purchase and refund."""
    made = []
    texts = [each for each in profiles if each.money is None and each.days is None and each.clock is None]
    told = [(each, moved(each.counts)) for each in texts if each.filled >= len(each.cells)]
    for text, codes in told:
        sides = [codes.get((re.match(FIRST_WORD, cell) or [""])[0]) for cell in text.cells] if codes else []
        for column in amounts if sides else ():
            values = _values(column)
            if column.money is None or column.money.signed:
                continue
            signed = tuple(
                None if value is None else value if side == "credit" else -value
                for value, side in zip(values, sides, strict=True)
            )
            weight = column.word("amount") * 0.9 - _rivalry(column) + 0.2
            made.append(Flow(signed, amount=column, flag=text, codes=codes, named=weight, find=FIRST_WORD))
    return made


def _can_be_flag(flag: Profile, codes: Mapping[str, str]) -> bool:
    """Whether a column may say which way: it is named so or like a type, or it has no name but words as codes."""
    if flag.word("direction") >= 0.3:
        return True
    words = {code.upper() for code in codes if code}
    telling = words <= {"D", "C", "DR", "CR"} or all(len(word) > 1 or not word.isascii() for word in words)
    like = not flag.words or flag.word("kind", "channel") >= max(flag.words.values()) - 0.1
    return telling and like and len({*codes} - {""}) == len(flag.counts)


def _sides(flag: Profile) -> dict[str, str]:
    """What the codes of a column say of the direction, also where one says it twice, "贷 Cr", or says more."""
    told = meanings("direction", flag.counts)
    for code in flag.counts:
        parts = re.split(r"[\s/|-]+", code)
        known = meanings("direction", parts)
        sides = set(known.values())
        if code not in told and len(parts) > 1 and len(known) == len(parts) and len(sides) == 1:
            told[code] = sides.pop()
    marks = {code for code in flag.counts if code.upper() in ("CR", "DR", "C", "D")}
    if len(marks) == len(flag.counts) == 1 and flag.filled < len(
        flag.cells
    ):  # the rows without the mark go the other way
        told[""] = "debit" if told.get(next(iter(marks))) == "credit" else "credit"
    for code in flag.counts:
        begun = [known for known in told if code not in told and code.startswith(f"{known} ")]
        if begun:
            told[code] = told[begun[0]]
    return told


def _agreement(flag: Profile, codes: Mapping[str, str], values: Values) -> int:
    """1 where the sign of an amount is always what the flag says, -1 where it is always the contrary, else 0."""
    pairs = [(codes[code], value) for code, value in zip(flag.cells, values, strict=True) if code in codes and value]
    hits = sum((side == "debit") == (value < 0) for side, value in pairs)
    if not pairs:
        return 0
    return 1 if hits >= 0.9 * len(pairs) else -1 if hits <= 0.1 * len(pairs) and len(pairs) > 1 else 0
