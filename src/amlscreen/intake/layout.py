"""How one file is laid out: what a mapping may state, and what is otherwise found out from the file."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = ["Format", "Layout"]

Format = Literal["csv", "excel", "parquet", "jsonl", "swift_mt", "iso20022", "ofx", "qif"]
_SPOKEN = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}


class Layout(BaseModel):
    """How one file is laid out. Everything is optional; what is not stated is detected and reported."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Format | None = Field(None, description="The kind of file. Default: told from its content.")
    encoding: str | None = Field(None, description="The text encoding, for example utf-8, cp874, cp1252, gb18030.")
    separator: str | None = Field(None, description="The one character between cells. Default: , ; tab or |.")
    quote: str | None = Field('"', description="The one character around quoted cells; null for none.")
    escape: str | None = Field(
        None, description="The one character before a quote that is text. Default: a doubled quote."
    )
    skip_rows: int = Field(0, ge=0, description="Physical lines (rows in Excel) that stand before the header.")
    header: bool = Field(default=True, description="Whether the first line after the skipped ones names the columns.")
    columns: tuple[str, ...] | None = Field(None, description="The column names of a file without a header.")
    footer_rows: int = Field(
        0, ge=0, le=1000, description="How many lines at the end, blank ones apart, are no records."
    )
    footer: tuple[str, ...] = Field((), description="Regular expressions on the first non-empty cell of total rows.")
    short_rows: Literal["refuse", "fill"] = Field(
        "refuse",
        description="What a text row with fewer cells than the header is: refused (ragged), or one whose last cells "
        "are empty.",
    )
    sheet: str | int | None = Field(
        None, description="The sheet's name, or its number from 1. Default: the first that holds anything."
    )
    day_first: bool | None = Field(
        None,
        description="QIF only: whether 01/02/2026 is the first of February. Default: told by the dates of the file.",
    )

    @field_validator("columns", "footer", mode="before")
    @classmethod
    def _a_list_is_fine(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("encoding")
    @classmethod
    def _a_known_text_encoding(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            "".encode(value)
            return codecs.lookup(value).name
        except (LookupError, UnicodeError, ValueError) as problem:
            raise ValueError(
                f"'{value}' is no text encoding this program knows; allowed are for example utf-8, utf-16, "
                "cp874 (Thai), cp1252 (Western), gb18030 (Chinese)"
            ) from problem

    @field_validator("separator", "quote", "escape")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        if value is None:
            return None
        spoken = _SPOKEN.get(value.casefold(), value)
        if len(spoken) != 1 or spoken in "\r\n\0":
            raise ValueError(f"'{value}' must be one character (or tab)")
        return spoken

    @field_validator("footer")
    @classmethod
    def _regular_expressions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as problem:
                raise ValueError(f"'{pattern}' is no regular expression: {problem}") from problem
        return value

    @model_validator(mode="after")
    def _parts_agree(self) -> Layout:
        if self.columns is not None and self.header:
            raise ValueError("columns are for a file without a header: state header: false as well")
        marks = [mark for mark in (self.separator, self.quote) if mark is not None]
        if len(set(marks)) != len(marks) or (self.escape is not None and self.escape == self.separator):
            raise ValueError("separator, quote and escape must be different characters")
        return self
