"""Write `chat_v2.json`: the names in Programmable Chat's OpenAPI file, without a sentence of it.

    python scripts/chat_v2_facts.py twilio_chat_v2.json

`scripts/chat_v2.py` holds what our own routes say against them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("chat_v2.json")
METHODS = ("get", "post", "delete")

Json = dict[str, Any]


def facts(description: Json) -> Json:
    """Paths with their methods' parameters and answers, and the answers' properties."""
    paths = {
        path: {method: _method(operations[method]) for method in METHODS if method in operations}
        for path, operations in sorted(description["paths"].items())
    }
    schemas = description["components"]["schemas"]
    answers = {
        _short(name): sorted(kind["properties"]) for name, kind in schemas.items() if "properties" in kind
    }
    return {"paths": paths, "answers": answers}


def _method(operation: Json) -> Json:
    found: Json = {}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] != "path":
            found.setdefault(parameter["in"], []).append(parameter["name"])
    for content in operation.get("requestBody", {}).get("content", {}).values():
        found["form"] = list(content["schema"]["properties"])
        found["required"] = content["schema"].get("required", [])
    ((status, answer),) = operation["responses"].items()
    found["status"] = int(status)
    for content in answer.get("content", {}).values():
        found |= _answer(content["schema"])
    return found


def _answer(schema: Json) -> Json:
    if "$ref" in schema:
        return {"answer": _short(schema["$ref"])}
    (key,) = schema["properties"].keys() - {"meta"}
    kind = schema["properties"][key]["items"]["$ref"]
    return {"answer": _short(kind), "key": key, "meta": sorted(schema["properties"]["meta"]["properties"])}


def _short(name: str) -> str:
    return name.rpartition("/")[2].removeprefix("chat.v2.").removeprefix("service.") or name


def main() -> None:
    description = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    FACTS.write_text(json.dumps(facts(description), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
