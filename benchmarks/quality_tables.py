"""The figures of the synthetic banks as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.quality_measure import SHARES, STRENGTHS, Planted, Quality, share, variants

__all__ = ["tables"]


def tables(quality: Quality) -> str:
    """Everything of one tier: in short, rings, cards, look-alikes, fairness."""
    parts = (_in_short, _rings, _cards, _look_alikes, _fairness)
    return "\n\n".join("\n".join(part(quality)) for part in parts)


def _in_short(q: Quality) -> Sequence[str]:
    victims = q.victims
    yield f"{q.tier}: {q.customers:,} customers, {q.guilty:,} with a part in something planted; {q.alerts:,} alerts"
    yield (
        f"innocent customers under alert: {q.false_per_thousand:.1f} of 1,000 ({q.falsely['all']:,} of "
        f"{q.innocent['all']:,}); {q.falsely_protected:,} more listed as possible victims"
    )
    for rings, name in ((True, "rings"), (False, "single patterns")):
        by_strength = ", ".join(f"{one} {q.under(rings=rings, intensity=one):.0%}" for one in STRENGTHS)
        yield f"{name} with somebody under alert or protected: {q.under(rings=rings):.0%} ({by_strength})"
    found = ", ".join(
        f"{per_mille / 10:g} %: {q.precision(per_mille):.0%} of {q.looked_at[per_mille]:,}" for per_mille in SHARES
    )
    yield f"of those ranked first, with a part in something planted: {found} (by chance {q.guilty / q.customers:.1%})"
    yield (
        f"possible victims planted: {victims['planted']:,}; protected {victims['protected']:,}; "
        f"under review themselves {victims['alerted']:,}; protected people named in alerts: {victims['both']:,} "
        f"(whose account number stands in one: {victims['account']:,})"
    )
    worst = ", ".join(f"{rule} {count:,}" for rule, count in q.false_by.most_common(12) if count)
    yield f"innocent customers under alert were hit by: {worst}"


def _rings(q: Quality) -> Sequence[str]:
    yield "ring            story                        rings  under  story named   blatant  moderate    subtle"
    for prefix in sorted({_ring(one) for one in q.planted if one.story != "alone"}):
        rows = {one.instance: one for one in q.planted if _ring(one) == prefix}.values()
        cells = [_count([one.under for one in rows if one.intensity == strength]) for strength in STRENGTHS]
        first = next(iter(rows))
        yield (
            f"{prefix:16}{first.story:28}{len(rows):>6}{share([one.under for one in rows]):>7.0%}"
            f"{share([one.named for one in rows]):>13.0%}" + "".join(f"{cell:>10}" for cell in cells)
        )


def _ring(one: Planted) -> str:
    return one.instance.rpartition("/")[2].rpartition("-")[0]


def _cards(q: Quality) -> Sequence[str]:
    yield "card     planted  own card  under   blatant  moderate    subtle  innocent hit"
    for typology in sorted({one.typology for one in q.planted}):
        rows = q.of(typology)
        under = share([one.under for one in rows])
        head = f"{typology:9}{len(rows):>7}"
        if not variants(typology, q.shipped):
            yield f"{head}{'no card yet':>28}{under:>7.0%} under"
            continue
        if not variants(typology, q.evaluable):
            yield f"{head}{'not evaluable':>28}{under:>7.0%} under"
            continue
        cells = [_count([one.hit for one in rows if one.intensity == strength]) for strength in STRENGTHS]
        innocent = sum(q.false_hits[rule] for rule in variants(typology, q.evaluable))
        yield (
            f"{head}{q.recall(typology):>10.0%}{under:>7.0%}"
            + "".join(f"{cell:>10}" for cell in cells)
            + f"{innocent:>14,}"
        )


def _count(found: Sequence[bool]) -> str:
    return f"{sum(found)}/{len(found)}"


def _look_alikes(q: Quality) -> Sequence[str]:
    yield "innocent group                      customers  under alert  of 1,000"
    for name in sorted(q.innocent, key=lambda one: (one != "all", -q.falsely[one] / max(q.innocent[one], 1), one)):
        rate = 1000 * q.falsely[name] / max(q.innocent[name], 1)
        yield f"{name:36}{q.innocent[name]:>9,}{q.falsely[name]:>13,}{rate:>10.1f}"


def _fairness(q: Quality) -> Sequence[str]:
    yield "persons             customers  alerted of 1,000  ratio   innocent  alerted of 1,000  ratio"
    for name in sorted(one for one in q.everybody if not one.startswith("innocent")):
        cells = ""
        for prefix in ("", "innocent "):
            size = q.everybody[prefix + name]
            rate, whole = rate_of(q, prefix + name), rate_of(q, f"{prefix}person")
            ratio = f"{rate / whole:.2f}" if whole else "-"
            cells += f"{size:>10,}{rate:>18.1f}{ratio:>7}"
        yield f"{name:19}{cells}"


def rate_of(q: Quality, name: str) -> float:
    """Alerted customers of a thousand."""
    return 1000 * q.alerted[name] / max(q.everybody[name], 1)
