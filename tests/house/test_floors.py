"""The floors: a module imports from lower floors only, rooms never import each other, and nothing happens
by import alone.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import vestibule
from vestibule.chat import chat_actions

SOURCE = Path(vestibule.__file__).parent

FLOORS = (
    "errors sids refusals",
    "models payloads events ports",
    "context actions functions tokens links objections discretion",
    "chat media checks database storage bus http sockets gateways",
)
ROOMS = 3
TOP = 4  # where everything is that is not named above: config, extensions, app, testing, cli...
FLOOR_OF = {name: floor for floor, names in enumerate(FLOORS) for name in names.split()}


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(SOURCE.rglob("*.py")) if "static" not in path.parts}


def place(module: str) -> tuple[int, str]:
    """The floor and the room: `vestibule.chat.users` is on floor 3, in `chat`."""
    room = module.removeprefix("vestibule").removeprefix(".").partition(".")[0]
    return FLOOR_OF.get(room, TOP), room


def imports(module: str, tree: ast.AST) -> Iterator[str]:
    """Every module of ours that this code imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            for alias in node.names:
                found = f"{base}.{alias.name}"
                yield found if found in MODULES else base


def absolute(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.split(".") if MODULES[module].name == "__init__.py" else module.split(".")[:-1]
    return ".".join(package[: len(package) - node.level + 1] + ([node.module] if node.module else []))


def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_from_lower_floors_only(module: str) -> None:
    floor, room = place(module)
    for imported in imports(module, tree_of(module)):
        if not imported.startswith("vestibule."):
            continue
        other_floor, other_room = place(imported)
        assert other_floor <= floor, f"{module} (floor {floor}) imports {imported} (floor {other_floor})"
        if floor == other_floor == ROOMS:
            assert room == other_room, (
                f"The room {room!r} imports the room {other_room!r}: {module} imports {imported}"
            )


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {
        module: {
            imported
            for node in tree_of(module).body  # what is imported within a function comes later
            for imported in imports(module, node)
            if imported != module and not module.startswith(f"{imported}.")
        }
        for module in MODULES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_named_modules_are_there() -> None:
    present = {place(module)[1] for module in MODULES}
    assert set(FLOOR_OF) <= present


def test_a_breach_is_noticed() -> None:
    """The test itself is tested: each way to spell an import counts, also within a function."""
    code = """
import vestibule.app
from vestibule import chat
from . import folder
from ..chat.users import find
def later():
    from vestibule.http import routes
"""
    assert list(imports("vestibule.storage.objects", ast.parse(code))) == [
        "vestibule.app",
        "vestibule.chat",
        "vestibule.storage.folder",
        "vestibule.chat.users",
        "vestibule.http.routes",
    ]


# Nothing happens by import alone

LOOK = """
import asyncio, gc, importlib, json, logging, os, pkgutil, signal, sys, threading, warnings

def look():
    return {
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "tasks of the system": len(os.listdir("/proc/self/task")),
        "open files": sorted(
            target for fd in os.listdir("/proc/self/fd") if not (target := link(fd)).startswith("/proc")
        ),
        "children": open("/proc/self/task/%d/children" % os.getpid()).read(),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "files made": sorted(os.listdir(".")),
        "signals": {str(number): repr(signal.getsignal(number)) for number in signal.valid_signals()},
        "log handlers": [repr(handler) for handler in logging.getLogger().handlers],
        "log configured": is_configured(),
        "event loop policy": type(asyncio.get_event_loop_policy()).__name__,
        "mask": os.umask(0o22),
        "exception hook": repr(sys.excepthook),
    }

def link(fd):
    try:
        return os.readlink("/proc/self/fd/" + fd)
    except OSError:
        return "/proc"

def is_configured():
    import structlog
    return structlog.is_configured()

look()
os.umask(0o22)
before = look()
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
after = look()
print(json.dumps({key: [before[key], after[key]] for key in before if before[key] != after[key]}))
"""


def happenings(modules: list[str], folder: Path) -> dict[str, object]:
    """What is otherwise than before, after these were imported in a fresh process."""
    command = [sys.executable, "-B", "-c", LOOK, json.dumps(modules)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    happened: dict[str, object] = json.loads(result.stdout)
    return happened


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


@needs_proc
def test_nothing_happens_by_import_alone(tmp_path: Path) -> None:
    """No thread, file, process, signal, log or variable changes."""
    assert happenings([name for name in MODULES if not name.endswith("__main__")], tmp_path) == {}


@needs_proc
def test_what_happens_by_import_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "noisy.py").write_text(
        "import logging, os, threading, time\n"
        "threading.Thread(target=time.sleep, args=[9], daemon=True).start()\n"
        "file = open('made', 'w')\n"
        "os.environ['MADE'] = 'yes'\n"
        "logging.basicConfig()\n"
    )
    happened = set(happenings(["noisy"], tmp_path))
    assert happened >= {"threads", "open files", "files made", "environment", "log handlers"}


def test_a_table_is_nobody_elses() -> None:
    """Rules that one house includes do not reach another in the same process."""
    ours, theirs = chat_actions(), chat_actions()

    @ours.before("SendMessage")
    async def rule(payload: object, ctx: object) -> None: ...

    assert theirs.befores.get("SendMessage", []) == []
    assert chat_actions().befores.get("SendMessage", []) == []
