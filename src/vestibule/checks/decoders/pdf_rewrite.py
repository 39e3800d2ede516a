"""Disarms a PDF: opened by qpdf, freed of all that acts or describes, written as a new file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
import pikepdf.settings
from pikepdf import Object, ObjectStreamMode, PasswordError, Pdf, PikepdfError
from pikepdf.exceptions import PikepdfWarning

from vestibule.checks.decoders import pdf_rules as rules
from vestibule.checks.decoders import pdf_walk as walk
from vestibule.checks.decoders.pdf_photos import without_remarks
from vestibule.checks.decoders.pdf_scales import UNPACKED, Scales
from vestibule.checks.decoders.pdf_words import Removed
from vestibule.checks.nursery.jobs import Refused

ZIP_END = b"PK\x05\x06"  # APPNOTE.TXT, section 4.3.16
ZIP_TAIL = 65_557  # bytes: that record, and the longest remark behind it
WARNINGS = 100  # after which too much was guessed

warnings.simplefilter("ignore", PikepdfWarning)  # a document's faults are not for the server's log
pikepdf.settings.set_qpdf_limits(
    doc_max_warnings=WARNINGS,
    flate_max_memory=UNPACKED,
    run_length_max_memory=UNPACKED,
    png_max_memory=UNPACKED,
    tiff_max_memory=UNPACKED,
)


def opened(file: BinaryIO) -> Pdf:
    """The document. Raises `Refused`; what a password of nobody locks is open to everybody."""
    try:
        return Pdf.open(file, inherit_page_attributes=False, conversion_mode="explicit")
    except PasswordError as error:
        raise Refused("encrypted", "It asks for a password.", outcome="encrypted") from error
    except PikepdfError as error:
        _keep_limits()
        if "encryption" in str(error):
            raise Refused("encrypted", _said(error), outcome="encrypted") from error
        raise Refused("damaged", _said(error)) from error


def rewrite(file: BinaryIO, output: BinaryIO, most: int, *, refuse: bool = False) -> tuple[int, Removed]:
    """Write the disarmed document; gives the number of its pages, `most` at most, and what was removed.

    Raises `Refused`; with `refuse` also for what would only have to be disarmed.
    """
    with opened(file) as pdf:
        try:
            pages = walk.pages(pdf, most)
            removed = _disarm(pdf, pages)
            if refuse and removed.active:
                raise Refused("active_content", f"It has {', '.join(sorted(removed.active))}.")
            _keep_whole(pdf, pages)
            _save(pdf, output)
        except PikepdfError as error:
            _keep_limits()
            raise Refused("damaged", _said(error)) from error
        _keep_limits()
        return len(pages), removed


def active(pdf: Pdf, pages: list[Object]) -> Iterator[str]:
    """What of a document is against the rules, in words for staff."""
    for node, allowed in _listed(pdf, pages):
        yield from (f"{key!a} of {allowed}" for key in _unlisted(node, allowed))
    for node in walk.containers(pdf):
        yield from (f"{key!a} in object {node.objgen[0]}" for key in rules.offences(node))
        if rules.is_active(node):
            yield f"object {node.objgen[0]}"


def _disarm(pdf: Pdf, pages: list[Object]) -> Removed:
    removed = Removed()
    for node, allowed in _listed(pdf, pages):
        _take(node, list(_unlisted(node, allowed)), removed)
    if "/ID" in pdf.trailer:  # it would tell which copies are of one original
        del pdf.trailer["/ID"]
    scales = Scales()
    for node in walk.containers(pdf):
        _take(node, list(rules.offences(node)), removed)
        if rules.kind(node) == rules.STREAM:
            scales.weigh(node)
            without_remarks(node)
    scales.weigh_pages(pages)
    return removed


LISTS = {"catalogue": rules.CATALOGUE, "names": rules.NAMES, "form": rules.FORM, "page": rules.PAGE}


def _listed(pdf: Pdf, pages: list[Object]) -> Iterator[tuple[Object, str]]:
    """The dictionaries for which there is a list of what may stand in them, and its name."""
    yield pdf.trailer, "trailer"
    yield pdf.Root, "catalogue"
    for key, list_ in (("/Names", "names"), ("/AcroForm", "form")):
        node = pdf.Root.get(key)
        if node is not None and rules.kind(node) == rules.DICTIONARY:
            yield node, list_
    yield from ((page, "page") for page in pages)


def _unlisted(node: Object, list_: str) -> Iterator[str]:
    if list_ == "catalogue":
        return rules.of_catalogue(node)
    return rules.besides(node, LISTS.get(list_, rules.TRAILER))


def _take(node: Object, places: list[Any], removed: Removed) -> None:
    """Take out of a dictionary or an array. In one that is a table by turns, nothing is put instead."""
    is_table = rules.kind(node) == rules.ARRAY and any(
        rules.kind(item) not in rules.DICTIONARIES for item in node.as_list()
    )
    for place in reversed(places):
        removed.see(node, place)
        if is_table:
            node[place] = None
        else:
            del node[place]


def _keep_whole(pdf: Pdf, pages: list[Object]) -> None:
    """In a file that had to be repaired every page must still draw something."""
    faults = pdf.get_warnings()
    if any("limit exceeded" in str(fault) for fault in faults):
        raise Refused("too_complex", "It unpacks to more than we take.")
    for number, page in enumerate(pages if faults else [], 1):
        if rules.kind(page.get("/Contents")) not in (rules.STREAM, rules.ARRAY):
            raise Refused("damaged", f"What page {number} draws is lost.")


def _save(pdf: Pdf, output: BinaryIO) -> None:
    """What is packed stays as it is packed, unless an archive could be found in it."""
    if "/Size" not in pdf.trailer:  # of a file whose table was lost; qpdf 12.4 would write none
        pdf.trailer["/Size"] = len(pdf.objects) + 1
    for recompress in (False, True):
        output.seek(0)
        output.truncate()
        pdf.save(
            output,
            object_stream_mode=ObjectStreamMode.generate,
            recompress_flate=recompress,
            encryption=False,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        if not ends_like_an_archive(output):
            return
    raise Refused("type_mismatch", "An archive is within it.")


def ends_like_an_archive(file: BinaryIO) -> bool:
    """Whether a program for archives would find one: it looks for an end within the last 64 KB."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - ZIP_TAIL))
    return ZIP_END in file.read()


def _keep_limits() -> None:
    """qpdf goes on past its own limits, with a part of the file."""
    if pikepdf.settings.qpdf_limit_errors():
        raise Refused("too_complex", "It unpacks to more than we take.")


def _said(error: Exception) -> str:
    return str(error).partition("): ")[2] or str(error).rpartition(">")[2].lstrip(": ")
