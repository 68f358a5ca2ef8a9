"""The book of a synthetic bank while it is being written: blocks of rows, kept as plain columns of whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amlscreen.schema import CHANNELS, KINDS, PURPOSES
from amlscreen.synth.calendar import Ints

__all__ = ["COUNTRIES", "NOBODY", "TEXTS", "Book", "Rows"]

NOBODY = -1
COUNTRIES = ("LA", "TH", "CN", "VN", "KR", "JP", "US", "MY", "KH", "MM", "PH", "SG", "TW", "AE")

TEXTS: dict[str, tuple[str, str]] = {
    "cash": ("CASH WITHDRAWAL", "CASH DEPOSIT"),
    "atm": ("ATM WITHDRAWAL", "CDM DEPOSIT"),
    "transfer": ("TRANSFER TO", "TRANSFER FROM"),
    "app": ("ໂອນເງິນໃຫ້", "ຮັບເງິນໂອນຈາກ"),
    "qr": ("QR PAYMENT TO", "QR RECEIPT FROM"),
    "card": ("CARD PURCHASE", "CARD REFUND"),
    "salary": ("PAYROLL TO", "SALARY FROM"),
    "rent": ("RENT TO", "RENT FROM"),
    "remit": ("OUTWARD REMITTANCE", "INWARD REMITTANCE"),
    "topup": ("MOBILE TOPUP", "TOPUP REFUND"),
    "power": ("ELECTRICITY BILL", "ELECTRICITY REFUND"),
    "tuition": ("TUITION FEE TO", "TUITION FEE FROM"),
    "supplier": ("GOODS PAYMENT TO", "GOODS PAYMENT FROM"),
    "fee": ("SMS SERVICE FEE", "FEE REFUND"),
    "interest": ("INTEREST CHARGE", "CREDIT INTEREST"),
    "own": ("OWN TRANSFER OUT", "OWN TRANSFER IN"),
    "reversal": ("REVERSAL", "REVERSAL"),
    "savings": ("ຈ່າຍເງິນຮຸ້ນ", "ເກັບເງິນຮຸ້ນ"),
    "donation": ("DONATION TO", "DONATION FROM"),
    "agency": ("AGENCY FEE TO", "AGENCY FEE FROM"),
    "refund": ("STAFF REPAYMENT TO", "STAFF REPAYMENT FROM"),
    "loan": ("LOAN INSTALMENT TO", "LOAN INSTALMENT FROM"),
    "debt": ("ຈ່າຍຄືນໜີ້", "ຮັບຄືນໜີ້"),
    "release": ("CONTRACT COMPENSATION DEBT TICKET TO", "CONTRACT COMPENSATION DEBT TICKET FROM"),
    "usdt": ("P2P USDT", "P2P USDT"),
    "game": ("GAME CREDIT", "GAME PAYOUT"),
    "advert": ("ONLINE ADVERT", "ADVERT REFUND"),
    "room": ("ROOM AND BOARD", "ROOM REFUND"),
    "ticket": ("ONE-WAY TICKET", "TICKET REFUND"),
    "gift_card": ("GIFT CARD", "GIFT CARD REFUND"),
    "service": ("VIP SERVICE", "VIP SERVICE"),
    "land": ("LAND PURCHASE FROM", "LAND SALE TO"),
    "treatment": ("TREATMENT FEE TO", "TREATMENT MONEY FROM"),
    "exchange": ("NOTE EXCHANGE OUT", "NOTE EXCHANGE IN"),
    "advance": ("CASH ADVANCE", "CARD PAYMENT RECEIVED"),
    "tax": ("TAX AND RELEASE FEE TO", "TAX FROM"),
}
_TEXT_CODE = {name: code for code, name in enumerate(TEXTS)}
_WITH_DEFAULT = ("party", "ultimate", "conductor", "province", "place", "mcc", "reverses")
_TYPES: dict[str, type[np.signedinteger]] = {
    "account": np.int32,
    "at": np.int64,
    "amount": np.int64,
    "credit": np.int8,
    "channel": np.int8,
    "text": np.int8,
    "kind": np.int8,
    "purpose": np.int8,
    "country": np.int8,
    "party": np.int64,
    "ultimate": np.int64,
    "conductor": np.int64,
    "province": np.int8,
    "place": np.int32,
    "mcc": np.int16,
    "pair": np.int64,
    "reverses": np.int64,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """One block of bookings; a single number stands for every row.

    ``at`` is local seconds, ``amount`` hundredths of the account's currency. ``party`` is an account of this bank, or
    a code from :mod:`amlscreen.synth.outside`; ``pair`` is shared by the two legs of one transfer.
    """

    account: Ints
    at: Ints
    amount: Ints
    channel: str
    text: str
    credit: bool | NDArray[np.bool_] = False
    kind: str = "customer"
    purpose: str | None = None
    country: str | None = None
    party: Ints | int = NOBODY
    ultimate: Ints | int = NOBODY
    conductor: Ints | int = NOBODY
    province: Ints | int = NOBODY
    place: Ints | int = NOBODY
    mcc: Ints | int = NOBODY
    pair: Ints | None = None
    reverses: Ints | int = NOBODY


@dataclass
class Book:
    """Every booking written so far. Rows are known by their serial number, the order they were written in."""

    _blocks: list[dict[str, NDArray[np.signedinteger]]] = field(default_factory=list)
    rows: int = 0
    _forgotten: list[tuple[Ints, str]] = field(default_factory=list)
    _pairs: int = 0

    def new_pairs(self, size: int) -> Ints:
        """Numbers for so many new bookings."""
        self._pairs += size
        return np.arange(self._pairs - size, self._pairs)

    def add(self, rows: Rows) -> Ints:
        """Write a block; the serial numbers of its rows."""
        size = len(rows.account)
        codes: dict[str, object] = {
            "channel": CHANNELS.index(rows.channel),
            "text": _TEXT_CODE[rows.text],
            "kind": KINDS.index(rows.kind),
            "purpose": PURPOSES.index(rows.purpose) if rows.purpose else NOBODY,
            "country": COUNTRIES.index(rows.country) if rows.country else NOBODY,
        }
        given: dict[str, object] = {name: getattr(rows, name) for name in _WITH_DEFAULT}
        given |= codes | {name: getattr(rows, name) for name in ("account", "at", "amount", "credit")}
        given["pair"] = self.new_pairs(size) if rows.pair is None else rows.pair
        self._blocks.append({name: _column(value, _TYPES[name], size) for name, value in given.items()})
        self.rows += size
        return np.arange(self.rows - size, self.rows)

    def transfer(self, rows: Rows, payee: Ints) -> tuple[Ints, Ints]:
        """Both legs of a transfer from ``rows.account`` to ``payee`` within the bank; serials of debit and credit legs.

        ``rows.province`` is where the payer sent it from, and stands on both legs.
        """
        pair = self.new_pairs(len(rows.account))
        common = {
            name: getattr(rows, name)
            for name in ("at", "amount", "channel", "text", "kind", "purpose", "ultimate", "province", "place", "mcc")
        }
        debit = self.add(Rows(account=rows.account, credit=False, party=payee, pair=pair, **common))
        credit = self.add(Rows(account=payee, credit=True, party=rows.account, pair=pair, **common))
        return debit, credit

    def forget(self, serials: Ints, name: str) -> None:
        """Leave a column of those rows empty, as exports do now and then."""
        self._forgotten.append((serials, name))

    def parties(self, serials: Ints) -> Ints:
        """The other side of rows, which are given in order."""
        return self._late(serials, "party")

    def accounts(self, serials: Ints) -> Ints:
        """The account of each of some rows, in the order they are given."""
        order = np.argsort(serials, kind="stable")
        found = np.empty(len(serials), np.int64)
        found[order] = self._late(serials[order], "account")
        return found

    def _late(self, serials: Ints, name: str) -> Ints:
        """A column of rows that stand in the last blocks."""
        found: list[Ints] = []
        last = self.rows
        for block in reversed(self._blocks):
            first = last - len(block[name])
            inside = serials[(serials >= first) & (serials < last)]
            found.append(block[name][inside - first])
            last = first
            if not len(serials) or first <= serials.min():
                break
        return np.concatenate([*reversed(found), np.empty(0, np.int64)])

    def columns(self) -> dict[str, NDArray[np.signedinteger]]:
        """Every column, whole, in the order the rows were written."""
        made = {name: np.concatenate([block[name] for block in self._blocks]) for name in _TYPES}
        for serials, name in self._forgotten:
            made[name][serials] = NOBODY
        return made


def _column(value: object, dtype: type[np.signedinteger], size: int) -> NDArray[np.signedinteger]:
    return np.ascontiguousarray(np.broadcast_to(np.asarray(value).astype(dtype), (size,)))
