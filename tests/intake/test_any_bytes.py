"""Whatever bytes come, they are read with nothing lost or refused with a sentence; never another exception."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.any_bytes import MARKS, SEEDS, hold, hold_of_a_dataset, seed
from intake.reading import read_bytes


@st.composite
def spoilt(draw: st.DrawFn, kind: str) -> bytes:
    """A sound file of some format with pieces cut out, repeated, flipped or put in."""
    content = bytearray(seed(kind))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(content)))
        to = min(len(content), at + draw(st.integers(0, 40)))
        piece = draw(
            st.one_of(
                st.just(b""),
                st.sampled_from(MARKS),
                st.binary(max_size=6),
                st.just(bytes(content[at:to]) * draw(st.integers(2, 4))),
            )
        )
        content[at:to] = piece
    return bytes(content)


@pytest.mark.parametrize("kind", SEEDS)
def test_a_sound_file_is_read(kind: str) -> None:
    """The files that are spoilt below are sound before."""
    if kind != "zip":  # a reader is given one file of an archive
        assert read_bytes(seed(kind), "export").rows
    hold_of_a_dataset(seed(kind))


@pytest.mark.parametrize("kind", SEEDS)
def test_a_spoilt_file_is_read_or_refused(kind: str) -> None:
    """Any change to the bytes gives accepted and quarantined rows or a DataError."""

    @settings(max_examples=25, deadline=None)
    @given(spoilt(kind))
    def each(content: bytes) -> None:
        hold(content)

    each()


@pytest.mark.parametrize("kind", ["csv", "mt940", "camt", "ofx", "qif"])
def test_a_spoilt_file_is_a_dataset_or_refused(kind: str) -> None:
    """What a reader lets through, conforming holds too: rows and money tie out."""

    @settings(max_examples=8, deadline=None)
    @given(spoilt(kind))
    def each(content: bytes) -> None:
        hold_of_a_dataset(content)

    each()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Bytes of no format at all."""
    hold(content)
