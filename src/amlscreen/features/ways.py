"""By which ways and where: channels, places, provinces, other countries and currencies."""

from __future__ import annotations

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Flags, Rows
from amlscreen.ledger.partition import Values

__all__ = [
    "away_share_90d",
    "card_share_90d",
    "channel_entropy_90d",
    "channels_90d",
    "countries_90d",
    "cross_border_share_90d",
    "foreign_currency_share_90d",
    "places_90d",
    "provinces_90d",
    "remote_share_90d",
]

_CHANNEL = ("transactions.channel",)


@feature(
    unit="count", group="activity", window=90, needs=_CHANNEL, columns=("channel",), meaning="Different channels used.",
)  # fmt: skip
def channels_90d(rows: Rows) -> Values:
    """Of those known."""
    return Values(rows.tally("channel", "any", 90).distinct())


@feature(
    unit="bits", group="activity", window=90, needs=_CHANNEL, columns=("channel",),
    meaning="How evenly transactions spread over channels (Shannon entropy).",
)  # fmt: skip
def channel_entropy_90d(rows: Rows) -> Values:
    """Unknown where no channel is known."""
    return rows.tally("channel", "any", 90).entropy()


@feature(
    unit="ratio", group="activity", window=90, needs=_CHANNEL, columns=("channel",),
    meaning="Share of the debits of known channel that were made by card or QR code.",
)  # fmt: skip
def card_share_90d(rows: Rows) -> Values:
    """By number: low where an account is not lived from."""
    return rows.share(rows.among("channel", ("card", "qr")), rows.mask("debit", 90) & _has_channel(rows))


@feature(
    unit="ratio", group="activity", window=90, needs=_CHANNEL, columns=("channel",),
    meaning="Share of the transactions of known channel that were made by phone, internet or QR code.",
)  # fmt: skip
def remote_share_90d(rows: Rows) -> Values:
    """By number."""
    return rows.share(rows.among("channel", ("mobile", "internet", "qr")), rows.mask("any", 90) & _has_channel(rows))


def _has_channel(rows: Rows) -> Flags:
    return rows.column("channel").is_known()


@feature(
    unit="count", group="activity", window=90, needs=("transactions.terminal_id|transactions.branch_id",),
    columns=("place",), meaning="Different machines, shops and branches.",
)  # fmt: skip
def places_90d(rows: Rows) -> Values:
    """Of those known."""
    return Values(rows.tally("place", "any", 90).distinct())


@feature(
    unit="count", group="activity", window=90, needs=("transactions.province",), columns=("province",),
    meaning="Different provinces in which transactions were made.",
)  # fmt: skip
def provinces_90d(rows: Rows) -> Values:
    """How many, not which."""
    return Values(rows.tally("province", "any", 90).distinct())


@feature(
    unit="ratio", group="activity", window=90, scored=False, needs=("transactions.province", "customers.province"),
    columns=("is_away", "province"), meaning="Share of the transactions made in another province than the holder's.",
)  # fmt: skip
def away_share_90d(rows: Rows) -> Values:
    """By number; where a person lives is a trait, so detectors do not look at it by themselves."""
    away = rows.column("is_away")
    return rows.share(away.array == 1, rows.mask("any", 90) & away.is_known())


@feature(
    unit="count", group="activity", window=90, needs=("transactions.country",), columns=("country",),
    meaning="Different countries of counterparties, the home country among them.",
)  # fmt: skip
def countries_90d(rows: Rows) -> Values:
    """How many, not which."""
    return Values(rows.tally("country", "any", 90).distinct())


@feature(
    unit="ratio", group="activity", window=90, needs=("transactions.channel|transactions.country",),
    columns=("channel", "country"),
    meaning="Share of the money that crossed a border: by wire, or with a counterparty in another country than the "
    "provinces of the jurisdiction lie in.",
)  # fmt: skip
def cross_border_share_90d(rows: Rows) -> Values:
    """By amount; unknown without transactions."""
    home = sorted({province.code.partition("-")[0] for province in rows.part.reference.jurisdiction.provinces})
    country = rows.column("country")
    abroad = country.is_known() & ~rows.among("country", home) if home else np.zeros(rows.size, np.bool_)
    return rows.share(abroad | rows.among("channel", ("wire",)), rows.mask("any", 90), rows.amount)


@feature(
    unit="ratio", group="activity", window=90, columns=("currency",),
    meaning="Share of the money that was in another currency than the home one.",
)  # fmt: skip
def foreign_currency_share_90d(rows: Rows) -> Values:
    """By amount in the home currency; unknown without transactions."""
    home = rows.among("currency", (rows.part.reference.jurisdiction.currency,))
    foreign = ~home & rows.column("currency").is_known()
    return rows.share(foreign, rows.mask("any", 90), rows.amount)
