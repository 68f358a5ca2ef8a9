"""Ordinary life: everyone who has done nothing that needs a second look, among them the look-alikes of every plant."""

from __future__ import annotations

from amlscreen.synth.innocent.busy import work_odd_hours
from amlscreen.synth.innocent.households import keep_house
from amlscreen.synth.innocent.linked import link_up
from amlscreen.synth.innocent.living import live
from amlscreen.synth.innocent.on_file import keep_files
from amlscreen.synth.innocent.trade import trade
from amlscreen.synth.innocent.wages import pay_wages
from amlscreen.synth.world import World

__all__ = ["ordinary_life"]


def ordinary_life(world: World) -> None:
    """Write what the bank has on file of everybody, and the ordinary bookings of the whole bank."""
    keep_files(world)
    live(world)
    pay_wages(world)
    trade(world)
    keep_house(world)
    work_odd_hours(world)
    link_up(world)
