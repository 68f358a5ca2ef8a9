"""Rows of a sheet in bulk: the same bytes as cell by cell, made column by column without a Python loop over cells.

XlsxWriter takes some 20 microseconds for a cell, and a sheet can have a million. In ``constant_memory`` a row goes to
the sheet's own file as soon as the next begins; this writes such rows there. It uses what the library keeps to itself,
in this module only; a test holds the bytes equal to the library's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray
from xlsxwriter.utility import _preserve_whitespace, _utf16_truncate, xl_col_to_name
from xlsxwriter.xmlwriter import XMLwriter

__all__ = ["Cells", "write_rows"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

_ROWS_AT_ONCE = 20_000
_MOST_UNITS = 32_767
_AT_AN_END = r"[\x00-\x20\x7f-\x{a0}\p{Z}]"
_ODD = rf'["&<>]|_x[0-9a-fA-F]{{4}}_|^{_AT_AN_END}|{_AT_AN_END}$|[\x00-\x1f\x{{fffe}}\x{{ffff}}]'
"""Texts that may need more than to be put between two tags; most do not."""


class _Style(Protocol):
    def _get_xf_index(self) -> int: ...


@dataclass(frozen=True)
class Cells:
    """One column on its way into a sheet: text, numbers, or days and times (``kind``), null where a cell stays empty.

    ``bands`` are the formats of some words, ``style`` that of all others.
    """

    kind: str
    values: pa.ChunkedArray[Any]
    style: Any
    bands: dict[str, Any]


def write_rows(page: Any, top: int, columns: Sequence[Cells], heights: NDArray[np.int64]) -> None:
    """The rows from ``top`` on, after all that was written above; ``heights`` in points, 0 for the usual one.

    The last row is left to the library, which numbers the formats it needs when the book is closed.
    """
    rows = heights.size - 1
    if rows < 0:
        return
    if rows:
        page._write_single_row(top)  # what stands above goes first
        for style in _in_order_of_use([replace(one, values=one.values.slice(0, rows)) for one in columns]):
            style._get_xf_index()  # formats are numbered in the order in which cells first need them
    for start in range(0, rows, _ROWS_AT_ONCE):
        size = min(_ROWS_AT_ONCE, rows - start)
        numbers = pa.array(np.arange(top + start + 1, top + start + size + 1)).cast(pa.string())
        cells = [
            _cells(xl_col_to_name(at), numbers, _inside(page, column, column.values.slice(start, size)))
            for at, column in enumerate(columns)
        ]
        page.fh.write(_as_one(_lines(numbers, heights[start : start + size], _joined(*cells))))
        page.previous_row = top + start + size
    _write_last(page, top + rows, columns, int(heights[rows]))


def _write_last(page: Any, row: int, columns: Sequence[Cells], height: int) -> None:
    if height:
        page.set_row(row, height)
    for at, column in enumerate(columns):
        value = column.values[-1].as_py()
        if value is not None:
            write = {"text": page.write_string, "day": page.write_datetime, "time": page.write_datetime}
            style = column.bands.get(value, column.style) if column.kind == "text" else column.style
            write.get(column.kind, page.write_number)(row, at, value, style)


def _in_order_of_use(columns: Sequence[Cells]) -> list[_Style]:
    first = []
    for at, column in enumerate(columns):
        words = column.values.unique().to_pylist() if column.bands else []
        for word in words:
            if word in column.bands:
                first.append((pc.index(column.values, word).as_py(), at, column.bands[word]))
        plain = column.values.is_valid()
        if column.bands:
            plain = pc.and_(plain, pc.invert(pc.is_in(column.values, pa.array([*column.bands]))))
        if (place := pc.index(plain, value=True).as_py()) >= 0:
            first.append((place, at, column.style))
    return [style for _, _, style in sorted(first, key=lambda one: one[:2])]


def _lines(numbers: pa.Array[Any], heights: NDArray[np.int64], cells: pa.Array[Any]) -> pa.Array[Any]:
    """The rows; of those without a cell only the heights are told."""
    different, which = np.unique(heights, return_inverse=True)
    told = [f'" ht="{height}" customHeight="1"' if height else '"' for height in different.tolist()]
    starts = _joined('<row r="', numbers, pa.array(told, pa.string()).take(which))
    empty = pc.equal(cells, "")
    lines: pa.Array[Any] = _joined(starts, ">", cells, "</row>")
    if pc.any(empty).as_py():
        lines = pc.if_else(empty, pc.if_else(heights > 0, _joined(starts, "/>"), ""), lines)
    return lines


def _cells(letters: str, numbers: pa.Array[Any], inside: pa.Array[Any]) -> pa.Array[Any]:
    """The cells of a column; nothing at all where it holds nothing."""
    filled: pa.Array[Any] = pc.fill_null(_joined(f'<c r="{letters}', numbers, '" ', inside, "</c>"), "")
    return filled


def _inside(page: Any, column: Cells, values: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    """What stands in each cell's tag and between it and its end."""
    coded: Any = values.combine_chunks().dictionary_encode()
    if not len(coded.dictionary):
        return pa.nulls(len(values), pa.string())
    if column.bands:
        return _joined(_styles(column, coded.dictionary), _texts(coded.dictionary), "</t></is>").take(coded.indices)
    style = f's="{column.style._get_xf_index()}"'
    if column.kind != "text":
        tell: Callable[[Any], Any] = page._convert_date_time if column.kind in {"day", "time"} else _as_it_is
        told = [f"{style}><v>{tell(value):.16G}</v>" for value in coded.dictionary.to_pylist()]
        return pa.array(told, pa.string()).take(coded.indices)
    return _joined(f'{style} t="inlineStr"><is><t', _texts(coded.dictionary), "</t></is>").take(coded.indices)


def _styles(column: Cells, words: pa.Array[Any]) -> pa.Array[Any]:
    """The start of the cell of each word, which may have a format of its own."""
    styles = [column.bands.get(str(word), column.style) for word in words.to_pylist()]
    return pa.array([f's="{style._get_xf_index()}" t="inlineStr"><is><t' for style in styles], pa.string())


def _as_it_is(number: Any) -> Any:
    return number


def _texts(words: Any) -> pa.Array[Any]:
    """Words with the end of the tag before them."""
    odd = pc.or_(pc.match_substring_regex(words, pattern=_ODD), pc.greater(pc.utf8_length(words), _MOST_UNITS // 2))
    plain = _joined(">", words)
    if not pc.any(odd).as_py():
        return plain
    escaped = [_escaped(word) for word in words.filter(odd).to_pylist()]
    mended: pa.Array[Any] = pc.replace_with_mask(plain, odd, pa.array(escaped, pa.string()))
    return mended


def _escaped(word: str) -> str:
    """As the library does it, but that a text which looks like its own markup stays a text."""
    if len(word) > _MOST_UNITS // 2:
        word = _utf16_truncate(word, _MOST_UNITS)
    text = XMLwriter._escape_control_characters(word)
    kept = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
    return f"{kept}>{XMLwriter()._escape_data(text)}"


def _joined(*parts: str | pa.Array[Any]) -> pa.Array[Any]:
    together: pa.Array[Any] = pc.binary_join_element_wise(*parts, "")
    return together


def _as_one(lines: Any) -> str:
    """All texts one after another: that is how they lie in memory."""
    _, _, text = lines.buffers()
    offsets = np.frombuffer(lines.buffers()[1], np.int32)[lines.offset : lines.offset + len(lines) + 1]
    return bytes(text[int(offsets[0]) : int(offsets[-1])]).decode("utf-8")
