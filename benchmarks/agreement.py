"""Do the pandas rules and the cards find the same? If not, how many only one side finds."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet

__all__ = ["differences"]


def differences(folder: Path, found: dict[str, list[str]]) -> dict[str, dict[str, int]]:
    """For each rule: subjects that both found, that only the card found, and that only pandas found."""
    with Dataset.read(folder) as data:
        hits = find(data, RuleSet.load().select(ids=sorted(found))).hits
    by_card: dict[str, set[str]] = {rule: set() for rule in found}
    for hit in hits:
        # pandas looks at one line and at customers; the card also at other lines and at depositors.
        if hit.rule_id != "HT-A05" or (hit.limit == "cash_report" and hit.subject.kind == "customer"):
            by_card[hit.rule_id].add(hit.subject.id)
    return {
        rule: {
            "both": len(by_card[rule] & set(names)),
            "card": len(by_card[rule] - set(names)),
            "pandas": len(set(names) - by_card[rule]),
        }
        for rule, names in found.items()
    }


def main() -> None:
    """``python -m benchmarks.agreement FOLDER FOUND.json``: print the differences as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("found", type=Path)
    chosen = parser.parse_args()
    print(json.dumps(differences(chosen.folder, json.loads(chosen.found.read_text(encoding="utf-8")))))


if __name__ == "__main__":
    main()
