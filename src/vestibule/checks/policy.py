"""The policy: which files a role may send, by extension, declared type and size.

It is a list of what is allowed. A type that no check can look into is taken only where a policy names it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

import msgspec

from vestibule import __version__
from vestibule.checks.content_types import BY_EXTENSION, CONTENT_TYPES, ContentType, is_declared_as
from vestibule.checks.filename import extension_of, judge_name
from vestibule.checks.policies.document import Files, PolicyDocument, RoleFiles
from vestibule.errors import ConfigurationError
from vestibule.models import Outcome, Verdict

MIB = 1024 * 1024

EXTENSIONS = frozenset(
    "png jpg jpeg gif webp heic pdf mp4 mov webm mp3 ogg wav txt csv docx xlsx pptx zip".split()
)

WORDS = {
    "photos": ("jpg", "jpeg", "png", "heic", "webp"),
    "PDF": ("pdf",),
    "video": ("mp4", "mov", "webm"),
    "sound": ("mp3", "ogg", "wav", "m4a"),
    "documents": ("docx", "xlsx", "pptx", "odt", "ods", "odp"),
    "text": ("txt", "csv"),
}

# RFC 9110, section 8.3.1. No two neighbours match the same character, so hostile input takes no time.
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\t\x20-\x7e])*"'
_MEDIA_TYPE = re.compile(rf"({_WORD}/{_WORD})(?:[ \t]*;(?:[ \t]*{_WORD}=(?:{_WORD}|{_QUOTED}))?)*[ \t]*")
# By these a sender says that they do not know.
_UNSAID = frozenset(
    {
        "",
        "application/octet-stream",
        "binary/octet-stream",
        "application/x-binary",
        "application/force-download",
    }
)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one role may send. Raises `ConfigurationError` for an extension that no check knows."""

    extensions: frozenset[str] = EXTENSIONS
    largest: int = 25 * MIB  # bytes
    sizes: dict[str, int] = {}  # bytes, by content type or extension, where they differ from `largest`

    def __post_init__(self) -> None:
        unknown = (self.extensions - BY_EXTENSION.keys()) | (
            self.sizes.keys() - BY_EXTENSION.keys() - CONTENT_TYPES.keys()
        )
        if unknown:
            near = difflib.get_close_matches(name := min(unknown), BY_EXTENSION, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ConfigurationError(f"The policy names {name!r}, which no check knows.{hint}")

    def allows(self, kind: ContentType) -> bool:
        return not self.extensions.isdisjoint(kind.extensions)

    def size_of(self, kind: ContentType) -> int:
        """The most bytes of a file of this type; 0 where it is not allowed at all."""
        if not self.allows(kind):
            return 0
        named = [self.sizes[name] for name in (kind.name, *kind.extensions) if name in self.sizes]
        return min(named, default=self.largest)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Limits for everybody, and for the roles that have their own."""

    default: Limits = Limits()
    roles: Mapping[str, Limits] = {}  # by the role's friendly name

    @classmethod
    def of(cls, document: PolicyDocument) -> Policy:
        """What a policy file comes to. Raises `ConfigurationError` for a type that no check knows."""
        default = _limits(document.files, document.files)
        roles = {name: _limits(files, document.files) for name, files in document.roles.items()}
        return cls(default=default, roles=roles)

    def limits(self, role: str = "") -> Limits:
        return self.roles.get(role, self.default)

    def allows(self, content_type: str, role: str = "") -> bool:
        """Whether this role may send files that are of this type."""
        kind = CONTENT_TYPES.get(content_type)
        return kind is not None and self.limits(role).allows(kind)

    def limit(self, of: str, role: str = "") -> int:
        """The most bytes of a file with this content type, extension or name; 0 if it is not allowed."""
        extension = of.lower() if of.lower() in BY_EXTENSION else extension_of(of)
        kind = CONTENT_TYPES.get(of) or BY_EXTENSION.get(extension)
        limits = self.limits(role)
        if kind is None or (of not in CONTENT_TYPES and extension not in limits.extensions):
            return 0
        return limits.size_of(kind)

    def largest(self, role: str = "") -> int:
        """The most bytes of any file this role may send."""
        return max((self.limit(extension, role) for extension in self.limits(role).extensions), default=0)

    def largest_of_all(self) -> int:
        """The most bytes of any file that anybody may send."""
        return max(map(self.largest, ("", *self.roles)))

    def accept(self, role: str = "") -> list[str]:
        """The extensions for a file chooser: `.csv`, `.gif`, ..."""
        return [f".{extension}" for extension in sorted(self.limits(role).extensions)]

    def words(self, role: str = "") -> str:
        """The kinds of files in plain words, as under a file chooser: `Photos, PDF, video`."""
        taken = self.limits(role).extensions
        said = [word for word, extensions in WORDS.items() if not taken.isdisjoint(extensions)]
        return ", ".join([word.capitalize() if word.islower() else word for word in said[:1]] + said[1:])

    def admit(self, filename: str, declared_type: str, size: int | None, role: str = "") -> Verdict:
        """Whether such a file may be sent, before a byte of it is read. `size` None: not said."""
        if not (named := judge_name(filename)).is_clean:
            return named
        extension = extension_of(filename)
        if extension not in self.limits(role).extensions:
            return _no("type_not_accepted", f".{extension} is not on the list of {role or 'anybody'}")
        if not (declared := judge_declared(declared_type, BY_EXTENSION[extension].family)).is_clean:
            return declared
        if size is not None and size <= 0:
            return _no("empty", f"{size} bytes")
        if size is not None and size > (limit := self.limit(extension, role)):
            return _no("too_large", f"{size} bytes, at most {limit}", "too_large")
        return Verdict(outcome="clean", check="policy", version=__version__)


def _limits(files: Files | RoleFiles, everybody: Files) -> Limits:
    """A role's limits; what it does not say is as for everybody."""
    named = everybody.extensions if files.extensions is None else files.extensions
    return Limits(
        extensions=frozenset(extension.lower().lstrip(".") for extension in named),
        largest=int(everybody.largest if files.largest is None else files.largest),
        sizes={name: int(size) for name, size in {**everybody.sizes, **files.sizes}.items()},
    )


def bare_type(declared_type: str) -> str | None:
    """A declared type without parameters, in lower case; None if it is malformed."""
    if not declared_type.strip(" \t"):
        return ""
    match = _MEDIA_TYPE.fullmatch(declared_type.strip(" \t"))
    return match[1].lower() if match else None


def judge_declared(declared_type: str, family: str) -> Verdict:
    """Whether what the sender declared goes with the family a file is said, or seen, to be of."""
    declared = bare_type(declared_type)
    if declared is None:
        return _no("declaration_malformed", f"declared as {declared_type[:100]!r}")
    if declared in _UNSAID or is_declared_as(declared, family):
        return Verdict(outcome="clean", check="policy", version=__version__)
    known = "" if declared in CONTENT_TYPES else ", which is not in the table"
    return _no("type_mismatch", f"declared as {declared}{known}, but it is {family}")


def _no(reason: str, detail: str, outcome: Outcome = "refused") -> Verdict:
    return Verdict(outcome=outcome, check="policy", reason=reason, detail=detail, version=__version__)
