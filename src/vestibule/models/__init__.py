"""The nouns: plain frozen values, named as their database columns and as on the wire.

No method here reads or writes anything. `attributes` is the JSON text as it was given.
"""

from __future__ import annotations

from vestibule.models.channels import (
    Channel,
    ChannelView,
    Invite,
    Member,
    NotificationLevel,
    Person,
    Session,
    UserChannel,
)
from vestibule.models.events import Event, Source
from vestibule.models.media import Copy, Link, Media, MediaState, NotAccepted, Rendition
from vestibule.models.messages import Message
from vestibule.models.recalls import Ban, BanKind, Recheck, Rechecked, RecheckOutcome, RecheckReport
from vestibule.models.services import (
    MessageNotification,
    Notification,
    Notifications,
    Service,
    ServiceLimits,
    ServiceSettings,
    Site,
    WebhookMethod,
)
from vestibule.models.tasks import Task, TaskList, TaskRow, TaskState
from vestibule.models.users import Entrance, Key, Role, SignedIn, User
from vestibule.models.verdicts import (
    Awaited,
    Decision,
    Judged,
    Opening,
    Outcome,
    Step,
    StepKind,
    Timeline,
    Verdict,
)
from vestibule.models.webhooks import POST_EVENTS, PRE_EVENTS, FailedDelivery, Webhook, WebhookType

# In the order of the reference.
__all__ = [
    "MediaState",
    "StepKind",
    "TaskState",
    "Outcome",
    "Decision",
    "Rendition",
    "BanKind",
    "RecheckOutcome",
    "NotificationLevel",
    "WebhookMethod",
    "WebhookType",
    "Source",
    "Service",
    "ServiceSettings",
    "ServiceLimits",
    "Notifications",
    "Notification",
    "MessageNotification",
    "Role",
    "User",
    "Channel",
    "Member",
    "Invite",
    "UserChannel",
    "Webhook",
    "FailedDelivery",
    "Copy",
    "Media",
    "Verdict",
    "Ban",
    "Opening",
    "Recheck",
    "Message",
    "Task",
    "Event",
    "Link",
    "Session",
    "SignedIn",
    "Key",
    "NotAccepted",
    "ChannelView",
    "TaskRow",
    "TaskList",
    "Person",
    "Entrance",
    "Step",
    "Awaited",
    "Timeline",
    "Judged",
    "Rechecked",
    "RecheckReport",
    "Site",
    "PRE_EVENTS",
    "POST_EVENTS",
]
