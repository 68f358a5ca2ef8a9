"""Plants about one person's several purses: separate lives, the own firm, a card, and luxury beyond all income."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.calendar import Ints
from amlscreen.synth.outside import line, pooled
from amlscreen.synth.plants.acts import banks, draws, gets, hands_on, pays, sums
from amlscreen.synth.plants.instance import Full, Instance, hours, serials

__all__ = ["card_paid_by_many", "luxury", "own_firm", "separate_lives"]


def _second_account(x: Instance) -> tuple[Ints, Ints]:
    """A customer with a second account in kip, and that account."""
    accounts = x.world.accounts
    free = [one for one in accounts.second("LAK") if int(accounts.owner[one]) not in x.world.taken]
    if not free:
        raise Full
    second = np.array([free[int(x.rng.integers(0, len(free)))]], np.int64)
    x.world.taken.add(int(accounts.owner[second[0]]))
    return accounts.owner[second], second


def separate_lives(x: Instance) -> None:
    """HT-A18: one account holds an ordinary life, the other only strangers' money that is drawn."""
    who, second = _second_account(x)
    size = x.between((26, 34), (16, 20), (8, 12))
    at = x.moments(size, 80, opens=16, closes=24, back=1)
    came = gets(x, second, at, sums(x, size, 300_000, 1_500_000, 50_000), x.strangers(size * 2 // 3))
    gone = draws(x, second, came.at + hours(9), came.amount * x.pick(98, 90, 75) // 100)
    home = 40
    life = pays(
        x,
        who,
        x.moments(home, 85),
        sums(x, home, 20_000, 300_000, 1_000),
        np.array([pooled("CARD ACQUIRER")]),
        channel="card",
        text="card",
        purpose="goods",
        mcc=5411,
    )
    x.label("collector", serials(came.rows, gone.rows, life.rows), customer=int(who[0]))


def own_firm(x: Instance) -> None:
    """HT-A19: what comes to the owner goes to the firm within a day, and the firm is emptied within three."""
    account = x.one()
    firm = x.some(1, "small_firm", "massage", "karaoke")
    x.world.files.powers.append((int(firm[0]), int(account[0]), "signatory", int(x.world.accounts.opened[firm[0]])))
    x.world.files.powers.append(
        (int(firm[0]), int(account[0]), "beneficial_owner", int(x.world.accounts.opened[firm[0]]))
    )
    size = x.between((12, 16), (7, 9), (4, 5))
    came = gets(
        x,
        account,
        x.moments(size, 50, closes=14, back=4),
        sums(x, size, 3_000_000, 15_000_000),
        x.strangers(size),
        channel="transfer",
    )
    moved = hands_on(x, account, came, x.pick(99, 95, 85), (1, x.pick(8, 20, 30)), firm)
    gone = draws(x, firm, moved.at + hours(20), moved.amount * x.pick(97, 90, 80) // 100, counter=True)
    x.label("collector", serials(came.rows, moved.rows), customer=int(account[0]))
    x.label("facilitator", serials(moved.rows, gone.rows), customer=int(firm[0]))


def card_paid_by_many(x: Instance) -> None:
    """HT-A20: several people pay off one card, which then gives cash."""
    account = x.one("office_worker", "online_seller", "broker")
    x.world.accounts.product[account] = "CREDIT_CARD"
    size = x.between((8, 12), (5, 7), (3, 4))
    came = gets(
        x,
        account,
        x.moments(size, 26),
        sums(x, size, 2_000_000, 8_000_000),
        x.strangers(size),
        channel="transfer",
        text="advance",
    )
    later = came.at + x.rng.integers(hours(5), hours(50), size=size)
    gone = draws(x, account, later, came.amount * x.pick(95, 75, 50) // 100, number=np.arange(size))
    x.label("collector", serials(came.rows, gone.rows), customer=int(account[0]))


def luxury(x: Instance) -> None:
    """HT-T12: jewellery, clubs and clinics far above what is earned, paid from cash and other people's money."""
    account = x.one()
    x.world.people.income[account] = 2_000_000
    size = x.between((12, 16), (8, 10), (5, 6))
    high = x.pick(30_000_000, 16_000_000, 5_000_000)
    at = x.moments(size, 80, closes=20)
    codes = np.array([5944, 5813, 7298, 5511])[np.arange(size) % 4]
    spent = sums(x, size, high // 3, high, 100_000)
    fed = banks(x, account, at - hours(20), spent[: len(at)] * 11 // 10, number=np.arange(size))
    bought = pays(x, account, at, spent, line("venue", np.arange(4)), channel="card", text="card", mcc=codes)
    x.label("collector", serials(fed.rows, bought.rows), customer=int(account[0]))
