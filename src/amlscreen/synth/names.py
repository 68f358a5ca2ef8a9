"""Numbers and names of the bank's own customers; plainly made up, in Lao and in Latin letters."""

from __future__ import annotations

from amlscreen.synth.people import People

__all__ = ["account_number", "customer_id", "lao_name", "latin_name", "phone"]


def customer_id(customer: int) -> str:
    """The customer's number at the bank."""
    return f"C{customer + 1:07d}"


def account_number(account: int) -> str:
    """Thirteen digits with leading zeros, as exports tend to lose them."""
    return f"0100{account + 1:09d}"


def latin_name(people: People, customer: int) -> str:
    """The name in Latin letters.

    Firms are ``Synth Firm`` and a number, people ``Synth Person`` and a number.
    """
    return f"Synth {'Firm' if people.entity[customer] else 'Person'} {customer + 1:06d}"


def lao_name(people: People, customer: int) -> str:
    """The same in Lao: the words for a made-up firm or person, and the number."""
    return f"{'ບໍລິສັດ' if people.entity[customer] else 'ບຸກຄົນ'}ສົມມຸດ {customer + 1:06d}"


def phone(people: People, customer: int) -> str:
    """A number no network has given out; students of one dormitory share one."""
    dormitory = int(people.dormitory[customer])
    return f"+8562009{dormitory:06d}" if dormitory >= 0 else f"+8562001{customer + 1:06d}"
