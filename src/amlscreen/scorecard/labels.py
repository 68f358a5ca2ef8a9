"""What people decided: for each labelled customer yes or no, and which customers belong together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amlscreen.errors import Place, SettingsError
from amlscreen.labels import read_labels as read_file

__all__ = ["Labels", "read_labels"]


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
    """What a label file of any known form says yes or no to (:func:`amlscreen.labels.read_labels`).

    ``alerts`` tells each alert's customers, for dispositions; those of one alert belong together. One yes outweighs a
    no: an alert dismissed says nothing of another that was confirmed.
    """
    read = read_file(path)
    by_alert = {row.alert_id for row in read.rows if not row.customer_id}
    if strange := by_alert - (alerts or {}).keys():
        raise SettingsError(
            f"names {len(strange)} alerts that the run does not have.",
            place=Place(str(path)),
            fix="Give the run whose alerts were looked at, or label customers.",
        )
    positive: dict[tuple[str, str], bool] = {}
    group: dict[tuple[str, str], str] = {}
    victims = set()
    for row in read.of_alerts(alerts or {}).rows:
        key = row.institution, row.customer_id
        if row.possible_victim:
            victims.add(key)
        elif row.is_target is not None:
            positive[key] = positive.get(key, False) or row.is_target
            if belongs := row.instance or (row.alert_id if row.alert_id in by_alert else ""):
                group.setdefault(key, belongs)
    return Labels(positive, group, read.unlisted == "unknown", frozenset(victims - positive.keys()))
