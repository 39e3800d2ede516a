"""What is to be said of Programmable Chat's names here, by patterns of `Item.key`. The first one wins."""

from __future__ import annotations

EMPTY = "always empty, since nothing is pushed"
NONE = "always 404: there are none, since nothing is pushed"
NEVER = "never given: there are none"
KEPT = "kept and told; the server itself does nothing with it"

# Lists without previous pages.
ONWARD = tuple(
    f"GET {path} page meta.previous_page_url"
    for path in (
        "/v2/Credentials",
        "/v2/Services",
        "*/Bindings",
        "*/Roles",
        "*/Users",
        "*/Users/{UserSid}/Channels",
        "*/Webhooks",
    )
)

# There, but not as there.
DIFFERS: dict[str, str] = {
    "GET /v2/Credentials": EMPTY,
    **dict.fromkeys(ONWARD, "always null: these lists are read onwards only"),
    "Answer user is_notifiable": "always null, since nothing is pushed",
    "POST /v2/Credentials": "refused (`push_not_offered`): a key without a use is a secret for nothing",
    "* /v2/Credentials/{Sid}": NONE,
    "GET */Bindings": EMPTY,
    "* */Bindings/{Sid}": NONE,
    "Answer credential *": NEVER,
    "Answer binding *": NEVER,
    "Answer user.user_binding *": NEVER,
    "POST /v2/Services/{Sid} form Notifications.*": "kept and told; nothing is pushed",
    "POST /v2/Services/{Sid} form ConsumptionReportInterval": KEPT,
    "POST /v2/Services/{Sid} form ReadStatusEnabled": KEPT,
    "POST /v2/Services/{Sid} form TypingIndicatorTimeout": KEPT,
    "POST */Webhooks* form Configuration.FlowSid": "kept and told; there is no Studio here to call",
}

# Not there, and why.
MISSING: dict[str, str] = {
    "POST /v2/Credentials* form *": "every credential is refused, whatever it says",
}
