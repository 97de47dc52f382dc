"""What whoever runs the office decides, read from `LUUDONG_…` in the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sync.app_version import is_version
from sync.codes import is_agency

Mode = Literal["demo", "production"]

SECRET_CHARACTERS_MIN = 32

DATABASES = ("sqlite:///", "postgresql+psycopg://")

DEMO_AGENCY = "H26.118.05"
"""Invented: no agency has this identifier."""

UPLOAD_HOURS_MAX = 30 * 24
"""A phone that was in a drawer for longer begins its upload anew."""


REQUESTS_A_MINUTE_MAX = 1_000_000
"""As good as no limit, for measuring."""


class SettingsRefused(Exception):
    """The office cannot start with these settings; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything about an office that is decided outside its database."""

    mode: Mode
    data: Path
    database: str
    secret: str | None
    host: str
    port: int
    url: str
    office: str
    office_name: str
    # Where attachments lie: `s3://bucket/prefix`, or empty for the data folder.
    attachments: str = ""
    upload_hours: int = 24
    backup_hour: int | None = 2
    backups: Path | None = None
    # What one device may ask in a minute; the last minute's worth may come at once.
    requests_a_minute: int = 600
    # An app older than this gets no pages, leases or new enrolments.
    app_version_min: str = "0"
    # On papers for citizens: above the office's name, and whom to call.
    office_parent: str = "Trung tâm Phục vụ hành chính công thành phố Hà Nội"
    hotline: str = "024.1022"
    # From how many hours on unsent work is amber on a phone, and from how many red.
    unsent_hours: tuple[int, int] = (8, 24)
    # What official dossier codes begin with; empty where the office gives none.
    agency: str = ""
    # Whether seats are leased ordinals for codes; else every code of a phone is provisional.
    leases: bool = False
    # Whether phones that wish it are woken through their browsers' push services.
    push: bool = True

    @property
    def backups_folder(self) -> Path:
        """Where backups lie; another disk than the database's is better."""
        return self.backups or self.data / "backups"

    @property
    def uploads_folder(self) -> Path:
        """Where attachments lie while they are not whole, or not looked into yet."""
        return self.data / "uploads"

    @property
    def erasures_path(self) -> Path:
        """Where the list of what was erased lies: beside the database, in no backup."""
        return self.data / "erasures"

    @property
    def is_demo(self) -> bool:
        """Whether invented people and easy passwords are wanted."""
        return self.mode == "demo"

    @property
    def upload_ms(self) -> int:
        """How long an upload that nobody goes on with is kept."""
        return self.upload_hours * 60 * 60 * 1000

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach us by HTTPS, so that cookies can insist on it."""
        return self.url.startswith("https://")


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check the environment; raises SettingsRefused with a sentence for people."""
    mode = environ.get("LUUDONG_MODE", "production")
    if mode not in ("demo", "production"):
        raise SettingsRefused(f"LUUDONG_MODE is {mode!r}; it can be demo or production")
    data = _data(environ.get("LUUDONG_DATA", "data"))
    host = environ.get("LUUDONG_HOST", "127.0.0.1")
    port = _port(environ.get("LUUDONG_PORT", "8000"))
    backups = environ.get("LUUDONG_BACKUPS")
    agency = _agency(environ.get("LUUDONG_AGENCY", DEMO_AGENCY if mode == "demo" else ""))
    return Settings(
        mode="demo" if mode == "demo" else "production",
        data=data,
        database=_database(environ.get("LUUDONG_DATABASE"), data),
        secret=_secret(environ.get("LUUDONG_SECRET"), mode),
        host=host,
        port=port,
        url=_url(environ.get("LUUDONG_URL", f"http://localhost:{port}")),
        office=environ.get("LUUDONG_OFFICE", "demo-branch" if mode == "demo" else "branch"),
        office_name=environ.get(
            "LUUDONG_OFFICE_NAME",
            "Chi nhánh số 8 (dữ liệu mẫu)" if mode == "demo" else "Chi nhánh",
        ),
        attachments=_attachments(environ.get("LUUDONG_ATTACHMENTS", "")),
        upload_hours=_hours(environ.get("LUUDONG_UPLOAD_HOURS", "24")),
        backup_hour=_backup_hour(environ.get("LUUDONG_BACKUP_HOUR", "2")),
        backups=Path(backups).absolute() if backups else None,
        requests_a_minute=_requests(environ.get("LUUDONG_REQUESTS_A_MINUTE", "600")),
        app_version_min=_version(environ.get("LUUDONG_APP_VERSION_MIN", "0")),
        office_parent=environ.get("LUUDONG_OFFICE_PARENT", Settings.office_parent),
        hotline=environ.get("LUUDONG_HOTLINE", Settings.hotline),
        unsent_hours=_unsent(environ.get("LUUDONG_UNSENT_HOURS", "8,24")),
        agency=agency,
        leases=_leases(environ.get("LUUDONG_LEASES", "on" if mode == "demo" else "off"), agency),
        push=_is_on("LUUDONG_PUSH", environ.get("LUUDONG_PUSH", "on")),
    )


