"""The beginning and the end of a large file as a file of its own, so that looking takes the same time for any size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from amlscreen.intake.encoding import byte_order_mark, utf16_without_mark
from amlscreen.intake.readers.unpack import Content

__all__ = ["bounded"]

_HEAD, _TAIL = 3 * 2**20, 2**18


def bounded(content: Content, workspace: Path) -> Content:
    """The content itself if it is small, else whole lines of its first megabytes and of its end."""
    size = content.path.stat().st_size
    if size <= _HEAD + 2 * _TAIL:
        return content
    wide = byte_order_mark(content.head) or utf16_without_mark(content.head[:4096]) or ""
    step = 4 if wide == "utf-32" else 2 if wide.startswith("utf-16") else 1
    with content.path.open("rb") as handle:
        head = handle.read(_HEAD)
        handle.seek((size - _TAIL) // step * step)
        tail = handle.read()
    little = wide != "utf-16-be" and not content.head.startswith((b"\xfe\xff", b"\0\0\xfe\xff"))
    mark = b"\n".ljust(step, b"\0") if little else b"\n".rjust(step, b"\0")
    target = workspace / "bounded"
    target.write_bytes(head[: _after(head, mark, last=True)] + tail[_after(tail, mark, last=False) :])
    return replace(content, path=target)


def _after(block: bytes, mark: bytes, *, last: bool) -> int:
    """Where the line after the first or last line break of a block begins."""
    step = len(mark)
    at = block.rfind(mark) if last else block.find(mark)
    while at >= 0 and at % step:
        at = block.rfind(mark, 0, at) if last else block.find(mark, at + 1)
    return at + step if at >= 0 else (len(block) if last else 0)
