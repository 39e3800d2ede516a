"""Which addresses a webhook may lead to: those of the open Internet, and nothing behind our own door.

A name in a webhook is a stranger's word. What counts is the address that it leads to at the moment, so this
looks at addresses alone.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address, IPv6Network

OPEN = IPv6Network("2000::/3")  # all that is given out for the open Internet (RFC 4291, section 2.4)
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052, section 2.1: an IPv4 address is in the last 32 bits
NEW_EXAMPLES = IPv6Network("3fff::/20")  # RFC 9637: newer than our Python's own table
RELAYS = ipaddress.ip_network("192.88.99.0/24")  # RFC 7526: anycast to whoever still relays 6to4
AZURE = IPv4Address("168.63.129.16")  # every virtual machine's own host answers there


def is_open(text: str) -> bool:
    """Whether this is a numeric address of the open Internet. What cannot be read is not."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return _is_open_4(address) if isinstance(address, IPv4Address) else _is_open_6(address)


def _is_open_4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and address not in RELAYS and address != AZURE


def _is_open_6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped is not None:
        return _is_open_4(address.ipv4_mapped)
    if address in NAT64:
        return _is_open_4(IPv4Address(address.packed[-4:]))
    if address.sixtofour is not None or address.teredo is not None:  # tunnels, to wherever they say
        return False
    return address in OPEN and address.is_global and address not in NEW_EXAMPLES
