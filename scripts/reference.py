"""Write the generated pages of `docs/reference/` from the types themselves.

`tests/docs/` fails when a page is not what this renders, so the reference cannot fall behind the code.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import chat_v2
import msgspec
from sources import fields, gathered, headed_fields, permissions

from vestibule import cli, config, context, errors, events, models, payloads, refusals

PAGES_AT = Path(__file__).parents[1] / "docs" / "reference"

WRITTEN_BY = "<!-- Written by `make reference` from the code: change it there. -->"

STAND_INS = {
    context.ANYBODY: "nothing: anybody may",
    context.MEMBER: "to be a member of the channel, with whatever role",
    context.OWN: "nothing for what is one's own",
    context.HOUSE: "the account's own credentials (the house itself)",
    context.SOMEWHERE: "without a channel: the same in any channel of theirs",
}


# Writing


def page(title: str, intro: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", WRITTEN_BY, textwrap.dedent(intro).strip(), *parts)) + "\n"


def table(*columns: str, rows: list[tuple[Any, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if text else ""


def doc(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "")


def flat(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def field_table(kind: type, *, head: str = "field") -> str:
    rows = [
        (code(field.name), code(field.type), code(field.default) or "-", flat(field.note) or "-")
        for field in fields(kind)
    ]
    return table(head, "type", "default", "", rows=rows)


# Pages


def actions_page() -> str:
    asked = permissions()
    parts = []
    for heading, classes in gathered(payloads):
        if defined := [_action(cls, asked[cls.__name__]) for cls in classes if cls.__name__ in asked]:
            parts.append("\n\n".join((f"## {heading}", *defined)))
    return page(
        "Actions",
        """
        Every change, and every read of a file, is one of these. Each is asked for by its payload's class,
        as in `await ctx.invoke(SendMessage(channel_sid, "Hello"))`, and each name can be given to `before`,
        `after` and `replace` ([your first rule](../learn/your-first-rule.md)). The types are in
        [types](types.md). Where several permissions are named, one of them is enough.
        """,
        *parts,
    )


def _action(cls: type, asked: tuple[str, ...]) -> str:
    result = _type_name(get_args(cls.__dict__["__orig_bases__"][0])[0])
    needs = " or ".join(STAND_INS.get(word) or code(word) for word in asked)
    takes = field_table(cls, head="takes") if fields(cls) else "It takes nothing."
    return f"### {cls.__name__}\n\n{doc(cls)}\n\nNeeds: {needs}. Gives back: {code(result)}.\n\n{takes}"


def _type_name(kind: Any) -> str:
    if parts := get_args(kind):
        return f"{kind.__origin__.__name__}[{', '.join(map(_type_name, parts))}]"
    return "None" if kind is type(None) else str(kind.__name__)


# Never told to a socket.
BETWEEN_NODES = (events.RightsChanged, events.KeyRevoked, events.WebhooksChanged)


def events_page() -> str:
    passing = [kind for kind in events.Passing.__subclasses__() if kind not in BETWEEN_NODES]
    return page(
        "Events",
        """
        What sockets are told ([how](sockets.md)). Each change appends its event in the transaction that makes
        the change; `seq` counts from 1 without a gap in its stream. A stream is a channel (`CH…`), a user
        (`US…`) or a service (`IS…`). The log names the row only: content that is `null` means that the row is
        gone since.
        """,
        field_table(events.Happening),
        f"## Kept\n\n{_kinds(events.KINDS.values(), events.Happening)}",
        "## Passing\n\nTold once to whoever is there; nothing is kept, and there is no `seq`.",
        _kinds(passing, msgspec.Struct),
        "## Between nodes\n\nOn the bus only: no socket is told.",
        _kinds(BETWEEN_NODES, msgspec.Struct),
    )


def _kinds(kinds: Iterable[type], base: type) -> str:
    without = {field.name for field in fields(base)}
    rows = [(code(kind.__name__), flat(doc(kind)), _content(kind, without) or "-") for kind in kinds]
    return table("kind", "means", "content", rows=rows)


def _content(kind: type, without: set[str]) -> str:
    return ", ".join(code(field.name) for field in fields(kind) if field.name not in without)


def errors_page() -> str:
    parts = []
    for heading, classes in gathered(errors):
        parts.append(f"## {heading}\n\n" + table(*ERROR_COLUMNS, rows=[_error(cls) for cls in classes]))
    return page(
        "Errors",
        """
        Every error that is raised on purpose. On each wire it is the same JSON: `code`, `message`,
        `more_info`, `status`, `reason`, and where there is more to say, `advice` (what to do) and `details`
        (for programs). Codes below 60000 are Programmable Chat's own numbers. A code is never renamed.
        `message` may say more than the sentence here.
        """,
        *parts,
        "## Why a file was held or refused\n\n"
        "The `reason` of a file, and of the error `media_refused`, with what each side reads.",
        table("reason", "the sender reads", "the others read", "what to do", rows=_refusals()),
    )


ERROR_COLUMNS = ("code", "status", "reason", "sentence")


def _error(cls: type[errors.VestibuleError]) -> tuple[Any, ...]:
    return f'<a id="{cls.code}"></a>{cls.code}', cls.status, code(cls.reason), flat(doc(cls))


def _refusals() -> list[tuple[Any, ...]]:
    return [
        (code(entry.reason), entry.to_sender, entry.to_others, entry.advice)
        for entry in refusals.REFUSALS.values()
    ]


def types_page() -> str:
    named = {name: getattr(models, name) for name in models.__all__}
    kinds = [kind for kind in named.values() if inspect.isclass(kind)]
    aliases = [
        f"{code(name)} is one of {', '.join(code(str(value)) for value in get_args(kind))}."
        for name, kind in named.items()
        if get_origin(kind) is Literal
    ]
    return page(
        "Types",
        """
        The nouns, as actions give them back and as they are on every wire: JSON in snake_case, times in ISO
        8601 and UTC, `attributes` a string that holds JSON. All are frozen.
        """,
        "\n".join(f"- {alias}" for alias in aliases),
        *(f"## {cls.__name__}\n\n{doc(cls)}\n\n{field_table(cls)}" for cls in kinds),
    )


def configuration_page() -> str:
    keys = msgspec.json.schema(config.Settings)["$defs"]["Settings"]["properties"]
    parts = []
    for heading, names in headed_fields(config.Settings):
        if rows := [_key(name, keys[name]) for name in names]:
            parts.append(f"## {heading}\n\n" + table("key", "environment", "default", "means", rows=rows))
    return page(
        "Configuration",
        """
        A TOML file (`vestibule serve --config vestibule.toml`) of flat keys, and the environment, which
        wins; an option on the command line wins over both. Several values in one variable are separated by
        commas. A wrong key or value stops the start, and the message names the nearest right one.
        """,
        '```toml\npublic_url = "https://chat.example.com"\nclamd = "unix:/run/clamav/clamd.ctl"\n```',
        *parts,
    )


def _key(name: str, schema: dict[str, Any]) -> tuple[str, ...]:
    default = msgspec.json.encode(schema["default"]).decode()
    limits = ", ".join(f"{word} {schema[key]:g}" for key, word in LIMITS.items() if key in schema)
    says = flat(schema["description"]) + (f" ({limits.capitalize()}.)" if limits else "")
    return code(name), code(config.PREFIX + name.upper()), code(default), says


LIMITS = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}


def command_line_page() -> str:
    commands = cli.app.generate_docs(heading_level=2, usage_name="vestibule")
    return page(
        "Command line",
        """
        `vestibule` is in the virtual environment's `bin`. What is wrong is told in a sentence, with exit
        code 2. Options win over the environment, and that over the file: [configuration](configuration.md).
        """,
        commands.strip(),
    )


def chat_v2_page() -> str:
    counts = chat_v2.counts()
    return page(
        "Programmable Chat, version 2",
        f"""
        Every path, parameter and answer's property of Programmable Chat's OpenAPI file, and whether this
        server's own description (`/openapi.json`) has it: {counts["yes"]} yes, {counts["differs"]} with a
        difference, {counts["no"]} no. The media service is not in that file, but in
        [HTTP](http.md#programmable-chat).
        """,
        *(f"## {code(heading)}\n\n{_here(held)}" for heading, held in chat_v2.groups()),
    )


def _here(held: list[chat_v2.Item]) -> str:
    if held[0].where.startswith("Answer "):
        return table("property", "here", rows=[(code(item.name), flat(item.verdict)) for item in held])
    rows = [
        (item.where.partition(" ")[0], item.place or "-", code(item.name) or "-", flat(item.verdict))
        for item in held
    ]
    return table("method", "in", "name", "here", rows=rows)


PAGES: dict[str, Callable[[], str]] = {
    "actions.md": actions_page,
    "chat-v2.md": chat_v2_page,
    "command-line.md": command_line_page,
    "configuration.md": configuration_page,
    "errors.md": errors_page,
    "events.md": events_page,
    "types.md": types_page,
}


def main() -> None:
    for name, render in PAGES.items():
        PAGES_AT.joinpath(name).write_text(render(), encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")


if __name__ == "__main__":
    main()
