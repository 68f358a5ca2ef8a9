"""Pages that are one file: style and script are inline, named by hash in the page's own policy."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["asset", "standalone"]


def standalone(template: str, *, style: str, script: str, **content: Any) -> str:
    """The template with its content, escaped throughout; ``style`` and ``script`` are put in as they are."""
    pages = Environment(
        loader=PackageLoader("amlscreen.sinks", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template(template).render(
        style=Markup(style), style_hash=_hash(style), script=Markup(script), script_hash=_hash(script), **content
    )


def asset(name: str) -> str:
    """A file that lies beside the templates."""
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
