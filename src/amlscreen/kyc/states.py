"""In what state each part of a customer's file is. ``not_judged`` where the bank gives no such column at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.kyc.files import Files
from amlscreen.kyc.standard import Health
from amlscreen.ledger.columns import full_years
from amlscreen.ledger.reference import UNKNOWN_DAY

__all__ = ["DUE_DILIGENCE", "GUARDIAN", "OWNER", "PAPER", "PEP", "PERMIT", "REVIEW", "Required", "States"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PAPER = ("not_judged", "unknown", "valid", "expires_soon", "expired")
REVIEW = ("not_judged", "unknown", "current", "overdue")
OWNER = ("not_judged", "not_a_firm", "known", "missing")
PEP = ("not_judged", "unknown", "not_pep", "approved", "without_approval")
GUARDIAN = ("not_judged", "not_a_minor", "verified", "recorded", "unverified", "missing")
DUE_DILIGENCE = ("not_judged", "not_needed", "done", "missing")
PERMIT = ("not_judged", "none", "valid", "expires_soon", "expired")


@dataclass(frozen=True, slots=True)
class Required:
    """How many required fields are judged, how many of them are filled, and which are missing (by column)."""

    judged: Ints
    filled: Ints
    missing: Mapping[str, Flags]
    not_judged: tuple[str, ...]

    @property
    def percent(self) -> Ints:
        """Share filled in whole per cent, floored; -1 where nothing is judged."""
        return np.where(self.judged > 0, self.filled * 100 // np.maximum(self.judged, 1), -1)


@dataclass(frozen=True)
class States:
    """The states of every customer's file as of the last day, by customer_no; codes into the lists above."""

    files: Files
    health: Health

    @cached_property
    def required(self) -> Required:
        """The jurisdiction's required fields, those of a firm for firms."""
        files, rules = self.files, self.files.jurisdiction
        judged, filled = np.zeros(files.size, np.int64), np.zeros(files.size, np.int64)
        missing: dict[str, Flags] = {}
        unknown: list[str] = []
        firm = files.is_firm
        for names, rows in ((rules.required_kyc, ~firm), (rules.required_kyc_entity, firm)):
            for name in names:
                if not files.has(f"customers.{name}"):
                    unknown.append(name)
                    continue
                known = files.filled(name)
                judged += rows
                filled += rows & known
                missing[name] = missing.get(name, np.zeros(files.size, np.bool_)) | (rows & ~known)
        return Required(judged, filled, missing, tuple(dict.fromkeys(unknown)))

    @cached_property
    def has_record(self) -> Flags:
        """Whether the customer stands in the customer table."""
        return self.files.place >= 0

    @cached_property
    def paper_days(self) -> Ints:
        """Days since the identity paper expired, negative while it is valid; UNKNOWN_DAY where it has no date."""
        return self._since("id_expiry")

    def _since(self, column: str) -> Ints:
        day = self.files.day(column)
        return np.where(day == UNKNOWN_DAY, UNKNOWN_DAY, self.files.as_of - day)

    @cached_property
    def paper(self) -> Ints:
        """State of the identity paper."""
        if not self.files.has("customers.id_expiry"):
            return np.zeros(self.files.size, np.int64)
        return self._validity(self.paper_days, PAPER, "unknown")

    @cached_property
    def permit_days(self) -> Ints:
        """Days since the permit expired, negative while it is valid."""
        return self._since("permit_expiry")

    @cached_property
    def permit(self) -> Ints:
        """State of the permit to stay or work; nobody is taken to need one."""
        if not self.files.has("customers.permit_expiry"):
            return np.zeros(self.files.size, np.int64)
        return self._validity(self.permit_days, PERMIT, "none")

    def _validity(self, days: Ints, words: tuple[str, ...], without: str) -> Ints:
        soon = days > -self.health.paper_soon_days - 1
        names = ["expired", "expires_soon", "valid"]
        known = days != UNKNOWN_DAY
        conditions = [known & (days > 0), known & soon, known]
        return np.select(conditions, [words.index(name) for name in names], words.index(without))

    @cached_property
    def review_days(self) -> Ints:
        """Days since the review fell due, negative before."""
        return self._since("review_due")

    @cached_property
    def review(self) -> Ints:
        """State of the periodic review."""
        if not self.files.has("customers.review_due"):
            return np.zeros(self.files.size, np.int64)
        known = self.review_days != UNKNOWN_DAY
        overdue = known & (self.review_days > 0)
        return np.select([overdue, known], [REVIEW.index("overdue"), REVIEW.index("current")], REVIEW.index("unknown"))

    @cached_property
    def owner(self) -> Ints:
        """State of a firm's beneficial owners: known by the flag, or by a holding of that role on an account of its."""
        files = self.files
        recorded = self._recorded_owners()
        flag = files.flag("beneficial_owner_known")
        if not files.has("customers.beneficial_owner_known") and not recorded.any():
            return np.where(files.is_firm, OWNER.index("not_judged"), OWNER.index("not_a_firm"))
        known = (flag == 1) | (recorded & (flag != 0))
        return np.select(
            [~files.is_firm, known], [OWNER.index("not_a_firm"), OWNER.index("known")], OWNER.index("missing")
        )

    def _recorded_owners(self) -> Flags:
        holdings = self.files.tables["holdings"]
        owning = holdings.filter(pc.equal(holdings["role"], "beneficial_owner"))
        accounts = self.files.account_numbers(owning)
        marked = np.zeros(self.files.reference.account_ids.num_rows, np.bool_)
        marked[accounts[accounts >= 0]] = True
        return self.files.any_account(marked)

    @cached_property
    def pep(self) -> Ints:
        """Politically exposed, and whether senior management had approved by the last day."""
        files = self.files
        if not files.has("customers.is_pep"):
            return np.zeros(files.size, np.int64)
        flag, approved = files.flag("is_pep"), files.day("pep_approved")
        in_time = (approved != UNKNOWN_DAY) & (approved <= files.as_of)
        conditions = [flag == 0, (flag == 1) & in_time, flag == 1]
        names = ("not_pep", "approved", "without_approval")
        return np.select(conditions, [PEP.index(name) for name in names], PEP.index("unknown"))

    @cached_property
    def is_minor(self) -> Flags:
        """Under the age of majority on the last day; not where the birth date is unknown."""
        born = self.files.day("birth_date")
        on = np.full(born.size, self.files.as_of, np.int64)
        years = full_years(np.where(born == UNKNOWN_DAY, 0, born), on)
        young: Flags = (born != UNKNOWN_DAY) & (years < self.files.jurisdiction.age_of_majority)
        return young & ~self.files.is_firm

    @cached_property
    def guardian(self) -> Ints:
        """Whether a minor's guardian is recorded, and proved."""
        files = self.files
        if not files.has("customers.birth_date"):
            return np.zeros(files.size, np.int64)
        recorded, proved = files.filled("guardian_id"), files.flag("guardian_verified")
        judged = np.full(files.size, files.has("customers.guardian_verified"))
        given = np.full(files.size, files.has("customers.guardian_id"))
        conditions = [~self.is_minor, ~given, ~recorded, proved == 1, judged]
        names = ("not_a_minor", "not_judged", "missing", "verified", "unverified")
        return np.select(conditions, [GUARDIAN.index(name) for name in names], GUARDIAN.index("recorded"))

    @cached_property
    def due_diligence(self) -> Ints:
        """Enhanced due diligence of those whom the bank rates high or holds to be politically exposed."""
        files = self.files
        if not files.has("customers.edd_done"):
            return np.zeros(files.size, np.int64)
        needed = files.customer("risk_rating").among(("high",)) | (files.flag("is_pep") == 1)
        done = files.flag("edd_done") == 1
        names = ("not_needed", "done")
        return np.select([~needed, done], [DUE_DILIGENCE.index(name) for name in names], DUE_DILIGENCE.index("missing"))

    @cached_property
    def lacks_wealth(self) -> Flags:
        """Politically exposed without a recorded source of wealth; nobody where the bank gives no such column."""
        if not self.files.has("customers.source_of_wealth"):
            return np.zeros(self.files.size, np.bool_)
        exposed: Flags = self.files.flag("is_pep") == 1
        return exposed & ~self.files.filled("source_of_wealth")
