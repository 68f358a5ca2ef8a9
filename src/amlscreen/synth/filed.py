"""The tables about customers that are no money: logins, notes of branch staff, reports, cases, and what is listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from amlscreen.schema import TABLES
from amlscreen.synth.calendar import DAY, Ints
from amlscreen.synth.geography import PROVINCES
from amlscreen.synth.names import customer_id
from amlscreen.synth.outside import OUTSIDE, party
from amlscreen.synth.reference import dates, in_table, texts
from amlscreen.synth.world import World

__all__ = ["filed"]

_PROVINCES = [code[3:] for code in PROVINCES]


def filed(world: World) -> Mapping[str, pa.Table]:
    """Every such table that has rows, by name."""
    made = {
        "logins": _logins(world),
        "observations": _observations(world),
        "reports": _earlier(world, "reports", "report_id", "STR"),
        "cases": _earlier(world, "cases", "case_id", "CASE"),
    }
    if "listed" in TABLES:
        made["listed"] = _listed(world)
    return {name: table for name, table in made.items() if table.num_rows}


def _instants(seconds: Ints) -> pa.Array[Any]:
    made: pa.Array[Any] = pa.array(seconds.astype("datetime64[s]"))
    return made


def _logins(world: World) -> pa.Table:
    blocks = world.files.logins or [(np.empty(0, np.int64),) * 4 + ("LA",)]
    who, at, device, ip = (np.concatenate([block[place] for block in blocks]) for place in range(4))
    country = np.repeat([block[4] for block in blocks], [len(block[0]) for block in blocks])
    order = np.lexsort((who, at))
    return in_table(
        "logins",
        {
            "login_id": texts([f"LG{number + 1:08d}" for number in range(len(order))]),
            "customer_id": texts([customer_id(int(one)) for one in who[order]]),
            "at": _instants(at[order]),
            "device_id": texts([f"DEV{one:07d}" for one in device[order]]),
            "ip": texts([f"10.{one // 65_536 % 256}.{one // 256 % 256}.{one % 256}" for one in ip[order]]),
            "country": texts(country[order]),
        },
    )


def _observations(world: World) -> pa.Table:
    found = sorted(world.files.observations, key=lambda one: (one[1], one[0], one[2]))
    province = world.people.province
    return in_table(
        "observations",
        {
            "observation_id": texts([f"OB{number + 1:05d}" for number in range(len(found))]),
            "customer_id": texts([customer_id(who) for who, _, _ in found]),
            "at": _instants(np.array([when for _, when, _ in found], np.int64)),
            "code": texts([code for _, _, code in found]),
            "staff_id": texts([f"T{who % 37 + 1:03d}" for who, _, _ in found]),
            "branch_id": texts([f"BR-{_PROVINCES[province[who]]}-{who % 4 + 1}" for who, _, _ in found]),
        },
    )


def _earlier(world: World, table: str, number: str, prefix: str) -> pa.Table:
    found = sorted((one for one in world.files.earlier if one[0] == table), key=lambda one: (one[2], one[1]))
    return in_table(
        table,
        {
            number: texts([f"{prefix}{place + 1:05d}" for place in range(len(found))]),
            "subject_kind": texts(["counterparty" if who >= OUTSIDE else "customer" for _, who, _, _ in found]),
            "subject_id": texts([subject(who) for _, who, _, _ in found]),
            "at": dates(np.array([day for _, _, day, _ in found], np.int64)),
            "status": texts([status for _, _, _, status in found]),
        },
    )


def subject(code: int) -> str:
    """A customer's number, or the key of an outside party's account."""
    if code < OUTSIDE:
        return customer_id(code)
    other = party(code)
    return f"account:{other.institution}/{other.account}"


def _listed(world: World) -> pa.Table:
    found = sorted(set(world.files.listed))
    return in_table(
        "listed",
        {
            "list_id": texts([f"LS{number + 1:04d}" for number in range(len(found))]),
            "kind": texts([kind for kind, _, _, _ in found]),
            "value": texts([value for _, value, _, _ in found]),
            "category": texts([category for _, _, category, _ in found]),
            "since": dates(np.array([since for _, _, _, since in found], np.int64)),
        },
    )


def moment(world: World, day: int, second: int = 36_000) -> int:
    """Local seconds of a day of the calendar, counted from 0."""
    return (world.calendar.first + day) * DAY + second
