"""Services: a tenant with its default roles."""

from __future__ import annotations

import time

import msgspec

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import pages, roles, settings
from vestibule.chat.names import valid_name
from vestibule.chat.permissions import CHANNEL_ADMIN, CHANNEL_USER, SERVICE_USER, TEMPLATES
from vestibule.context import ANYBODY, HOUSE, Context
from vestibule.errors import (
    ChannelRoleNotFound,
    CreatorRoleNotFound,
    NotFound,
    RoleNotFound,
    ServiceRoleNotFound,
)
from vestibule.events import WebhooksChanged
from vestibule.models import Service, Site
from vestibule.payloads import CreateService, FetchService, FetchSite, ListServices, UpdateService
from vestibule.ports import Database, Transaction

actions = Actions()

DEFAULT_ROLES: tuple[tuple[str, str, type[RoleNotFound]], ...] = (
    ("default_service_role_sid", "deployment", ServiceRoleNotFound),
    ("default_channel_role_sid", "channel", ChannelRoleNotFound),
    ("default_channel_creator_role_sid", "channel", CreatorRoleNotFound),
)
WAITS_OF = 8 * 3600  # seconds: a working day tells how long people wait now


async def first_service(database: Database, friendly_name: str) -> Service:
    """The service of this house; made, with its roles, at the very first start."""

    def change(tx: Transaction) -> Service:
        return own(tx) or add(tx, friendly_name)

    return await database.write(change)


def own(tx: Transaction) -> Service | None:
    """The house's own service; None before the very first start."""
    return tx.one(Service, "first_service")


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


@actions.define("CreateService", permission=HOUSE, asks_inside=True)
async def create_service(payload: CreateService, ctx: Context) -> Service:
    """Make a service."""
    name = valid_name(payload.friendly_name)
    return await ctx.change(lambda tx: add(tx, name))


@actions.define("UpdateService", permission=HOUSE, asks_inside=True)
async def update_service(payload: UpdateService, ctx: Context) -> Service:
    """Change a service's name, default roles and settings."""

    def change(tx: Transaction) -> tuple[Service, Service]:
        service = found(tx, ctx.service_sid)
        name = service.friendly_name if payload.friendly_name is None else valid_name(payload.friendly_name)
        changed = settings.changed(service.settings, payload.settings)
        tx.run(
            "set_service",
            sid=service.sid,
            friendly_name=name,
            settings=msgspec.json.encode(changed).decode(),
            **_default_roles(tx, service, payload),
        )
        return service, found(tx, service.sid)

    old, new = await ctx.change(change)
    if settings.tells_others(old.settings, new.settings):
        ctx.bus.publish([WebhooksChanged(stream=new.sid, identity="")])
    return new


@actions.define("FetchService", permission=HOUSE, asks_inside=True)
async def fetch_service(payload: FetchService, ctx: Context) -> Service:
    """The service of whoever asks."""
    return await ctx.look(lambda tx: found(tx, ctx.service_sid))


@actions.define("ListServices", permission=HOUSE, asks_inside=True)
async def list_services(payload: ListServices, ctx: Context) -> list[Service]:
    """The services of the account."""
    ways = {"after": "services_after", "before": "services_before"}
    return await ctx.look(lambda tx: pages.page(tx, Service, payload.after, payload.limit, **ways))


@actions.define("FetchSite", permission=ANYBODY, asks_inside=True)
async def fetch_site(payload: FetchSite, ctx: Context) -> Site:
    """How long people waited for an agent lately."""
    since = time.time() - WAITS_OF
    return await ctx.look(
        lambda tx: Site(reply_seconds=tx.value("mean_wait", service_sid=ctx.service_sid, since=since))
    )


def _default_roles(tx: Transaction, service: Service, payload: UpdateService) -> dict[str, str]:
    """The roles that people get by default, each of its type. Raises the error of the one that is not."""
    given = {name: getattr(payload, name) for name, _, _ in DEFAULT_ROLES}
    return {
        name: getattr(service, name)
        if given[name] is None
        else roles.chosen(tx, service.sid, given[name], role_type, missing)
        for name, role_type, missing in DEFAULT_ROLES
    }
