"""What a card must be beyond running: complete, fair in its words, tuned by parameters, proved by examples.

``lint`` checks cards that could be read; ``lint_path`` reads them first and tells of those that could not be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from amlscreen.errors import Place, RuleError
from amlscreen.rules.grammar import Anomaly, Cluster
from amlscreen.rules.indicators import mismatches
from amlscreen.rules.lint.detection import DETECT_CHECKS
from amlscreen.rules.lint.finding import CHECKS, Finding, Noted
from amlscreen.rules.lint.proof import PROOF_CHECKS
from amlscreen.rules.lint.words import WORD_CHECKS
from amlscreen.rules.lock import LOCK, Locked, drifted, read_lock
from amlscreen.rules.reader import CardFile, read_file
from amlscreen.rules.ruleset import RuleSet, card_paths
from amlscreen.rules.typology import check_typologies, load_typologies
from amlscreen.shipped import shipped_folder

__all__ = ["lint", "lint_path"]

_CARD_CHECKS: Mapping[str, Callable[[CardFile], Iterator[Noted]]] = {**WORD_CHECKS, **DETECT_CHECKS, **PROOF_CHECKS}


def lint_path(path: str | Path | None = None) -> list[Finding]:
    """Findings about every card of a file or folder, unreadable ones included; without a path, of the shipped ones."""
    root = shipped_folder("rules") if path is None else Path(path)
    files, findings = [], []
    for file in card_paths(root):
        try:
            files.append(read_file(file))
        except RuleError as problem:
            said = f"{problem.message} {problem.fix}" if problem.fix else problem.message
            findings.append(Finding(file.stem.split("_")[0], problem.place or Place(str(file)), "reads", said))
    if not root.is_dir():
        return findings + lint(files)
    read = [*(file.card.id for file in files), *(finding.rule_id for finding in findings)]
    listed = [Finding(one, place, "not-covered", said) for one, place, said in mismatches(root, read)]
    told = [] if path is not None else _typologies([file.card.id for file in files])
    return findings + listed + told + lint(files, lock=read_lock(root), whole=True)


def _typologies(cards: Collection[str]) -> list[Finding]:
    place = Place(str(shipped_folder("typologies")))
    return [Finding("typologies", place, "typologies", said) for said in check_typologies(load_typologies(), cards)]


def lint(
    cards: RuleSet | Iterable[CardFile], *, lock: Mapping[str, Locked] | None = None, whole: bool = False
) -> list[Finding]:
    """Findings about cards, in order of rule and place.

    ``lock`` is what :func:`~amlscreen.rules.lock.read_lock` read; ``whole`` says that these are all the cards there
    are, so that references between them are checked.
    """
    files = cards.files if isinstance(cards, RuleSet) else tuple(cards)
    findings = []
    for file in files:
        for check, find in _CARD_CHECKS.items():
            findings += [_finding(file, check, noted) for noted in find(file)]
    for file, check, noted in _across(files, lock or {}, whole=whole):
        findings.append(_finding(file, check, noted))
    return sorted(findings, key=lambda one: (one.rule_id, one.place.line or 0, one.check))


def _finding(file: CardFile, check: str, noted: Noted) -> Finding:
    level = CHECKS[check].level
    return Finding(file.card.id, file.place(*noted.steps), check, noted.message, level)


def _across(
    files: tuple[CardFile, ...], lock: Mapping[str, Locked], *, whole: bool
) -> Iterator[tuple[CardFile, str, Noted]]:
    seen: dict[str, CardFile] = {}
    for file in files:
        if file.card.id in seen:
            said = f"'{file.card.id}' stands in {seen[file.card.id].path.name} too; give one of them another id."
            yield file, "duplicate-id", Noted(("id",), said)
        seen.setdefault(file.card.id, file)
    for file in files:
        after = getattr(file.card.detect, "after_hit", None)
        if whole and after and after.rule not in seen:
            yield file, "after-hit", Noted(("detect", "after_hit", "rule"), f"there is no rule '{after.rule}'.")
        if after and after.rule in seen and isinstance(seen[after.rule].card.detect, Anomaly):
            said = f"'{after.rule}' is an anomaly; no other rule rests on one."
            yield file, "after-hit", Noted(("detect", "after_hit", "rule"), said)
        if whole and isinstance(file.card.detect, Cluster):
            yield from ((file, "after-hit", noted) for noted in _flagging(file.card.detect, seen))
        locked = lock.get(file.card.id)
        if locked and drifted(file, locked):
            said = f"changed, but version {locked.version} is locked; set version: {locked.version + 1}."
            yield file, "version-bump", Noted(("version",), said)
        elif locked is None and whole and lock:
            yield file, "locked", Noted(("id",), f"is not in {LOCK}; run `amlscreen rules lock`.")


def _flagging(detect: Cluster, seen: Mapping[str, CardFile]) -> Iterator[Noted]:
    """Whether every rule or family that flags exists and can flag: groups are looked at last, and flag nobody.

    Nor does an anomaly: being unlike others is nothing that a group could have in common.
    """
    families = {file.card.family for file in seen.values() if not isinstance(file.card.detect, Cluster | Anomaly)}
    for position, name in enumerate(detect.flagged_by):
        here = ("detect", "flagged_by", position)
        if name in seen and isinstance(seen[name].card.detect, Cluster):
            yield Noted(here, f"'{name}' looks for groups itself; it flags nobody.")
        elif name in seen and isinstance(seen[name].card.detect, Anomaly):
            yield Noted(here, f"'{name}' is an anomaly; it flags nobody.")
        elif name not in seen and name not in families:
            yield Noted(here, f"there is no rule and no family '{name}'.")
