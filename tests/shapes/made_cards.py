"""Transactions and cards drawn at random, small and clumsy on purpose: ties, gaps, missing values, odd bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from amlscreen.jurisdiction import Jurisdiction, Limit
from amlscreen.rules.card import Card
from shapes.test_oracle import card

__all__ = ["LIMITS", "Style", "cards", "country", "end_of", "file_rows", "holdings", "oracle_rows", "rows"]

FIRST = dt.datetime(2026, 3, 1)
OFFSET = 7 * 3_600_000_000
LIMITS = {"small": 10, "large": 100}
Row = dict[str, Any]


@dataclass(frozen=True)
class Style:
    """What the drawn rows and cards may have in them."""

    shape: str
    subject: str = "account"
    vague: bool = False
    hours: bool = False
    fifo: bool = False
    gaps: bool = False
    repeat: bool = False
    limits: bool = False


def country() -> Jurisdiction:
    """A jurisdiction whose limits are small enough for drawn amounts."""
    lines = tuple(
        Limit(
            id=name,
            title=name,
            amount=amount,
            currency="LAK",
            holds_from=dt.date(2020, 1, 1),
            source="none",
            as_of=dt.date(2020, 1, 1),
            verified=False,
        )
        for name, amount in LIMITS.items()
    )
    return Jurisdiction.load("laos").model_copy(update={"limits": lines})


def rows(rng: Random, style: Style, accounts: int = 20) -> list[Row]:
    """Up to thirteen rows for each account within a fortnight, in no order."""
    made: list[Row] = []
    for account in range(accounts):
        begin = rng.randrange(3)
        for _ in range(rng.randrange(1, 14)):
            vague = style.vague and rng.random() < 0.4
            made.append(
                {
                    "transaction_id": f"T{len(made):05d}",
                    "account_id": f"A{account:03d}",
                    "day": begin + rng.randrange(12),
                    "second": 0 if vague else rng.choice([0, 0, 18_000, 32_401, rng.randrange(86_400)]),
                    "time_precision": "day" if vague else "second",
                    "direction": rng.choice(["credit", "debit"]),
                    "amount": rng.choice([1, 2, 3, 5, 9, 10, 10, 95, 100, rng.randrange(1, 1000)]),
                    "channel": rng.choice(["cash", "atm", "transfer", None]),
                    "province": rng.choice(["LA-VT", "LA-BK", "LA-SV", None]),
                    "purpose": rng.choice(["salary", None]),
                    "branch_id": rng.choice(["B1", "B2"]),
                    "kind": rng.choice(["customer"] * 8 + ["fee"]),
                    **rng.choice(_PARTIES),
                    "conductor_id": rng.choice([None, "D1", "D2", "D3", "D4"]),
                }
            )
    for row in made:
        row["terminal_id"] = None if row["second"] % 5 == 1 else f"M{row['second'] % 4}"
    rng.shuffle(made)
    return made


_PARTIES = [
    {"counterparty": "name:one", "counterparty_kind": "name"},
    {"counterparty": "name:two", "counterparty_kind": "name"},
    {"counterparty": "phone:+856205550", "counterparty_kind": "phone"},
    {"counterparty": "pooled:float", "counterparty_kind": "pooled"},
    {"counterparty": None, "counterparty_kind": None},
]


def holdings(made: Sequence[Row]) -> list[Row]:
    """Two accounts for each customer; every third account has a second owner."""
    held = []
    for account in sorted({row["account_id"] for row in made}):
        number = int(account[1:])
        held.append({"account_id": account, "customer_id": f"C{number // 2:03d}", "role": "owner"})
        if number % 3 == 0:
            held.append({"account_id": account, "customer_id": f"D{number % 5:03d}", "role": "joint"})
    return held


def file_rows(made: Sequence[Row]) -> list[Row]:
    """The rows as a canonical export would give them."""
    return [
        {
            **{name: value for name, value in row.items() if name not in {"day", "second"}},
            "at": str(_moment(row) if row["time_precision"] == "second" else _moment(row).date()),
        }
        for row in made
    ]


def oracle_rows(made: Sequence[Row], subject: str) -> list[Row]:
    """The rows as the oracle wants them, once for each subject that they belong to."""
    owners: dict[str, list[str]] = {}
    for one in holdings(made):
        owners.setdefault(one["account_id"], []).append(one["customer_id"])
    return [{**_inside(row, owners), "subject": name} for row in made for name in _subjects(row, subject, owners)]


def _subjects(row: Row, subject: str, owners: Mapping[str, list[str]]) -> list[str | None]:
    if subject == "customer":
        return [*owners[row["account_id"]]]
    if subject == "counterparty" and row["counterparty_kind"] == "pooled":
        return [None]
    return [row["counterparty" if subject == "counterparty" else f"{subject}_id"]]


def _inside(row: Row, owners: Mapping[str, list[str]]) -> Row:
    moment = _moment(row)
    amount = row["amount"] * 100
    return {
        **row,
        "at": _microseconds(moment),
        "tie": (owners[row["account_id"]][0], row["account_id"], row["transaction_id"]),
        "amount": amount,
        "local_day": (moment.date() - dt.date(1970, 1, 1)).days,
        "netted": False,
        "hour": moment.hour if row["time_precision"] == "second" else None,
        "limit_multiple": {name: amount * 1_000_000 // (line * 100) for name, line in LIMITS.items()},
    }


def end_of(made: Sequence[Row]) -> int:
    """The instant at which the data ends."""
    return _microseconds(FIRST + dt.timedelta(days=max(row["day"] for row in made) + 1))


def _moment(row: Row) -> dt.datetime:
    return FIRST + dt.timedelta(days=row["day"], seconds=row["second"])


def _microseconds(local: dt.datetime) -> int:
    return (local - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1) - OFFSET


def cards(rng: Random, style: Style, number: int) -> Iterator[Card]:
    """Cards of that style, each with an id of its own; some of what is drawn is no valid card and is left out."""
    for count in range(number):
        try:
            yield card(**_detect(rng, style)).model_copy(update={"id": f"HT-T{count:02d}"})
        except ValueError:
            continue


def _detect(rng: Random, style: Style) -> dict[str, Any]:
    sets = ["a", "b", "c"][: rng.randrange(2 if style.shape == "sequence" else 1, 4)]
    detect: dict[str, Any] = {
        "shape": style.shape,
        "subject": style.subject,
        "rows": {name: _conditions(rng, style) for name in sets},
        "measures": _measures(rng, sets, style),
    }
    if style.shape == "window":
        detect |= {"within": rng.choice(_spans(style, "7d")), "when": _when(rng, detect["measures"])}
    else:
        detect |= {"first": sets[0], "anchor": rng.choice(["each", "first", "last"]), "then": _steps(rng, sets, style)}
        if rng.random() < 0.5:
            detect["when"] = _when(rng, detect["measures"])
    if rng.random() < 0.25:
        detect["by"] = [rng.choice(["branch_id", "province", "counterparty"])]
    if style.limits:
        detect["for_each"] = "limits"
    if style.repeat and rng.random() < 0.7:
        detect["repeat"] = {"at_least": 2, "within": rng.choice(["5d", "10d"])}
        if rng.random() < 0.5:
            detect["repeat"]["distinct"] = rng.choice(["local_day", *detect.get("by", [])])
    return detect


def _spans(style: Style, longest: str) -> list[str]:
    return ["1d", "2d", "3d", longest, *(["5h"] if style.hours else [])]


def _conditions(rng: Random, style: Style) -> dict[str, Any]:
    drawn: dict[str, Any] = {}
    if rng.random() < 0.7:
        drawn["direction"] = rng.choice(["credit", "debit"])
    if rng.random() < 0.3:
        drawn["channel"] = rng.choice([["cash", "atm"], "transfer", {"none_of": ["cash"]}, {"null": True}])
    if rng.random() < 0.3:
        drawn["province"] = rng.choice(["LA-VT", ["LA-VT", "LA-BK"], {"null": False}, {"none_of": ["LA-SV"]}])
    if rng.random() < 0.25:
        drawn["amount"] = rng.choice([{"gte": 10}, {"lt": 10}, {"between": [2, 100]}, {"gt": 1, "lte": 10}])
    if rng.random() < 0.2:
        drawn["any"] = [{"purpose": "salary"}, {"counterparty": rng.choice(["name:one", {"null": True}])}]
    if rng.random() < 0.05:
        drawn["kind"] = "fee"
    if style.hours and rng.random() < 0.3:
        drawn["hour"] = rng.choice([{"gte": 9}, {"lt": 6}])
    if style.limits:
        drawn["limit_multiple"] = rng.choice([{"gte": 0.8, "lt": 1}, {"lt": 0.5}, {"gte": 1}])
    return drawn or {"direction": "credit"}


def _measures(rng: Random, sets: Sequence[str], style: Style) -> dict[str, Any]:
    measures = {f"m{number}": _measure(rng, sets, style) for number in range(rng.randrange(1, 5))}
    if style.fifo and len(sets) > 1:
        measures["passed"] = {"matched_within": rng.choice(["1d", "2d"]), "of": [*sets[:2]]}
        measures["rest"] = {"dwell": "mean", "of": [*sets[:2]]}
    if len(measures) > 1 and rng.random() < 0.5:
        measures["ratio"] = {"ratio": rng.sample([*measures], 2)}
    return measures


def _measure(rng: Random, sets: Sequence[str], style: Style) -> dict[str, Any]:
    verbs = ["count", "sum", "distinct", "min", "max", "mean", "median", "std", "share", "top_share", "days_active"]
    verb, of = rng.choice([*verbs, *(["gap"] * 3 if style.gaps else [])]), rng.choice(sets)
    fixed: dict[str, dict[str, Any]] = {
        "count": {"count": "transactions"},
        "days_active": {"days_active": "transactions"},
        "gap": {"gap": "longest"},
        "share": {"share": rng.choice(["value", "count"]), "within": rng.choice(sets)},
        "distinct": {"distinct": rng.choice(["province", "counterparty", "branch_id", "amount", "local_day"])},
        "top_share": {"top_share": rng.choice(["amount", "province", "counterparty"]), "k": rng.choice([1, 2])},
    }
    return {**fixed.get(verb, {verb: "amount"}), "of": of}


_BOUNDS: dict[str, list[Any]] = {
    **{key: [1, 2, 3] for key in ("count", "distinct", "days_active")},
    **{key: [0.3, 0.5, 1, 2] for key in ("share", "top_share", "ratio")},
    **{key: ["1d", "30min"] for key in ("gap", "dwell")},
}


def _when(rng: Random, measures: Mapping[str, Any]) -> dict[str, Any]:
    when = dict(_bound(rng, measures) for _ in range(rng.randrange(1, 3)))
    if rng.random() < 0.2:
        when["any"] = [dict([_bound(rng, measures)]), dict([_bound(rng, measures)])]
    return when


def _bound(rng: Random, measures: Mapping[str, Any]) -> tuple[str, Any]:
    name = rng.choice([*measures])
    verb = next(word for word in measures[name] if word not in {"of", "k", "within"})
    word = rng.choice(["gte", "gte", "gt", "lt", "lte", "between", "null"])
    if word == "null":
        return name, {"null": rng.choice([True, False])}
    bound = rng.choice(_BOUNDS.get(verb, [1, 5, 10, 20, 100]))
    return name, {word: ["1min" if isinstance(bound, str) else 0, bound] if word == "between" else bound}


def _steps(rng: Random, sets: Sequence[str], style: Style) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for name in rng.sample(sets[1:], rng.randrange(1, len(sets))):
        step = {"rows": name, "within": rng.choice(_spans(style, "2d")), "is": rng.choice(["present"] * 2 + ["absent"])}
        if steps and rng.random() < 0.5:
            step["from"] = "previous"
        if rng.random() < 0.2:
            step["same"] = [rng.choice(["branch_id", "province"])]
        if rng.random() < 0.2:
            step["different"] = ["province"]
        if rng.random() < 0.2:
            step["similar"] = {"amount": "10%"}
        steps.append(step)
    return steps
