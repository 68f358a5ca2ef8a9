"""The reference tables of a synthetic bank: customers, accounts, holdings, exchange rates, recalls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.schema import TABLES
from amlscreen.synth.calendar import Ints
from amlscreen.synth.geography import PROVINCES
from amlscreen.synth.names import account_number, address, customer_id, id_number, lao_name, latin_name, mail, phone
from amlscreen.synth.outside import INSTITUTION, firm, party
from amlscreen.synth.rows import hundredths
from amlscreen.synth.world import World

__all__ = ["accounts", "customers", "dates", "fx_rates", "holdings", "in_table", "recalls", "texts"]

_CODES = list(PROVINCES)


def dates(days: Ints, known: NDArray[np.bool_] | None = None) -> pa.Array[Any]:
    """Days since 1970-01-01 as dates, null where not known."""
    return pa.array(days.astype("datetime64[D]"), pa.date32(), mask=None if known is None else ~known)


def texts(values: list[str | None] | NDArray[np.str_], known: NDArray[np.bool_] | None = None) -> pa.Array[Any]:
    """Texts, null where not known."""
    return pa.array(np.asarray(values, object), pa.string(), mask=None if known is None else ~known)


def in_table(name: str, made: dict[str, Any]) -> pa.Table:
    """The table with its columns in canonical order; the institution is the same on every row."""
    columns = [column for column in TABLES[name].names if column in made or column == "institution"]
    size = len(next(iter(made.values())))
    made["institution"] = pa.array(np.full(size, INSTITUTION, object), pa.string())
    return pa.table({column: made[column] for column in columns})


def customers(world: World) -> pa.Table:
    """Everyone the bank knows."""
    rng = world.rng("customers table")
    return in_table("customers", {**_who_they_are(world, rng), **_what_is_on_file(world)})


def _who_they_are(world: World, rng: np.random.Generator) -> dict[str, Any]:
    people = world.people
    who, person = range(len(people)), ~people.entity
    # Even a bank with good files has holes in them.
    told = rng.random(len(people)) < 0.95
    return {
        "customer_id": texts([customer_id(one) for one in who]),
        "customer_kind": texts(np.where(people.entity, "entity", "person")),
        "name": texts([lao_name(people, one) for one in who]),
        "name_latin": texts([latin_name(people, one) for one in who]),
        "birth_date": dates(people.born, person),
        "sex": texts(np.where(people.female, "female", "male"), person),
        "nationality": texts(people.nationality),
        "occupation": texts(people.occupation, person & ~people.blank & told),
        "sector": texts(people.sector, people.entity),
        "employer": texts(_employers(world)),
        "income": pc.if_else(pa.array(told | people.entity), hundredths(people.income * 100), None),
        "province": texts(np.array(_CODES)[people.province]),
        "address": texts([address(int(one)) for one in people.address], ~people.blank),
        "phone": texts([phone(people, one) for one in who]),
        "email": texts([mail(int(one)) if one >= 0 else None for one in people.email]),
    }


def _what_is_on_file(world: World) -> dict[str, Any]:
    people, child = world.people, world.people.guardian >= 0
    papers = np.where(people.nationality != "LA", "passport", np.where(child, "family_book", "id_card"))
    return {
        "id_type": texts(np.where(people.entity, "licence", papers)),
        "id_number": texts([id_number(int(one)) for one in people.id_number], ~people.blank),
        "id_expiry": dates(people.id_expiry),
        "onboarded": dates(people.onboarded),
        "introducer": texts([f"AG-{one:04d}" if one >= 0 else None for one in people.introducer]),
        "risk_rating": texts(people.rating),
        "review_due": dates(people.review_due),
        "is_pep": pa.array(people.pep),
        "pep_approved": dates(people.onboarded, people.pep_approved),
        "guardian_id": texts([customer_id(int(one)) if one >= 0 else None for one in people.guardian]),
        "guardian_relationship": texts(people.kinship, child),
        "guardian_verified": pa.array(people.kinship_proved, mask=~child),
        "is_licensed": pa.array(people.licensed, mask=~people.entity),
        "source_of_wealth": texts(np.where(people.entity, "trade", "work"), people.wealth_told),
        "edd_done": pa.array(people.enhanced, mask=~people.entity),
        "permit_expiry": dates(people.permit_expiry, ~people.entity & (people.nationality != "LA")),
        "permit_employer": texts(_permit_employers(world)),
        "arrived": dates(people.onboarded - 60, ~people.entity & (people.nationality != "LA")),
        "beneficial_owner_known": pa.array(people.owner_known, mask=~people.entity),
    }


def _employers(world: World) -> list[str | None]:
    """The employer's name, of this bank's firms and of those outside."""
    people = world.people
    names = [latin_name(people, int(boss)) if boss >= 0 else None for boss in people.employer]
    clerks = people.of("office_worker")
    for worker in clerks[people.employer[clerks] < 0]:
        names[worker] = party(int(firm(9_000 + worker % 40))).name
    return names


def _permit_employers(world: World) -> list[str | None]:
    """The employer a foreigner's permit names: the real one unless the permit says otherwise."""
    people = world.people
    named = np.where(people.permit_employer >= 0, people.permit_employer, people.employer)
    foreign = ~people.entity & (people.nationality != "LA")
    return [
        latin_name(people, int(boss)) if boss >= 0 and is_foreign else None
        for boss, is_foreign in zip(named, foreign, strict=True)
    ]


