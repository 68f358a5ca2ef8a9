"""Whole numbers in as few bytes as they need, while what was picked in a partition waits for that of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["least", "narrowed", "widened"]

_KINDS = (np.int8, np.int16, np.int32)


@dataclass(frozen=True, slots=True)
class _Narrow:
    array: NDArray[Any]
    kind: np.dtype[Any]


def least(array: NDArray[Any]) -> NDArray[Any]:
    """The numbers in the narrowest kind that holds them all; other arrays as they are."""
    if array.dtype.kind != "i" or not array.size:
        return array
    low, high = int(array.min()), int(array.max())
    for kind in _KINDS:
        if np.dtype(kind).itemsize >= array.dtype.itemsize:
            break
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return array.astype(kind)
    return array


def narrowed(thing: Any) -> Any:
    """Arrays of whole numbers in a tuple, or a tuple of tuples, made narrow; everything else as it is."""
    if isinstance(thing, np.ndarray):
        small = least(thing)
        return thing if small is thing else _Narrow(small, thing.dtype)
    if isinstance(thing, tuple):
        return _again(thing, [narrowed(one) for one in thing])
    return thing


def widened(thing: Any) -> Any:
    """The same again as it was."""
    if isinstance(thing, _Narrow):
        return thing.array.astype(thing.kind)
    if isinstance(thing, tuple):
        return _again(thing, [widened(one) for one in thing])
    return thing


def _again(given: tuple[Any, ...], parts: list[Any]) -> tuple[Any, ...]:
    """A tuple of the same kind, be it one with names."""
    make = getattr(type(given), "_make", tuple)
    again: tuple[Any, ...] = make(parts)
    return again
