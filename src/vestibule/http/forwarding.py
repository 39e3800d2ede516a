"""Forwarding: what our own proxies say of the address that the caller asked.

The headers that came before RFC 7239 win over its `Forwarded`: many proxies set only the former, and hand on
whatever a caller wrote into the latter. What is said here is told to its caller alone and never kept, so
nobody can give others a false address by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
PORTS = {"http": "80", "https": "443"}
LONGEST = 2048  # bytes of a `Forwarded`: reading one takes time by the square

# RFC 7239, section 4: elements by comma, in them pairs by semicolon; a value may be quoted.
_ELEMENT = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*")+')
_PAIR = re.compile(r'(?<!\w)(\w{1,20})=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))')


def scheme_told(headers: Mapping[str, str], hops: int) -> str:
    """`http` or `https`; empty where nothing good is said. `hops` counts our proxies on the way."""
    scheme = _told(headers, "x-forwarded-proto", "proto", hops).lower()
    return scheme if scheme in PORTS else ""


def host_told(headers: Mapping[str, str], hops: int, scheme: str) -> str:
    """The host, with its port where that is not the scheme's own; empty where nothing good is said."""
    host = _told(headers, "x-forwarded-host", "host", hops) or headers.get("host", "")
    if not HOST.fullmatch(host):
        return ""
    port = _pick(headers.get("x-forwarded-port", ""), hops)
    has_port = host.rpartition(":")[2].isdigit() and not host.endswith("]")
    if not has_port and port.isascii() and port.isdigit() and port != PORTS.get(scheme):
        host = f"{host}:{port}"
    return host.lower()


def prefix_told(headers: Mapping[str, str], hops: int) -> str:
    """The path before ours that a proxy took away, such as `/support`."""
    prefix = _pick(headers.get("x-forwarded-prefix", ""), hops).rstrip("/")
    return prefix if PREFIX.fullmatch(prefix) else ""


def addresses_told(headers: Mapping[str, str]) -> str:
    """Whom it came through, the nearest last, separated by commas."""
    if "x-forwarded-for" in headers or "forwarded" not in headers:
        return headers.get("x-forwarded-for", "")
    return ",".join(_bare(element.get("for", "")) for element in _elements(headers["forwarded"]))


def _told(headers: Mapping[str, str], older: str, name: str, hops: int) -> str:
    if older in headers:
        return _pick(headers[older], hops)
    elements = _elements(headers.get("forwarded", ""))
    return elements[max(0, len(elements) - hops)].get(name, "") if elements else ""


def _pick(values: str, hops: int) -> str:
    """What our outermost proxy wrote: those further in only add to its right."""
    parts = [part.strip() for part in values.split(",")]
    return parts[max(0, len(parts) - hops)]


def _elements(header: str) -> list[dict[str, str]]:
    """The elements of a `Forwarded`, each as its pairs; none of a longer one than proxies write."""
    if len(header) > LONGEST:
        return []
    return [
        {
            name.lower(): re.sub(r"\\(.)", r"\1", quoted) or word
            for name, quoted, word in _PAIR.findall(element)
        }
        for element in _ELEMENT.findall(header)
    ]


def _bare(node: str) -> str:
    """An address without brackets and port (RFC 7239, section 6)."""
    if node.startswith("["):
        return node[1:].partition("]")[0]
    return node.partition(":")[0] if node.count(":") == 1 else node
