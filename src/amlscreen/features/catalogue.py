"""Loads every module that declares features, in the order of the catalogue."""

from __future__ import annotations

from amlscreen.features import activity, facts

__all__ = ["activity", "facts"]
