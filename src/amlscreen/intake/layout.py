"""How one file is laid out: what a mapping may state, and what is otherwise found out from the file."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = ["Format", "Layout"]

Format = Literal["csv", "excel", "parquet", "jsonl"]


class Layout(BaseModel):
    """How one file is laid out. Everything is optional; what is not stated is detected and reported."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Format | None = Field(None, description="The kind of file. Default: told from its content.")
    encoding: str | None = Field(None, description="The text encoding, for example utf-8, cp874, cp1252, gb18030.")
    separator: str | None = Field(None, description="The one character between cells. Default: , ; tab or |.")
    quote: str | None = Field('"', description="The one character around quoted cells; null for none.")
    escape: str | None = Field(None, description="The one character before a quote that is text. Default: doubled quote.")
    skip_rows: int = Field(0, ge=0, description="Physical lines (rows in Excel) that stand before the header.")
    header: bool = Field(True, description="Whether the first line after the skipped ones names the columns.")
    columns: tuple[str, ...] | None = Field(None, description="The column names of a file without a header.")
    footer_rows: int = Field(0, ge=0, description="How many non-blank lines at the end are no records.")
    footer: tuple[str, ...] = Field((), description="Regular expressions on the first non-empty cell of total rows.")
    sheet: str | int | None = Field(None, description="The sheet's name, or its number counted from 1. Default: the first that holds data.")

    @field_validator("columns", "footer", mode="before")
    @classmethod
    def _list_is_fine(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value
