"""The truth about a synthetic bank: who was planted, as what, how strongly, and with which transactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from amlscreen.schema import CHANNELS
from amlscreen.synth.calendar import DAY
from amlscreen.synth.names import account_number, customer_id
from amlscreen.synth.outside import INSTITUTION, party
from amlscreen.synth.people import segment_names
from amlscreen.synth.world import Label, World

__all__ = ["groups_table", "labels_table"]


def _subject(label: Label) -> tuple[str, str]:
    if label.customer >= 0:
        return "customer", customer_id(label.customer)
    other = party(label.party)
    return "counterparty", f"account:{other.institution}/{other.account}"


def labels_table(world: World, ids: pa.Array[Any], booked: pa.Table) -> pa.Table:
    """One row for each subject of each planted instance.

    ``account_ids`` are the main accounts, by which exports without customers know the subject. ``channel`` is that of
    most of the planted transactions, days are theirs; empty where the plant is in what the bank knows and not in money.
    """
    columns = world.book.columns()
    at, channels = columns["at"], columns["channel"]
    rows = []
    for label in world.labels:
        kept = [row for row in label.rows if ids[row].is_valid]
        days = [int(at[row]) // DAY for row in kept]
        kind, subject = _subject(label)
        rows.append(
            {
                "institution": INSTITUTION,
                "instance": label.instance,
                "typology": label.typology,
                "intensity": label.intensity,
                "role": label.role,
                "story": label.story,
                "possible_victim": label.possible_victim,
                "channel": _commonest([int(channels[row]) for row in kept]),
                "subject_kind": kind,
                "subject_id": subject,
                "customer_id": subject if kind == "customer" else None,
                "account_ids": account_number(label.customer) if kind == "customer" else None,
                "first_day": np.datetime64(min(days), "D").item() if days else None,
                "last_day": np.datetime64(max(days), "D").item() if days else None,
                "transaction_ids": ";".join(dict.fromkeys(ids[row].as_py() for row in kept)),
            }
        )
    types: dict[str, pa.DataType] = {"first_day": pa.date32(), "last_day": pa.date32(), "possible_victim": pa.bool_()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in rows[0]])
    return pa.Table.from_pylist(rows, schema=schema)


def _commonest(codes: Sequence[int]) -> str | None:
    """The channel that most have; of equals the one listed first."""
    counts = np.bincount(codes) if codes else None
    return None if counts is None else CHANNELS[int(counts.argmax())]


def groups_table(world: World) -> pa.Table:
    """What sort of customer each innocent one is: a way of life, and the patterns that it looks like."""
    planted = {label.customer for label in world.labels}
    rows = {(who, name.replace("_", " ")) for who, name in enumerate(segment_names(world.people).tolist())}
    rows |= {(who, name) for name, members in world.groups.items() for who in members}
    kept = sorted(row for row in rows if row[0] not in planted)
    return pa.table(
        {
            "institution": pa.array([INSTITUTION] * len(kept), pa.string()),
            "customer_id": pa.array([customer_id(who) for who, _ in kept], pa.string()),
            "group": pa.array([name for _, name in kept], pa.string()),
        }
    )
