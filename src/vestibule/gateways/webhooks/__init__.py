"""Webhooks: services' and channels' own addresses, asked before something is done and told afterwards.

`hooks` stands before actions, `follower` reads the event log; both go out through one `Poster`.
"""

from __future__ import annotations

from vestibule.gateways.webhooks.addresses import anywhere, is_open
from vestibule.gateways.webhooks.asking import Asking
from vestibule.gateways.webhooks.follower import Follower
from vestibule.gateways.webhooks.hooks import Hooks, hook_actions
from vestibule.gateways.webhooks.posting import Poster

__all__ = ["Asking", "Follower", "Hooks", "Poster", "anywhere", "hook_actions", "is_open"]
