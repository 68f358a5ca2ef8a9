"""Writing measured tables into a page that is otherwise written by hand."""

from __future__ import annotations

from pathlib import Path

__all__ = ["put_between"]


def put_between(page: Path, text: str, maker: str) -> None:
    """Put a table between the two marks of the command that made it; the rest of the page stays as it is.

    ValueError if the page has no such marks: what was measured would be lost in silence.
    """
    begin, end = (f"<!-- made by {maker}: {where} -->" for where in ("begin", "end"))
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{page}: no marks for what {maker} writes; put {begin} and {end} on lines of their own.")
    page.write_text(f"{before}{begin}\n```text\n{text}\n```\n{end}{after}", encoding="utf-8")
