"""What a screen gives back: alerts, everybody's rank, the evidence, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amlscreen.alerts import Alert, Protected
from amlscreen.engines.featuring import features_of
from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.evidence import evidence_table
from amlscreen.feature_catalogue import catalogue
from amlscreen.features.asked import Asked
from amlscreen.features.made import Features
from amlscreen.finding import no_progress
from amlscreen.hits import Outcome
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.kyc.report import KycReport, report
from amlscreen.narrative import Style
from amlscreen.quality import QualityReport, check
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.sinks.tables import alerts_table, kyc_table, protected_table, rules_table
from amlscreen.sinks.wording import Money
from amlscreen.sinks.write import write

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from amlscreen.alerting.judge import Verdict
    from amlscreen.display import AlertView
    from amlscreen.finding import Findings
    from amlscreen.intake.dataset import Dataset

__all__ = ["Result"]


class Result:
    """A finished screen. Tables are pandas; ``write(out)`` leaves the files of the command line.

    The lists and Arrow tables (``alert_list``, ``ranked_table``, ...) are what the files are written from.
    """

    def __init__(
        self,
        data: Dataset,
        rules: RuleSet,
        settings: Settings,
        findings: Findings,
        verdict: Verdict,
        times: Mapping[str, Any],
    ) -> None:
        self.data = data
        self.rule_set = rules
        self.settings = settings
        self.findings = findings
        self.verdict = verdict
        self.times = dict(times)

    @property
    def alert_list(self) -> tuple[Alert, ...]:
        """Alerts, most urgent first."""
        return self.verdict.alerts

    @property
    def ranked_table(self) -> pa.Table:
        """Every customer with score and rank."""
        return self.verdict.ranked

    @property
    def points_table(self) -> pa.Table:
        """Every row of every score, whether it stands in an alert or not."""
        return self.verdict.points

    @cached_property
    def _every_feature(self) -> tuple[Features, Features]:
        """Of customers and accounts; the run's own if it made all of them, else by a sweep that looks at no rule."""
        found, every = self.findings, catalogue().keys()
        if every <= {*found.features.names} and every <= {*found.account_features.names}:
            return found.features, found.account_features
        return features_of(
            self.data, Asked.everything(), last_day=found.as_of, settings=self.settings, progress=no_progress
        )

    @property
    def feature_tables(self) -> tuple[pa.Table, pa.Table]:
        """Every feature of every customer and of every account, as in :attr:`features`."""
        customers, accounts = self._every_feature
        return customers.table, accounts.table

    @property
    def features(self) -> pd.DataFrame:
        """Every feature of every customer, unknown ones ``<NA>``; ``aml.feature_dictionary()`` says what they are."""
        from amlscreen.feature_tables import features_frame

        return features_frame(self._every_feature[0])

    @property
    def account_features(self) -> pd.DataFrame:
        """Every feature of every account."""
        from amlscreen.feature_tables import features_frame

        return features_frame(self._every_feature[1])

    @property
    def protected_list(self) -> tuple[Protected, ...]:
        """Possible victims; never the subject of an alert."""
        return self.verdict.protected

    @property
    def kyc_list(self) -> Sequence[Any]:
        """Findings on identity papers and files."""
        return self.verdict.kyc

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of every rule."""
        return self.findings.outcomes

    @property
    def cards(self) -> Mapping[str, Card]:
        """The rules of the run, bound, by id."""
        return self.rule_set.cards

    @property
    def jurisdiction(self) -> Jurisdiction:
        """Whose figures were used."""
        return self.data.jurisdiction

    @property
    def fingerprint(self) -> str:
        """The rule set's."""
        return self.rule_set.fingerprint()

    @cached_property
    def evidence_table(self) -> pa.Table:
        """The transactions behind every alert."""
        return evidence_table(self.alert_list, self.data, self.findings.reference, self.verdict.masked)

    @cached_property
    def kyc_report(self) -> KycReport:
        """KYC health, risk ratings and cash-report candidates, with what could not be judged."""
        found = self.findings
        return report(
            self.data,
            found.reference,
            found.features.table,
            found.kyc,
            self.alert_list,
            self.ranked_table,
            current_from=found.as_of - self.settings.alert_days + 1,
            standard_path=self.settings.kyc_standard,
        )

    @cached_property
    def quality(self) -> QualityReport:
        """What is odd about the data, and which rules it blinds or weakens; columns from a part of the rows."""
        return check(self.data, self.rule_set, settings=self.settings, thorough=False)

    @property
    def kyc_health(self) -> pd.DataFrame:
        """Every customer's file: what is missing, expired, overdue or contradicted; columns as in its Parquet file."""
        return self.kyc_report.health.to_pandas()

    @property
    def risk_ratings(self) -> pd.DataFrame:
        """Every customer's risk rating and the rows that add up to its score."""
        return self.kyc_report.ratings.to_pandas()

    @property
    def cash_reports(self) -> pd.DataFrame:
        """Candidates for cash transaction reports, current ones first, then the largest."""
        return self.kyc_report.cash.to_pandas()

    @property
    def alerts(self) -> pd.DataFrame:
        """Alerts as a table, most urgent first; columns as in ``alerts.parquet``."""
        return alerts_table(self.alert_list, Money.of(self.jurisdiction)).to_pandas()

    @property
    def ranked(self) -> pd.DataFrame:
        """Every customer's score and rank."""
        return self.ranked_table.to_pandas()

    @property
    def points(self) -> pd.DataFrame:
        """Every row of every score, also of those not under alert; a subject's rows add up to its score."""
        return self.points_table.to_pandas()

    @property
    def protected(self) -> pd.DataFrame:
        """Possible victims, most urgent first. Handle with care."""
        return protected_table(self.protected_list).to_pandas()

    @property
    def kyc(self) -> pd.DataFrame:
        """Findings on identity papers and files; they never alert alone."""
        return kyc_table(self.kyc_list).to_pandas()

    @property
    def evidence(self) -> pd.DataFrame:
        """The transactions behind every alert."""
        return self.evidence_table.to_pandas()

    @property
    def rules(self) -> pd.DataFrame:
        """What became of every rule."""
        return rules_table(self.outcomes, self.cards, self.settings.language).to_pandas()

    @property
    def run(self) -> dict[str, Any]:
        """What ``run.json`` will hold."""
        from amlscreen.sinks.manifest import manifest

        return manifest(self)

    def alert(self, alert_id: str) -> AlertView:
        """One alert, shown well in a notebook; the start of an id is enough if only one alert has it."""
        from amlscreen.display import AlertView

        found = [alert for alert in self.alert_list if alert.alert_id.startswith(alert_id)]
        if len(found) != 1:
            known = [alert.alert_id for alert in self.alert_list[:20]]
            problem = "more than one alert starts" if found else "no alert starts"
            raise SettingsError(f"{problem} with '{alert_id}'.", fix=did_you_mean(alert_id, known))
        return AlertView.of(self, found[0])

    def why_not(self, rule_id: str, subject: str) -> pd.DataFrame:
        """How far the subject was from the rule: the nearest miss, condition by condition.

        ``subject`` is an account, customer, conductor or terminal id, or a counterparty's key. Columns: condition,
        measured, wanted, holds, distance.
        """
        from amlscreen.near_miss import near_miss

        return near_miss(self.data, self.rule_set, rule_id, subject, self.settings, found=self.findings)

    def hits(self, *rule_ids: str) -> pd.DataFrame:
        """Every hit with what it says, before any judgement; of these rules only, if some are named.

        A hit is not an alert: this is for whoever writes or tunes a rule. Possible victims are withheld.
        """
        from amlscreen.hit_tables import hits_table

        home = self.jurisdiction
        style = Style(home.currency, home.shown_digits, home.minor_digits, self.settings.language)
        return hits_table(self.findings, self.cards, style, self.verdict.masked, *rule_ids)

    def hit_rows(self, rule_id: str, subject: str, episode: int = 1) -> pd.DataFrame:
        """The transactions behind one hit, each with its part in it and whether it decides."""
        from amlscreen.hit_tables import hit_rows

        hidden = self.verdict.masked
        return hit_rows(self.data, self.findings, hidden, rule_id=rule_id, subject=subject, episode=episode)

    def write(self, out: str | Path) -> tuple[Path, ...]:
        """Every output into a folder, all at once; see :func:`amlscreen.sinks.write.write`."""
        from amlscreen.intake.disk import disk_told

        with disk_told(self.data.folder):
            return write(self, out)
