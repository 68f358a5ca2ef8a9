"""The picture of a group: its accounts and those who paid or were paid, from the payments in the evidence."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from amlscreen.alerts import Alert
from amlscreen.schema import COUNTERPARTY_KINDS
from amlscreen.sinks.evidence import AlertEvidence
from amlscreen.sinks.members import parts_of
from amlscreen.sinks.pictures.network import network
from amlscreen.sinks.pictures.payments import Drawing, Node, drawing
from amlscreen.sinks.protect import MASK, Masker
from amlscreen.sinks.wording import Money

__all__ = ["group_picture", "is_group"]

_IN_THE_MIDDLE = frozenset({"collector", "hub", "through", "spoke"})
_OF_THE_REST = {"before": "other payers", "members": "other accounts", "after": "other receivers"}


def is_group(alert: Alert) -> bool:
    """Whether several parties stand behind the alert: linked customers, a group that a rule found, a machine."""
    return bool(alert.members) or alert.subject.kind in {"group", "terminal"}


def group_picture(alert: Alert, evidence: AlertEvidence, masker: Masker, money: Money) -> tuple[Markup, str]:
    """The picture, and what it leaves out in words."""
    parts = _parts_by_key(alert, evidence.holders)
    carried = {key for key, own in parts.items() if _IN_THE_MIDDLE.intersection(own)}
    known = {key for one in evidence.payments for key in (one.source, one.target)}
    under_review = {f"account:{alert.subject.institution}/{account}" for account in alert.account_ids}
    drawn = drawing(evidence.payments, evidence.holders.keys() | ((carried | under_review) & known), carried)
    names = {node.key: _name(node, masker, alert.subject.institution) for node in drawn.nodes}
    return network(drawn, names, parts, money), _left_out(drawn, money)


def _parts_by_key(alert: Alert, holders: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Parts by the keys of payments; an account without parts of its own has those of its holder."""
    parts, bank = parts_of(alert.members), alert.subject.institution
    found: dict[str, tuple[str, ...]] = {}
    for member in alert.members:
        key = f"account:{bank}/{member.id}" if member.kind == "account" else member.id
        found[key] = parts[member.id]
    for key, customer in holders.items():
        if key not in found and customer in parts:
            found[key] = parts[customer]
    return found


def _name(node: Node, masker: Masker, bank: str) -> str:
    """Accounts of the alert's own bank by their number alone."""
    if node.stands_for > 1:
        return f"{node.stands_for:,} {_OF_THE_REST[node.key[1:]]}"
    if node.key == MASK:
        return "(protected people)"
    kind, _, rest = node.key.partition(":")
    if kind == "channel":
        return rest.replace("_", " ")
    return masker.text(rest.removeprefix(f"{bank}/") if rest and kind in COUNTERPARTY_KINDS else node.key)


def _left_out(drawn: Drawing, money: Money) -> str:
    if not drawn.inside:
        return ""
    return f"{money.shown(drawn.inside)} more moved among those drawn as one"
