"""Do the versions written by hand and the cards find the same? If not, how many only one side finds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.asked import RULES

from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet

__all__ = ["by_cards", "differences"]

Found = Mapping[str, Iterable[str]]


def by_cards(folder: Path) -> dict[str, set[str]]:
    """What the cards find: of each rule the accounts or customers."""
    with Dataset.read(folder) as data:
        hits = find(data, RuleSet.load().select(ids=sorted(RULES))).hits
    found: dict[str, set[str]] = {rule: set() for rule in RULES}
    for hit in hits:
        # By hand one line is looked at and customers; the card also looks at other lines and at depositors.
        if hit.rule_id != "HT-A05" or (hit.limit == "cash_report" and hit.subject.kind == "customer"):
            found[hit.rule_id].add(hit.subject.id)
    return found


def differences(one: Found, other: Found) -> dict[str, dict[str, int]]:
    """For each rule: subjects that both found, that only the one found, and that only the other found."""
    sides = {rule: ({*one[rule]}, {*other[rule]}) for rule in one}
    return {
        rule: {"both": len(mine & theirs), "one": len(mine - theirs), "other": len(theirs - mine)}
        for rule, (mine, theirs) in sides.items()
    }


def main() -> None:
    """``python -m benchmarks.agreement FOLDER -o FILE``: write what the cards find as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    chosen = parser.parse_args()
    found = {rule: sorted(subjects) for rule, subjects in by_cards(chosen.folder).items()}
    chosen.out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
