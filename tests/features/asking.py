"""A short way to ask small data for some features."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from amlscreen.engines import local
from amlscreen.features.asked import NO_FEATURES
from amlscreen.features.made import ID_COLUMN, Features, Subject
from amlscreen.intake.dataset import Dataset
from amlscreen.settings import Settings

__all__ = ["ask", "of"]


def ask(
    names: Iterable[str],
    *,
    subject: Subject = "account",
    settings: Settings | None = None,
    last_day: dt.date | None = None,
    **tables: Any,
) -> Features:
    """These features, up to a day of the data, else the last."""
    settings = settings or Settings(threads=1)
    with Dataset.from_tables("laos", settings, **tables) as data:
        day = data.last_complete_day if last_day is None else (last_day - dt.date(1970, 1, 1)).days
        asked = NO_FEATURES.and_of(subject, names)
        found = local.run(
            data, [], alert_from=0, last_day=day, settings=settings, progress=lambda *_: None, asked=asked
        )  # fmt: skip
    return found.features if subject == "customer" else found.account_features


def of(features: Features, name: str) -> dict[str, Any]:
    """One feature by customer_id or account_id."""
    return dict(zip(*(features.table[each].to_pylist() for each in (ID_COLUMN[features.subject], name)), strict=True))
