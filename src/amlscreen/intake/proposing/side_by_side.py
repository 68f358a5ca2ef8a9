"""A preview turned on its side: one line for each canonical column, raw cells and what was made of them beside it."""

from __future__ import annotations

from dataclasses import dataclass

from amlscreen.intake.proposing.preview import FilePreview, Pair
from amlscreen.intake.proposing.proposal import FileProposal
from amlscreen.intake.proposing.saying import hides
from amlscreen.intake.quarantine import masked
from amlscreen.intake.reasons import REASONS

__all__ = ["Aside", "Line", "asides", "lines", "proposed_for"]

_MADE = {"direction": "which column the amount stands in, or its sign"}


@dataclass(frozen=True, slots=True)
class Line:
    """One canonical column: what it is made from, why, and for each row shown the raw cell and the canonical value.

    ``column`` is empty for a column of the file that nothing takes; ``sure`` is then True.
    """

    column: str
    made_from: str
    reason: str
    sure: bool
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """One record that would stand aside: its line, the reason and its sentence, the column and what stands there."""

    line: int
    reason: str
    meaning: str
    column: str
    raw: str


def proposed_for(seen: FilePreview, files: tuple[FileProposal, ...]) -> FileProposal | None:
    """What was proposed for the file and table of a preview."""
    name = seen.file.partition(" (booking ")[0]
    return next((each for each in files if each.sight.name == name and each.table == seen.table), None)


def lines(seen: FilePreview, proposed: FileProposal | None, *, values: bool = True) -> tuple[Line, ...]:
    """A line for each canonical column that is filled, in canonical order, then one for each column nothing takes.

    Without ``values`` whatever could name somebody or say how much is masked: digits become 9, letters a.
    """
    rows = [pair for pair in seen.pairs if pair.reason is None]
    guesses = {guess.column: guess for guess in proposed.guesses} if proposed else {}
    told = [name for name in seen.columns if name in guesses or name in {"direction", "amount"} or not guesses]
    found = []
    for name in [*told, *(name for name in guesses if name not in told)]:
        guess = guesses.get(name)
        sources = guess.spec.columns if guess else _side_of_amount(name, proposed)
        made_from = " + ".join(sources) if sources else f"always {guess.spec.constant}" if guess else ""
        hidden = not values and hides(seen.table, name)
        quiet = hidden or (not values and name == "direction" and not guess)  # then the raw cells are amounts
        cells = tuple((_raw(pair, seen, sources), pair.canonical.get(name, "")) for pair in rows)
        if hidden and not sources and guess:
            made_from = "the same for every row"
        shown = tuple((masked(raw) if quiet else raw, masked(made) if hidden else made) for raw, made in cells)
        reason, sure = (guess.reason, guess.sure) if guess else (_MADE.get(name, "") if guesses else "", True)
        found.append(Line(name, made_from, reason, sure, shown))
    for name in proposed.unused if proposed else ():
        cells = tuple((_raw(pair, seen, (name,)), "") for pair in rows)
        shown = cells if values else tuple((masked(raw), "") for raw, _ in cells)
        found.append(Line("", name, "", sure=True, cells=shown))
    return tuple(found)


def asides(seen: FilePreview, proposed: FileProposal | None, *, values: bool = True) -> tuple[Aside, ...]:
    """The records shown that would stand aside, with the cell that is the reason."""
    guesses = {guess.column: guess for guess in proposed.guesses} if proposed else {}
    found = []
    for pair in seen.pairs:
        if pair.reason is None:
            continue
        column = pair.column or ""
        sources = guesses[column].spec.columns if column in guesses else _side_of_amount(column, proposed)
        raw = _raw(pair, seen, sources) if sources else " | ".join(pair.raw)[:80]
        found.append(
            Aside(pair.line, pair.reason, REASONS.get(pair.reason, ""), column, raw if values else masked(raw))
        )
    return tuple(found)


def _side_of_amount(column: str, proposed: FileProposal | None) -> tuple[str, ...]:
    """The direction that no column of its own tells is told by the amounts."""
    guess = next((each for each in proposed.guesses if each.column == "amount"), None) if proposed else None
    return guess.spec.columns if guess and column == "direction" and (guess.spec.sign or guess.spec.debit) else ()


def _raw(pair: Pair, seen: FilePreview, sources: tuple[str, ...]) -> str:
    at = [seen.header.index(name) for name in sources if name in seen.header]
    return " | ".join(pair.raw[each] for each in at if each < len(pair.raw) and pair.raw[each])
