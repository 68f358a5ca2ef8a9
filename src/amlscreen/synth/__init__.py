"""A made-up Lao bank to try the program on: ordinary life, look-alikes, and planted patterns with labels."""

from amlscreen.synth.bank import Bank, Form, make_bank
from amlscreen.synth.tiers import Tier

__all__ = ["Bank", "Form", "Tier", "make_bank"]
