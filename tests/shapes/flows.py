"""Small flows of money: cards of shape ``path`` and payments written as lines."""

from __future__ import annotations

from typing import Any

from amlscreen.rules.card import Card
from shapes.looking import rule

__all__ = ["both_legs", "flow_card"]

_ANY = {"shape": "window", "within": "1d", "rows": {"a": {"direction": "debit"}}, "measures": {}}


def flow_card(form: str, *, rule_id: str = "HT-N06", moves: dict[str, Any] | None = None, **detect: Any) -> Card:
    """A path card that says nothing but how to detect; by default every transfer is a payment."""
    rows = {"moves": moves or {"channel": "transfer"}, **detect.pop("rows", {})}
    made = rule(rule_id, detect=_ANY).model_dump(by_alias=True, exclude_unset=True)
    return Card.model_validate({**made, "detect": {"shape": "path", "form": form, "rows": rows, **detect}})


def both_legs(table: str) -> list[dict[str, Any]]:
    """Rows from lines ``day payer receiver amount``, of March 2026.

    Parties in capitals are accounts of the bank and get a leg each; the others are outside parties.
    """
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(filter(str.strip, table.splitlines())):
        day, payer, receiver, amount = line.split()
        date, _, clock = day.partition("@")
        at = f"2026-03-{int(date):02d}" + (f"T{clock}:00" if clock else "")
        for own, other, direction in ((payer, receiver, "debit"), (receiver, payer, "credit")):
            if own.isupper():
                key = f"account:BANK/{other}" if other.isupper() else f"name:{other}"
                rows.append(
                    {
                        "transaction_id": f"T{number:03d}",
                        "account_id": own,
                        "at": at,
                        "direction": direction,
                        "amount": amount,
                        "channel": "transfer",
                        "counterparty": key,
                        "counterparty_kind": "account" if other.isupper() else "name",
                    }
                )
    return rows
