"""Pages: the demo, the desk and the widget's script, from the built front end."""

from __future__ import annotations

import mimetypes

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from vestibule.http.addresses import origin_of
from vestibule.http.calls import Call
from vestibule.http.front import Front
from vestibule.http.replies import HTML, page
from vestibule.http.routes import Routes

FOREVER = "public, max-age=31536000, immutable"  # the name changes with the content
FRESH = "public, max-age=0, must-revalidate"

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Vestibule</title>
<p>The front end is not built yet. <code>make setup</code> builds it.</p></html>"""

SHARED = {  # what pages of other sites load into themselves
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
}


def policy(front: Front) -> str:
    """What a page of ours may load: from here, and files from where files are served."""
    files = origin_of(front.files_origin)
    own = f"'self' {files}".strip()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src {own} data: blob:; media-src {own} blob:; connect-src {own} {_sockets(front)}; "
        f"frame-src {own}; object-src 'none'; manifest-src 'self'; worker-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _sockets(front: Front) -> str:
    """Older browsers do not count a socket as `'self'`."""
    own = origin_of(front.public_url)
    return f"ws{own.removeprefix('http')}" if own else ""


def page_routes(front: Front) -> Routes:
    """The pages' routes over the static folder."""
    # Some systems' tables say otherwise, and `nosniff` believes them.
    mimetypes.add_type("text/javascript", ".js")
    routes = Routes()
    static = StaticFiles(directory=front.static, check_dir=False)
    csp = policy(front)

    async def file(call: Call, path: str, headers: dict[str, str]) -> Response:
        # A part of a script is of use to nobody, and the static files' own refusals are not in our form.
        call.scope["headers"] = [header for header in call.scope["headers"] if header[0] != b"range"]
        response = await static.get_response(path, call.scope)
        response.headers.update({"accept-ranges": "none", **headers})
        return response

    async def shown(call: Call, name: str) -> Response:
        headers = {"content-security-policy": csp, "x-frame-options": "DENY", "cache-control": "no-cache"}
        try:
            return await file(call, name, headers)
        except HTTPException:
            return page(NOT_BUILT, csp, 503)

    @routes.get("/", access="anybody", sends=HTML, also=(304, 503))
    async def demo(call: Call) -> Response:
        """The demo page, with the widget."""
        return await shown(call, "demo.html")

    @routes.get("/desk", access="anybody", sends=HTML, also=(304, 503))
    async def desk(call: Call) -> Response:
        """The agents' desk."""
        return await shown(call, "desk.html")

    @routes.get("/widget.js", access="anybody", limit="files", sends="text/javascript", also=(304,))
    async def widget(call: Call) -> Response:
        """The script that a site embeds."""
        return await file(call, "widget.js", {**SHARED, "cache-control": FRESH})

    @routes.get("/assets/{path*}", access="anybody", limit="files", sends="*/*", also=(304,))
    async def asset(call: Call, path: str) -> Response:
        """A part of the front end, under a name that changes with its content."""
        return await file(call, f"assets/{path}", {**SHARED, "cache-control": FOREVER})

    @routes.get("/favicon.ico", access="anybody", limit="files", sends="image/*", also=(304,))
    async def icon(call: Call) -> Response:
        """The site's icon."""
        return await file(call, "favicon.ico", {"cache-control": FRESH})

    return routes
