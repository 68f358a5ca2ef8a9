"""Labels: which customers a ranking should find, read from a file or a table.

Three forms are known by their columns:

``planted``       what a synthetic bank or a simulation planted: ``customer_id`` with any of ``typology``, ``role``,
                  ``intensity``, ``channel``, ``instance``, ``first_day``, ``possible_victim``; all listed are targets
``plain``         ``customer_id, label``: 1 for a target, 0 for an innocent customer, empty for not known
``dispositions``  ``alert_id`` (or ``customer_id``) and ``disposition``, the analyst's answer

Further columns are named in :attr:`Labels.not_read` and never used. Customers that are not listed are innocent, unless
the file lists innocents too: then it holds those somebody looked at, and of the others nothing is known.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from amlscreen.errors import DataError, Place, did_you_mean

__all__ = ["DISPOSITIONS", "FLAGS", "Label", "LabelForm", "Labels", "labels_from_rows", "read_labels"]

LabelForm = Literal["planted", "plain", "dispositions"]
Unlisted = Literal["innocent", "unknown"]

TEXTS = ("institution", "instance", "typology", "intensity", "channel", "role", "story")
DAYS = ("first_day", "last_day")
FLAGS: Mapping[str, bool] = MappingProxyType(
    {"1": True, "true": True, "yes": True, "y": True, "0": False, "false": False, "no": False, "n": False}
)

DISPOSITIONS: Mapping[str, bool | None] = MappingProxyType(
    {
        **FLAGS,
        "reported": True,
        "escalated": True,
        "confirmed": True,
        "useful": True,
        "positive": True,
        "str": True,
        "true_positive": True,
        "dismissed": False,
        "closed": False,
        "explained": False,
        "not_useful": False,
        "false_positive": False,
        "innocent": False,
        "negative": False,
        "no_concern": False,
        "open": None,
        "pending": None,
        "unclear": None,
    }
)
"""What a word in a label file means: True a target, False innocent, None no answer."""
_OTHERS = ("customer_id", "alert_id", "label", "disposition", "possible_victim", "subject_kind", "group")
_READ = frozenset({*TEXTS, *DAYS, *_OTHERS})


@dataclass(frozen=True, slots=True)
class Label:
    """One row of a label file: a customer, or the alert whose customers are meant.

    ``is_target`` is None where somebody looked and came to no answer. ``possible_victim``: to be protected, never to be
    put under review. Empty texts are unknown; ``institution`` empty means whichever bank has that customer.
    """

    customer_id: str
    is_target: bool | None = True
    alert_id: str = ""
    possible_victim: bool = False
    institution: str = ""
    instance: str = ""
    typology: str = ""
    intensity: str = ""
    channel: str = ""
    role: str = ""
    story: str = ""
    first_day: dt.date | None = None
    last_day: dt.date | None = None


@dataclass(frozen=True)
class Labels:
    """The rows of a label file, what becomes of customers it does not list, and what of it was not used, counted."""

    rows: tuple[Label, ...]
    form: LabelForm
    unlisted: Unlisted
    source: str = "given"
    not_read: tuple[str, ...] = ()
    set_aside: Mapping[str, int] = field(default_factory=dict)

    def of_alerts(self, customers: Mapping[str, Iterable[tuple[str, str]]]) -> Labels:
        """Rows that name an alert, put on its customers ((institution, customer_id) by alert id).

        What names an alert of another run is set aside and counted.
        """
        rows: list[Label] = []
        gone = 0
        for row in self.rows:
            if row.customer_id:
                rows.append(row)
            elif row.alert_id in customers:
                rows += [replace(row, institution=bank, customer_id=one) for bank, one in customers[row.alert_id]]
            else:
                gone += 1
        more = {"labels of alerts that this run does not have": gone} if gone else {}
        return replace(self, rows=tuple(rows), set_aside={**self.set_aside, **more})


def read_labels(path: str | Path, *, unlisted: Unlisted | None = None) -> Labels:
    """The labels of a CSV or Parquet file; :class:`~amlscreen.errors.DataError` with file, line and what is allowed.

    ``unlisted`` says what customers are that the file does not list, if that is not what the file's form suggests.
    """
    path = Path(path)
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    else:
        rows = _csv_rows(path)
    return labels_from_rows(rows, source=str(path), unlisted=unlisted)


def labels_from_rows(
    rows: Iterable[Mapping[str, Any]], *, source: str = "given", unlisted: Unlisted | None = None
) -> Labels:
    """Labels from rows by column name, as a table's ``to_pylist()`` gives them; errors as in :func:`read_labels`."""
    listed = list(rows)
    columns = list(listed[0]) if listed else []
    form = _form(columns, source)
    set_aside: Counter[str] = Counter()
    made: list[Label] = []
    for line, row in enumerate(listed, 2):
        label = _label(row, form, Place(source, line))
        if label is None:
            set_aside["labels of outside parties, who are no customers"] += 1
        else:
            made.append(label)
    if not made:
        raise DataError("holds no label of a customer.", place=Place(source), fix=_FIX)
    guess: Unlisted = "unknown" if any(one.is_target is not True for one in made) else "innocent"
    not_read = tuple(name for name in columns if name not in _READ)
    return Labels(tuple(made), form, unlisted or guess, source, not_read, dict(set_aside))


