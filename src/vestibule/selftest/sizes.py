"""Sizes: what is too large is cut off while it comes, and what is not passes, through every proxy."""

from __future__ import annotations

from vestibule.selftest import samples
from vestibule.selftest.bare import poured
from vestibule.selftest.cases import Cases, NotTested, must
from vestibule.selftest.samples import MIB, Sample
from vestibule.selftest.visit import Visit

cases = Cases("sizes")

BESIDE = MIB  # bytes over the limit that one sender adds
SLACK = 12 * MIB  # bytes on their way, in the buffers of two systems and a proxy
LARGE = 20 * MIB


def _beginning(visit: Visit) -> Sample:
    if sample := samples.beginning(visit.accepts):
        return sample
    raise NotTested("this house takes none of .txt, .png and .pdf")


def _mib(size: int) -> str:
    return f"{size / MIB:.1f} MiB"


@cases.case("too large, and says so")
async def declared(visit: Visit) -> str:
    """A file that says it is too large is refused before it is sent."""
    size = visit.max_bytes + BESIDE
    answer = await poured(visit.visitor, _beginning(visit), size, is_declared=True, enough=0)
    must(answer.status == 413, f"{_mib(size)} were answered {answer.status or 'by a closed connection'}")
    must(
        answer.sent < size // 2,
        f"the 413 came after {_mib(answer.sent)}: does a proxy keep uploads (proxy_request_buffering)?",
    )
    return f"413 after {_mib(answer.sent)}"


@cases.case("too large, and says nothing")
async def undeclared(visit: Visit) -> str:
    """A file that turns out to be too large is cut off at the limit."""
    size = visit.max_bytes + 2 * SLACK
    enough = visit.max_bytes + BESIDE
    answer = await poured(visit.visitor, _beginning(visit), size, is_declared=False, enough=enough)
    must(answer.status == 413, f"{_mib(size)} were answered {answer.status or 'by a closed connection'}")
    must(
        answer.sent < visit.max_bytes + SLACK,
        f"the 413 came after {_mib(answer.sent)}: does a proxy keep uploads (proxy_request_buffering)?",
    )
    return f"413 after {_mib(answer.sent)}, of at most {_mib(visit.max_bytes)}"


@cases.case("as large as allowed")
async def large(visit: Visit) -> str:
    """A large file that the house takes is let through by everything before it."""
    size = min(LARGE, visit.max_bytes)
    sample = samples.large(visit.accepts, size)
    if sample is None:
        raise NotTested("this house takes neither .txt nor .png")
    answer = await visit.visitor.upload(sample)
    must(
        answer.status_code != 413,
        f"{_mib(size)} were answered 413: raise the proxy's limit (client_max_body_size)",
    )
    sent = await visit.visitor.received(answer)
    must(sent.is_open, f"{_mib(size)} of {sample.ending} were not let in: {sent.told}")
    return f"{_mib(len(sample.content))} got through"
