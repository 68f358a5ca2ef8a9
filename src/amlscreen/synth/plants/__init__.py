"""What is hidden in the bank: instances of every pattern a card is about, and rings that show several at once.

Plants run before ordinary life is written, because some change who a customer is or from when an account lives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from amlscreen.synth.plants import (
    abroad,
    account,
    cash,
    coins,
    contact,
    flows,
    habit,
    kyc,
    labour,
    lives,
    network,
    papers,
    premises,
    ring,
    scam,
    spending,
    stories,
    work,
)
from amlscreen.synth.plants.cover import cover
from amlscreen.synth.plants.instance import INTENSITIES, Full, Instance
from amlscreen.synth.world import World

__all__ = ["plant"]

Plant = Callable[[Instance], None]

_RINGS: Mapping[str, tuple[str, Plant]] = {
    "RING-HOUSE": ("funnel_account", ring.collecting_house),
    "RING-MULE": ("scam_compound_mule_network", ring.mule_account),
    "RING-LABOUR": ("recruitment_debt", ring.labour_gang),
    "RING-VENUE": ("sexual_exploitation_venue", stories.venue),
    "RING-PAYROLL": ("forced_labour_payroll", stories.forced_payroll),
    "RING-COMPOUND": ("scam_compound_mule_network", stories.compound_mules),
    "RING-CORRIDOR": ("smuggling_corridor", stories.corridor),
}
_ALONE: Mapping[str, Plant] = {
    "HT-K05": kyc.papers_out_of_date,
    "HT-K08": kyc.minors_by_non_parent,
    "HT-A11": account.woken,
    "HT-A12": account.new_account_burst,
    "HT-A01": account.funnel,
    "HT-A02": account.pass_through,
    "HT-A08": account.third_party_funding,
    "HT-A15": account.price_list,
    "HT-A05": cash.structuring,
    "HT-A06": cash.spread_deposits,
    "HT-L01": labour.several_wages,
    "HT-L03": labour.wages_flow_back,
    "HT-L07": labour.recruitment_fees,
    "HT-N01": network.fan_in,
    "HT-N01B": network.common_beneficiary,
    "HT-S02": scam.velocity,
    "HT-S03": scam.recalled,
    "HT-A03": habit.always_drained,
    "HT-A04": habit.cash_only,
    "HT-A07": habit.night_cash,
    "HT-A09": habit.spent_elsewhere,
    "HT-A10": habit.many_towns,
    "HT-A13": habit.above_the_job,
    "HT-A14": habit.above_peers,
    "HT-A17": habit.just_enough,
    "HT-A18": lives.separate_lives,
    "HT-A19": lives.own_firm,
    "HT-A20": lives.card_paid_by_many,
    "HT-T12": lives.luxury,
    "HT-T01": spending.adverts,
    "HT-T02": spending.hotels,
    "HT-T03": spending.hotel_refunds,
    "HT-T04": spending.hotel_then_cash,
    "HT-T05": spending.upkeep,
    "HT-T06": spending.tickets,
    "HT-T08": spending.prepaid,
    "HT-T13": spending.betting,
    "HT-T19": spending.tools,
    "HT-T09": coins.coins_after_strangers,
    "HT-T10": coins.first_coins,
    "HT-T11": coins.test_then_large,
    "HT-T23": coins.zone_money,
    "HT-T24": coins.release,
    "HT-S04": coins.broker,
    "HT-S06": coins.land,
    "HT-T15": abroad.nameless_wires,
    "HT-T17": abroad.small_sends,
    "HT-T18": abroad.travel_around_sends,
    "HT-T20": abroad.notes,
    "HT-T21": abroad.under_the_wire_line,
    "HT-T22": abroad.border_machines,
    "HT-T25": abroad.foreign_split,
    "HT-N02": abroad.border_beneficiary,
    "HT-W05": abroad.new_corridor,
    "HT-S05": abroad.mirror,
    "HT-L02": work.wage_in_wage_out,
    "HT-L04": work.heavy_deductions,
    "HT-L05": work.firm_without_payroll,
    "HT-L08": work.debt_instalments,
    "HT-L09": work.one_hand_many_cards,
    "HT-L10": work.custodian,
    "HT-K18": work.permit_and_payer,
    "HT-L11": premises.front_business,
    "HT-L12": premises.after_hours,
    "HT-L14": premises.many_dwellings,
    "HT-L15": premises.compound,
    "HT-N05": flows.hub_and_spokes,
    "HT-N06": flows.chain,
    "HT-N07": flows.cycle,
    "HT-N08": flows.gather_scatter,
    "HT-N10": flows.case_link,
    "HT-N03": contact.shared_contact,
    "HT-N04": contact.one_device,
    "HT-N11": contact.added_holders,
    "HT-K03": contact.shared_identity,
    "HT-K04": contact.batch_opened,
    "HT-K06": contact.advert_contact,
    "HT-K07": contact.young_and_new,
    "HT-W03": contact.listed_party,
    "HT-W04": contact.listed_phone,
    "HT-S01": contact.sold_account,
    "HT-K01": papers.third_party_controls,
    "HT-K02": papers.papers_of_others,
    "HT-K10": papers.one_owner_many_firms,
    "HT-K11": papers.risky_sector,
    "HT-K12": papers.pep_without_approval,
    "HT-K13": papers.evasive,
    "HT-K14": papers.harm,
    "HT-K15": papers.avoids_the_report,
    "HT-K16": papers.declared_never_seen,
    "HT-T14": papers.purpose_does_not_fit,
    "HT-T16": papers.words,
    "HT-T26": papers.treatment,
    "HT-T27": papers.medical_cash,
    "HT-W01": contact.designated,
    "HT-W02": contact.in_the_news,
}


def plant(world: World) -> None:
    """Hide every pattern in the bank, one instance of each in turn, as long as most customers stay innocent."""
    customers = len(world.people)
    rounds = 2 if customers < 1_000 else 3 if customers < 10_000 else 6
    most = len(world.taken) + (customers * 2 // 5 if customers < 1_000 else customers // 4)
    for number in range(rounds):
        for typology, (story, one) in _RINGS.items():
            _hide(_instance(world, typology, number, story), one, most)
        for typology, one in _ALONE.items():
            _hide(_instance(world, typology, number), one, most)


def _instance(world: World, typology: str, number: int, story: str = "alone") -> Instance:
    rng = world.rng(f"{typology} {number}")
    # All end within the last three weeks, so that a run at the end of the data can alert on each.
    end = world.calendar.last - int(rng.integers(1, 20))
    name, intensity = f"{typology}-{number + 1:03d}", INTENSITIES[number % 3]
    return Instance(name, typology, intensity, rng, world, end, number, story)


def _hide(instance: Instance, one: Plant, most: int) -> None:
    world = instance.world
    if len(world.taken) >= most:
        return
    with suppress(Full):
        before = len(world.labels)
        one(instance)
        cover(instance, world.labels[before:])
