"""The proposal of a mapping as a notebook shows it: layout, columns with reasons, raw cells beside canonical ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amlscreen.errors import SinkError
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset
    from amlscreen.intake.mapping import Mapping
    from amlscreen.intake.proposing.preview import FilePreview
    from amlscreen.intake.proposing.proposal import Doubt, Proposal

__all__ = ["MappingProposal", "propose_mapping"]

Source = str | Path | Sequence[str | Path]


@dataclass(frozen=True)
class MappingProposal:
    """A mapping proposed for unknown exports. In a notebook it draws itself; printed, it is a few plain lines.

    ``mapping`` can be used as it is: every doubt is settled by its likeliest choice until :meth:`answered`.
    """

    source: Source
    proposal: Proposal
    jurisdiction: Jurisdiction
    settings: Settings

    @property
    def mapping(self) -> Mapping:
        """The mapping as it stands, for ``Dataset.read(..., mapping=...)``."""
        return self.proposal.mapping

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What the files do not tell: ``question``, ``choices`` and the one ``chosen``."""
        return self.proposal.doubts

    @cached_property
    def previews(self) -> tuple[FilePreview, ...]:
        """The files read through the mapping: rows as they are and as they become, counts, control totals."""
        from amlscreen.intake.proposing.preview import preview

        return preview(self.source, self.mapping, self.jurisdiction, self.settings)

    def answered(self, doubt: int, choice: int) -> MappingProposal:
        """The proposal with ``doubts[doubt]`` settled by that choice; IndexError if there is no such one."""
        return dataclasses.replace(self, proposal=self.proposal.answered(doubt, choice))

    def write(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the mapping as commented YAML, whole or not at all; SinkError if the file exists, unless ``force``."""
        from amlscreen.intake.proposing.writer import write_mapping

        target = Path(path)
        if target.exists() and not force:
            raise SinkError(f"{target} is there already.", fix="Name another file, or say force=True to replace it.")
        write_mapping(self.proposal, target)
        return target

    def read(self) -> Dataset:
        """The files read whole through the mapping. DataError as :meth:`Dataset.read` raises it."""
        from amlscreen.intake.dataset import Dataset

        return Dataset.read(self.source, self.mapping, self.jurisdiction, self.settings)

    def __repr__(self) -> str:
        from amlscreen.sinks.proposal_text import proposal_text

        return proposal_text(self.proposal, self.previews)

    def _repr_html_(self) -> str:
        from amlscreen.sinks.proposal_page import proposal_html

        return proposal_html(self.proposal, self.previews)


def propose_mapping(
    source: Source,
    jurisdiction: str | Path | Jurisdiction = "laos",
    settings: Settings | None = None,
    *,
    institution: str | None = None,
) -> MappingProposal:
    """Look at unknown exports and propose one mapping for them; DataError if none of them can be used.

    Nothing is guessed silently: ``doubts`` lists what the files do not tell, and what was supposed. The proposal draws
    itself in a notebook; ``answered(doubt, choice)`` settles a doubt, ``write(path)`` writes the mapping as commented
    YAML, ``mapping`` is it, ``previews`` shows raw records beside canonical rows, and ``read()`` reads the files whole.

    >>> import amlscreen as aml                                            # doctest: +SKIP
    >>> proposal = aml.propose_mapping("exports/TXN_202603.csv")           # doctest: +SKIP
    >>> proposal.answered(0, 1).write("mapping.yml")                       # doctest: +SKIP
    """
    from amlscreen.intake.proposing.propose import propose

    country = jurisdiction if isinstance(jurisdiction, Jurisdiction) else Jurisdiction.load(jurisdiction)
    told: dict[str, Any] = {"institution": institution} if institution else {}
    chosen = (settings or Settings()).model_copy(update=told)
    return MappingProposal(source, propose(source, chosen, country), country, chosen)
