"""Features as tables to look at: what there are, and everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from amlscreen.feature_catalogue import catalogue
from amlscreen.features.made import Features

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["feature_dictionary", "features_frame"]

_COLUMNS = ("name", "unit", "group", "window_days", "label", "meaning", "needs", "scored")


def feature_dictionary() -> pd.DataFrame:
    """Every feature of customers and accounts: unit, days looked at, meaning, and the columns it needs.

    ``window_days`` is empty where all of the data is looked at. Units are whole numbers: money in minor units of the
    home currency; ratio, multiple, bits and deviations in millionths; time in microseconds; dates as days since
    1970-01-01. ``scored``: detectors look at it unless a card names its features.

    >>> import amlscreen as aml
    >>> print(aml.feature_dictionary().set_index("name").loc["cash_in_share_90d", "unit"])
    ratio
    """
    import pandas as pd

    rows = [
        (one.name, one.unit, one.group, one.window, one.label, one.meaning, ", ".join(one.needs), one.scored)
        for one in catalogue().values()
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"window_days": "Int64"})


def features_frame(features: Features) -> pd.DataFrame:
    """One row for each subject; whole numbers stay whole beside unknown ones (``<NA>``)."""
    import pandas as pd

    kinds = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    found: pd.DataFrame = features.table.to_pandas(types_mapper=kinds.get)
    return found