_FIX = "Give customer_id and label (1 or 0), alert_id and disposition, or the labels.csv of a synthetic bank."


def _csv_rows(path: Path) -> list[dict[str, Any]]:
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows: list[dict[str, Any]] = []
            for row in reader:
                if None in row or None in row.values():
                    problem = f"has {'more' if None in row else 'fewer'} cells than columns."
                    raise DataError(problem, place=Place(str(path), reader.line_num), fix=_FIX)
                rows.append({str(name).strip(): cell for name, cell in row.items()})
    except OSError as problem:
        raise DataError("cannot be read.", place=Place(str(path)), fix=_FIX) from problem
    except (UnicodeDecodeError, csv.Error) as problem:
        raise DataError("is not a CSV file in UTF-8.", place=Place(str(path)), fix=_FIX) from problem
    return rows


def _form(columns: list[str], source: str) -> LabelForm:
    known = set(columns)
    if "disposition" in known and known & {"alert_id", "customer_id"}:
        return "dispositions"
    if "customer_id" in known:
        return "plain" if "label" in known else "planted"
    found = ", ".join(columns) or "none"
    raise DataError(f"lacks a column customer_id (its columns: {found}).", place=Place(source), fix=_FIX)


def _label(row: Mapping[str, Any], form: LabelForm, place: Place) -> Label | None:
    customer, alert = _text(row.get("customer_id")), _text(row.get("alert_id"))
    if not customer and not alert:
        if _text(row.get("subject_kind")) not in ("", "customer"):
            return None
        raise DataError("names no customer.", place=place, fix=_FIX)
    column = "disposition" if form == "dispositions" else "label"
    further: dict[str, Any] = {name: _text(row.get(name)) for name in TEXTS}
    further["instance"] = further["instance"] or _text(row.get("group"))
    further |= {name: _day(row.get(name), name, place) for name in DAYS}
    return Label(
        customer,
        True if form == "planted" else _said(row.get(column), DISPOSITIONS, column, place),
        alert,
        bool(_said(row.get("possible_victim"), FLAGS, "possible_victim", place)),
        **further,
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _said(value: Any, words: Mapping[str, bool | None] | Mapping[str, bool], column: str, place: Place) -> bool | None:
    """What a cell means; numbers of data frames arrive as 1.0."""
    word = _text(value).lower().removesuffix(".0").replace("-", "_").replace(" ", "_")
    if not word:
        return None
    if word not in words:
        raise DataError(f"{column} '{word}' is not known.", place=place, fix=did_you_mean(word, words))
    return words[word]


def _day(value: Any, column: str, place: Place) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = _text(value)
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError as problem:
        raise DataError(f"{column} '{text}' is not a day.", place=place, fix="Write it as 2026-03-31.") from problem
