"""The page `docs/numbers.md`, with its plots, from the results kept last and the text of `page.md`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from classes import Corpus
from corpus_page import section
from machine import Machine
from plots import plot_messages, plot_uploads
from results import (
    KEPT,
    ROOT,
    Comparison,
    GateTimes,
    Messages,
    Rest,
    RestRound,
    Spread,
    Timing,
    Uploads,
    kept,
    spread,
)

TEXT = Path(__file__).with_suffix(".md")
DOCS = ROOT / "docs"
TARGET = 0.7  # of nginx's rate

Row = Sequence[object]


def write(results: Path = KEPT, docs: Path = DOCS) -> None:
    """Write the page and its plots, once every benchmark of speed has run; the corpus where it was sent."""
    messages, uploads = kept(results, "messages", Messages), kept(results, "uploads", Uploads)
    gate, rest = kept(results, "gate", GateTimes), kept(results, "rest", Rest)
    if messages is None or uploads is None or gate is None or rest is None:
        return
    plot_messages(messages, docs / "images" / "numbers-messages.svg")
    plot_uploads(uploads, docs / "images" / "numbers-uploads.svg")
    told = {**_of_messages(messages), **_of_rest(rest), **_of_uploads(uploads), **_of_gate(gate)}
    text = TEXT.read_text(encoding="utf-8").format(**told)
    if corpus := kept(results, "corpus", Corpus):
        text += "\n" + section(corpus, _told(corpus.machine))
    (docs / "numbers.md").write_text(text, encoding="utf-8")


def _of_messages(result: Messages) -> dict[str, object]:
    rounds = result.rounds
    rows = [
        ("Vestibule, messages a second", *_cells(result.rate, ",.0f")),
        ("sqlite3 alone, messages a second", *_cells(result.raw_rate, ",.0f")),
        ("ratio", *_cells(result.ratio, ".2f")),
        ("messages that shared a commit", *_cells(spread([each.group for each in rounds]), ".0f")),
        ("delivery, p50, ms", *_cells(spread([each.delivery_p50 for each in rounds]), ".0f")),
        ("delivery, p99, ms", *_cells(spread([each.delivery_p99 for each in rounds]), ".0f")),
        ("cores that the server kept busy", *_cells(spread([each.server_cpu for each in rounds]), ".2f")),
        ("cores that the client kept busy", *_cells(spread([each.client_cpu for each in rounds]), ".2f")),
    ]
    return {
        "pairs": result.pairs,
        "messages": _table(("", "least", "middle", "most"), rows),
        "ratio": result.ratio.middle,
        "pace": result.pace.rate,
        "pace_p50": result.pace.delivery_p50,
        "pace_p99": result.pace.delivery_p99,
        "pace_acknowledged": result.pace.acknowledged_p99,
        "messages_machine": _told(result.machine),
    }


def _of_rest(result: Rest) -> dict[str, object]:
    rows = [
        (f"{name}, {what}", *_cells(spread([getattr(each, field) for each in rounds]), form))
        for name, rounds in (("the account", result.account), ("people", result.people))
        for field, what, form in (
            ("rate", "messages a second", ",.0f"),
            ("answered_p50", "answered, p50, ms", ".0f"),
            ("answered_p99", "answered, p99, ms", ".0f"),
            ("server_cpu", "cores that the server kept busy", ".2f"),
            ("client_cpu", "cores that the client kept busy", ".2f"),
        )
    ]
    rows.append(("sqlite3 alone, messages a second", *_cells(result.raw_rate, ",.0f")))
    rows.append(("ratio of the account's to it", *_cells(result.ratio, ".2f")))
    return {
        "connections": result.connections,
        "rest": _table(("", "least", "middle", "most"), rows),
        "rest_account": _middle_rate(result.account),
        "rest_people": _middle_rate(result.people),
        "rest_machine": _told(result.machine),
    }


def _middle_rate(rounds: Sequence[RestRound]) -> float:
    return spread([each.rate for each in rounds]).middle


def _of_uploads(result: Uploads) -> dict[str, object]:
    columns = ("", "MB", "at once", "MB/s (least to most)", "last byte to answer, ms")
    compared = [_timed(timing) for comparison in result.comparisons for timing in comparison.timings]
    return {
        "compared": _table(columns, compared),
        "ratios": _ratios(result.comparisons),
        "verdict": _verdict(result.comparisons),
        "checked": _table(columns, [_timed(timing) for timing in result.checked]),
        "memory": _memory(result),
        "server": result.resident["server"],
        "nursery": result.resident["nursery"],
        "limit": result.limit / 1e6,
        "hashing": result.hashing,
        "uploads_machine": _told(result.machine),
    }


def _of_gate(result: GateTimes) -> dict[str, object]:
    columns = ("", "KB", "alone, p50", "alone, p95", "in the crowd, p50", "in the crowd, p95")
    waits = [
        (alone.kind, f"{alone.size / 1000:,.0f}", *_ms(alone.p50, alone.p95, crowded.p50, crowded.p95))
        for alone, crowded in zip(result.idle, result.crowded, strict=True)
    ]
    scans = [
        (scan.kind, *_ms(scan.ours.middle, scan.bare.middle, scan.ours.middle - scan.bare.middle))
        for scan in result.scans
    ]
    return {
        "waits": _table(columns, waits),
        "crowd": result.crowd,
        "files_per_second": result.files_per_second,
        "scans": _table(("", "in the house", "bare", "difference"), scans),
        "quiet_p99": result.messages_quiet_p99,
        "busy_p50": result.messages_busy_p50,
        "busy_p99": result.messages_busy_p99,
        "server_before": result.before["server"],
        "server_after": result.after["server"],
        "nursery_before": result.before["nursery"],
        "nursery_after": result.after["nursery"],
        "gate_machine": _told(result.machine),
    }


def _ms(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:,.0f}" for value in values)


def _ratios(comparisons: list[Comparison]) -> str:
    rows = [
        (_load(each), *_cells(each.ratio, ".2f"), f"{each.ratio_synced.middle:.2f}") for each in comparisons
    ]
    return _table(("", "least", "middle", "most", "of nginx with fsync, middle"), rows)


def _verdict(comparisons: list[Comparison]) -> str:
    met = [_load(each) for each in comparisons if each.ratio.middle >= TARGET]
    return f"**The target is met for {', for '.join(met)}.**" if met else "**The target is not met.**"


def _memory(result: Uploads) -> str:
    columns = ("", "MB offered", "MB sent", "answer", "server, MiB", "nursery, MiB", "its children, MiB")
    rows = [
        (
            row.kind,
            f"{row.size / 1e6:.0f}",
            f"{row.taken / 1e6:.0f}",
            row.status,
            *(f"{value:.1f}" for value in (row.server, row.nursery, row.children)),
        )
        for row in result.memory
    ]
    return _table(columns, rows)


def _load(comparison: Comparison) -> str:
    first = comparison.timings[0]
    return f"{first.size / 1e6:g} MB, {first.at_once} at once"


def _timed(timing: Timing) -> Row:
    rate = timing.rate
    return (
        timing.kind,
        f"{timing.size / 1e6:g}",
        timing.at_once,
        f"{rate.middle:.0f} ({rate.least:.0f} to {rate.most:.0f})",
        f"{timing.answer_ms.middle:.1f}",
    )


def _told(machine: Machine) -> str:
    return (
        f"Measured on {machine.date} with Vestibule {machine.vestibule}: {machine.cores} cores ("
        f"{machine.processor}), {machine.memory_gib} GiB of memory, {machine.kernel}, {machine.file_system}, "
        f"Python {machine.python}, SQLite {machine.sqlite}. In the minute before, {machine.load} processes "
        "wanted to run."
    )


def _cells(spread: Spread, form: str) -> tuple[str, str, str]:
    return f"{spread.least:{form}}", f"{spread.middle:{form}}", f"{spread.most:{form}}"


def _table(columns: Row, rows: Sequence[Row]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    write()
