"""What there is in a PDF: to the eye, and to whoever takes it apart."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2


def drawn(content: bytes) -> list[tuple[tuple[int, int], bytes]]:
    """Every page as its reader shows it: sizes and pixels."""
    with pypdfium2.PdfDocument(content) as document:  # type: ignore[no-untyped-call]
        document.init_forms()
        pages = [page.render(scale=1).to_pil() for page in document]
    return [(page.size, page.tobytes()) for page in pages]


def laid_open(content: bytes) -> bytes:
    """All of a document in plain letters: no object streams, nothing packed, names as they are meant."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert not pdf.get_warnings()
        modes = {"stream_decode_level": pikepdf.StreamDecodeLevel.all, "compress_streams": False}
        pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.disable, **modes)
    return output.getvalue()


def laid_open_as_it_came(content: bytes) -> bytes:
    """Unreferenced and replaced objects too."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        every = [item.unparse(resolved=True) for item in pdf.objects]
        streams = [item.read_bytes() for item in pdf.objects if isinstance(item, pikepdf.Stream)]
    return b"\n".join(every + streams)
