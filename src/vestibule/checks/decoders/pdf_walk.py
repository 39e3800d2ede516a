"""Through all of a PDF: every object there is, those in object streams too, and the tree of pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Object, Pdf

from vestibule.checks.decoders import pdf_rules as rules
from vestibule.checks.nursery.jobs import Refused

DEPTH = 100  # of dictionaries and arrays in one another, and of the tree of pages
OBJECTS = 200_000
NODES = 3 * OBJECTS  # dictionaries and arrays, those within others too; 7 s to look through


def containers(pdf: Pdf) -> Iterator[Object]:
    """Every dictionary, array and stream once; what was taken out of one since it was given is left out."""
    objects = pdf.objects
    if len(objects) > OBJECTS:
        raise Refused("too_complex", f"It has {len(objects)} objects.")
    count = 0
    for top in (pdf.trailer, *objects):
        stack = [(top, 1)] if rules.kind(top) in rules.CONTAINERS else []
        while stack:
            node, depth = stack.pop()
            count += 1
            width = len(node) if rules.kind(node) == rules.ARRAY else 0
            if depth > DEPTH or count + len(stack) + width > NODES:
                raise Refused("too_complex", f"It has {count} nodes, here {depth} deep and {width} wide.")
            yield node
            stack += [(child, depth + 1) for child in _children(node)]


def _children(node: Object) -> list[Object]:
    """Those that stand in it themselves. What it refers to has its own turn."""
    values: Any = node.as_list() if rules.kind(node) == rules.ARRAY else node.values()
    return [value for value in values if rules.kind(value) in rules.CONTAINERS and not value.is_indirect]


def pages(pdf: Pdf, most: int) -> list[Object]:
    """The pages in their order, and their numbers in the tree put right.

    Raises `Refused` for a tree that is none, and for more than `most`.
    """
    found: list[Object] = []
    root = pdf.Root.get("/Pages")
    if root is not None:
        _gather(root, (), found, most)
    if not found:
        raise Refused("damaged", "It has no pages.")
    return found


def _gather(node: Object, above: tuple[tuple[int, int], ...], found: list[Object], most: int) -> None:
    if rules.kind(node) != rules.DICTIONARY or node.objgen in above:
        raise Refused("damaged", "Its tree of pages is none.")
    if len(above) > DEPTH:
        raise Refused("too_complex", "Its tree of pages is too deep.")
    kids = node.get("/Kids")
    if kids is None:
        found.append(node)
    elif rules.kind(kids) != rules.ARRAY or len(kids) > most:
        raise Refused("too_complex", "Its tree of pages is too wide.")
    else:
        before = len(found)
        for kid in kids.as_list():
            _gather(kid, (*above, node.objgen), found, most)
        _correct_count(node, len(found) - before)
    if len(found) > most:
        raise Refused("too_complex", f"It has more than {most} pages.")


def _correct_count(node: Object, count: int) -> None:
    """Some readers believe the number that stands there, and others count."""
    if node.get_int("/Count", -1) != count:
        node["/Count"] = count
