"""Speaking: who may say something here, from which page, with which token; and what pages are told."""

from __future__ import annotations

import asyncio
import base64
import json

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus

from vestibule.selftest.cases import Broken, Cases, NotTested, must
from vestibule.selftest.visit import Visit
from vestibule.selftest.visitor import Visitor, told

cases = Cases("speaking")

FOREIGN = "https://selftest.invalid"  # RFC 2606: nobody's
PATIENCE = 15.0  # seconds for a socket's first word
LOCAL = ("127.0.0.1", "localhost", "::1")


async def greeted(visit: Visit, token: str, origin: str | None = None) -> str:
    """What a socket answers to a hello; how it ended, where it does not."""
    try:
        async with asyncio.timeout(PATIENCE), visit.door.socket(origin) as socket:
            await socket.send(json.dumps({"type": "hello", "token": token}))
            while (kind := str(json.loads(await socket.recv())["type"])) == "error":
                pass  # its reason comes as the code of the close
            return kind
    except TimeoutError:
        return f"silent for {PATIENCE:.0f} s"
    except ConnectionClosed as closed:
        return f"closed with {closed.rcvd.code if closed.rcvd else 'nothing'}"
    except InvalidStatus as refused:
        return f"refused with {refused.response.status_code}"


async def _require_foreign(visit: Visit) -> None:
    answer = await visit.door.ask("GET", "/v1/site", headers={"origin": FOREIGN})
    if answer.headers.get("access-control-allow-origin") in (FOREIGN, "*"):
        raise NotTested("every site may embed this house (cors_origins)")


@cases.case("socket of a foreign page")
async def foreign_socket(visit: Visit) -> str:
    """A page of another site cannot open a socket."""
    await _require_foreign(visit)
    must(await greeted(visit, visit.visitor.token) == "welcome", "no socket opens at all")
    seen = await greeted(visit, visit.visitor.token, FOREIGN)
    must(seen in ("closed with 4403", "refused with 403"), f"it was answered: {seen}")
    return seen


