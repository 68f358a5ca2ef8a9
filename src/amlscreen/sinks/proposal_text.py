"""The proposal of a mapping in a few plain lines: what each file seems to be, and what is unsure. No cell is quoted."""

from __future__ import annotations

from collections.abc import Sequence

from amlscreen.intake.proposing.preview import FilePreview
from amlscreen.intake.proposing.proposal import Proposal
from amlscreen.intake.proposing.saying import unquoted
from amlscreen.intake.proposing.side_by_side import lines, proposed_for

__all__ = ["count_text", "proposal_text"]


def proposal_text(proposal: Proposal, previews: Sequence[FilePreview]) -> str:
    """One line a file, one a column, one a doubt."""
    told = []
    for seen in previews:
        told.append(f"{seen.file} as {seen.table}: {seen.refused or count_text(seen)}")
        for line in lines(seen, proposed_for(seen, proposal.files), values=False):
            if line.column:
                told.append(f"  {line.column}: {line.made_from}{'' if line.sure else ' (likely)'}")
    told += [f"not used: {sentence}" for sentence in proposal.refused]
    for at, doubt in enumerate(proposal.doubts):
        choices = " | ".join(f"{no}: {choice.label}" for no, choice in enumerate(doubt.choices))
        told.append(f"doubts[{at}] {doubt.file} {doubt.about}: {doubt.question} ({choices}; taken: {doubt.chosen})")
    return unquoted("\n".join(told), proposal.files)


def count_text(seen: FilePreview) -> str:
    """How many records were looked at, and what became of them."""
    records = f"{seen.records:,} records" if seen.whole else f"the first {seen.records:,} records"
    left = f", {seen.excluded:,} left out" if seen.excluded else ""
    return f"{records}: {seen.accepted:,} read, {seen.quarantined:,} would stand aside{left}"
