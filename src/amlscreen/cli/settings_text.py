"""The settings file that ``init`` writes: every setting, its meaning and its default, ready to be changed."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from amlscreen.settings import Settings

__all__ = ["settings_text"]


def settings_text() -> str:
    """YAML in which every setting stands commented out with its default."""
    lines = ["# Settings of amlscreen. Take the '#' away in front of what you change."]
    lines += _lines(Settings, Settings().model_dump(mode="json"), "")
    return "\n".join(lines) + "\n"


def _lines(model: type[BaseModel], values: dict[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for name, field in model.model_fields.items():
        nested = field.annotation
        if isinstance(nested, type) and issubclass(nested, BaseModel):
            lines += ["", f"# {indent}{name}: {nested.__doc__}", f"# {indent}{name}:"]
            lines += _lines(nested, values[name], indent + "  ")
        else:
            lines += ["", f"# {indent}{field.description}", f"# {indent}{name}: {json.dumps(values[name])}"]
    return lines
