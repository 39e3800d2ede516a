"""Where a request comes from, and what this server is called. Headers are believed from proxies only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from vestibule.http.forwarding import addresses_told

Network = IPv4Network | IPv6Network
PORTS = {"http": 80, "https": 443}  # that a browser does not write


class Addresses:
    """Resolves addresses, given the networks of our own proxies."""

    def __init__(self, trusted_proxies: Sequence[str]) -> None:
        self._trusted: tuple[Network, ...] = tuple(ip_network(text, strict=False) for text in trusted_proxies)

    def is_proxy(self, address: str) -> bool:
        """Whether this is one of our own proxies."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted if network.version == parsed.version)

    def caller(self, peer: str, forwarded_for: str) -> str:
        """The nearest address that is not one of our proxies. What stands left of it anybody may write."""
        return self.way(peer, {"x-forwarded-for": forwarded_for})[0]

    def way(self, peer: str, headers: Mapping[str, str]) -> tuple[str, int]:
        """The same by a request's headers, and how many of our proxies lie between."""
        if not self._trusted or not self.is_proxy(peer):
            return peer, 0
        hops = 1
        for hop in reversed([part.strip() for part in addresses_told(headers).split(",") if part.strip()]):
            if not self.is_proxy(hop):
                return (hop if _is_address(hop) else peer), hops
            hops += 1
        return peer, hops


def bucket_of(address: str) -> str:
    """What counts as one address: an IPv6 customer has a whole /64."""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address}/64", strict=False))
    except ValueError:
        return address


def origin_of(url: str) -> str:
    """Scheme and host as a browser writes them (RFC 6454, section 6.2); empty where there is none."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.netloc.rpartition("@")[2].lower(), parts.port
    except ValueError:
        return ""
    if port is not None and port == PORTS.get(parts.scheme):
        host = host.rpartition(":")[0]
    return f"{parts.scheme}://{host}" if host else ""


def origins_of(written: Iterable[str]) -> tuple[str, ...]:
    """Origins as an operator wrote them, as browsers write them. Raises `ValueError` for what is none."""
    origins = [(text, "*" if text.strip() == "*" else origin_of(text)) for text in written]
    for text, origin in origins:
        if not origin:
            raise ValueError(f"{text!r} is no origin such as https://shop.example")
    return tuple(origin for _, origin in origins)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