@cases.case("request of a foreign page")
async def foreign_page(visit: Visit) -> str:
    """A page of another site cannot start a chat or sign in, nor read an answer."""
    await _require_foreign(visit)
    page = {"origin": FOREIGN, "sec-fetch-site": "cross-site"}
    chat = await visit.door.ask("POST", "/v1/chats", json={}, headers=page)
    if chat.status_code == 201:
        await Visitor(visit.door, told(chat)).leave()
    must(chat.status_code == 403, f"starting a chat was answered {chat.status_code}")
    credentials = {"name": "selftest", "password": "none"}
    session = await visit.door.ask("POST", "/v1/session", json=credentials, headers=page)
    must(session.status_code == 403, f"signing in was answered {session.status_code}")
    asked = page | {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    before = await visit.door.ask("OPTIONS", f"{visit.visitor.channel}/messages", headers=asked)
    allowed = before.headers.get("access-control-allow-origin")
    must(allowed is None, f"a preflight was told that {allowed} may read answers")
    return "403"


@cases.case("forged token")
async def forged_token(visit: Visit) -> str:
    """A token that was changed, or that nobody signed, opens nothing."""
    visitor = visit.visitor
    for kind, token in _forged(visitor.token, visitor.place["identity"]).items():
        answer = await visit.door.ask("GET", visitor.channel, token=token)
        must(answer.status_code == 401, f"a token {kind} was answered {answer.status_code}")
        seen = await greeted(visit, token)
        must(seen != "welcome", f"a token {kind} opens a socket")
    return "401"


def _forged(token: str, identity: str) -> dict[str, str]:
    head, body, mark = token.split(".")
    middle = len(mark) // 2
    other = "B" if mark[middle] == "A" else "A"
    return {
        "with another signature": f"{head}.{body}.{mark[:middle]}{other}{mark[middle + 1 :]}",
        "without a signature": f"{head}.{body}.",
        "that asks for none": f"{_packed(json.dumps({'alg': 'none', 'typ': 'JWT'}))}.{body}.",
        "of somebody else": f"{head}.{_naming(body, identity, 'system')}.{mark}",
    }


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _naming(body: str, identity: str, other: str) -> str:
    """A token's content, with another identity in it."""
    text = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    return _packed(text.replace(identity, other))


@cases.case("who has left")
async def left(visit: Visit) -> str:
    """A token opens nothing any more once its visitor has left the chat."""
    other = visit.other
    if not await other.leave():
        raise NotTested("visitors may not leave a chat here")
    for method, path, body in (
        ("GET", other.channel, {}),
        ("GET", f"{other.channel}/messages", {}),
        ("POST", f"{other.channel}/messages", {"json": {"body": "Still here"}}),
    ):
        answer = await other.ask(method, path, **body)
        must(400 <= answer.status_code < 500, f"{method} {path} was answered {answer.status_code}")
    return "kept out"


async def _page(visit: Visit, path: str) -> httpx.Response:
    answer = await visit.door.ask("GET", path)
    if answer.status_code != 200:
        raise NotTested(f"{path} is answered {answer.status_code}")
    return answer


@cases.case("pages run no foreign script")
async def page_policy(visit: Visit) -> str:
    """The desk runs only its own scripts, and is shown in no other page's frame."""
    header = (await _page(visit, "/desk")).headers.get("content-security-policy", "")
    must(bool(header), "there is no Content-Security-Policy")
    # Of several policies each holds, so one that is strict is enough.
    faults = [_fault(policy) for policy in header.split(",")]
    must("" in faults, faults[0])
    return "only its own"


def _fault(policy: str) -> str:
    """What a page's policy lets through that it must not; empty for a strict one."""
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";") if rule.strip()}
    other = rules.get("default-src", ["*"])
    scripts, styles = rules.get("script-src", other), rules.get("style-src", other)
    if loose := {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:", "data:"} & set(scripts):
        return f"scripts may come from {', '.join(sorted(loose))}"
    if "'unsafe-inline'" in styles:
        return "styles may be inline"
    if rules.get("frame-ancestors") != ["'none'"]:
        return f"frame-ancestors is {rules.get('frame-ancestors')}"
    return ""


@cases.case("pages are not guessed at")
async def page_type(visit: Visit) -> str:
    """Browsers do not guess what the pages, scripts and answers are."""
    for path in ("/desk", "/widget.js", "/v1/site"):
        answer = await visit.door.ask("GET", path)
        seen = answer.headers.get("x-content-type-options")
        must(set((seen or "").split(", ")) == {"nosniff"}, f"{path} says X-Content-Type-Options: {seen}")
    return "nosniff"


@cases.case("cookie")
async def cookie(visit: Visit) -> str:
    """The desk's cookie is kept from scripts and other sites, and with https from plain http."""
    # Signing out sets the cookie anew, to nothing, with everything that it is always set with.
    answer = await visit.visitor.ask("DELETE", "/v1/session")
    made = answer.headers.get("set-cookie", "")
    words = {word.strip().lower() for word in made.split(";")}
    if not made:
        raise NotTested("no cookie is set for strangers")
    must("httponly" in words, "it is not HttpOnly")
    must(bool({"samesite=strict", "samesite=lax"} & words), "it has no SameSite")
    must("secure" in words or not visit.door.is_secure, "it is not Secure: is `public_url` set?")
    return "HttpOnly, SameSite" + (", Secure" if "secure" in words else "")


@cases.case("https only")
async def https_only(visit: Visit) -> str:
    """What people write travels encrypted, and browsers are told to insist on it."""
    door = visit.door
    if not door.is_secure and door.host in LOCAL:
        raise NotTested("the address is this machine's own")
    must(door.is_secure, "the address is plain http")
    hsts = str((await door.ask("GET", "/v1/site")).headers.get("strict-transport-security", ""))
    must("max-age=" in hsts, "there is no Strict-Transport-Security: is `public_url` set?")
    if door.port == 443:
        await _require_redirect(door.host)
    return hsts


async def _require_redirect(host: str) -> None:
    name = f"[{host}]" if ":" in host else host
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            answer = await client.get(f"http://{name}/desk")
    except httpx.TransportError:
        return  # nobody listens, which is as good
    target = answer.headers.get("location", "")
    if not (answer.is_redirect and target.startswith("https://")):
        raise Broken(f"http://{name}/desk is answered {answer.status_code} instead of leading to https")
