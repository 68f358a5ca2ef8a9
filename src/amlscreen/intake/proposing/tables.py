"""Files that are no bookings: which reference table their columns make up, and how each column goes into it."""

from __future__ import annotations

from collections.abc import Sequence

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.proposing.amounts import money_options
from amlscreen.intake.proposing.draft import Draft, column_spec
from amlscreen.intake.proposing.profile import Profile, in_table
from amlscreen.intake.proposing.proposal import Sight
from amlscreen.intake.proposing.times import add_day, day_spec
from amlscreen.intake.proposing.words import meanings
from amlscreen.schema import TABLES, Column, Table

__all__ = ["draft_tables"]

_LEAST = 0.6
_CODED = {("accounts", "status"): "account_status"}
_FLAGS = {"y", "n", "yes", "no", "true", "false", "1", "0", "t", "f"}
_STEMS = {
    "customers": ("customer", "client", "cif", "party"), "accounts": ("account", "acct"),
    "holdings": ("holding", "rel", "link", "joint"), "fx_rates": ("rate", "fx"), "logins": ("login", "session"),
    "observations": ("note", "observ"), "recalls": ("recall", "fraud", "complaint"), "reports": ("str", "report"),
    "cases": ("case",), "listed": ("list", "watch", "sanction"),
}  # fmt: skip


def draft_tables(sight: Sight, profiles: Sequence[Profile]) -> list[Draft]:
    """The table the file fills best, and those that go with it: a file of pairs fills customers and accounts too."""
    drafts = [draft for name in TABLES if name != "transactions" if (draft := _draft(sight, profiles, TABLES[name]))]
    if not drafts:
        return []
    ranked = sorted(drafts, key=lambda draft: -draft.weight)
    best = ranked[0]
    wide: dict[str, Draft] = {
        draft.table: draft for draft in ranked if draft.table in ("customers", "accounts", "holdings")
    }
    if best.table in wide and len(wide) > 1:
        return _of_pairs(best, wide)
    return [best]


def _of_pairs(best: Draft, wide: dict[str, Draft]) -> list[Draft]:
    """Which of customers, accounts and holdings one file fills: each that has columns of its own beside its keys."""
    kept = [best]
    for draft in wide.values():
        own = set(draft.guesses) - {"account_id", "customer_id", "role", "since", "institution"}
        told = {source for name in own for source in draft.guesses[name].spec.columns} - best.taken
        if draft is not best and len(told) >= 2:
            kept.append(draft)
    if len(kept) > 1 and all(draft.table != "holdings" for draft in kept) and "holdings" in wide:
        kept.append(wide["holdings"])
    return kept


def _draft(sight: Sight, profiles: Sequence[Profile], table: Table) -> Draft | None:
    """The file as one table; None if nothing fills what the table must have."""
    draft = Draft(sight, table.name)  # type: ignore[arg-type]  # every table has such a name
    own = in_table(profiles, table.name)
    ranked = sorted(
        (
            (weight, -at, name, each)
            for at, each in enumerate(own)
            for name, weight in each.words.items()
            if each.filled
        ),
        key=lambda item: (-item[0], -item[1]),
    )
    for weight, _, name, profile in ranked:
        if weight < _LEAST or name not in table.names or name in draft.guesses or profile.name in draft.taken:
            continue
        column = table.column(name)
        if column.required and profile.filled < len(profile.cells):
            continue
        if column.type in ("date", "time") and profile.days is not None:
            add_day(draft, name, profile, sources=profile.name, time=(), sure=weight >= 0.75)
        else:
            spec = _fitting(table.name, column, profile)
            if spec is None:
                continue
            draft.guess(name, spec, sure=weight >= 0.75, reason="its name")
        draft.weight += weight
    _names_in_parts(draft, own, table)
    needed = [column.name for column in table.columns if column.required and column.name != "institution"]
    if any(name not in draft.guesses for name in needed) or len(draft.guesses) < 2:
        return None
    stem = sight.name.casefold()
    draft.weight += 0.5 * any(word in stem for word in _STEMS.get(table.name, ()))
    return draft


def _names_in_parts(draft: Draft, profiles: Sequence[Profile], table: Table) -> None:
    """A customer's first and last name in two columns."""
    if table.name != "customers" or "name" in draft.guesses:
        return
    parts = [max(profiles, key=lambda each: each.word(word)) for word in ("first_name", "last_name")]
    if all(each.word(word) >= _LEAST for each, word in zip(parts, ("first_name", "last_name"), strict=True)):
        draft.guess("name", column_spec([each.name for each in parts]), sure=True, reason="first and last name")
        draft.weight += 1.0


def _fitting(table: str, column: Column, profile: Profile) -> ColumnSpec | None:
    """The specification of one column, if its cells are what the canonical column takes."""
    if column.type == "money":
        return (
            column_spec(profile.name, **money_options([profile], 2))
            if profile.money and not profile.money.odd
            else None
        )
    if column.type == "decimal":
        comma = profile.money is not None and profile.money.read == ","
        return column_spec(profile.name, decimal="," if comma else None) if profile.money else None
    if column.type == "code":
        return _code(table, column, profile)
    if column.type == "flag":
        if {text.casefold() for text in profile.counts} <= _FLAGS:
            return column_spec(profile.name)
        codes = meanings("flag", profile.counts)
        return column_spec(profile.name, codes=codes) if len(codes) == len(profile.counts) else None
    if column.type in ("date", "time"):
        return day_spec(profile.name, profile.days) if profile.days else None
    if column.type == "text" and profile.days is not None and column.name != "address":
        return None
    if column.name == "currency" and profile.currencies < 0.9:
        return None
    return column_spec(profile.name)


def _code(table: str, column: Column, profile: Profile) -> ColumnSpec | None:
    if {text.casefold() for text in profile.counts} <= set(column.allowed):
        return column_spec(profile.name)
    codes = meanings(_CODED.get((table, column.name), column.name), profile.counts)
    codes = {code: word for code, word in codes.items() if word in column.allowed}
    codes |= {text: text.casefold() for text in profile.counts if text.casefold() in column.allowed}
    unknown = [text for text in profile.counts if text not in codes]
    if not codes or len(unknown) * 2 > len(profile.counts):
        return None
    otherwise = "other" if unknown and "other" in column.allowed else None
    return column_spec(profile.name, codes=codes, otherwise=otherwise) if not unknown or otherwise else None
