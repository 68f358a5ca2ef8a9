"""What is hidden in the bank: several instances of every shipped card's pattern, and some that show several at once.

Plants run before ordinary life is written, because some change who a customer is or from when an account lives.
"""

from __future__ import annotations

from amlscreen.synth.plants import account, cash, kyc, labour, network, ring, scam
from amlscreen.synth.world import World

__all__ = ["plant"]

_PLANTS = (
    kyc.papers_out_of_date,
    kyc.minors_by_non_parent,
    account.woken,
    account.new_account_burst,
    account.funnel,
    account.pass_through,
    account.third_party_funding,
    account.price_list,
    cash.structuring,
    cash.spread_deposits,
    labour.several_wages,
    labour.wages_flow_back,
    labour.recruitment_fees,
    network.fan_in,
    network.common_beneficiary,
    scam.velocity,
    scam.recalled,
    ring.collecting_house,
    ring.mule_account,
    ring.labour_gang,
)


def plant(world: World) -> None:
    """Hide every pattern in the bank."""
    for one in _PLANTS:
        one(world)
