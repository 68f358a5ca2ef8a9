"""Judging made short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from alerting.judging_bank import AS_OF, Bank, Judge, make_card, make_settings
from amlscreen.alerting import Previous, Verdict, judge
from amlscreen.hits import Hit
from amlscreen.rules.card import Card
from amlscreen.settings import Settings


@pytest.fixture
def judged() -> Judge:
    """Judge hits with cards made for their rules; `cards` changes some of them."""

    def run(
        hits: Sequence[Hit],
        *,
        cards: Mapping[str, Card] | None = None,
        bank: Bank | None = None,
        settings: Settings | None = None,
        as_of: int = AS_OF,
        previous: Previous | None = None,
        **more: Any,
    ) -> Verdict:
        given = dict(cards or {})
        for hit in hits:
            given.setdefault(hit.rule_id, make_card(hit.rule_id))
        book = (bank or Bank()).book()
        return judge(hits, given, book, settings or make_settings(), as_of=as_of, previous=previous, **more)

    return run
