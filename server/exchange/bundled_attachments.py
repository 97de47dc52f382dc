"""Keeps the attachments that bundles brought, once the changes that name them are committed.

Each stands alone: its bytes are looked into outside of every transaction, like an upload's, and one
that is refused spoils neither the others nor the changes beside it.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import sqlalchemy as sa

from server.attachments.carried import Carried, keep_carried
from server.attachments.held import link_held
from server.attachments.naming import FIELD
from server.attachments.reception import aside
from server.attachments.rules import RefusedContent, UnknownAttachment
from server.attachments.staging import Staging
from server.attachments.storage import Storage
from server.dossiers.findings import Raised, raise_once
from server.exchange.bundles import BundleTaken
from server.office import Office
from sync.refusals import Gap, Refusal


async def keep_bundled(
    office: Office, bundles: Iterable[BundleTaken], now: int
) -> list[BundleTaken]:
    """Keep what bundles brought into a running office; gives what became of them."""
    staging = Staging(office.settings.uploads_folder)
    kept = []
    for bundle in bundles:
        codes = []
        for carried in bundle.attachments:
            code = await aside(partial(_keep, staging, office.storage, carried))
            settle = partial(_settle, carried=carried, code=code, now=now)
            code = await office.database.write(settle)
            if code == Gap.code:
                await aside(partial(office.storage.remove, carried.name))
            office.live.announce("dossiers")
            office.live.announce(f"dossier:{carried.name.record}")
            codes.append(code)
        kept.append(_with_codes(bundle, codes))
    return kept


def keep_bundled_beside(
    engine: sa.Engine, folders: tuple[Staging, Storage], bundles: Iterable[BundleTaken], now: int
) -> list[BundleTaken]:
    """Do the same on the command line, beside a server that may be running."""
    kept = []
    for bundle in bundles:
        codes = []
        for carried in bundle.attachments:
            code = _keep(*folders, carried)
            with engine.begin() as connection:
                code = _settle(connection, carried, code, now)
            if code == Gap.code:
                folders[1].remove(carried.name)
            codes.append(code)
        kept.append(_with_codes(bundle, codes))
    return kept


def _keep(staging: Staging, storage: Storage, carried: Carried) -> str:
    try:
        keep_carried(staging, storage, carried)
    except Refusal as refusal:
        return refusal.code
    return ""


def _settle(connection: sa.Connection, carried: Carried, code: str, now: int) -> str:
    """Link what was kept, or raise a finding; `gap` where nothing names it any more."""
    if code == RefusedContent.code:
        name = carried.name
        field = f"{FIELD}{name.digest.hex()}"
        told = {"reason": code}
        found = Raised("refused-photo", name.record.bytes, carried.seat, 0, field, now, told)
        raise_once(connection, found)
    elif not code:
        try:
            link_held(connection, carried.arrival, now)
        except UnknownAttachment:
            return Gap.code
    return code


def _with_codes(bundle: BundleTaken, codes: list[str]) -> BundleTaken:
    """Say why a bundle is not wholly held: what is wrong with its changes comes first."""
    code = next((one for one in (bundle.code, *codes) if one), "")
    return replace(bundle, code=code, attachments=(), photos=codes.count(""))
