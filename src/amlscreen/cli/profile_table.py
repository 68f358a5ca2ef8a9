"""Where time, memory and temporary disk of a run went, as a table."""

from __future__ import annotations

from amlscreen.profiling import Profile, Stage

__all__ = ["profile_table"]

_HEAD = ("stage", "seconds", "CPU s", "cores", "from GB", "peak GB", "disk GB")


def profile_table(profile: Profile) -> str:
    """A line for each stage, below the one it lies in; ``cores`` is how many processors were busy on average.

    Stages on threads of their own lie beside each other: their seconds may add up to more than those around them.
    """
    lines = [_HEAD, *(_line(one) for one in _in_order(profile))]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEAD))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _in_order(profile: Profile) -> list[Stage]:
    """Each stage before those inside it, otherwise as they began."""
    began = {path: number for number, path in enumerate(profile.stages)}
    return [
        profile.stages[path]
        for path in sorted(began, key=lambda path: [began[path[: depth + 1]] for depth in range(len(path))])
    ]


def _line(one: Stage) -> tuple[str, ...]:
    memory = ("-", "-") if not one.peak else (f"{one.before / 1e9:.2f}", f"{one.peak / 1e9:.2f}")
    name = "  " * (len(one.path) - 1) + one.path[-1] + (f" ({one.times} times)" if one.times > 1 else "")
    cores = f"{one.cpu / one.seconds:.1f}" if one.seconds >= 0.05 else "-"
    return (name, f"{one.seconds:.2f}", f"{one.cpu:.2f}", cores, *memory, f"{one.disk / 1e9:.2f}")
