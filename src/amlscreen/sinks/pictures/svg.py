"""SVG elements as escaped text, with coordinates rounded so that equal input gives equal bytes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from markupsafe import Markup, escape

__all__ = ["cut", "element", "figure", "picture"]


def element(name: str, *inside: str | Markup, **attributes: str | float) -> Markup:
    """One element; ``class_`` and ``text_anchor`` become ``class`` and ``text-anchor``."""
    parts = [f"<{name}"]
    for key, value in attributes.items():
        # Numbers need no escaping, and a picture is made of little else.
        said = escape(value) if isinstance(value, str) else figure(value)
        parts.append(f' {_written(key)}="{said}"')
    parts.append(">")
    parts += [part if isinstance(part, Markup) else escape(part) for part in inside]
    parts.append(f"</{name}>")
    return Markup("".join(parts))


@cache
def _written(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def picture(parts: Iterable[Markup], *, width: float, height: float, label: str, kind: str) -> Markup:
    """A whole picture, scaled to the room there is, with a sentence for those who do not see it."""
    return element(
        "svg",
        *parts,
        class_=f"aml-{kind}",
        viewBox=f"0 0 {figure(width)} {figure(height)}",
        role="img",
        aria_label=label,
        preserveAspectRatio="xMinYMin meet",
    )


def cut(text: str, most: int) -> str:
    """The text, cut in the middle where it is too long, so that both ends of an identifier stay readable.

    >>> cut("account:BANKA/0123456789", 15)
    'account…3456789'
    """
    if len(text) <= most:
        return text
    tail = most // 2
    return f"{text[: most - tail - 1]}…{text[-tail:]}"


def figure(value: str | float) -> str:
    """A coordinate as it is written: one digit behind the point, and none where it is a whole number."""
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0")
