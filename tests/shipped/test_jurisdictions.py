"""What the shipped jurisdictions promise: every figure has a source, and no place name leads to two provinces."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from amlscreen.jurisdiction import Jurisdiction
from amlscreen.schema import CHANNELS, TABLES
from amlscreen.shipped import shipped_files

NAMES = [file.stem for file in shipped_files("jurisdictions", "*.yml")]


@pytest.fixture(params=NAMES)
def country(request: pytest.FixtureRequest) -> Jurisdiction:
    """Each shipped jurisdiction."""
    return Jurisdiction.load(str(request.param))


def test_every_figure_names_its_source_and_an_unverified_one_says_why(country: Jurisdiction) -> None:
    """A figure nobody can trace is worth nothing in a review."""
    for figure in (*country.cash_report_threshold, *country.monthly_minimum_wage, *country.limits):
        assert figure.source
        assert figure.verified or figure.note


def test_figures_stand_in_the_order_of_their_days(country: Jurisdiction) -> None:
    """Each figure holds from its day until the next."""
    for figures in (country.cash_report_threshold, country.monthly_minimum_wage):
        assert all(before.holds_from < after.holds_from for before, after in pairwise(figures))


def test_limits_name_known_channels_and_have_their_own_ids(country: Jurisdiction) -> None:
    """A line about a channel that no export can hold would never be looked at."""
    assert len({limit.id for limit in country.limits}) == len(country.limits)
    assert {channel for limit in country.limits for channel in limit.channels} <= set(CHANNELS)


def test_required_kyc_names_columns_of_customers(country: Jurisdiction) -> None:
    """What must be filled has to exist; traits that never score are not asked for."""
    wanted = {*country.required_kyc, *country.required_kyc_entity}
    assert wanted <= set(TABLES["customers"].names)
    assert "sex" not in wanted


def test_laos_has_eighteen_provinces_and_vientiane_alone_is_ambiguous() -> None:
    """The capital and the province share a name; the bare name must never pick one of them."""
    provinces = Jurisdiction.load("laos").provinces
    spelled = Counter(
        name.casefold()
        for province in provinces
        for name in {province.name, province.name_local, *province.aliases}
        if name
    )
    unclear = {name.casefold() for province in provinces for name in province.ambiguous}
    assert len({province.code for province in provinces}) == 18
    assert max(spelled.values()) == 1
    assert "vientiane" in unclear
    assert not unclear & set(spelled)


def test_the_lao_cash_report_line_is_said_to_be_unverified() -> None:
    """The only summary read contradicts itself; a verified flag here would be an invention."""
    assert not any(figure.verified for figure in Jurisdiction.load("laos").cash_report_threshold)
