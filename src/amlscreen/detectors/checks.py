"""The check list for detectors, ours and anybody's: what the contract says, tried on small made-up tables.

>>> from amlscreen.detectors.checks import check_detector
>>> from amlscreen.detectors.tails import TailDetector
>>> check_detector(TailDetector("copod"))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from amlscreen.detectors.because import parts_of
from amlscreen.detectors.contract import Detector, Floats, Table
from amlscreen.detectors.judging import judge
from amlscreen.detectors.named import Named
from amlscreen.errors import DetectorError

__all__ = ["CHECKS", "Check", "check_detector"]

Check = Callable[[Detector], str | None]
"""None where the detector does what it must, else a sentence on what it did."""

_ROWS = 300
_SEED = 7
_ODD_COLUMNS = 3


def _table(rows: int = _ROWS) -> Table:
    """Four columns that vary together a little; the last row is far out in all but the last of them."""
    dice = np.random.default_rng(_SEED)
    made = dice.standard_normal((rows, 4)) + dice.standard_normal((rows, 1)) / 2
    made[-1] = (12.0, 9.0, 10.0, 0.1)
    return Table(made, ("credits", "payers", "night_share", "round_share"))


def _judged(detector: Detector, table: Table, *, threads: int = 1) -> Floats:
    return judge(Named(detector, "what is checked"), table, seed=_SEED, threads=threads).oddness


def _same(one: Floats, other: Floats, said: str) -> str | None:
    different = int((one != other).sum())
    return f"{said}: {different} of {one.size} rows differ" if different else None


def _far_is_odd(detector: Detector) -> str | None:
    odd = _judged(detector, _table())
    above = int((odd >= odd[-1]).sum())
    return None if above <= _ROWS // 10 else f"a row far out in three columns came {above}. of {_ROWS}"


def _same_seed(detector: Detector) -> str | None:
    return _same(_judged(detector, _table()), _judged(detector, _table()), "the same seed gave another oddness")


def _order(detector: Detector) -> str | None:
    table = _table()
    turned = _judged(detector, table.at(np.arange(_ROWS)[::-1]), threads=2)[::-1]
    return _same(_judged(detector, table), turned, "the order of the rows changed the oddness")


def _company(detector: Detector) -> str | None:
    table = _table()
    fitted = detector.fit(table, seed=_SEED)
    together = fitted.oddness(table)
    alone = np.concatenate([fitted.oddness(table.at(np.array([at]))) for at in range(0, _ROWS, 100)])
    off = np.abs(together[::100] - alone) > 1e-9 * np.maximum(np.abs(alone), 1.0)
    return f"{int(off.sum())} rows got another number when asked about alone" if off.any() else None


def _copies(detector: Detector) -> str | None:
    table = _table()
    odd = _judged(detector, table.at(np.append(np.arange(_ROWS), [_ROWS - 1, 5])))
    return _same(odd[[_ROWS - 1, 5]], odd[[_ROWS, _ROWS + 1]], "a copied row did not get the copied oddness")


def _constant(detector: Detector) -> str | None:
    table = _table()
    wide = Table(np.column_stack([table.rows, np.zeros(_ROWS)]), (*table.names, "always_zero"))
    odd = _judged(detector, wide)
    above = int((odd >= odd[-1]).sum())
    return None if above <= _ROWS // 10 else f"beside a constant column the odd row came {above}. of {_ROWS}"


def _not_a_number(detector: Detector) -> str | None:
    rows = _table().rows.copy()
    rows[3, 2] = np.nan
    try:
        detector.fit(Table(rows, _table().names), seed=_SEED)
    except DetectorError as error:
        return None if "night_share" in str(error) else "a value that is not a number was refused without its column"
    return "a value that is not a number was learned from"


def _one_column(detector: Detector) -> str | None:
    table = _table()
    odd = _judged(detector, Table(table.rows[:, [1]], ("payers",)))
    return None if odd[-1] > np.median(odd) else "of one column alone the far value was less odd than most"


def _attribution(detector: Detector) -> str | None:
    table = _table()
    fitted = detector.fit(table, seed=_SEED)
    parts, again = (parts_of(fitted, table.at(np.array([_ROWS - 1])))[0] for _ in range(2))
    if parts.tolist() != again.tolist():
        return "asked twice, it gave different reasons"
    said = {table.names[at] for at in np.argsort(-parts)[:_ODD_COLUMNS].tolist() if parts[at] > 0}
    return None if said == {*table.names[:_ODD_COLUMNS]} else f"the reasons were {', '.join(sorted(said)) or 'none'}"


def _too_large(detector: Detector) -> str | None:
    if detector.most_rows is None:
        return None
    table = Table(np.zeros((detector.most_rows + 1, 1)), ("payers",))
    try:
        _judged(detector, table)
    except DetectorError as error:
        return None if f"{detector.most_rows:,}" in str(error) else "the refusal does not say how many rows are allowed"
    return "more rows than most_rows were judged"


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "what is far from the rest is odd": _far_is_odd,
        "the same seed gives the same oddness": _same_seed,
        "neither the order of rows nor threads change it": _order,
        "a row gets the same number whatever stands beside it": _company,
        "a copied row gets the copied oddness": _copies,
        "a constant column is harmless": _constant,
        "a value that is not a number is refused by the name of its column": _not_a_number,
        "one column is enough": _one_column,
        "the reasons given are the columns that are odd": _attribution,
        "more rows than it takes are refused with the number": _too_large,
    }
)
"""Each by what must hold."""


def check_detector(detector: Detector) -> None:
    """Hold a detector that has not been fitted to all of :data:`CHECKS`; ``DetectorError`` names those it fails."""
    problems = [f"{must}: {problem}" for must, check in CHECKS.items() if (problem := check(detector)) is not None]
    if problems:
        raise DetectorError(f"Detector '{detector.name}' breaks the contract: {'; '.join(problems)}.")
