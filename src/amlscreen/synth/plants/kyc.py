"""Plants in what the bank knows: expired or missing papers, minors' accounts run by a stranger."""

from __future__ import annotations

import numpy as np

from amlscreen.synth.plants.instance import instances
from amlscreen.synth.world import World

__all__ = ["minors_by_non_parent", "papers_out_of_date"]

_NOTHING = np.empty(0, np.int64)


def papers_out_of_date(world: World) -> None:
    """HT-K05: the identity paper ran out while the account went on; the blatant ones lack fields as well."""
    for instance in instances(world, "HT-K05"):
        who = instance.one("garment_worker", "office_worker", "market_trader", "family")
        world.people.id_expiry[who] = (
            world.calendar.first + world.calendar.last - instance.between((300, 500), (120, 200), (5, 60))
        )
        world.people.blank[who] = instance.intensity == "blatant"
        instance.label("holder", _NOTHING, customer=int(who[0]))


def minors_by_non_parent(world: World) -> None:
    """HT-K08: an adult who is not a parent, with no proof of guardianship, runs several minors' accounts."""
    for instance in instances(world, "HT-K08"):
        guardian = instance.one()
        children = world.cast(instance.rng, instance.pick(4, 3, 2), "child")
        if not len(children):
            continue
        world.people.guardian[children] = guardian[0]
        world.people.kinship[children] = instance.pick("unknown", "other", "other")
        world.people.kinship_proved[children] = False
        instance.label("guardian", _NOTHING, customer=int(guardian[0]))
        for child in children:
            instance.label("minor", _NOTHING, customer=int(child))
