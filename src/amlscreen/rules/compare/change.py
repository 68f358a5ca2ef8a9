"""One thing that changed between two rule sets, and all of them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from amlscreen.rules.compare.tendency import Tendency

__all__ = ["Change", "Comparison", "Kind"]

Kind = Literal["added", "removed", "changed"]

_FINDS = {
    "fewer": "finds fewer subjects, or the same",
    "more": "finds more subjects, or the same",
    "same": "",
    "unclear": "may find others",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One part of one rule. ``part`` is its place in the card (``parameters.payers``), empty for the rule as a whole.

    ``finds`` says what becomes of the subjects found if this were all that changed: ``same``, ``fewer`` (the old ones
    or a part of them), ``more`` (all old ones, perhaps others) or ``unclear``.
    """

    rule_id: str
    kind: Kind
    part: str
    said: str
    finds: Tendency = "same"
    old: Any = None
    new: Any = None

    def __str__(self) -> str:
        return f"{self.said}; {_FINDS[self.finds]}" if _FINDS[self.finds] else self.said


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed, rule by rule in order of id; ``same`` are the rules that say the same on both sides.

    ``finds`` is the tendency of each changed rule, all its changes taken together. ``unversioned`` are rules that say
    something else under the same version, drafts aside.
    """

    changes: tuple[Change, ...]
    same: tuple[str, ...]
    finds: dict[str, Tendency]
    titles: dict[str, str]
    unversioned: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The comparison to read: a heading for each rule, a line for each change, a sum."""
        for rule_id, title in self.titles.items():
            yield f"{rule_id}  {title}"
            mine = [change for change in self.changes if change.rule_id == rule_id]
            yield from (f"  - {change}" for change in mine)
            together = self.finds.get(rule_id, "same")
            if sum(change.finds != "same" for change in mine) > 1 and _FINDS[together]:
                yield f"  All together it {_FINDS[together]}."
            if rule_id in self.unversioned:
                yield "  Its version is still the same; raise it, so that old and new hits can be told apart."
            yield ""
        yield self._sum()

    def to_dict(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "changes": [asdict(change) for change in self.changes],
            "same": list(self.same),
            "finds": dict(self.finds),
            "unversioned": list(self.unversioned),
        }

    def _sum(self) -> str:
        whole = [one for one in self.changes if not one.part]
        counts = {kind: sum(one.kind == kind for one in whole) for kind in ("added", "removed")}
        counts["changed"] = len(self.titles) - len(whole)
        said = ", ".join(f"{number} {word}" for word, number in counts.items() if number) or "Nothing changed"
        return f"{said}; {len(self.same)} rules say the same."
