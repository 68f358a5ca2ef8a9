"""Files whose expected values are themselves doubtful, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DOUBTFUL"]

DOUBTFUL: Mapping[str, str] = {}
