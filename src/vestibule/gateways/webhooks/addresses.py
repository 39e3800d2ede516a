"""Which addresses a webhook may lead to: those of the open Internet, and nothing behind our own door.

A name in a webhook is a stranger's word. What counts is the address that it leads to at the moment, so this
looks at addresses alone. The tables are IANA's registries of special-purpose addresses (RFC 6890) as they are
now: what Python's own knows differs from version to version, so it is asked besides.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

CLOSED_4 = tuple(
    IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        "168.63.129.16/32",  # public by its looks: on Azure every virtual machine's own host answers there
    )
)
OPEN_6 = IPv6Network("2000::/3")  # all that is given out for the open Internet (RFC 4291, section 2.4)
CLOSED_6 = tuple(
    IPv6Network(text)
    # Protocols and Teredo; examples; 6to4, which leads to wherever it says; newer examples (RFC 9637).
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052, section 2.1: an IPv4 address is in the last 32 bits


def is_open(text: str) -> bool:
    """Whether this is a numeric address of the open Internet. What cannot be read is not."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return _is_open_4(address) if isinstance(address, IPv4Address) else _is_open_6(address)


def anywhere(text: str) -> bool:
    """Every address, our own machine's too: for development."""
    return True


def _is_open_4(address: IPv4Address) -> bool:
    return address.is_global and not any(address in network for network in CLOSED_4)


def _is_open_6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped is not None:
        return _is_open_4(address.ipv4_mapped)
    if address in NAT64:
        return _is_open_4(IPv4Address(address.packed[-4:]))
    is_given_out = address in OPEN_6 and not any(address in network for network in CLOSED_6)
    return is_given_out and address.is_global
