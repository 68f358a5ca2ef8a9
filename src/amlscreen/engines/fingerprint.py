"""Short digests of what a partition's work follows from: its rows, and the program with all it reads."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import BaseModel

from amlscreen._version import __version__
from amlscreen.engines.program import Program
from amlscreen.features.made import SUBJECTS

__all__ = ["batch_digest", "digest_of", "program_digests"]

_FORM = "1"
"""Changes when what partitions give is kept in another form within one version."""


def program_digests(program: Program) -> dict[str, str]:
    """By what a person would call it, a digest of everything the work on a partition depends on besides its rows."""
    cards = [plan.card.model_dump(mode="json", by_alias=True) for plan in program.plans]
    facts = program.reference
    parts = {
        "the version": [_FORM, __version__],
        "the rules": cards,
        "the jurisdiction": facts.jurisdiction.model_dump(mode="json"),
        "the days looked at": [program.alert_from, facts.first_day, facts.last_day],
        "the features asked for": [sorted(program.asked.of(subject)) for subject in SUBJECTS],
        "the columns of the data": [sorted(program.provided), program.stored, program.kyc],
    }
    told = {name: _text_digest(part) for name, part in parts.items()}
    return {**told, "the customers, accounts or reference tables": digest_of(facts)}


def _text_digest(part: Any) -> str:
    return blake2b(json.dumps(part, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()


def batch_digest(rows: pa.RecordBatch) -> bytes:
    """Of the values of a batch, wherever in memory they lie."""
    digest = blake2b(digest_size=16)
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        digest.update(name.encode())
        if isinstance(column, pa.DictionaryArray):
            digest.update(repr(column.dictionary.to_pylist()).encode())
    digest.update(rows.serialize())
    return digest.digest()


def digest_of(facts: Any) -> str:
    """Of a dataclass of arrays, tables and plain values; fields that begin with ``_`` are made from the others."""
    digest = blake2b(digest_size=16)
    _take(digest, facts)
    return digest.hexdigest()


def _take(digest: blake2b, thing: Any) -> None:
    """Each kind of thing is marked, so that two different ones do not run together to the same bytes."""
    digest.update(type(thing).__name__.encode())
    if isinstance(thing, Mapping):
        for name in sorted(thing, key=repr):
            digest.update(repr(name).encode())
            _take(digest, thing[name])
    elif dataclasses.is_dataclass(thing):
        _take(digest, {one.name: getattr(thing, one.name) for one in dataclasses.fields(thing) if one.name[0] != "_"})
    elif isinstance(thing, BaseModel):
        digest.update(_text_digest(thing.model_dump(mode="json")).encode())
    else:
        digest.update(_values(thing))


def _values(thing: Any) -> bytes:
    if isinstance(thing, pa.Table):
        return b"".join(batch_digest(batch) for batch in thing.combine_chunks().to_batches())
    if isinstance(thing, pa.Array):
        return batch_digest(pa.record_batch([thing], ["values"]))
    if isinstance(thing, np.ndarray) and not thing.dtype.hasobject:
        return f"{thing.dtype} {thing.shape} ".encode() + thing.tobytes()
    return repr(thing.tolist() if isinstance(thing, np.ndarray) else thing).encode()
