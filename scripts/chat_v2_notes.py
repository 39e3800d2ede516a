"""What is to be said of Programmable Chat's names here, by patterns of `Item.key`. The first one wins."""

from __future__ import annotations

EMPTY = "always empty, since nothing is pushed"
NO_PAGES = "always null: an empty list has one page"
NONE = "always 404: there are none, since nothing is pushed"
NEVER = "never given: there are none"
KEPT = "kept and told; the server itself does nothing with it"

# There, but not as there.
DIFFERS: dict[str, str] = {
    "GET /v2/Credentials": EMPTY,
    "GET /v2/Credentials page meta.previous_page_url": NO_PAGES,
    "GET /v2/Credentials page meta.next_page_url": NO_PAGES,
    "GET */Bindings page meta.previous_page_url": NO_PAGES,
    "GET */Bindings page meta.next_page_url": NO_PAGES,
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
