"""Loads every module that declares features, in the order of the catalogue."""

from __future__ import annotations

__all__: list[str] = []
