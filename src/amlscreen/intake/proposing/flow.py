"""Which columns say how much and which way: one signed column, a pair, or an amount beside a flag.

What each way of reading gives is held against the running balance, where there is one; that is the strongest evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from amlscreen.intake.proposing.balance import Borne, borne_out
from amlscreen.intake.proposing.profile import Profile
from amlscreen.intake.proposing.words import meanings

__all__ = ["Flow", "best_flow"]

Values = Sequence[Decimal | None]
_OTHER = ("balance_after", "fee", "exchange_rate", "foreign_amount", "row_number", "rate", "income", "declared_turnover")
_MOST = 8


@dataclass(frozen=True, slots=True)
class Flow:
    """One way to read amounts. ``signed`` are the amounts, credits above zero; ``flag`` the column that says which way,
    ``codes`` what its codes mean, ``neutral`` those of its codes that mean neither; ``flipped`` if a sign must be turned.
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

    @property
    def score(self) -> float:
        """How much speaks for it: the balance most, then the names."""
        borne = self.borne.share * 4 if self.borne and self.borne.sure else 0.0
        return borne + self.named

    @property
    def columns(self) -> tuple[Profile, ...]:
        """The columns it takes amounts from."""
        return tuple(each for each in (self.amount, self.debit, self.credit) if each)


def best_flow(profiles: Sequence[Profile], groups: Sequence[str]) -> Flow | None:
    """The likeliest way, or None where no column holds amounts."""
    money = [each for each in profiles if each.money is not None and not each.word("row_number") > 0.8]
    balances = [each for each in money if each.word("balance_after") >= 0.6]
    amounts = [each for each in money if each not in balances][:_MOST]
    flows = [*_pairs(amounts), *_flagged(amounts, profiles), *_single(amounts, profiles)]
    if not balances:  # nothing is named so: another column may still bear the amounts out
        balances = [each for each in money if each.word("amount", "debit", "credit", "fee") < 0.6][-3:]
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
    return column.money.values if column.money else ()


def _pairs(amounts: Sequence[Profile]) -> list[Flow]:
    """A column of debits beside one of credits: told by their names, or because each row fills one of them."""
    made = []
    for debit in amounts:
        for credit in amounts:
            if debit is credit:
                continue
            words = min(debit.word("debit"), credit.word("credit"))
            if not words:
                continue
            out, into = _values(debit), _values(credit)
            both = [(one or Decimal(0), two or Decimal(0)) for one, two in zip(out, into, strict=True)]
            exclusive = sum(bool(one) != bool(two) for one, two in both) / max(sum(bool(one or two) for one, two in both), 1)
            if exclusive < 0.8:
                continue
            below = all(one <= 0 for one, _ in both) and any(one < 0 for one, _ in both)
            signed = tuple(
                None if one is None and two is None else (two or Decimal(0)) - (-(one or Decimal(0)) if below else (one or Decimal(0)))
                for one, two in zip(out, into, strict=True)
            )
            weight = words + 0.3 * (exclusive == 1.0) + (0.1 if any(o for o, _ in both) and any(i for _, i in both) else 0)
            made.append(Flow(signed, debit=debit, credit=credit, named=weight - _rivalry(debit) - _rivalry(credit), flipped=below))
    return made


def _rivalry(column: Profile) -> float:
    """How much a column's name rather says that it is not the amount booked."""
    return max(0.0, column.word(*_OTHER) - column.word("amount", "debit", "credit")) * 0.7


def _single(amounts: Sequence[Profile], profiles: Sequence[Profile]) -> list[Flow]:
    """One column whose sign says which way."""
    made = []
    for column in amounts:
        values = _values(column)
        signed = any(value is not None and value < 0 for value in values)
        weight = column.word("amount", "debit", "credit") * 0.9 - _rivalry(column) + (0.5 if signed else 0.0)
        weight -= 0.02 * list(profiles).index(column) / max(len(profiles), 1)
        weight -= 0.5 * (column.word("debit", "credit") > column.word("amount"))
        weight += 0.1 * bool(column.money and (column.money.marks or column.money.places == 2))
        weight -= 0.3 * (sum(value is None for value in values) * 2 > len(values))
        made.append(Flow(tuple(values), amount=column, named=weight, one_sided=not signed))
    return made


def _flagged(amounts: Sequence[Profile], profiles: Sequence[Profile]) -> list[Flow]:
    """An amount beside a column of two codes, known ones or such as agree with a sign."""
    made = []
    flags = [each for each in profiles if each.days is None and each.clock is None and 0 < len(each.counts) <= 8]
    for flag in flags:
        codes = meanings("direction", flag.counts)
        known = sum(flag.counts[code] for code in codes) / flag.filled
        sides = set(codes.values())
        if known < 0.5 or (len(sides) < 2 and flag.word("direction") < 0.6):
            continue
        neutral = tuple(code for code in flag.counts if code not in codes)
        for column in amounts:
            values = _values(column)
            if any(value is not None and value < 0 for value in values):
                if _agrees(flag, codes, values):
                    continue  # the sign says the same, so the flag says nothing new
                continue_bonus = -0.6
            else:
                continue_bonus = 0.0
            signed = tuple(
                None if value is None or code not in codes else (value if codes[code] == "credit" else -value)
                for value, code in zip(values, flag.cells, strict=True)
            )
            weight = column.word("amount") * 0.9 - _rivalry(column) + 0.5 * known + 0.3 * flag.word("direction")
            weight += continue_bonus + (0.2 if len(sides) == 2 else 0.0)
            made.append(Flow(signed, amount=column, flag=flag, codes=codes, neutral=neutral, named=weight))
    return made


def _agrees(flag: Profile, codes: Mapping[str, str], values: Values) -> bool:
    """Whether the sign of an amount is always what the flag says."""
    pairs = [(codes[code], value) for code, value in zip(flag.cells, values, strict=True) if code in codes and value]
    return bool(pairs) and sum((side == "debit") == (value < 0) for side, value in pairs) >= 0.9 * len(pairs)


def unit_of(name: str) -> str:
    """A currency code that a column's name states in parentheses, such as "Amount (EUR)"; "" if none."""
    found = re.search(r"[(\[ ]([A-Z]{3})[)\]]?$", name.strip())
    return found[1] if found else ""
