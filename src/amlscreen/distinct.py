"""The different values of an array."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["distinct"]

Array = TypeVar("Array", bound=NDArray[Any])


def distinct(values: Array) -> Array:
    """The different values, rising, as ``np.unique`` gives them.

    NumPy looks for them in a hash table, which takes many times as long as sorting where values are many and mixed.
    """
    ordered = np.sort(values, axis=None)
    if ordered.size < 2:
        return ordered  # type: ignore[return-value]  # sorting keeps the kind of values
    first = np.empty(ordered.size, np.bool_)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[np.flatnonzero(first)]  # type: ignore[return-value]  # as above
