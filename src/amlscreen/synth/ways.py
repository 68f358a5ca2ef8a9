"""The four ways money moves for one account, with the usual columns filled in."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.book import NOBODY, Rows
from amlscreen.synth.calendar import Ints
from amlscreen.synth.geography import atm, branch
from amlscreen.synth.world import World

__all__ = ["deposit", "receive", "send", "withdraw"]


def deposit(
    world: World,
    account: Ints,
    at: Ints,
    amount: Ints,
    *,
    province: Ints | None = None,
    number: Ints | int = 0,
    conductor: Ints | None = None,
) -> Ints:
    """Cash over a counter: at home and by the holder unless said otherwise; another person is noted as the payer."""
    where = world.people.province[world.accounts.owner[account]] if province is None else province
    owner = world.accounts.owner[account]
    who = owner if conductor is None else conductor
    return world.book.add(
        Rows(
            account,
            at,
            amount,
            "cash",
            "cash",
            credit=True,
            conductor=who,
            party=np.where(who == owner, NOBODY, who),
            province=where,
            place=branch(where, number),
        )
    )


def withdraw(
    world: World,
    account: Ints,
    at: Ints,
    amount: Ints,
    *,
    province: Ints | None = None,
    number: Ints | int = 0,
    counter: bool = False,
) -> Ints:
    """Cash out, at a machine or over the counter, at home unless said otherwise."""
    owner = world.accounts.owner[account]
    where = world.people.province[owner] if province is None else province
    if counter:
        place = branch(where, number)
        return world.book.add(Rows(account, at, amount, "cash", "cash", province=where, place=place, conductor=owner))
    return world.book.add(Rows(account, at, amount, "atm", "atm", province=where, place=atm(where, number)))


def receive(
    world: World,
    account: Ints,
    at: Ints,
    amount: Ints,
    payer: Ints,
    *,
    channel: str = "transfer",
    text: str = "transfer",
    purpose: str | None = None,
    province: Ints | int = NOBODY,
    country: str | None = None,
    ultimate: Ints | int = NOBODY,
) -> Ints:
    """A payment from outside the bank."""
    return world.book.add(
        Rows(
            account,
            at,
            amount,
            channel,
            text,
            credit=True,
            purpose=purpose,
            party=payer,
            province=province,
            country=country,
            ultimate=ultimate,
        )
    )


def send(
    world: World,
    account: Ints,
    at: Ints,
    amount: Ints,
    payee: Ints | int,
    *,
    channel: str = "transfer",
    text: str = "transfer",
    purpose: str | None = None,
    mcc: Ints | int = NOBODY,
    province: Ints | None = None,
    country: str | None = None,
) -> Ints:
    """A payment to outside the bank, sent from home unless said otherwise."""
    where = world.people.province[world.accounts.owner[account]] if province is None else province
    return world.book.add(
        Rows(
            account,
            at,
            amount,
            channel,
            text,
            purpose=purpose,
            country=country,
            party=payee,
            province=where,
            mcc=mcc,
        )
    )
