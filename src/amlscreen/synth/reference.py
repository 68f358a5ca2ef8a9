"""The reference tables of a synthetic bank: customers, accounts, holdings, exchange rates, recalls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.schema import TABLES
from amlscreen.synth.calendar import Ints
from amlscreen.synth.geography import PROVINCES
from amlscreen.synth.names import account_number, customer_id, lao_name, latin_name, phone
from amlscreen.synth.outside import INSTITUTION, firm, party
from amlscreen.synth.people import SEGMENTS
from amlscreen.synth.rows import hundredths
from amlscreen.synth.world import World

__all__ = ["accounts", "customers", "fx_rates", "holdings", "recalls"]

_CODES = list(PROVINCES)


def _dates(days: Ints, known: NDArray[np.bool_] | None = None) -> pa.Array[Any]:
    return pa.array(days.astype("datetime64[D]"), pa.date32(), mask=None if known is None else ~known)


def _texts(values: list[str | None] | NDArray[np.str_], known: NDArray[np.bool_] | None = None) -> pa.Array[Any]:
    return pa.array(np.asarray(values, object), pa.string(), mask=None if known is None else ~known)


def _table(name: str, made: dict[str, Any]) -> pa.Table:
    """The table with its columns in canonical order; the institution is the same on every row."""
    columns = [column for column in TABLES[name].names if column in made or column == "institution"]
    size = len(next(iter(made.values())))
    made["institution"] = pa.array(np.full(size, INSTITUTION, object), pa.string())
    return pa.table({column: made[column] for column in columns})


def customers(world: World) -> pa.Table:
    """Everyone the bank knows."""
    rng = world.rng("customers table")
    pep = ~world.people.entity & (rng.random(len(world.people)) < 0.002)
    return _table("customers", {**_who_they_are(world, rng), **_what_is_on_file(world, rng, pep)})


def _who_they_are(world: World, rng: np.random.Generator) -> dict[str, Any]:
    people = world.people
    who, person = range(len(people)), ~people.entity
    sectors = np.array([segment.occupations[0] for segment in SEGMENTS])[people.segment]
    return {
        "customer_id": _texts([customer_id(one) for one in who]),
        "customer_kind": _texts(np.where(people.entity, "entity", "person")),
        "name": _texts([lao_name(people, one) for one in who]),
        "name_latin": _texts([latin_name(people, one) for one in who]),
        "birth_date": _dates(people.born, person),
        "sex": _texts(np.where(people.female, "female", "male"), person),
        "nationality": _texts(people.nationality),
        "occupation": _texts(people.occupation, person & ~people.blank),
        "sector": _texts(sectors, people.entity),
        "employer": _texts(_employers(world)),
        "income": hundredths(people.income * 100),
        "province": _texts(np.array(_CODES)[people.province]),
        "address": _texts([f"Synth Village {one % 97 + 1:02d}, house {one % 211 + 1}" for one in who], ~people.blank),
        "phone": _texts([phone(people, one) for one in who]),
        "email": _texts([f"person{one + 1:06d}@synth.example" for one in who], rng.random(len(people)) < 0.3),
    }


def _what_is_on_file(world: World, rng: np.random.Generator, pep: NDArray[np.bool_]) -> dict[str, Any]:
    people, child = world.people, world.people.guardian >= 0
    papers = np.where(people.nationality != "LA", "passport", np.where(child, "family_book", "id_card"))
    ratings = np.array(["low", "low", "low", "medium", "high"])[rng.integers(0, 5, size=len(people))]
    return {
        "id_type": _texts(np.where(people.entity, "licence", papers)),
        "id_number": _texts([f"SYN{one + 1:09d}" for one in range(len(people))], ~people.blank),
        "id_expiry": _dates(people.id_expiry),
        "onboarded": _dates(people.onboarded),
        "risk_rating": _texts(ratings),
        "review_due": _dates(people.id_expiry + 30),
        "is_pep": pa.array(pep),
        "pep_approved": _dates(people.onboarded, pep),
        "guardian_id": _texts([customer_id(int(one)) if one >= 0 else None for one in people.guardian]),
        "guardian_relationship": _texts(people.kinship, child),
        "guardian_verified": pa.array(people.kinship_proved, mask=~child),
        "is_licensed": pa.array(people.licensed, mask=~people.entity),
        "beneficial_owner_known": pa.array(np.ones(len(people), np.bool_), mask=~people.entity),
    }


def _employers(world: World) -> list[str | None]:
    """The employer's name, of this bank's firms and of those outside."""
    people = world.people
    names = [latin_name(people, int(boss)) if boss >= 0 else None for boss in people.employer]
    clerks = people.of("office_worker")
    for worker in clerks[people.employer[clerks] < 0]:
        names[worker] = party(int(firm(9_000 + worker % 40))).name
    return names


def accounts(world: World) -> pa.Table:
    """Every account; the main ones first."""
    book = world.accounts
    size = len(book.owner)
    province = world.people.province[book.owner]
    return _table(
        "accounts",
        {
            "account_id": _texts([account_number(one) for one in range(size)]),
            "customer_id": _texts([customer_id(int(one)) for one in book.owner]),
            "opened": _dates(book.opened),
            "status": _texts(np.full(size, "active")),
            "product": _texts(book.product),
            "currency": _texts(book.currency),
            "branch_id": _texts([f"BR-{_CODES[one][3:]}-1" for one in province]),
            "province": _texts(np.array(_CODES)[province]),
            "declared_turnover": hundredths(book.declared * 100),
            "is_merchant": pa.array(book.merchant),
        },
    )


def holdings(world: World) -> pa.Table:
    """Owners, joint owners, and the adults who sign for minors."""
    book = world.accounts
    everyone = np.arange(len(book.owner))
    joint = everyone[book.joint >= 0]
    children = np.flatnonzero(world.people.guardian >= 0)
    account = np.concatenate([everyone, joint, children])
    holder = np.concatenate([book.owner, book.joint[joint], world.people.guardian[children]])
    role = np.repeat(["owner", "joint", "signatory"], [len(everyone), len(joint), len(children)])
    order = np.argsort(account, kind="stable")
    return _table(
        "holdings",
        {
            "account_id": _texts([account_number(int(one)) for one in account[order]]),
            "customer_id": _texts([customer_id(int(one)) for one in holder[order]]),
            "role": _texts(role[order]),
            "since": _dates(book.opened[account[order]]),
        },
    )


def fx_rates(world: World) -> pa.Table:
    """Kip for a baht, a dollar and a yuan, each weekday from a week before the first day."""
    rng = world.rng("rates")
    day = np.arange(world.calendar.first - 7, world.calendar.first + world.calendar.days)
    day = day[(day + 3) % 7 < 5]
    currency, date, rate = [], [], []
    for code, centre in (("THB", 66_000), ("USD", 2_170_000), ("CNY", 300_000)):
        currency += [code] * len(day)
        date.append(day)
        rate.append(centre + np.cumsum(rng.integers(-1, 2, size=len(day))) * (centre // 1_000))
    return pa.table(
        {
            "currency": _texts(np.array(currency)),
            "date": _dates(np.concatenate(date)),
            "rate": hundredths(np.concatenate(rate)),
        }
    )


def recalls(world: World, ids: pa.Array[Any], account_of: NDArray[np.signedinteger]) -> pa.Table:
    """Recall messages and complaints about payments that were kept, by the time the bank was told."""
    found = [one for one in sorted(world.recalls, key=lambda one: one[1]) if ids[one[0]].is_valid]
    return _table(
        "recalls",
        {
            "recall_id": _texts([f"RC{number + 1:05d}" for number in range(len(found))]),
            "account_id": _texts([account_number(int(account_of[row])) for row, _, _ in found]),
            "transaction_id": _texts([ids[row].as_py() for row, _, _ in found]),
            "at": pa.array(np.array([when for _, when, _ in found], np.int64).astype("datetime64[s]")),
            "reason": _texts([reason for _, _, reason in found]),
        },
    )
