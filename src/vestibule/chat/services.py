"""Services: a tenant with its default roles."""

from __future__ import annotations

import time

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import roles
from vestibule.chat.permissions import CHANNEL_ADMIN, CHANNEL_USER, SERVICE_USER, TEMPLATES
from vestibule.context import ANYBODY, HOUSE, Context
from vestibule.errors import NotFound
from vestibule.models import Service, Site
from vestibule.payloads import FetchService, FetchSite, ListServices
from vestibule.ports import Database, Transaction

actions = Actions()

WAITS_OF = 8 * 3600  # seconds: a working day tells how long people wait now


async def first_service(database: Database, friendly_name: str) -> Service:
    """The service of this house; made, with its roles, at the very first start."""

    def change(tx: Transaction) -> Service:
        present = tx.all(Service, "services")
        return present[0] if present else add(tx, friendly_name)

    return await database.write(change)


def add(tx: Transaction, friendly_name: str) -> Service:
    """Make a service and the roles that every service begins with."""
    sid = sids.make(sids.SERVICE)
    of_name = {template.friendly_name: sids.make(sids.ROLE) for template in TEMPLATES}
    tx.run(
        "add_service",
        sid=sid,
        friendly_name=friendly_name,
        default_service_role_sid=of_name[SERVICE_USER],
        default_channel_role_sid=of_name[CHANNEL_USER],
        default_channel_creator_role_sid=of_name[CHANNEL_ADMIN],
    )
    for template in TEMPLATES:
        roles.add(
            tx,
            sid,
            template.friendly_name,
            template.type,
            template.permissions,
            of_name[template.friendly_name],
        )
    return found(tx, sid)


def found(tx: Transaction, service_sid: str) -> Service:
    """The service. Raises `NotFound`."""
    service = tx.one(Service, "service_by_sid", sid=service_sid)
    if service is None:
        raise NotFound(f"There is no service {service_sid}.")
    return service


@actions.define("FetchService", permission=HOUSE, asks_inside=True)
async def fetch_service(payload: FetchService, ctx: Context) -> Service:
    """The service of whoever asks."""
    return await ctx.look(lambda tx: found(tx, ctx.service_sid))


@actions.define("ListServices", permission=HOUSE, asks_inside=True)
async def list_services(payload: ListServices, ctx: Context) -> list[Service]:
    """Every service of the account."""
    return await ctx.look(lambda tx: tx.all(Service, "services"))


@actions.define("FetchSite", permission=ANYBODY, asks_inside=True)
async def fetch_site(payload: FetchSite, ctx: Context) -> Site:
    """How long people waited for an agent lately."""
    since = time.time() - WAITS_OF
    return await ctx.look(
        lambda tx: Site(reply_seconds=tx.value("mean_wait", service_sid=ctx.service_sid, since=since))
    )
