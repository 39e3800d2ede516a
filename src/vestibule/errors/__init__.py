"""Every error raised on purpose: a code for programs, a status, a sentence for people.

Codes below 60000 are Programmable Chat's own numbers, so that existing code goes on telling them
apart; those from 60000 are ours. A code is never renamed and never given a second meaning.
"""

from __future__ import annotations

from vestibule.errors.base import VestibuleError
from vestibule.errors.channels import ChannelExists, ChatEnded, Conflict, MemberExists, TaskConflict
from vestibule.errors.files import (
    CheckUnavailable,
    LinkInvalid,
    MediaAlreadySent,
    MediaBodyFixed,
    MediaChecking,
    MediaGone,
    MediaHeld,
    MediaRefused,
    MediaTooLarge,
    MediaUnknown,
    RangeNotSatisfiable,
    UploadBroken,
)
from vestibule.errors.house import (
    Busy,
    ConfigurationError,
    ExtensionError,
    ListRefused,
    ServerGone,
    StorageFull,
    StorageMissing,
)
from vestibule.errors.messages import AttributesInvalid, MessageEmpty, MessageTooLong
from vestibule.errors.requests import (
    BodyTooLarge,
    ChannelBusy,
    CsrfMissing,
    ForeignOrigin,
    FrameRefused,
    HeadTooLarge,
    InvalidRequest,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    NothingToUpdate,
    PageTokenInvalid,
    ServiceBusy,
    TooManyRequests,
    TooSlow,
)
from vestibule.errors.rules import (
    AlreadyDefined,
    AlreadyReplaced,
    Cancelled,
    ListenerFailed,
    PermissionDenied,
    UnknownAction,
)
from vestibule.errors.users import RoleInUse, RoleNotFound, UnknownPermission, UnknownRoleType, UserExists

# In the order of the reference.
__all__ = [
    "VestibuleError",
    "InvalidRequest",
    "NothingToUpdate",
    "PageTokenInvalid",
    "NotAuthenticated",
    "NotFound",
    "MethodNotAllowed",
    "TooManyRequests",
    "ChannelBusy",
    "ServiceBusy",
    "ForeignOrigin",
    "FrameRefused",
    "BodyTooLarge",
    "TooSlow",
    "HeadTooLarge",
    "CsrfMissing",
    "PermissionDenied",
    "Cancelled",
    "ListenerFailed",
    "UnknownAction",
    "AlreadyReplaced",
    "AlreadyDefined",
    "UserExists",
    "RoleNotFound",
    "RoleInUse",
    "UnknownPermission",
    "UnknownRoleType",
    "Conflict",
    "ChannelExists",
    "MemberExists",
    "ChatEnded",
    "TaskConflict",
    "MessageEmpty",
    "MessageTooLong",
    "AttributesInvalid",
    "MediaUnknown",
    "MediaAlreadySent",
    "MediaBodyFixed",
    "MediaRefused",
    "MediaHeld",
    "MediaChecking",
    "MediaGone",
    "MediaTooLarge",
    "LinkInvalid",
    "UploadBroken",
    "RangeNotSatisfiable",
    "CheckUnavailable",
    "ConfigurationError",
    "ExtensionError",
    "StorageMissing",
    "Busy",
    "StorageFull",
    "ServerGone",
    "ListRefused",
]