def accounts(world: World) -> pa.Table:
    """Every account; the main ones first."""
    book = world.accounts
    size = len(book.owner)
    province = world.people.province[book.owner]
    return in_table(
        "accounts",
        {
            "account_id": texts([account_number(one) for one in range(size)]),
            "customer_id": texts([customer_id(int(one)) for one in book.owner]),
            "opened": dates(book.opened),
            "status": texts(np.full(size, "active")),
            "product": texts(book.product),
            "currency": texts(book.currency),
            "branch_id": texts(
                [f"BR-{_CODES[one][3:]}-{number + 1}" for one, number in zip(province, book.branch, strict=True)]
            ),
            "province": texts(np.array(_CODES)[province]),
            "declared_turnover": hundredths(book.declared * 100),
            "is_merchant": pa.array(book.merchant),
            "declared_purpose": texts(book.purpose),
        },
    )


def holdings(world: World) -> pa.Table:
    """Owners, joint owners, and the adults who sign for minors."""
    book = world.accounts
    everyone = np.arange(len(book.owner))
    joint = everyone[book.joint >= 0]
    children = np.flatnonzero(world.people.guardian >= 0)
    # A power given twice is one power.
    given = {(account, holder, role): since for account, holder, role, since in world.files.powers}
    more = np.array([key[:2] for key in given], np.int64).reshape(-1, 2)
    account = np.concatenate([everyone, joint, children, more[:, 0]])
    holder = np.concatenate([book.owner, book.joint[joint], world.people.guardian[children], more[:, 1]])
    role = np.repeat(["owner", "joint", "signatory"], [len(everyone), len(joint), len(children)])
    role = np.concatenate([role.astype("U16"), np.array([key[2] for key in given], "U16")])
    since = np.concatenate([book.opened[account[: len(account) - len(given)]], np.array([*given.values()], np.int64)])
    order = np.argsort(account, kind="stable")
    return in_table(
        "holdings",
        {
            "account_id": texts([account_number(int(one)) for one in account[order]]),
            "customer_id": texts([customer_id(int(one)) for one in holder[order]]),
            "role": texts(role[order]),
            "since": dates(since[order]),
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
            "currency": texts(np.array(currency)),
            "date": dates(np.concatenate(date)),
            "rate": hundredths(np.concatenate(rate)),
        }
    )


def recalls(world: World, ids: pa.Array[Any], account_of: NDArray[np.signedinteger]) -> pa.Table:
    """Recall messages and complaints about payments that were kept, by the time the bank was told."""
    found = [one for one in sorted(world.recalls, key=lambda one: one[1]) if ids[one[0]].is_valid]
    return in_table(
        "recalls",
        {
            "recall_id": texts([f"RC{number + 1:05d}" for number in range(len(found))]),
            "account_id": texts([account_number(int(account_of[row])) for row, _, _ in found]),
            "transaction_id": texts([ids[row].as_py() for row, _, _ in found]),
            "at": pa.array(np.array([when for _, when, _ in found], np.int64).astype("datetime64[s]")),
            "reason": texts([reason for _, _, reason in found]),
        },
    )
