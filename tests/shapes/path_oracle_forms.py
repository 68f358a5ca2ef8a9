"""The other forms of shape ``path``, read as slowly: who is found, and the measures at the peak of each episode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from shapes.flow_bank import DAY, Leg
from shapes.path_oracle import Paid, Words, goes_on, partners

__all__ = ["collectors", "gatherers", "reached", "scatterers"]

Measures = dict[str, Any]
Link = tuple[Any, Any, int]
Found = tuple[str, Measures]
MILLION = 1_000_000


def by_time(made: Sequence[Paid]) -> list[Paid]:
    """In the order of the first instant at which they may have been."""
    return sorted(made, key=lambda one: (one.early, one.place))


def peaks(
    times: Sequence[int], lefts: Sequence[int], told: Sequence[Measures], lead: str, wanted: Callable[[Measures], bool]
) -> list[Measures]:
    """The best point of each run of overlapping spans that are wanted."""
    rights = [max(at for at, time in enumerate(times) if time == one) for one in times]
    episodes: list[list[int]] = []
    end = -1
    for at, measures in enumerate(told):
        if not wanted(measures):
            continue
        if episodes and lefts[at] <= end:
            episodes[-1].append(at)
            end = max(end, rights[at])
        else:
            episodes.append([at])
            end = rights[at]
    return [told[max(each, key=lambda at: (told[at][lead], rights[at] - lefts[at], -at))] for each in episodes]


def matched(came: Sequence[Any], went: Sequence[Paid], hop: int) -> list[Link]:
    """First in, first out: what came, what went, and how much of the one is in the other."""
    waiting = [[one, one.amount] for one in sorted(came, key=lambda one: (one.late, one.place))]
    links: list[Link] = []
    for out in by_time(went):
        wanted = out.amount
        while wanted and waiting and waiting[0][0].late < out.early:
            if not waiting[0][1] or out.early - waiting[0][0].early > hop:
                waiting.pop(0)
                continue
            moved = min(wanted, waiting[0][1])
            links.append((waiting[0][0], out, moved))
            waiting[0][1] -= moved
            wanted -= moved
    return links


def floored(over: int, under: int) -> int | None:
    """In millionths; None of nothing."""
    return int(Fraction(over * MILLION, under)) if under else None


def gatherers(made: Sequence[Paid], words: Words, wanted: Callable[[Measures], bool]) -> Iterator[Found]:
    """Parties that many pay and that pay many."""
    for party in sorted({one.payer for one in made}):
        came, went = ([one for one in made if getattr(one, side) == party] for side in ("receiver", "payer"))
        if partners(made, party) > words.hub:
            continue
        links = matched(came, went, min(words.hop, words.within - 1))
        told, lefts = [], []
        for _, out, _ in links:
            until, after = out.early, out.early - words.within
            inside = [at for at, (one, other, _) in enumerate(links) if one.late > after and other.early <= until]
            lefts.append(inside[0])
            part = [links[at] for at in inside]
            sent = sum(one.amount for one in came if after < one.late <= until)
            arrived = sum(moved for _, _, moved in part)
            told.append(
                {
                    "senders": len({one.payer for one, _, _ in part}),
                    "receivers": len({other.receiver for _, other, _ in part}),
                    "waited": sum((other.early - one.early) * moved for one, other, moved in part) // arrived,
                    "sent": sent,
                    "arrived": arrived,
                    "kept": floored(arrived, sent),
                }
            )
        for measures in peaks([out.early for _, out, _ in links], lefts, told, "senders", wanted):
            yield party, measures


def scatterers(made: Sequence[Paid], words: Words, wanted: Callable[[Measures], bool]) -> Iterator[Found]:
    """Pairs of ends with those in between, told by the last."""
    for origin in sorted({one.payer for one in made}):
        for end in sorted({one.receiver for one in made} - {origin}):
            used: set[int] = set()
            pairs = []
            for one in by_time([each for each in made if each.payer == origin]):
                for later in by_time([each for each in made if each.receiver == end]):
                    free = not {one.place, later.place} & used and partners(made, one.receiver) <= words.hub
                    if free and goes_on(one, later, words):
                        used |= {one.place, later.place}
                        pairs.append((one, later))
            pairs.sort(key=lambda pair: (pair[1].early, pair[1].place))
            told, lefts = [], []
            for _, later in pairs:
                after, until = later.early - words.within, later.early
                inside = [at for at, pair in enumerate(pairs) if after < pair[1].early <= until]
                lefts.append(inside[0])
                part = [pairs[at] for at in inside]
                sent, arrived = (sum(pair[side].amount for pair in part) for side in (0, 1))
                told.append(
                    {
                        "middles": len({one.receiver for one, _ in part}),
                        "duration": until - min(one.early for one, _ in part),
                        "sent": sent,
                        "arrived": arrived,
                        "kept": floored(arrived, sent),
                    }
                )
            for measures in peaks([later.early for _, later in pairs], lefts, told, "middles", wanted):
                yield (end if end.isupper() or not origin.isupper() else origin), measures


def _as_paid(leg: Leg, place: int) -> Paid:
    early = leg.at // DAY * DAY if leg.dated else leg.at
    return Paid(leg.other, leg.account, early, early + DAY - 1 if leg.dated else early, leg.amount, place, leg)


def collectors(
    made: Sequence[Paid], legs: Sequence[Leg], words: Words, share: Fraction, wanted: Callable[[Measures], bool]
) -> Iterator[Found]:
    """Parties to whom several accounts hand most of what they get."""
    rows = [_as_paid(leg, place) for place, leg in enumerate(sorted(legs))]
    inflow = [one for one in rows if one.leg.inflow and one.leg.is_credit]
    for party in sorted({one.receiver for one in made}):
        if partners(made, party) > words.hub:
            continue
        links = {}
        payers = {one.payer for one in made if one.receiver == party and one.payer.isupper()}
        for spoke in sorted(one for one in payers if partners(made, one) <= words.hub):
            came = [one for one in inflow if one.receiver == spoke and one.payer != party]
            found = matched(came, [one for one in made if (one.payer, one.receiver) == (spoke, party)], words.hop)
            by_row = {one.place: sum(m for each, _, m in found if each.place == one.place) for one, _, _ in found}
            if any(Fraction(by_row[one.place], one.amount) >= share for one, _, _ in found):
                links[spoke] = (came, found)
        paid = by_time([one for one in made if one.receiver == party and one.payer in links])
        went = [
            Paid(one.leg.account, "", one.early, one.late, one.amount, one.place, one.leg)
            for one in rows
            if one.leg.account == party and not one.leg.is_credit
        ]
        onward = matched(paid, went, words.hop)
        told, lefts = [], []
        for one in paid:
            after, until = one.early - words.within, one.early
            lefts.append(min(at for at, each in enumerate(paid) if each.early > after))
            spokes = {}
            for spoke, (came, found) in links.items():
                total = sum(each.amount for each in came if after < each.late <= until)
                passed = sum(m for each, out, m in found if each.late > after and out.early <= until)
                if passed and Fraction(passed, total) >= share:
                    spokes[spoke] = floored(passed, total)
            received = sum(each.amount for each in paid if each.payer in spokes and after < each.early <= until)
            moved = sum(m for each, _, m in onward if after < each.late <= until)
            told.append(
                {
                    "spokes": len(spokes),
                    "received": received,
                    "least_share": min((each for each in spokes.values() if each is not None), default=None),
                    "passed_on": floored(min(moved, received), received) if party.isupper() else None,
                }
            )
        for measures in peaks([one.early for one in paid], lefts, told, "spokes", wanted):
            yield party, measures


def reached(
    made: Sequence[Paid], words: Words, named: Sequence[str], since: int
) -> dict[str, tuple[int, int, int, set[Any]]]:
    """For each party: its distance, from how many named ones, what it moved, and all payments on the way, by hop."""
    ways: dict[str, list[tuple[str, list[Paid]]]] = {}

    def follow(mark: str, way: list[Paid], here: str, up: bool) -> None:
        if way and here not in named and partners(made, here) <= words.hub:
            ways.setdefault(here, []).append((mark, way))
        if len(way) == words.most_hops or (way and (here in named or partners(made, here) > words.hub)):
            return
        for one in made:
            near, far = (one.receiver, one.payer) if up else (one.payer, one.receiver)
            first, then = (one, way[-1]) if way and up else (way[-1], one) if way else (None, None)
            in_order = first is None or then is None or first.late < then.early
            if near == here and in_order and one.early >= since:
                follow(mark, [*way, one], far, up)

    for mark in named:
        for up in (False, True):
            follow(mark, [], mark, up)
    found = {}
    for party, every in ways.items():
        nearest = min(len(way) for _, way in every)
        shortest = [(mark, way) for mark, way in every if len(way) == nearest]
        own = {way[-1].place: way[-1].amount for _, way in shortest}
        steps = {(one.leg, hop) for _, way in shortest for hop, one in enumerate(way, start=1)}
        found[party] = (nearest, len({mark for mark, _ in shortest}), sum(own.values()), steps)
    return found
