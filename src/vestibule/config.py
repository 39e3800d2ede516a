"""Configuration: flat keys from a TOML file and the environment, typed, each with its unit and default.

A key `public_url` is `public_url = "…"` in the file and `VESTIBULE_PUBLIC_URL` in the environment,
which wins. Every part gets plain arguments; nobody below this floor knows that there are settings.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from vestibule.errors import ConfigurationError

PREFIX = "VESTIBULE_"

Text = Annotated[str, Meta(max_length=2048)]
Count = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0)]
Rate = Annotated[float, Meta(gt=0)]


def _says(description: str) -> Meta:
    return Meta(description=description)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every key. A key's sentence says its unit and what an empty value means."""

    # Where
    host: Annotated[str, _says("The address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535), _says("The port to listen on; 0 takes a free one.")] = 8000
    data: Annotated[str, _says("The folder for the database, files and secrets of the embedded default.")] = (
        "data"
    )
    public_url: Annotated[
        Text, _says("The address people reach this server at, such as `https://chat.example.com`.")
    ] = ""
    files_url: Annotated[
        Text, _says("Another origin for files, without cookies. Empty: files come from `public_url`.")
    ] = ""
    cors_origins: Annotated[
        tuple[str, ...],
        _says("Origins of other web sites that embed the widget, such as `https://shop.example`; `*`: all."),
    ] = ()
    proxies: Annotated[
        tuple[str, ...],
        _says("Addresses of the proxies in front of this server, whose `X-Forwarded-*` headers count."),
    ] = ()

    # Who
    account_sid: Annotated[Text, _says("The account's sid, for REST. Empty: made and kept in `data`.")] = ""
    auth_token: Annotated[Text, _says("The account's secret, for REST. Empty: made and kept.")] = ""
    api_key: Annotated[Text, _says("The sid of the key that signs AccessTokens. Empty: made and kept.")] = ""
    api_secret: Annotated[Text, _says("That key's secret. Empty: made and kept in `data`.")] = ""

    # Parts
    database_url: Annotated[Text, _says("`sqlite:///path`. Empty: a file in `data`.")] = ""
    storage_url: Annotated[
        Text, _says("`file:///path`, `s3://bucket`, `gs://bucket` or `az://container`. Empty: in `data`.")
    ] = ""
    bus_url: Annotated[Text, _says("`memory:`. Empty: the same.")] = ""
    clamd: Annotated[
        tuple[str, ...],
        _says("ClamAV daemons, one or several: `unix:/path` or `tcp://host:port`. Empty: no virus scanner."),
    ] = ()
    icap_url: Annotated[
        Text, _says("A scanner over ICAP: `icap://host:port/service`, or `icaps`. Empty: none.")
    ] = ""
    webhook_url: Annotated[Text, _says("A scanner over HTTP, at its whole address. Empty: none.")] = ""
    webhook_secret: Annotated[Text, _says("The secret that signs what that scanner is asked.")] = ""
    webhooks_when_silent: Annotated[
        str,
        Meta(pattern="^(closed|open)$"),
        _says(
            "What becomes of an action whose pre-event webhook gives no usable answer: `closed` refuses it, "
            "`open` does it unchanged."
        ),
    ] = "closed"
    webhooks_private: Annotated[
        str,
        Meta(pattern="^(refuse|allow)$"),
        _says(
            "Whether the webhooks of services and channels may lead to private addresses: `refuse`, or "
            "`allow` for development."
        ),
    ] = "refuse"
    built_in_rules: Annotated[
        bool, _says("Whether our own YARA rules look at files; off where another scanner does it.")
    ] = True
    rules: Annotated[
        tuple[str, ...], _says("YARA rules of your own: files, or folders of `.yar` and `.yara` files.")
    ] = ()
    extensions: Annotated[
        tuple[str, ...], _says("Python files with your own rules, functions and checks.")
    ] = ()

    # Files
    policy: Annotated[
        Text,
        _says(
            "Which files are taken, and what becomes of a verdict: a preset (`strict`, `web-chat`, `open`) "
            "or a TOML file. Empty: `web-chat`."
        ),
    ] = ""
    shadow_policy: Annotated[
        Text,
        _says("A second policy that decides nothing: where it would have decided otherwise is logged."),
    ] = ""
    verdict_patience: Annotated[Seconds, _says("Seconds that an upload waits for its verdict.")] = 10.0
    decoders: Annotated[Count, _says("Files that are decoded at the same time.")] = 2
    uploads: Annotated[Count, _says("Files that are taken in at the same time.")] = 64
    unsent_seconds: Annotated[Seconds, _says("Seconds after which an upload that was not sent goes.")] = (
        24 * 3600.0
    )
    link_seconds: Annotated[Seconds, Meta(le=3600), _says("Seconds that a link to a file lives.")] = 300.0

    # People
    team: Annotated[str, Meta(max_length=80), _says("The name at the head of the widget.")] = "Support"
    greeting: Annotated[str, Meta(max_length=500), _says("The widget's first words.")] = (
        "Hello! How can we help you?"
    )
    accent: Annotated[
        str,
        Meta(pattern=r"^(#[0-9a-fA-F]{6})?$"),
        _says("The accent colour, such as `#1f7a6d`. Empty: ours."),
    ] = ""
    ask_name: Annotated[bool, _says("Whether the widget asks for a name (never required).")] = True
    ask_email: Annotated[bool, _says("Whether the widget asks for an e-mail address.")] = True
    rate_limits: Annotated[bool, _says("Whether callers are slowed; off for tests and benchmarks only.")] = (
        True
    )

    account_rate: Annotated[
        Rate, _says("Requests a second by one of the account's credentials; three times as many at once.")
    ] = 200.0
    channel_rate: Annotated[
        Rate,
        _says("Changes a second in one channel by Programmable Chat's API; three times that at once."),
    ] = 100.0
    service_rate: Annotated[
        Rate, _says("Other changes a second in one service by that API; three times that at once.")
    ] = 200.0

    log_format: Annotated[str, Meta(pattern="^(console|json)$"), _says("`console` or `json`.")] = "console"


def load(file: Path | None = None, environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from a file, then the environment, then `given` (what is None there is not given).

    Raises `ConfigurationError` for a key or value that is wrong, and names the nearest right one.
    """
    values: dict[str, Any] = _from_file(file) if file else {}
    values |= _from_environment(environment or {})
    values |= {key: value for key, value in given.items() if value is not None}
    try:
        # Lax: the environment knows only text.
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"The configuration is wrong: {error}.") from error


def _from_file(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file} cannot be read: {error}.") from error
    for key in values:
        _known(key, str(file))
    return {key: _listed(key, value) if isinstance(value, str) else value for key, value in values.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    named = {
        name.removeprefix(PREFIX).lower(): (name, value)
        for name, value in environment.items()
        if name.startswith(PREFIX) and name not in OTHERS
    }
    for key, (name, _) in named.items():
        _known(key, name)
    return {key: _listed(key, value) for key, (_, value) in named.items()}


# Read by the test suite, not by the server.
OTHERS = frozenset({"VESTIBULE_REQUIRE_SERVICES", "VESTIBULE_WHOLE_CORPUS"})

_KINDS = {field.name: field for field in msgspec.structs.fields(Settings)}


def _listed(key: str, value: str) -> Any:
    """Several values in one text are separated by commas."""
    if isinstance(_KINDS[key].default, tuple):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(_KINDS[key].default, bool):
        return {"on": "true", "off": "false"}.get(value.lower(), value)
    return value


def _known(key: str, place: str) -> None:
    if key not in _KINDS:
        near = difflib.get_close_matches(key, _KINDS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ConfigurationError(f"{place}: there is no key {key!r}.{hint}")
