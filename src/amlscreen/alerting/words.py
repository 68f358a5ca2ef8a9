"""The sentences judging adds around what the cards say, in English and Lao.

They state figures and what was done with them; none of them accuses. The Lao wording awaits a native reader's review.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

__all__ = ["note_in_words", "phrase"]

_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "repeat": "Seen again in {count} further episodes, the first from {first_day}.",
        "repeat_one": "Seen again in one further episode, from {first_day}.",
        "overlap": "Rests on the same transactions as {other}, so it is not counted twice.",
        "overlap_part": "Rests on the same transactions as {other}, so a part of its points is taken back.",
        "overlap_kept": "Rests on the same transactions as {other}; the scorecard counts both.",
        "or_more": "{feature}: {value}, where points begin at {cut} or more.",
        "or_less": "{feature}: {value}, where points begin at {cut} or less.",
        "cap": "Rules of the family '{family}' together count {cap} points at most.",
        "typology": "Looks most like '{typology}': {count} of its {parts} parts were seen.",
        "floor": "Counter-evidence takes away no more than the points it may be weighed against.",
        "tenure": "Customer for {days} days.",
        "living": "{share} of the money spent went on ordinary living, in {count} payments.",
        "salary_in": "A salary arrived in {count} months.",
        "salary_out": "Salaries were paid out in {count} months.",
        "shop": "A registered shop; {share} of its takings fall between 06:00 and 22:00.",
        "partial": "Only {share} of the values it needs are known.",
        "note_hub_skipped": "Not followed, being too common to say anything: {what}.",
        "note_values_let_go": "Values on too many were let go: {what}.",
        "note_members_cut": "Of the members, {what}.",
        "note_rows_cut": "Of the transactions behind it, {what}.",
        "note_stopped_early": "The search stopped at its limit, so there may be more ({what}).",
        "note_not_looked_at": "Not in this data: {what}.",
        "also": "Also: {titles}.",
        "also_more": "Also: {titles}; and {rest} more.",
        "older": "Before the alerting span: {rules}, since {first_day}.",
        "group": "{count} linked customers, seen together.",
        "clause_anchor_with_families": "It alerts because a fact from outside the flows stands "
        "beside {count} other families of rules.",
        "clause_anchor_with_families_alone": "It alerts because of a fact from outside the flows.",
        "clause_families_together": "It alerts because {count} families of rules ({families}) met within "
        "{days} days; {needed} are needed.",
        "clause_linked_customers": "It alerts because {customers} linked customers together show {count} "
        "families of rules; {needed} are needed.",
        "clause_band": "It alerts because its points ({points}) reach the band '{band}', which begins at {needed}.",
        "fact": "{measure} was {value}; {what}",
        "rule_only": "{measure}: {what}",
        "gte": "it would not have fired below {limit}.",
        "gt": "it would not have fired at {limit} or below.",
        "lte": "it would not have fired above {limit}.",
        "lt": "it would not have fired at {limit} or above.",
        "between": "it would not have fired below {limit}, nor at {upper} or above.",
        "eq": "it fires at {limit} only.",
        "one_of": "it would not have fired outside {limit}.",
        "none_of": "it would not have fired at {limit}.",
        "null": "it fires only where this is not recorded.",
        "not_null": "it fires only where this is recorded.",
        "any_of": "Any of these is enough, so each that held would have had to differ: {alternatives}",
        "repeat_needed": "It needs at least {count} such episodes within {span}; with fewer it would not have fired.",
        "repeat_distinct": "It needs {count} different values of {column} within {span}; fewer would not do.",
        "spans_needed": "It must hold in at least {count} of the last {of} spans; in fewer it would not have fired.",
        "rows_needed": "It needs at least {count} matching rows; with fewer it would not have fired.",
        "values_needed": "It needs {count} different values of {column}; fewer would not do.",
        "step_present": "It would not have fired without a row of '{rows}' within {span}.",
        "step_absent": "It would not have fired had there been a row of '{rows}' within {span}.",
        "after_hit": "It would not have fired without an episode of {rule} within {span} before.",
        "exists": "It fires on any row of '{rows}'; without one it would not have fired.",
        "account": "Account {account}: {text}",
    }
)

_LAO: Mapping[str, str] = MappingProxyType(
    {
        "repeat": "ພົບອີກ {count} ຄັ້ງ, ຄັ້ງທຳອິດແຕ່ {first_day}.",
        "repeat_one": "ພົບອີກໜຶ່ງຄັ້ງ, ແຕ່ {first_day}.",
        "overlap": "ອີງໃສ່ທຸລະກຳດຽວກັນກັບ {other}, ຈຶ່ງບໍ່ນັບສອງຄັ້ງ.",
        "cap": "ກົດໃນກຸ່ມ '{family}' ລວມກັນນັບບໍ່ເກີນ {cap} ຄະແນນ.",
        "floor": "ຫຼັກຖານແກ້ຕ່າງຫຼຸດໄດ້ບໍ່ເກີນຄະແນນທີ່ມັນຊັ່ງນ້ຳໜັກໄດ້.",
        "tenure": "ເປັນລູກຄ້າມາ {days} ມື້.",
        "living": "{share} ຂອງເງິນທີ່ໃຊ້ຈ່າຍແມ່ນເພື່ອການດຳລົງຊີວິດປົກກະຕິ, {count} ລາຍການ.",
        "salary_in": "ມີເງິນເດືອນເຂົ້າ {count} ເດືອນ.",
        "salary_out": "ມີການຈ່າຍເງິນເດືອນອອກ {count} ເດືອນ.",
        "shop": "ຮ້ານຄ້າທີ່ລົງທະບຽນ; {share} ຂອງລາຍຮັບຢູ່ລະຫວ່າງ 06:00 ຫາ 22:00.",
        "partial": "ຮູ້ພຽງ {share} ຂອງຄ່າທີ່ຕ້ອງການ.",
        "also": "ພ້ອມນັ້ນ: {titles}.",
        "older": "ກ່ອນໄລຍະແຈ້ງເຕືອນ: {rules}, ແຕ່ {first_day}.",
        "group": "ລູກຄ້າທີ່ກ່ຽວຂ້ອງກັນ {count} ລາຍ, ພິຈາລະນາຮ່ວມກັນ.",
        "account": "ບັນຊີ {account}: {text}",
    }
)


def note_in_words(kind: str, what: str, language: Literal["en", "lo"]) -> str:
    """What a search left out; a code of a bank's own scenario stands as it is."""
    name = f"note_{kind}"
    return phrase(name, language, what=what) if name in _ENGLISH else f"{kind.replace('_', ' ')}: {what}."


def phrase(name: str, language: Literal["en", "lo"], **values: object) -> str:
    """One sentence, filled; where the Lao wording is missing, the English one."""
    template = (_LAO.get(name) if language == "lo" else None) or _ENGLISH[name]
    return template.format(**values)
