"""A small bank and baseline cards drawn at random: few traits, so that groups are small and large, ties and gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from amlscreen.rules.card import Card
from shapes.made_cards import OFFSET
from shapes.oracle_baseline import Facts
from shapes.test_oracle import card

__all__ = ["Bank", "drawn_baselines"]

FIRST = dt.date(2026, 1, 1)
EPOCH = dt.date(1970, 1, 1)
SPAN = 50
Row = dict[str, Any]


class Bank:
    """Accounts with rows over fifty days, some with two owners; what is known of owners has gaps."""

    def __init__(self, rng: Random, accounts: int = 16, *, vague: bool = False) -> None:
        names = [f"A{number:03d}" for number in range(accounts)]
        self.owners = {name: [f"C{number // 2:03d}"] for number, name in enumerate(names)}
        for number, name in enumerate(names):
            if number % 5 == 0:
                self.owners[name].append(f"D{number % 3:03d}")
        self.rows = [row for name in names for row in self._rows(rng, name, vague=vague)]
        rng.shuffle(self.rows)
        self.people = {one: _person(rng) for one in sorted({each for held in self.owners.values() for each in held})}
        self.accounts = {
            name: {
                "opened": rng.choice([None, None, FIRST - dt.timedelta(days=9), FIRST + dt.timedelta(days=25)]),
                "declared_turnover": rng.choice([None, 0, 300, 3_000]),
                "product": rng.choice(["SAV", "CUR", None]),
            }
            for name in names
        }

    def _rows(self, rng: Random, account: str, *, vague: bool) -> Iterator[Row]:
        quiet_until = rng.choice([0, 0, 0, 20, 45])
        for number in range(rng.randrange(0, 22)):
            day = rng.randrange(quiet_until, SPAN)
            yield {
                "transaction_id": f"T{account}{number:02d}",
                "account_id": account,
                "day": day,
                "second": rng.choice([0, 0, 18_000, rng.randrange(86_400)]),
                "time_precision": "day" if vague and rng.random() < 0.1 else "second",
                "direction": rng.choice(["credit", "debit"]),
                "amount": rng.choice([1, 2, 10, 10, 100, rng.randrange(1, 1000)]),
                "channel": rng.choice(["cash", "cash", "transfer", None]),
                "province": rng.choice(["LA-VT", "LA-BK", None]),
                "kind": rng.choice(["customer"] * 6 + ["fee"]),
            }

    def tables(self) -> dict[str, list[Row]]:
        """The bank as files would give it."""
        rows = []
        for row in self.rows:
            moment = dt.datetime.combine(FIRST, dt.time()) + dt.timedelta(days=row["day"], seconds=row["second"])
            told = {name: value for name, value in row.items() if name not in {"day", "second"}}
            rows.append({**told, "at": str(moment if row["time_precision"] == "second" else moment.date())})
        return {
            "transactions": rows,
            "holdings": [
                {"account_id": account, "customer_id": one, "role": "owner" if at == 0 else "joint"}
                for account, held in self.owners.items()
                for at, one in enumerate(held)
            ],
            "customers": [{"customer_id": one, **_known(facts)} for one, facts in self.people.items()],
            "accounts": [{"account_id": one, **_known(facts)} for one, facts in self.accounts.items()],
        }

    def oracle_rows(self, subject: str) -> list[Row]:
        """The rows once for each subject they belong to, in inside units."""
        return [
            {**self._inside(row), "subject": name}
            for row in self.rows
            for name in (self.owners[row["account_id"]] if subject == "customer" else [row["account_id"]])
        ]

    def _inside(self, row: Row) -> Row:
        day = (FIRST - EPOCH).days + row["day"]
        second = row["second"] if row["time_precision"] == "second" else 0
        return {
            **row,
            "at": (day * 86_400 + second) * 1_000_000 - OFFSET,
            "tie": (row["account_id"], row["transaction_id"]),
            "amount": row["amount"] * 100,
            "local_day": day,
            "netted": False,
        }

    def facts(self, subject: str) -> Facts:
        """What the oracle is told about each subject."""
        days = [(FIRST - EPOCH).days + row["day"] for row in self.rows]
        since: dict[str, int] = {}
        for row in self.rows:
            opened = self.accounts[row["account_id"]]["opened"]
            day = min((FIRST - EPOCH).days + row["day"], 10**9 if opened is None else (opened - EPOCH).days)
            for name in self.owners[row["account_id"]] if subject == "customer" else [row["account_id"]]:
                since[name] = min(day, since.get(name, day))
        owner = (
            {one: one for one in self.people} if subject == "customer" else {a: min(h) for a, h in self.owners.items()}
        )
        traits = {name: self._traits(one, self.accounts.get(name, {}), max(days)) for name, one in owner.items()}
        money = self.people if subject == "customer" else self.accounts
        column = "income" if subject == "customer" else "declared_turnover"
        declared = {name: (money[name][column] or 0) * 100 for name in owner}
        return Facts(max(days), min(days), traits, since, declared)

    def _traits(self, owner: str, account: Mapping[str, Any], last_day: int) -> dict[str, Any]:
        facts = self.people[owner]
        born, today = facts["birth_date"], EPOCH + dt.timedelta(days=last_day)
        age = None if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        told = {name: facts[name] for name in ("occupation", "sector", "province")}
        return {**told, "kind": facts["customer_kind"], "age": age, "product": account.get("product")}


def _person(rng: Random) -> dict[str, Any]:
    return {
        "customer_kind": rng.choice(["person", "person", "entity"]),
        "occupation": rng.choice(["trader", "trader", "farmer", None]),
        "sector": rng.choice(["shop", None]),
        "province": rng.choice(["LA-VT", "LA-BK", None]),
        "birth_date": rng.choice([None, *(dt.date(year, 2, 20) for year in (1950, 1990, 2000, 2008, 2009))]),
        "income": rng.choice([None, 0, 300, 2_000]),
    }


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if not isinstance(value, dt.date) else str(value) for name, value in facts.items()}


def drawn_baselines(rng: Random, subject: str, number: int) -> Iterator[Card]:
    """Cards with ids of their own."""
    for count in range(number):
        yield card(**_detect(rng, subject)).model_copy(update={"id": f"HT-T{count:02d}"})


def _detect(rng: Random, subject: str) -> dict[str, Any]:
    kind = rng.choice(["history", "peers", "peers", "declared"])
    measures = {
        "n": {"count": "transactions", "of": "a"},
        "total": {"sum": "amount", "of": rng.choice(["a", "b"])},
        "share": {"share": rng.choice(["value", "count"]), "of": "a", "within": "b"},
        "rest": {rng.choice(["mean", "median", "max", "std", "distinct"]): "amount", "of": "a"},
        "days": {"days_active": "transactions", "of": "b"},
        "ratio": {"ratio": ["total", "n"]},
    }
    if rng.random() < 0.2:
        measures["passed"] = {"matched_within": "5d", "of": ["a", "b"]}
    detect: dict[str, Any] = {
        "shape": "baseline",
        "subject": subject,
        "within": rng.choice(["5d", "10d"]),
        "rows": {"a": _conditions(rng), "b": {"direction": "debit"}},
        "measures": measures,
        "compare": "total" if kind == "declared" else rng.choice([*measures]),
    }
    if kind == "history":
        detect["history"] = {"spans": rng.choice([2, 3, 4]), "at_least": rng.choice([1, 2])}
    elif kind == "declared":
        detect["declared"] = "income" if subject == "customer" else "declared_turnover"
    else:
        columns = ["occupation", "sector", "province", "age_band", *(["product"] if subject == "account" else [])]
        by = rng.sample(columns, rng.randrange(1, len(columns)))
        detect["peers"] = {"by": by, "at_least": rng.choice([1, 2, 3, 5, 30])}
    if rng.random() < 0.4:
        detect["spans"] = rng.choice([{"at_least": 2, "of": 3}, {"at_least": 1, "of": 2}, {"at_least": 2, "of": 2}])
    return detect | {"when": _when(rng, kind, detect)}


def _conditions(rng: Random) -> dict[str, Any]:
    drawn: dict[str, Any] = {"direction": "credit"}
    if rng.random() < 0.5:
        drawn["channel"] = rng.choice(["cash", {"none_of": ["cash"]}, {"null": True}])
    if rng.random() < 0.1:
        drawn["kind"] = "fee"
    return drawn


def _when(rng: Random, kind: str, detect: Mapping[str, Any]) -> dict[str, Any]:
    when = _made(rng, kind)
    if rng.random() < 0.6:
        when |= {rng.choice(["n", "total"]): {rng.choice(["gte", "gte", "lt"]): rng.choice([0, 1, 2, 10])}}
    if rng.random() < 0.2:
        when["share"] = {"gte": rng.choice([0, 0.5])}
    if rng.random() < 0.25:
        when["any"] = [_made(rng, kind), {**_made(rng, kind), "days": {"gte": 1}}, {"n": {"gte": 3}}]
    return when


def _made(rng: Random, kind: str) -> dict[str, Any]:
    words: Sequence[tuple[str, Any]] = [
        ("times", {"gte": rng.choice([0.5, 1, 1.5, 3])}),
        ("times", {"gt": rng.choice([0.5, 1, 1.5, 3])}),
        ("times", rng.choice([{"lte": 0.5}, {"between": [0, 1]}, {"null": True}])),
    ]
    if kind != "declared":
        words = [*words, ("deviations", {"gte": rng.choice([-1, 0, 0.5, 1, 2])}), ("deviations", {"lt": 0})]
    if kind == "history":
        words = [*words, ("spans_known", {"gte": 2})]
    if kind == "peers":
        words = [*words, ("percentile", {"gte": rng.choice([0.2, 0.5, 0.8])}), ("peers", {"gte": 3})]
    drawn = dict([rng.choice(words)])
    return drawn if {"times", "deviations", "percentile"} & drawn.keys() else {**drawn, "times": {"gte": 0.5}}
