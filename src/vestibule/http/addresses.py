"""Where a request comes from, and what this server is called. Headers are believed from proxies only."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network


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
        if not self.is_proxy(peer):
            return peer
        for hop in reversed([part.strip() for part in forwarded_for.split(",") if part.strip()]):
            if not self.is_proxy(hop):
                return hop if _is_address(hop) else peer
        return peer


def bucket_of(address: str) -> str:
    """What counts as one address: an IPv6 customer has a whole /64."""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address}/64", strict=False))
    except ValueError:
        return address


def origin_of(url: str) -> str:
    """Scheme and host of an address, in lower case; empty where there is none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
