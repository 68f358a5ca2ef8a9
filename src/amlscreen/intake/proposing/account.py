"""Which account the bookings are on: a column, a number above the header, or one that somebody must give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from amlscreen.intake.proposing.draft import Draft, column_spec
from amlscreen.intake.proposing.profile import Profile, is_iban
from amlscreen.intake.proposing.proposal import Patch
from amlscreen.intake.proposing.words import named

__all__ = ["add_account", "add_institution"]

_NUMBER = re.compile(r"[A-Z]{0,4}[\d*xX•][\dA-Z*xX• ./-]{4,36}")


def add_account(draft: Draft, profiles: Sequence[Profile]) -> None:
    """State ``account_id``: the column named so, an IBAN, a number above the header, or a question."""
    column = _column(draft, profiles)
    if column is not None and column.filled >= len(column.cells):
        sure = column.word("account_id") >= 0.6
        draft.guess(
            "account_id", column_spec(column.name), sure=sure, reason="its name" if sure else "IBANs in its cells"
        )
        return
    if column is not None and len(column.counts) == 1:
        value = next(iter(column.counts))
        draft.guess(
            "account_id",
            column_spec(constant=value),
            sure=False,
            reason=f"the one number in '{column.name}', which is not in every row",
        )
        draft.taken.add(column.name)
        return
    numbers = list(dict.fromkeys(_above(draft)))
    if numbers:
        draft.guess(
            "account_id", column_spec(constant=numbers[0]), sure=len(numbers) == 1, reason="the number above the header"
        )
        if len(numbers) == 1:
            return
    stem = _stem(draft.sight.name)
    known = list(dict.fromkeys([*numbers, *_in_name(stem), stem]))
    choices = [(f"'{each}' for every row", Patch(columns={"account_id": column_spec(constant=each)})) for each in known]
    if column is not None:
        said = f"the column '{column.name}', which is empty in some rows"
        choices.append((said, Patch(columns={"account_id": column_spec(column.name)})))
    spec = column_spec(constant=known[0])
    draft.guess("account_id", spec, sure=False, reason="supposed: nothing in the file says whose account it is")
    draft.doubt("account_id", "No column says which account the bookings are on. Which is it?", choices)


def _in_name(stem: str) -> list[str]:
    """Numbers in a file's name that could be an account's: long, and no day or time."""
    beside = r"(?:(?<![A-Za-z0-9])|(?i:(?<=kto)|(?<=nr)|(?<=acc)|(?<=acct)|(?<=konto)))\d{8,}(?![A-Za-z0-9])"
    return [each for each in re.findall(beside, stem) if not re.fullmatch(r"(19|20|25)\d{6}|20\d{10,12}|\d{8}", each)]


def _stem(name: str) -> str:
    base = re.split(r"[/!]", name)[-1]
    return base.partition(".")[0] or base


def _column(draft: Draft, profiles: Sequence[Profile]) -> Profile | None:
    named_so = [
        each
        for each in profiles
        if each.word("account_id") >= 0.5
        and each.word("account_id") >= each.word("counterparty_account", "account_name", "counterparty_name")
        and each.days is None
        and each.filled
        and each.name not in draft.taken
    ]
    ibans = [
        each
        for each in profiles
        if each.ibans > 0.9 and each.filled >= len(each.cells) and not each.word("counterparty_account")
    ]
    full = [each for each in named_so if each.filled >= len(each.cells)]
    if full or named_so:
        return max(full or named_so, key=lambda each: (each.word("account_id"), each.ibans, -len(each.counts)))
    return min(ibans, key=lambda each: len(each.counts), default=None) if ibans else None


def _above(draft: Draft) -> Iterator[str]:
    """Account numbers above the header: an IBAN, or what stands behind a word for account."""
    for row in draft.sight.preamble:
        texts = [part.strip() for cell in row for part in re.split(r"[:：=\[\]]", cell) if part.strip()]
        yield from (text.replace(" ", "") for text in texts if is_iban(text))
        for label, value in pairwise(texts):
            if _NUMBER.fullmatch(value) and any(
                name == "account_id" and weight >= 0.6 for name, weight in named(label)
            ):
                yield value


def add_institution(profiles: Sequence[Profile]) -> str | None:
    """The BIC that every row gives in a column which is not the other side's."""
    for each in profiles:
        same = each.bics == 1.0 and len(each.counts) == 1 and each.filled >= len(each.cells)
        if same and not each.word("counterparty_institution") > each.word("institution"):
            return next(iter(each.counts))
    return None
