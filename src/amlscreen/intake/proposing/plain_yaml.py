"""Values as YAML on one line, quoted wherever a reader of YAML could take them for something else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["flow", "scalar"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?: [A-Za-z0-9_]+)*")
_MEANS_MORE = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def scalar(value: Any) -> str:
    """One value. Texts are quoted unless they are plain words.

    >>> scalar("TXN DATE"), scalar("no"), scalar("D/C"), scalar(None)
    ('TXN DATE', '"no"', '"D/C"', 'null')
    """
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.casefold() not in _MEANS_MORE:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else _escaped(each) for each in quoted)


def flow(value: Any) -> str:
    """Mappings and lists in flow style.

    >>> flow({"from": ["DAY", "TIME"], "date": "%d/%m/%Y"})
    '{from: [DAY, TIME], date: "%d/%m/%Y"}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
