"""``not_covered.yml``: which indicators of the sources have no card, and why. Known gaps are better than unknown ones.

An indicator is named by the id its card would have; a card with a letter after the number (``HT-A02B``) is one more
way to look for the same indicator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator

from amlscreen.errors import Place, RuleError
from amlscreen.rules.sentences import as_rule_error
from amlscreen.rules.words import Strict
from amlscreen.yaml_file import load, place_of, plain

__all__ = ["NOT_COVERED", "REASONS", "Indicators", "NotCovered", "indicator_of", "mismatches", "read_indicators"]

NOT_COVERED = "not_covered.yml"

Reason = Literal["no_data", "needs_list", "source_not_verified", "trait_would_decide", "context_only", "not_yet"]
IndicatorId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[A-Z]\d{2}$")]

REASONS: Mapping[Reason, str] = MappingProxyType(
    {
        "no_data": "No export of a bank holds what it would look at.",
        "needs_list": "It needs a list that only the bank can keep.",
        "source_not_verified": "The text of the source could not be read.",
        "trait_would_decide": "A protected trait would be what decides.",
        "context_only": "It is context for a person to weigh, not a finding.",
        "not_yet": "It can be said; no card is written yet.",
    }
)


class NotCovered(Strict):
    """One indicator without a card. ``because`` is wanted for every reason but ``not_yet``."""

    title: str
    reason: Reason
    because: str | None = None

    @model_validator(mode="after")
    def _is_explained(self) -> NotCovered:
        if self.because is None and self.reason != "not_yet":
            raise ValueError(f"'{self.reason}' needs `because:`, the reason in words")
        return self


class Indicators(Strict):
    """The indicators of the sources, by the letter of their family, and those without a card."""

    indicators: dict[str, tuple[IndicatorId, ...]]
    not_covered: dict[IndicatorId, NotCovered] = Field({})

    @property
    def ids(self) -> tuple[str, ...]:
        """Every indicator, in the order of the file."""
        return tuple(one for ids in self.indicators.values() for one in ids)


def indicator_of(rule_id: str) -> str:
    """The indicator a card looks for.

    >>> indicator_of("HT-A02B")
    'HT-A02'
    """
    return rule_id.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") if rule_id[-1:].isalpha() else rule_id


def read_indicators(folder: Path) -> Indicators | None:
    """What lies in a folder of cards; ``None`` if it keeps no such list, as a bank's own folder need not."""
    path = folder / NOT_COVERED
    if not path.is_file():
        return None
    tree = load(path, RuleError)
    try:
        return Indicators.model_validate(plain(tree))
    except ValidationError as problem:
        raise as_rule_error(problem, Indicators, tree, str(path)) from problem


def mismatches(folder: Path, rule_ids: Iterable[str]) -> Iterator[tuple[str, Place, str]]:
    """Where cards and list disagree: the indicator, the place in the list, the sentence."""
    listed = read_indicators(folder)
    if listed is None:
        return
    path = folder / NOT_COVERED
    tree = load(path, RuleError)
    on_card = {indicator_of(one): one for one in rule_ids}
    for one in listed.not_covered:
        place = place_of(tree, ("not_covered", one), str(path))
        if one in on_card:
            yield one, place, f"has the card {on_card[one]}; take its entry out of {NOT_COVERED}."
        if one not in listed.ids:
            yield one, place, f"is not among the `indicators` of {NOT_COVERED}; add it there."
    for one in listed.ids:
        if one not in on_card and one not in listed.not_covered:
            place = place_of(tree, ("indicators", one[one.index("-") + 1]), str(path))
            yield one, place, f"has no card; write one, or say in {NOT_COVERED} why there is none."
