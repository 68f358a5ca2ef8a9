"""The columns that bookings need not have: each goes to the canonical column its name says best, if its cells fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.proposing.draft import Draft, column_spec
from amlscreen.intake.proposing.profile import Profile
from amlscreen.intake.proposing.words import meanings
from amlscreen.schema import TRANSACTIONS

__all__ = ["add_others", "coded_spec"]

_MADE = {
    "institution",
    "account_id",
    "at",
    "direction",
    "amount",
    "currency",
    "balance_after",
    "counterparty",
    "counterparty_kind",
    "time_precision",
}
_LEAST = 0.6
_COUNTRY = re.compile("[A-Z]{2}")
_MCC = re.compile(r"\d{3,4}")


def add_others(draft: Draft, profiles: Sequence[Profile]) -> None:
    """State every further column whose name and cells agree; texts of one payment are joined."""
    ranked = sorted(
        ((each.words[name], -at, name, each) for at, each in enumerate(profiles) for name in each.words if each.filled),
        key=lambda item: (-item[0], -item[1]),
    )
    texts: list[Profile] = []
    for weight, _, name, profile in ranked:
        if weight < _LEAST or name not in TRANSACTIONS.names or name in _MADE or profile.name in draft.taken:
            continue
        if name == "narrative" and profile not in texts and profile.days is None:
            texts.append(profile)
            continue
        if name in draft.guesses or profile in texts:
            continue
        spec = _fitting(draft, name, profile)
        if spec is not None:
            draft.guess(name, spec, sure=weight >= 0.75, reason="its name")
    _add_texts(draft, [each for each in profiles if each in texts and each.name not in draft.taken])


def _add_texts(draft: Draft, texts: Sequence[Profile]) -> None:
    if texts:
        names = [each.name for each in texts]
        reason = "its name" if len(texts) == 1 else "their names: texts of one payment, joined"
        draft.guess("narrative", column_spec(names if len(names) > 1 else names[0]), sure=True, reason=reason)


def _fitting(draft: Draft, name: str, profile: Profile) -> ColumnSpec | None:
    """The specification, if the cells are what the canonical column takes."""
    if profile.days is not None and name not in ("value_date",):
        return None
    if name in ("channel", "kind"):
        return coded_spec(name, profile, rest="other" if name == "channel" else "customer", whole=draft.sight.whole)
    if name == "transaction_id":
        return column_spec(profile.name) if _tells_apart(draft, profile) else None
    if name == "country":
        return column_spec(profile.name) if profile.share(_COUNTRY) == 1.0 else None
    if name == "mcc":
        return column_spec(profile.name) if profile.share(_MCC) == 1.0 else None
    if name == "counterparty_account":
        told = sum(any(letter.isdigit() for letter in text) for text in profile.counts)
        return column_spec(profile.name) if told * 2 >= len(profile.counts) else None
    if name == "province" and all(text.isdigit() for text in profile.counts):
        return None
    if name == "counterparty_phone":
        return column_spec(profile.name) if profile.phones > 0.8 else None
    if name in ("value_date", "purpose", "reverses"):
        return column_spec(profile.name) if name == "reverses" else None
    return column_spec(profile.name)


def _tells_apart(draft: Draft, profile: Profile) -> bool:
    """Whether a number is there in every row, and no two rows of one account and direction share it."""
    sight = draft.sight
    own = sight.cells(profile.name)
    if not all(own):
        return False
    keys = [own]
    for name in ("account_id", "direction"):
        guess = draft.guesses.get(name)
        keys += [sight.cells(source) for source in guess.spec.columns] if guess else []
    amount = draft.guesses["amount"].spec
    for source in amount.columns if amount.sign or amount.debit else ():
        keys.append(tuple("-" if "-" in cell or "(" in cell else "+" if cell else "" for cell in sight.cells(source)))
    return len(set(zip(*keys, strict=True))) == len(own)


def coded_spec(name: str, profile: Profile, *, rest: str, whole: bool) -> ColumnSpec | None:
    """A column of codes with what is known of them; None if less than half of its cells are.

    Codes that are not known mean ``rest``, each by name where all were seen, so that a new one is noticed.
    """
    codes = meanings(name, profile.counts)
    known = sum(profile.counts[code] for code in codes)
    if not codes or known * 2 < profile.filled or len(codes) > 80:
        return None
    if whole and len(profile.counts) <= 30 and all(len(code) <= 12 for code in profile.counts):
        return column_spec(profile.name, codes={code: codes.get(code, rest) for code in profile.counts})
    return column_spec(profile.name, codes=codes, otherwise=rest)
