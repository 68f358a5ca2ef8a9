"""How each shape looks, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from amlscreen.feature_catalogue import GROUPS
from amlscreen.rules.in_words.conditions import conditions_in_words
from amlscreen.rules.in_words.values import Known, listed, value_in_words

__all__ = ["features_looked_at", "opening", "settings"]

_ANCHORS = {
    "each": "a transaction of",
    "first": "the first of each run of transactions of",
    "last": "the last of each run of transactions of",
}
_FORMS = {
    "chain": "money that moves on from account to account, each time within {hop} and at least {keeps} of it",
    "cycle": "money that comes back to where it began, moving on each time within {hop} and at least {keeps} of it",
    "scatter_gather": "one account pays several others, and these pay one and the same",
    "gather_scatter": "an account that many pay, and that pays many out of it within {hop}",
    "collector": "accounts that each pass at least {spoke_share} of what came in on to one and the same within {hop}",
    "reach": "payments, at most {most_hops} steps away, to or from a party named in earlier reports or cases",
}


def opening(detect: Any, known: Known) -> str:
    """Over what span and about whom the card looks, with a colon where named parts follow."""
    return _OPENINGS[detect.shape](detect, known)


def _about(detect: Any) -> str:
    about = f"about one {listed(detect.subjects, 'or')}"
    by = getattr(detect, "by", ())
    return f"{about}, separately for each {listed([f'`{one}`' for one in by])}" if by else about


def _window(detect: Any, known: Known) -> str:
    return f"Within {value_in_words(detect.within, known)}, {_about(detect)}:"


def _sequence(detect: Any, known: Known) -> str:
    steps = [f"{_ANCHORS[detect.anchor]} `{detect.first}`"]
    for step in detect.then:
        since = "" if step.from_ == "anchor" else " of the step before"
        some = "a transaction" if step.is_ == "present" else "no transaction"
        span = value_in_words(step.within, known)
        steps.append(f"then within {span}{since} {some} of `{step.rows}`{_compared(step)}")
    text = ", ".join(steps)
    return f"{text[0].upper()}{text[1:]}; {_about(detect)}:"


def _compared(step: Any) -> str:
    parts = [f"the same `{one}`" for one in step.same] + [f"another `{one}`" for one in step.different]
    parts += [f"`{name}` within {distance} of it" for name, distance in step.similar.items()]
    return f" with {listed(parts)}" if parts else ""


def _match(detect: Any, known: Known) -> str:
    when = f"of the last {value_in_words(detect.within, known)}" if detect.within is not None else "as of the run's day"
    own = detect.subject in {"customer_id", "account_id"}
    about = detect.subject_kind if own else f"{detect.subject_kind} in `{detect.subject}`"
    where = conditions_in_words(detect.where, known)
    return f"Rows of the table `{detect.table}`, {when}, about one {about}, where: {where}."


def _baseline(detect: Any, known: Known) -> str:
    if detect.history:
        spans, least = (value_in_words(one, known) for one in (detect.history.spans, detect.history.at_least))
        usual = f"the median of the {spans} spans of the same length before it, of which at least {least} must be known"
    elif detect.declared:
        usual = f"what was declared (`{detect.declared}`)"
    else:
        least = value_in_words(detect.peers.at_least, known)
        by = listed([f"`{one}`" for one in detect.peers.by])
        usual = f"the median of people alike in {by}, at least {least} of them, else of the next wider group"
    return f"`{detect.compare}` of the last {value_in_words(detect.within, known)}, {_about(detect)}, against {usual}:"


def _cluster(detect: Any, known: Known) -> str:
    members = "Customers" if not detect.members.columns and not detect.members.any_of else "Customers for whom "
    who = "" if members == "Customers" else conditions_in_words(detect.members, known)
    return f"{members}{who} who are tied together by {listed([_link(one, known) for one in detect.links], 'or by')}:"


def _link(link: Any, known: Known) -> str:
    same = listed([f"`{one}`" for one in link.same])
    where = f", where {conditions_in_words(link.where, known)}" if link.where.columns or link.where.any_of else ""
    span = f", of the last {value_in_words(link.within, known)}" if link.within is not None else ""
    most = value_in_words(link.most, known)
    return f"the same {same} in `{link.table}`{where}{span} (a value on more than {most} customers ties nobody)"


def _path(detect: Any, known: Known) -> str:
    shares = {name: value_in_words(getattr(detect, name), known, "ratio") for name in ("keeps", "spoke_share")}
    plain = {name: value_in_words(getattr(detect, name), known) for name in ("hop", "most_hops")}
    form = _FORMS[detect.form].format(**shares, **plain)
    return f"Within {value_in_words(detect.within, known)}, {form}:"


def _anomaly(detect: Any, known: Known) -> str:
    who = conditions_in_words(detect.among, known, between=" and ")
    whom = f"a {detect.subject}" if not (detect.among.columns or detect.among.any_of) else f"a {detect.subject} ({who})"
    least = value_in_words(detect.peers.at_least, known)
    by = listed([f"`{one}`" for one in detect.peers.by])
    what = "the default detector" if detect.detector is None else f"the detector `{detect.detector}`"
    peers = f"those alike in {by}, at least {least} of them, else the next wider group"
    return f"How odd {whom} is among its peers ({peers}), by what {what} makes of these features:"


def _scenario(detect: Any, known: Known) -> str:
    told = [f"{name.replace('_', ' ')} {_option(detect, name, known)}" for name in detect.options]
    return f"{detect.signature.meaning.rstrip('.')}{f' ({listed(told)})' if told else ''}:"


def _option(detect: Any, name: str, known: Known) -> str:
    return value_in_words(detect.options[name], known, detect.signature.options[name].unit)


_OPENINGS: Mapping[str, Callable[[Any, Known], str]] = {
    "window": _window,
    "sequence": _sequence,
    "match": _match,
    "baseline": _baseline,
    "cluster": _cluster,
    "path": _path,
    "anomaly": _anomaly,
    "scenario": _scenario,
}


def settings(detect: Any, known: Known) -> Iterator[str]:
    """What a shape asks for besides: how often, after what, among how many."""
    if getattr(detect, "for_each", None):
        yield "Looked at once for each line of the jurisdiction's limits."
    if getattr(detect, "spans", None):
        least, of = value_in_words(detect.spans.at_least, known), value_in_words(detect.spans.of, known)
        yield f"This holds in at least {least} of the last {of} spans."
    if repeat := getattr(detect, "repeat", None):
        span = value_in_words(repeat.within, known)
        of = f", counted by different `{repeat.distinct}`" if repeat.distinct else ""
        yield f"All of this at least {value_in_words(repeat.at_least, known)} times within {span}{of}."
    if detect.shape == "match" and (detect.at_least != 1 or detect.distinct):
        what = f"different values of `{detect.distinct}`" if detect.distinct else "such rows"
        yield f"At least {value_in_words(detect.at_least, known)} {what} for one subject."
    if detect.shape == "path":
        yield f"An account with more than {value_in_words(detect.hub, known)} counterparties is not walked through."
    if detect.shape == "anomaly":
        yield from _not_scored(detect, known)
    yield from _group(detect, known)
    if after := getattr(detect, "after_hit", None):
        yield f"Only within {value_in_words(after.within, known)} after a hit of {after.rule} on the same customer."


def _not_scored(detect: Any, known: Known) -> Iterator[str]:
    if detect.history is not None:
        yield f"Who has been seen for less than {value_in_words(detect.history, known)} is not scored."
    few = value_in_words(detect.least_features, known)
    yield f"Who has fewer than {few} of the features known is not scored, nor who has too few peers."
    yield "It adds points and never alerts alone."


def features_looked_at(detect: Any) -> Iterator[tuple[str, str]]:
    """The features of an anomaly by the group they stand in; nothing for other shapes."""
    if detect.shape == "anomaly":
        for group in GROUPS:
            mine = [f"`{one.name}`" for one in detect.looked_at if one.group == group]
            if mine:
                yield group, listed(mine)


def _group(detect: Any, known: Known) -> Iterator[str]:
    if flagged_by := getattr(detect, "flagged_by", ()):
        span = value_in_words(detect.flagged_within, known)
        yield f"A member is flagged by a hit of {listed(flagged_by, 'or')} in the last {span}."
    if lead := getattr(detect, "lead", None):
        yield f"The hit is about whom `{lead}` names."
    if victims := getattr(detect, "victims", None):
        is_parts = isinstance(victims, tuple)
        who = listed(victims, "or") if is_parts else f"members for whom {conditions_in_words(victims, known)}"
        yield f"Possible victims, kept apart and never the subject: {who}."
