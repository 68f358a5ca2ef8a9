"""Ordinary life: everyone who has done nothing that needs a second look, among them the look-alikes of every plant."""

from __future__ import annotations

from amlscreen.synth.innocent.households import keep_house
from amlscreen.synth.innocent.living import live
from amlscreen.synth.innocent.trade import trade
from amlscreen.synth.innocent.wages import pay_wages
from amlscreen.synth.world import World

__all__ = ["ordinary_life"]


def ordinary_life(world: World) -> None:
    """Write the ordinary bookings of the whole bank."""
    live(world)
    pay_wages(world)
    trade(world)
    keep_house(world)
