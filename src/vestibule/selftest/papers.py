"""PDFs of the self-test: a letter, and letters that act when they are opened."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name

from vestibule.selftest.samples import MARK, PROGRAM

# Names by which something acts, is fetched, or is another file.
ACTIVE = frozenset(
    {
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/EF",
        "/AA",
        "/RichMedia",
        "/SubmitForm",
    }
)


def pdf() -> bytes:
    """A letter of one page."""
    return _saved(_letter())


def pdf_with_script() -> bytes:
    letter = _letter()
    letter.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=f"app.alert('{MARK}')")
    return _saved(letter)


def pdf_that_starts_a_program() -> bytes:
    letter = _letter()
    letter.Root.OpenAction = Dictionary(S=Name.Launch, F=f"{MARK}.exe")
    return _saved(letter)


def pdf_with_a_program_in_it() -> bytes:
    letter = _letter()
    letter.attachments[f"{MARK}.exe"] = PROGRAM + MARK.encode()
    return _saved(letter)


def page_and_pdf() -> bytes:
    """A letter that is a page with a script as well, to a browser that guesses."""
    return f"<script>'{MARK}'</script>\n".encode() + pdf()


def acts(content: bytes) -> str:
    """What in a PDF still acts, in a few words; empty where nothing does."""
    try:
        with pikepdf.open(io.BytesIO(content)) as letter:
            found = [seen for thing in letter.objects for seen in _seen(thing)]
    except pikepdf.PdfError as error:
        return f"cannot be opened: {error}"
    return ", ".join(sorted(set(found)))


def _letter() -> pikepdf.Pdf:
    letter = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page = letter.add_blank_page(page_size=(300, 200))
    page.Resources = Dictionary(Font=Dictionary(F1=font))
    page.Contents = letter.make_stream(b"BT /F1 14 Tf 20 100 Td (A letter.) Tj ET")
    return letter


def _saved(letter: pikepdf.Pdf) -> bytes:
    file = io.BytesIO()
    letter.save(file, static_id=True)
    return file.getvalue()


def _seen(thing: object, depth: int = 0) -> list[str]:
    """Names and marks in an object, and in what stands directly in it."""
    if not isinstance(thing, pikepdf.Object) or depth > 50 or (depth and thing.is_indirect):
        return []
    seen: list[str] = []
    if isinstance(thing, pikepdf.Stream) and MARK.encode() in thing.read_bytes():
        seen.append("its program")
    if isinstance(thing, Dictionary | pikepdf.Stream):
        for key, value in thing.items():
            seen += [key] if key in ACTIVE else []
            seen += _seen(value, depth + 1)
    elif isinstance(thing, Array):
        for value in thing:
            seen += _seen(value, depth + 1)
    elif isinstance(thing, Name) and str(thing) in ACTIVE:
        seen.append(str(thing))
    elif isinstance(thing, pikepdf.String) and MARK in str(thing):
        seen.append("its words")
    return seen
