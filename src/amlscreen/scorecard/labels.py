"""What people decided: for each labelled customer yes or no, and which customers belong together."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amlscreen.errors import Place, SettingsError, did_you_mean

__all__ = ["Labels", "read_labels"]

YES = frozenset("1 yes true y positive true_positive confirmed escalated reported useful str".split())
NO = frozenset("0 no false n negative false_positive dismissed closed explained not_useful innocent no_concern".split())
NO_ANSWER = frozenset(("", "open", "pending", "unclear"))
_ANSWERS = ("label", "disposition")


@dataclass(frozen=True)
class Labels:
    """``positive`` by (institution, customer_id); the institution is empty where the file names none.

    ``group`` names what a customer belongs to, so that what is learned from one member is not tested on another.
    ``only_listed``: whoever is not listed is unlabelled; else whoever is not listed is a no. ``left_out`` are possible
    victims: never a subject, so neither yes nor no.
    """

    positive: Mapping[tuple[str, str], bool]
    group: Mapping[tuple[str, str], str]
    only_listed: bool
    left_out: frozenset[tuple[str, str]] = frozenset()

    @property
    def fingerprint(self) -> str:
        """SHA-256 over customers and answers."""
        lines = sorted(f"{bank}\t{one}\t{int(yes)}" for (bank, one), yes in self.positive.items())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_labels(path: str | Path, alerts: Mapping[str, Sequence[tuple[str, str]]] | None = None) -> Labels:
    """Labels from a CSV file.

    Either ``customer_id`` (or ``alert_id``, with ``alerts`` telling each alert's customers) with ``label`` or
    ``disposition``, and ``institution`` and ``group`` if there are any; or the labels of a synthetic bank or a
    simulation (``customer_id`` with ``instance`` or ``typology`` and no answer), which list those with a part in a
    planted pattern: everybody else is a no there.
    """
    place = Place(str(path))
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lines, columns = list(reader), tuple(reader.fieldnames or ())
    except OSError as problem:
        raise SettingsError(f"cannot be read: {problem.strerror}.", place=place) from problem
    except UnicodeDecodeError as problem:
        raise SettingsError("is not UTF-8.", place=place, fix="Save it as UTF-8.") from problem
    answer = next((name for name in _ANSWERS if name in columns), None)
    if answer is None and "customer_id" in columns and {"instance", "typology"} & set(columns):
        return _planted(lines)
    if answer is None or not {"customer_id", "alert_id"} & set(columns):
        fix = "Give it the columns customer_id (or alert_id) and label (1 or 0) or disposition."
        raise SettingsError(f"has the columns {', '.join(columns) or 'none'}.", place=place, fix=fix)
    return _listed(lines, answer, alerts or {}, str(path))


def _planted(lines: Iterable[Mapping[str, str]]) -> Labels:
    positive: dict[tuple[str, str], bool] = {}
    group: dict[tuple[str, str], str] = {}
    victims = set()
    for line in lines:
        key = line.get("institution", ""), line["customer_id"]
        if not key[1]:
            continue
        if (line.get("possible_victim") or "").strip().lower() == "true":
            victims.add(key)
            continue
        positive[key] = True
        if instance := line.get("instance"):
            group.setdefault(key, instance)
    return Labels(positive, group, only_listed=False, left_out=frozenset(victims - positive.keys()))


def _listed(
    lines: Iterable[Mapping[str, str]], answer: str, alerts: Mapping[str, Sequence[tuple[str, str]]], path: str
) -> Labels:
    positive: dict[tuple[str, str], bool] = {}
    group: dict[tuple[str, str], str] = {}
    for number, line in enumerate(lines, 2):
        given = (line[answer] or "").strip().lower().replace(" ", "_")
        if given in NO_ANSWER:
            continue
        if given not in YES | NO:
            fix = did_you_mean(given, (*sorted(YES), *sorted(NO)))
            raise SettingsError(f"'{answer}' holds what is neither yes nor no.", place=Place(path, number), fix=fix)
        customer, alert = line.get("customer_id") or "", line.get("alert_id") or ""
        if not customer and alert and alert not in alerts:
            raise SettingsError("names an alert that the run does not have.", place=Place(path, number))
        for key in [(line.get("institution") or "", customer)] if customer else alerts[alert] if alert else ():
            # One yes outweighs a no: an alert dismissed says nothing of another that was confirmed.
            positive[key] = positive.get(key, False) or given in YES
            if name := line.get("group") or alert:
                group.setdefault(key, name)
    return Labels(positive, group, only_listed=True)
