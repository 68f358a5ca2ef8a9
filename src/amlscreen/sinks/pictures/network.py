"""Who paid whom in a group: members as boxes, money as arrows as wide as the sums, outside parties at both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from amlscreen.sinks.pictures.payments import Drawing, Node, Payment
from amlscreen.sinks.pictures.svg import cut, element, picture
from amlscreen.sinks.wording import Money

__all__ = ["network"]

_BOX, _BOX_HEIGHT, _SIDE, _BETWEEN = 134.0, 36.0, 158.0, 96.0
_ROW, _TOP, _BOTTOM = 58.0, 12.0, 14.0
_WIDEST, _LEAST = 13.0, 1.5
_HEAD = 7.0
_LETTERS = 19
_MOST_SUMS = 12
_NARROWEST = 860.0  # a small picture must not be blown up to the width of the page
_LEVEL_OF_ARCH = 20.0


@dataclass(frozen=True, slots=True)
class _Placed:
    node: Node
    left: float
    middle: float
    width: float


def network(drawn: Drawing, names: Mapping[str, str], parts: Mapping[str, Sequence[str]], money: Money) -> Markup:
    """The picture; empty where no money moved. ``names`` and ``parts`` are by node; a node without parts has none."""
    if not drawn.payments:
        return Markup("")
    placed = _placed(drawn)
    rows = max(len([one for one in drawn.nodes if one.column == column]) for column in range(drawn.columns))
    floor = _TOP + rows * _ROW
    most = max(one.amount for one in drawn.payments)
    back = [one for one in drawn.payments if _is_back(placed[one.source], placed[one.target])]
    height = floor + _BOTTOM + (len(back) * _LEVEL_OF_ARCH + 12 if back else 0)
    arrows = [
        _arrow(one, placed, most, floor + (back.index(one) + 1 if one in back else 0) * _LEVEL_OF_ARCH)
        for one in drawn.payments
    ]
    shapes = [_shape(one, arrow, names, money) for one, arrow in zip(drawn.payments, arrows, strict=True)]
    sums = [_sum(one, arrow, money) for one, arrow in zip(drawn.payments, arrows, strict=True) if _between(one, placed)]
    boxes = [part for one in placed.values() for part in _node(one, drawn.columns, names, parts, money)]
    labels = sums if len(sums) <= _MOST_SUMS else []
    width = max(_NARROWEST, *(one.left + one.width for one in placed.values()))
    people = sum(one.stands_for for one in drawn.nodes)
    label = f"Money between {people:,} parties: {len(drawn.payments):,} arrows from payer to receiver"
    return picture([*shapes, *boxes, *labels], width=width, height=height, label=label, kind="network")


def _placed(drawn: Drawing) -> dict[str, _Placed]:
    """Columns from left to right; in each the nodes stand near those that paid them, the column in the middle."""
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in drawn.nodes:
        columns[node.column].append(node)
    most = max(map(len, columns.values()))
    has_payers = bool(columns.get(0))
    placed: dict[str, _Placed] = {}
    for column in range(drawn.columns):
        ends = column in (0, drawn.columns - 1)
        members = column - (1 if column else 0)
        left = 0.0 if column == 0 else (_SIDE + _BETWEEN if has_payers else 0.0) + members * (_BOX + _BETWEEN)
        start = _TOP + (most - len(columns[column])) * _ROW / 2
        ordered = sorted(columns[column], key=lambda node: _rank(node, drawn.payments, placed))
        for row, node in enumerate(ordered):
            placed[node.key] = _Placed(node, left, start + row * _ROW + _ROW / 2, _SIDE if ends else _BOX)
    return placed


def _rank(node: Node, payments: Sequence[Payment], placed: Mapping[str, _Placed]) -> tuple[float, Decimal, str]:
    payers = [placed[one.source].middle for one in payments if one.target == node.key and one.source in placed]
    return (sum(payers) / len(payers) if payers else 0.0, -(node.paid + node.received), node.key)


def _is_back(source: _Placed, target: _Placed) -> bool:
    return target.node.column <= source.node.column


def _between(one: Payment, placed: Mapping[str, _Placed]) -> bool:
    """Sums stand on arrows between members; at the sides they stand below the names."""
    return all(placed[key].width == _BOX for key in (one.source, one.target))


@dataclass(frozen=True, slots=True)
class _Arrow:
    path: str
    head: str
    width: float
    x: float
    y: float


def _arrow(one: Payment, placed: Mapping[str, _Placed], most: Decimal, arch: float) -> _Arrow:
    source, target = placed[one.source], placed[one.target]
    width = max(float(one.amount / most) * _WIDEST, _LEAST)
    half = max(width, 4.0) / 2 + 2
    if _is_back(source, target):
        x1, x2 = source.left + source.width * 0.65, target.left + target.width * 0.35
        y1, y2 = source.middle + _BOX_HEIGHT / 2, target.middle + _BOX_HEIGHT / 2 + _HEAD
        path = f"M{x1:.1f} {y1:.1f}C{x1:.1f} {arch + 22:.1f} {x2:.1f} {arch + 22:.1f} {x2:.1f} {y2:.1f}"
        head = f"M{x2 - half:.1f} {y2:.1f}h{2 * half:.1f}L{x2:.1f} {y2 - _HEAD:.1f}z"
        return _Arrow(path, head, width, (x1 + x2) / 2, (y1 + y2) / 8 + (arch + 22) * 0.75)
    x1, x2 = source.left + source.width + 3, target.left - _HEAD - 3
    y1, y2, bend = source.middle, target.middle, (x1 + x2) / 2
    path = f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    head = f"M{x2:.1f} {y2 - half:.1f}v{2 * half:.1f}L{x2 + _HEAD:.1f} {y2:.1f}z"
    return _Arrow(path, head, width, bend, (y1 + y2) / 2)


def _shape(one: Payment, arrow: _Arrow, names: Mapping[str, str], money: Money) -> Markup:
    noun = "transaction" if one.transactions == 1 else "transactions"
    figure = f"{money.shown(one.amount)} {money.currency}, {one.transactions:,} {noun}"
    said = f"{names[one.source]} to {names[one.target]}: {figure}"
    line = element("path", d=arrow.path, stroke_width=arrow.width, class_="aml-arrow")
    return element("g", element("title", said), line, element("path", d=arrow.head, class_="aml-head"))


def _sum(one: Payment, arrow: _Arrow, money: Money) -> Markup:
    said = money.shown(one.amount)
    return element("text", said, x=arrow.x, y=arrow.y - 4, text_anchor="middle", class_="aml-figure")


def _node(
    one: _Placed, columns: int, names: Mapping[str, str], parts: Mapping[str, Sequence[str]], money: Money
) -> list[Markup]:
    node = one.node
    name = cut(names[node.key], _LETTERS)
    title = element(
        "title",
        f"{names[node.key]}: paid {money.shown(node.paid)}, received {money.shown(node.received)} {money.currency}",
    )
    said = ", ".join(parts.get(node.key, ())[:2])
    if node.column in (0, columns - 1):
        x, anchor = (one.left + one.width, "end") if node.column == 0 else (one.left, "start")
        figure = money.shown(node.paid if node.column == 0 else node.received)
        return [
            element("text", title, name, x=x, y=one.middle - 2, text_anchor=anchor, class_="aml-name"),
            element(
                "text",
                f"{figure}{f' · {said}' if said else ''}",
                x=x,
                y=one.middle + 12,
                text_anchor=anchor,
                class_="aml-figure",
            ),
        ]
    x, top = one.left + one.width / 2, one.middle - _BOX_HEIGHT / 2
    box = element("rect", title, x=one.left, y=top, width=one.width, height=_BOX_HEIGHT, rx=5.0, class_="aml-member")
    line = element(
        "text", name, x=x, y=one.middle - 3 if said else one.middle + 4, text_anchor="middle", class_="aml-name"
    )
    part = element("text", said, x=x, y=one.middle + 11, text_anchor="middle", class_="aml-figure")
    return [box, line, *([part] if said else [])]
