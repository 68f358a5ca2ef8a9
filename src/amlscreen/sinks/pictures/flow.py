"""Who paid in and where it left: a simple flow picture, bands as wide as the money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from amlscreen.schema import COUNTERPARTY_KINDS
from amlscreen.sinks.pictures.svg import cut, element, picture
from amlscreen.sinks.wording import Money

__all__ = ["Party", "flow"]

_WIDTH, _TOP, _GAP, _REACH = 560.0, 26.0, 8.0, 150.0
_LEAST = 3.0
_IN_EDGE, _IN_BODY, _OUT_BODY, _OUT_EDGE = 182.0, 264.0, 296.0, 378.0
_MOST_PARTIES = 7
_LETTERS = 23


@dataclass(frozen=True, slots=True)
class Party:
    """One other side, or one channel where no other side is known, and what it moved in one direction."""

    name: str
    direction: str
    amount: Decimal
    transactions: int


def flow(parties: Sequence[Party], subject: str, money: Money) -> Markup:
    """Money from the left through the subject to the right; the smallest parties are drawn as one."""
    paid_in = _largest([party for party in parties if party.direction == "credit"])
    left = _largest([party for party in parties if party.direction == "debit"])
    if not paid_in and not left:
        return Markup("")
    total = max(_sum(paid_in), _sum(left), Decimal(1))
    parts = [
        element("text", "Paid in", x=_IN_EDGE - 8, y=14.0, text_anchor="end", class_="aml-way"),
        element("text", "Left", x=_OUT_EDGE + 8, y=14.0, class_="aml-way"),
    ]
    bottom = _TOP
    for side, way in ((paid_in, "in"), (left, "out")):
        drawn, reached = _side(side, way, total, money)
        parts.extend(drawn)
        bottom = max(bottom, reached)
    body = max(bottom - _TOP - _GAP, 20.0)
    label = f"Money paid in by {_counted(paid_in)} and leaving to {_counted(left)}"
    height = _TOP + body + 28
    return picture([*parts, *_body(subject, body)], width=_WIDTH, height=height, label=label, kind="flow")


def _body(subject: str, height: float) -> list[Markup]:
    middle = (_IN_BODY + _OUT_BODY) / 2
    name = element("title", subject)
    width = _OUT_BODY - _IN_BODY
    return [
        element("rect", name, x=_IN_BODY, y=_TOP, width=width, height=height, rx=4.0, class_="aml-body"),
        element("text", cut(subject, 40), x=middle, y=_TOP + height + 18, text_anchor="middle", class_="aml-name"),
    ]


def _counted(side: Sequence[Party]) -> str:
    return "one party" if len(side) == 1 else f"{len(side)} parties"


def _sum(side: Sequence[Party]) -> Decimal:
    return sum((party.amount for party in side), Decimal(0))


def _largest(side: Sequence[Party]) -> list[Party]:
    ordered = sorted(side, key=lambda party: (-party.amount, party.name))
    shown, rest = ordered[:_MOST_PARTIES], ordered[_MOST_PARTIES:]
    if len(rest) == 1:
        return ordered
    if rest:
        count = sum(party.transactions for party in rest)
        shown.append(Party(f"{len(rest):,} others", rest[0].direction, _sum(rest), count))
    return shown


def _side(side: Sequence[Party], way: str, total: Decimal, money: Money) -> tuple[list[Markup], float]:
    parts: list[Markup] = []
    edge_y, body_y = _TOP, _TOP
    for party in side:
        band = max(float(party.amount / total) * _REACH, _LEAST)
        row = max(band, 26.0)
        parts.append(_band(edge_y + (row - band) / 2, body_y, band, way, _said(party, way, money)))
        parts.extend(_words(party, edge_y + row / 2, way, money))
        edge_y += row + _GAP
        body_y += band
    return parts, max(edge_y, body_y + _GAP)


def _said(party: Party, way: str, money: Money) -> str:
    noun = "transaction" if party.transactions == 1 else "transactions"
    return f"{party.name}: {money.shown(party.amount)} {money.currency} {way}, {party.transactions:,} {noun}"


def _band(edge_y: float, body_y: float, band: float, way: str, said: str) -> Markup:
    start, end = (_IN_EDGE, _IN_BODY) if way == "in" else (_OUT_EDGE, _OUT_BODY)
    bend = (start + end) / 2
    path = (
        f"M{start:.1f} {edge_y:.1f}C{bend:.1f} {edge_y:.1f} {bend:.1f} {body_y:.1f} {end:.1f} {body_y:.1f}"
        f"v{band:.1f}C{bend:.1f} {body_y + band:.1f} {bend:.1f} {edge_y + band:.1f} {start:.1f} {edge_y + band:.1f}z"
    )
    return element("path", element("title", said), d=path, class_=f"aml-{way}")


def _short(key: str) -> str:
    """A counterparty key without its kind, for a narrow label: account:BANKB/12 as BANKB/12."""
    kind, _, rest = key.partition(":")
    return rest if rest and kind in COUNTERPARTY_KINDS else key


def _words(party: Party, middle: float, way: str, money: Money) -> list[Markup]:
    x, anchor = (_IN_EDGE - 8, "end") if way == "in" else (_OUT_EDGE + 8, "start")
    name = element("text", cut(_short(party.name), _LETTERS), x=x, y=middle - 2, text_anchor=anchor, class_="aml-name")
    count = f" · {party.transactions:,}×" if party.transactions > 1 else ""
    figure = f"{money.shown(party.amount)}{count}"
    return [name, element("text", figure, x=x, y=middle + 11, text_anchor=anchor, class_="aml-figure")]
