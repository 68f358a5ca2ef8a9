"""Plants in what the bank knows: expired or missing papers, minors' accounts run by a stranger."""

from __future__ import annotations

from amlscreen.synth.plants.instance import NOTHING, Instance

__all__ = ["minors_by_non_parent", "papers_out_of_date"]


def papers_out_of_date(instance: Instance) -> None:
    """HT-K05: the identity paper ran out while the account went on; the blatant ones lack fields as well."""
    world = instance.world
    who = instance.one("garment_worker", "office_worker", "market_trader", "family")
    world.people.id_expiry[who] = (
        world.calendar.first + world.calendar.last - instance.between((300, 500), (120, 200), (5, 60))
    )
    world.people.review_due[who] = world.people.id_expiry[who] + 30
    world.people.blank[who] = instance.intensity == "blatant"
    instance.label("holder", NOTHING, customer=int(who[0]))


def minors_by_non_parent(instance: Instance) -> None:
    """HT-K08: an adult who is not a parent, with no proof of guardianship, runs several minors' accounts."""
    world = instance.world
    guardian = instance.one()
    children = world.cast(instance.rng, instance.pick(4, 3, 2), "child")
    if not len(children):
        return
    world.people.guardian[children] = guardian[0]
    world.people.kinship[children] = instance.pick("unknown", "other", "other")
    world.people.kinship_proved[children] = False
    instance.label("guardian", NOTHING, customer=int(guardian[0]))
    for child in children:
        instance.label("minor", NOTHING, customer=int(child), victim=True)
