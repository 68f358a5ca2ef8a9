"""What people in a plant do, in few words: they are paid, pay, put in and draw cash, and send to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from amlscreen.synth.book import Rows
from amlscreen.synth.calendar import Ints, money
from amlscreen.synth.geography import elsewhere
from amlscreen.synth.plants.instance import Instance, hours
from amlscreen.synth.ways import deposit, receive, send, withdraw

__all__ = ["Done", "banks", "draws", "gets", "hands_on", "log_in", "pays", "pays_each", "sums", "towns"]


@dataclass(frozen=True, slots=True)
class Done:
    """When, how much, and the rows of the book."""

    at: Ints
    amount: Ints
    rows: Ints

    @property
    def total(self) -> int:
        """The money of all rows, in hundredths."""
        return int(self.amount.sum())


def sums(x: Instance, size: int, low: int, high: int, step: int = 10_000) -> Ints:
    """Amounts between two whole sums, in hundredths."""
    return money(x.rng, low, high, size, step)


def towns(x: Instance, account: Ints, size: int, many: int) -> Ints:
    """A province for each row: so many others than home, in turn."""
    return elsewhere(np.repeat(x.home(account)[:1], size), np.arange(size) % many * 3 + 1)


def _spread(values: Ints, size: int) -> Ints:
    return np.resize(np.atleast_1d(values), size).astype(np.int64)


def gets(x: Instance, account: Ints, at: Ints, amount: Ints, payers: Ints, **how: Any) -> Done:
    """Paid from outside, by the payers in turn."""
    how = {"channel": "mobile", "text": "app", "province": np.repeat(x.home(account)[:1], len(at)), **how}
    return Done(at, amount, receive(x.world, _spread(account, len(at)), at, amount, _spread(payers, len(at)), **how))


def pays(x: Instance, account: Ints, at: Ints, amount: Ints, payees: Ints, **how: Any) -> Done:
    """Pays to outside, to the payees in turn."""
    how = {"channel": "mobile", "text": "app", **how}
    return Done(at, amount, send(x.world, _spread(account, len(at)), at, amount, _spread(payees, len(at)), **how))


def pays_each(x: Instance, payers: Ints, at: Ints, amount: Ints, payees: Ints, **how: Any) -> Done:
    """Sends within the bank; the rows are those of the payers, the payees' follow one for one."""
    how = {"channel": "mobile", "text": "app", **how}
    who = _spread(payers, len(at))
    rows = Rows(who, at, amount, province=x.world.people.province[x.world.accounts.owner[who]], **how)
    sent, got = x.world.book.transfer(rows, _spread(payees, len(at)))
    return Done(at, amount, np.concatenate([sent, got]))


def banks(x: Instance, account: Ints, at: Ints, amount: Ints, **how: Any) -> Done:
    """Cash over a counter."""
    return Done(at, amount, deposit(x.world, _spread(account, len(at)), at, amount, **how))


def draws(x: Instance, account: Ints, at: Ints, amount: Ints, **how: Any) -> Done:
    """Cash at a machine, or over the counter; in whole hundred thousands."""
    amount = np.maximum(amount // 10_000_000, 1) * 10_000_000
    return Done(at, amount, withdraw(x.world, _spread(account, len(at)), at, amount, **how))


def hands_on(x: Instance, account: Ints, came: Done, share: int, delay: tuple[float, float], to: Ints) -> Done:
    """Each receipt leaves again within hours, less a little; to customers of this bank or to outside."""
    at = came.at + x.rng.integers(hours(delay[0]), hours(delay[1]), size=len(came.at))
    out = np.maximum(came.amount * share // 100 // 1_000_000, 1) * 1_000_000
    inside = int(np.atleast_1d(to)[0]) < len(x.world.accounts.owner)
    return (pays_each if inside else pays)(x, account, at, out, to)


def log_in(
    x: Instance, who: Ints, device: int, *, span: int = 25, back: int = 0, country: str = "LA", times: int = 6
) -> None:
    """The app is opened so many times by each of them on one device, up to ``back`` days before the end."""
    people = np.repeat(who, times)
    at = np.sort(x.moments(len(people), span, opens=0, closes=24, back=back))
    devices = np.full(len(people), device, np.int64)
    x.world.files.logins.append((x.rng.permutation(people), at, devices, devices % 9_000 + 40_000, country))
