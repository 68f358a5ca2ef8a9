"""Numbers and names of the bank's own customers; plainly made up, in Lao and in Latin letters."""

from __future__ import annotations

from amlscreen.synth.people import SHARED, People

__all__ = [
    "account_number",
    "address",
    "customer_id",
    "id_number",
    "lao_name",
    "latin_name",
    "mail",
    "phone",
    "phone_number",
]


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
    if customer in people.named:
        return people.named[customer]
    return f"Synth {'Firm' if people.entity[customer] else 'Person'} {customer + 1:06d}"


def lao_name(people: People, customer: int) -> str:
    """The same in Lao: the words for a made-up firm or person, and the number."""
    return f"{'ບໍລິສັດ' if people.entity[customer] else 'ບຸກຄົນ'}ສົມມຸດ {customer + 1:06d}"


def phone(people: People, customer: int) -> str:
    """A number no network has given out; families, dormitories and factories share one."""
    return phone_number(int(people.phone[customer]))


def phone_number(code: int) -> str:
    """The number of a phone code, which is a customer or, from ``SHARED`` on, a phone of several."""
    return f"+8562009{code - SHARED:06d}" if code >= SHARED else f"+8562001{code + 1:06d}"


def address(code: int) -> str:
    """A made-up village and house; the addresses of several people are a house with many rooms.

    >>> address(0), address(SHARED + 5)
    ('Synth Village 01, house 1', 'Synth Village 06, block 6')
    """
    number = code % SHARED
    return f"Synth Village {number % 97 + 1:02d}, {'block' if code >= SHARED else 'house'} {number % 211 + 1}"


def id_number(code: int) -> str:
    """The number of an identity paper no office issued."""
    return f"SYN{code + 1:09d}"


def mail(code: int) -> str:
    """An address at a domain that cannot exist."""
    return f"desk{code - SHARED:06d}@synth.example" if code >= SHARED else f"person{code + 1:06d}@synth.example"
