"""Loads every module that declares features, in the order of the catalogue."""

from __future__ import annotations

from importlib import import_module

__all__ = ["MODULES"]

MODULES = ("activity", "sums", "cash", "times", "others", "amounts", "passing", "ways", "wages", "facts")

for _name in MODULES:
    import_module(f"amlscreen.features.{_name}")
