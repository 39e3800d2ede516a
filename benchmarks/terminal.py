"""Results as tables, for whoever waits at the terminal."""

from __future__ import annotations

from rich.table import Table

from results import GateTimes, Messages, Rest, RestRound, Spread, Timing, Uploads, spread


def messages_table(result: Messages) -> Table:
    table = Table(title=f"Messages, {result.pairs} pairs at will, then paced", title_justify="left")
    for column in ("what", "least", "middle", "most"):
        table.add_column(column, justify="left" if column == "what" else "right")
    table.add_row("Vestibule, messages a second", *_cells(result.rate, ",.0f"))
    table.add_row("sqlite3 alone, messages a second", *_cells(result.raw_rate, ",.0f"))
    table.add_row("ratio", *_cells(result.ratio, ".2f"))
    table.add_row("messages that shared a commit", *_of(result, "group", ".0f"))
    table.add_row("at will, delivery p50, ms", *_of(result, "delivery_p50", ".1f"))
    table.add_row("at will, delivery p99, ms", *_of(result, "delivery_p99", ".1f"))
    table.add_row("server, cores busy", *_of(result, "server_cpu", ".2f"))
    table.add_row("client, cores busy", *_of(result, "client_cpu", ".2f"), end_section=True)
    pace = result.pace
    table.add_row(f"at {pace.rate:g} a second, delivery p50, ms", "", f"{pace.delivery_p50:.1f}", "")
    table.add_row(f"at {pace.rate:g} a second, delivery p99, ms", "", f"{pace.delivery_p99:.1f}", "")
    return table


def rest_table(result: Rest) -> Table:
    table = Table(title=f"POST .../Messages, {result.connections} connections", title_justify="left")
    for column in ("what", "least", "middle", "most"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name, rounds in (("account", result.account), ("people", result.people)):
        for what, form in _REST:
            values = spread([getattr(each, what) for each in rounds])
            table.add_row(f"{name}: {what}", *_cells(values, form))
    table.add_row("sqlite3 alone, messages a second", *_cells(result.raw_rate, ",.0f"))
    table.add_row("ratio of the account", *_cells(result.ratio, ".2f"))
    return table


_REST: tuple[tuple[str, str], ...] = tuple(
    (name, ",.0f" if name in ("rate", "server_us") else ".2f" if name.endswith("_cpu") else ".1f")
    for name in RestRound.__struct_fields__
)


def uploads_table(result: Uploads) -> Table:
    table = Table(title="Uploads (middle of the rounds)", title_justify="left")
    for column in ("what", "MB", "at once", "MB/s", "last byte to answer, ms"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for comparison in result.comparisons:
        for timing in comparison.timings:
            table.add_row(*_timing_cells(timing), end_section=timing is comparison.timings[-1])
    for timing in result.checked:
        table.add_row(*_timing_cells(timing))
    return table


def gate_table(result: GateTimes) -> Table:
    table = Table(title="Last byte to verdict, ms", title_justify="left")
    crowd = f"among {result.crowd}"
    for column in ("what", "KB", "alone, p50", "p95", f"{crowd}, p50", "p95", "clamd: ours", "bare"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for alone, crowded, scan in zip(result.idle, result.crowded, result.scans, strict=True):
        times = (alone.p50, alone.p95, crowded.p50, crowded.p95, scan.ours.middle, scan.bare.middle)
        table.add_row(alone.kind, f"{alone.size / 1000:.0f}", *(f"{value:,.0f}" for value in times))
    quiet, busy = result.messages_quiet_p99, result.messages_busy_p99
    table.caption = (
        f"{result.files_per_second:.1f} files a second in the crowd. Messages, p99: {quiet:.0f} ms before, "
        f"{busy:.0f} ms meanwhile. Server {result.before['server']:.0f} MiB before, "
        f"{result.after['server']:.0f} after; nursery {result.before['nursery']:.0f}, "
        f"{result.after['nursery']:.0f}."
    )
    return table


def ratios_table(result: Uploads) -> Table:
    table = Table(title="Hashed and sniffed, compared with nginx", title_justify="left")
    for column in ("what", "to nginx: least", "middle", "most", "to nginx, then fsync: middle"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for comparison in result.comparisons:
        first = comparison.timings[0]
        what = f"{first.size / 1e6:g} MB, {first.at_once} at once"
        table.add_row(what, *_cells(comparison.ratio, ".2f"), f"{comparison.ratio_synced.middle:.2f}")
    return table


def _timing_cells(timing: Timing) -> tuple[str, ...]:
    return (
        timing.kind,
        f"{timing.size / 1e6:g}",
        str(timing.at_once),
        f"{timing.rate.middle:.0f}",
        f"{timing.answer_ms.middle:.1f}",
    )


def memory_table(result: Uploads) -> Table:
    table = Table(title="Memory above what was resident before, MiB", title_justify="left")
    for column in ("what", "MB offered", "MB taken", "status", "server", "nursery", "its children"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for memory in result.memory:
        table.add_row(
            memory.kind,
            f"{memory.size / 1e6:g}",
            f"{memory.taken / 1e6:.0f}",
            str(memory.status),
            *(f"{value:.1f}" for value in (memory.server, memory.nursery, memory.children)),
        )
    return table


def _cells(spread: Spread, form: str) -> tuple[str, str, str]:
    return f"{spread.least:{form}}", f"{spread.middle:{form}}", f"{spread.most:{form}}"


def _of(result: Messages, field: str, form: str) -> tuple[str, str, str]:
    values = sorted(getattr(round, field) for round in result.rounds)
    return f"{values[0]:{form}}", f"{values[len(values) // 2]:{form}}", f"{values[-1]:{form}}"