def _agency(text: str) -> str:
    if text and not is_agency(text):
        raise SettingsRefused(
            f"LUUDONG_AGENCY is {text!r}; it must be like H26.118.05, or not set for no codes"
        )
    return text


def _leases(text: str, agency: str) -> bool:
    is_on = _is_on("LUUDONG_LEASES", text)
    if is_on and not agency:
        raise SettingsRefused("LUUDONG_LEASES is on: LUUDONG_AGENCY must say what codes begin with")
    return is_on


def _is_on(name: str, text: str) -> bool:
    if text not in ("on", "off"):
        raise SettingsRefused(f"{name} is {text!r}; it can be on or off")
    return text == "on"


def _data(text: str) -> Path:
    path = Path(text).absolute()
    if path.exists() and not path.is_dir():
        raise SettingsRefused(f"LUUDONG_DATA is {str(path)!r}, which is no folder")
    return path


def _database(text: str | None, data: Path) -> str:
    if not text:
        return f"sqlite:///{data / 'office.sqlite3'}"
    if not text.startswith(DATABASES):
        # Not repeated in the message: there may be a password in it.
        raise SettingsRefused(f"LUUDONG_DATABASE must begin with {' or '.join(DATABASES)}")
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise SettingsRefused(
            f"LUUDONG_URL is {text!r}; it must be like https://office.example.vn, without a path"
        )
    return text.rstrip("/")


def _attachments(address: str) -> str:
    if address and not address.startswith("s3://"):
        raise SettingsRefused(
            f"LUUDONG_ATTACHMENTS is {address!r}; it can be s3://bucket/prefix, or not set"
        )
    return address


def _unsent(text: str) -> tuple[int, int]:
    amber, _, red = text.partition(",")
    if not (amber.isdecimal() and red.isdecimal() and 0 < int(amber) <= int(red)):
        raise SettingsRefused(
            f"LUUDONG_UNSENT_HOURS is {text!r}; it must be two numbers of hours, the larger last"
        )
    return int(amber), int(red)


def _hours(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= UPLOAD_HOURS_MAX:
        raise SettingsRefused(
            f"LUUDONG_UPLOAD_HOURS is {text!r}; it must be a number from 1 to {UPLOAD_HOURS_MAX}"
        )
    return int(text)


def _requests(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= REQUESTS_A_MINUTE_MAX:
        raise SettingsRefused(
            f"LUUDONG_REQUESTS_A_MINUTE is {text!r}; "
            f"it must be a number from 1 to {REQUESTS_A_MINUTE_MAX}"
        )
    return int(text)


def _version(text: str) -> str:
    if not is_version(text):
        raise SettingsRefused(
            f"LUUDONG_APP_VERSION_MIN is {text!r}; it must be a version like 1.4.0, or 0 for any"
        )
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004 -- the range of ports
        raise SettingsRefused(f"LUUDONG_PORT is {text!r}; it must be a number from 1 to 65535")
    return int(text)


def _backup_hour(text: str) -> int | None:
    if text == "off":
        return None
    if not text.isdecimal() or int(text) > 23:  # noqa: PLR2004 -- the hours of a day
        raise SettingsRefused(
            f"LUUDONG_BACKUP_HOUR is {text!r}; it must be an hour from 0 to 23, or off"
        )
    return int(text)


def _secret(secret: str | None, mode: str) -> str | None:
    if secret and len(secret) < SECRET_CHARACTERS_MIN:
        raise SettingsRefused(
            f"LUUDONG_SECRET is shorter than {SECRET_CHARACTERS_MIN} characters. "
            "Make a good one with: .venv/bin/luudong secret"
        )
    if mode == "production" and not secret:
        raise SettingsRefused(
            "A production office needs LUUDONG_SECRET: it seals the office's keys. Make one with\n"
            "  .venv/bin/luudong secret\n"
            "keep it outside this machine's backups, and start again with LUUDONG_SECRET set to it."
            "\nTo only try things out, set LUUDONG_MODE=demo."
        )
    return secret or None
