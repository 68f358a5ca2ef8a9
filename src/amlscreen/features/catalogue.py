"""Loads every module that declares features, in the order of the catalogue."""

from __future__ import annotations

from amlscreen.features import activity, facts, fans, rounds, chains  # isort: skip

__all__ = ["activity", "chains", "facts", "fans", "rounds"]
