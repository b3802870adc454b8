"""What a host sets: each environment variable, its default and what it does.

Those of `Permissions`, `Saving`, `Drawings`, `Limits` and `Classrooms` can be Streamlit secrets
too, by the same names. The variables win; an empty one is as good as none.
"""

import hmac
import os
import re
from collections.abc import Mapping
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self, TypeVar

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from model.errors import InklingError

ROOT = Path(__file__).parent.parent  # the folder that the packages are in
LONGEST_PASSWORD = 1000  # characters
PRETRAINED = Path(__file__).parent / "pretrained" / "inkling.keras"  # the network that ships


def _path(given: object) -> Path:
    try:
        return Path(str(given)).expanduser()
    except RuntimeError:  # the ~ of nobody
        raise ValueError("a path") from None


def _who(given: object) -> str:
    value = str(given).strip().lower()
    if value not in ("host", "on", "off"):
        raise ValueError("host, on or off")
    return value


def _people(given: object) -> frozenset[str]:
    if isinstance(given, frozenset):  # the default
        return given
    people = str(given).replace(",", " ").lower().split()
    if not all(one.startswith("sub:") or "@" in one for one in people):
        raise ValueError("e-mail addresses, @domains or sub:IDs, with commas between")
    return frozenset(people)


def _days(given: object) -> int:
    text = str(given).strip()
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 365:
        raise ValueError("a number of days from 1 to 365")
    return int(text)


def _switch(given: object) -> str:
    value = str(given).strip().lower()
    if value not in ("on", "off"):
        raise ValueError("on or off")
    return value


class Most(NamedTuple):
    """How often something may be done within an hour."""

    visitor: int  # by one
    address: int  # by all who come from one


CLASS = 30  # visitors who share a school's one address


def _most(given: object) -> Most:
    visitor, _, address = str(given).strip().partition("/")
    if not all(one.isdecimal() and int(one) for one in (visitor, address or "1")):
        raise ValueError("so many an hour from one visitor and from one address, as 600/6000")
    return Most(int(visitor), int(address) if address else CLASS * int(visitor))


def _logs(given: object) -> str:
    value = str(given).strip().lower()
    if value not in ("text", "json"):
        raise ValueError("text or json")
    return value


_LOCAL = "local"
_ADDRESS = re.compile(r"auto|(ray://)?[\w.-]+:\d{1,5}|(ray://)?\[[\da-fA-F:]+\]:\d{1,5}", re.ASCII)


def _engine(given: object) -> str:
    value = str(given).strip()
    if value.lower() == _LOCAL:
        return _LOCAL
    if not _ADDRESS.fullmatch(value):
        raise ValueError("local, or a Ray cluster as auto, host:port or ray://host:port")
    return value


def _address(given: object) -> str:
    text = str(given).strip().rstrip("/")
    if text and not all(text.partition("://")):
        raise ValueError("an address as s3://bucket/folder")
    return text


# A validator's ValueError says what is wanted.
UserPath = Annotated[Path, BeforeValidator(_path)]
Switch = Annotated[Literal["on", "off"], BeforeValidator(_switch)]
Days = Annotated[int, BeforeValidator(_days)]
Who = Annotated[Literal["host", "on", "off"], BeforeValidator(_who)]
People = Annotated[frozenset[str], NoDecode, BeforeValidator(_people)]
Amount = Annotated[Most, BeforeValidator(_most)]
Address = Annotated[str, BeforeValidator(_address)]
LogFormat = Annotated[Literal["text", "json"], BeforeValidator(_logs)]
EngineAddress = Annotated[str, BeforeValidator(_engine)]
Secret = Annotated[SecretStr, BeforeValidator(str)]  # a number, in TOML


class Settings(BaseSettings):
    """Some of the settings, each a field under its variable's name, as they are when `read`."""

    model_config = SettingsConfigDict(
        case_sensitive=True, env_ignore_empty=True, extra="ignore", frozen=True
    )

    @classmethod
    def read(cls, secrets: Mapping[str, Any] | None = None) -> Self:
        """By the variables as they are now, else by `secrets`, else the defaults.

        Raises InklingError, one sentence without any password, for a value that can't be.
        """
        names = cls.variables()
        given = tuple((name, str(secrets[name])) for name in names if secrets and name in secrets)
        return _read(cls, tuple(map(os.environ.get, names)), given)

    @classmethod
    @cache
    def variables(cls) -> dict[str, str]:
        """What each variable does, by name."""
        return {str(f.alias): str(f.description) for f in cls.model_fields.values()}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings  # the first wins


class Paths(Settings):
    """Where things are on this machine."""

    home: UserPath | None = Field(
        None,
        alias="INKLING_HOME",
        description="the folder of the runs and the drawings; without it, the user's data folder",
    )
    model: UserPath | None = Field(
        None,
        alias="INKLING_MODEL",
        description="a `.keras` file that answers, whatever the runs say; without it, the run "
        "in use",
    )
    mnist: UserPath | None = Field(
        None,
        alias="MNIST_PATH",
        description="MNIST as `mnist.npz` or as a folder of IDX files; without it, Keras "
        "downloads it",
    )
    keras: UserPath | None = Field(
        None,
        alias="KERAS_HOME",
        description="the folder where Keras keeps what it downloads; without it, `~/.keras`",
    )


class Storage(Settings):
    """Where what is large is kept."""

    blobs: Address = Field(
        "",
        alias="INKLING_BLOBS",
        description="where models, checkpoints and pictures of runs are kept: `s3://bucket/folder` "
        "or `gs://bucket/folder`, by the keys that the clouds' own variables name; without it, "
        "`INKLING_HOME`",
    )


class Notifications(Settings):
    """Who is told when a run ends."""

    webhook: Secret = Field(  # an address may hold a token
        SecretStr(""),
        alias="INKLING_WEBHOOK",
        description="an `https://` or `http://` address that is sent a note, JSON by POST, when a "
        "run ends",
    )


class Role(IntEnum):
    """What a visitor is on this server; each may what the one before it may."""

    VISITOR = 0  # draws, looks, and has an album of one's own
    TEACHER = 1  # has networks trained, and makes rooms
    HOST = 2  # runs the server: all rooms, all runs, and the model that answers


class Account(NamedTuple):
    """Whom a provider has signed in: `subject` by its own id; `email` as far as it has verified it.
    Nobody, where both are empty."""

    subject: str = ""
    email: str = ""

    def is_of(self, people: frozenset[str]) -> bool:
        """Whether they are named among these."""
        _, at, domain = self.email.lower().rpartition("@")
        names = {f"sub:{self.subject}".lower()} if self.subject else set()
        return not people.isdisjoint(names | ({self.email.lower(), f"@{domain}"} if at else set()))


NOBODY = Account()


class Permissions(Settings):
    """Who may start and stop runs and make rooms: anyone, nobody, whoever knows the password, or
    whom a provider has signed in. And who of them may delete runs and drawings and choose the model
    that answers."""

    retraining: Switch = Field(
        "on",
        alias="INKLING_RETRAIN",
        description="`on`, the default, or `off`: visitors can watch, but not retrain or switch "
        "models",
    )
    password: Secret = Field(
        SecretStr(""),
        alias="INKLING_PASSWORD",
        description="only who knows it can; without it, everybody can",
    )
    teachers: People = Field(
        frozenset(),
        alias="INKLING_TEACHERS",
        description="who signs in as one of these can too: e-mail addresses, `@school.example` for "
        "a domain, `sub:ID` by the provider's own id, with commas between; without a password, "
        "only they can. By whom one signs in, Streamlit's secrets say under `[auth]`",
    )
    hosts: People = Field(
        frozenset(),
        alias="INKLING_HOSTS",
        description="who signs in as one of these is the host, and nobody else is: neither who "
        "knows the password nor who sits at the server",
    )
    managing: Who = Field(
        "host",
        alias="INKLING_MANAGING",
        description="who may delete runs, change saved drawings and choose the model that answers: "
        "`host`, the default, whom `INKLING_HOSTS` names, or without that who knows the password, "
        "or without one who sits at the server itself; `on`, everybody who may retrain; `off`, "
        "nobody",
    )

    @property
    def takes_password(self) -> bool:
        return self.retraining == "on" and bool(self.password)

    @property
    def takes_accounts(self) -> bool:
        return self.retraining == "on" and bool(self.hosts | self.teachers)

    def role(self, password: str = "", at_server: bool = False, account: Account = NOBODY) -> Role:
        """What a visitor is who gave `password`, sits at the server or not, and has signed in by an
        `account` or not."""
        if self.retraining == "off":
            return Role.VISITOR
        knows = self.takes_password and self.is_password(password)
        is_open = not self.takes_password and not self.teachers
        may_teach = is_open or knows or account.is_of(self.hosts | self.teachers)
        if self.managing == "on" and may_teach:
            return Role.HOST
        if self.managing == "host" and self._is_host(knows, at_server, account):
            return Role.HOST
        return Role.TEACHER if may_teach else Role.VISITOR

    def _is_host(self, knows: bool, at_server: bool, account: Account) -> bool:
        if self.hosts:
            return account.is_of(self.hosts)
        return knows if self.takes_password else at_server

    def is_password(self, given: str) -> bool:
        """Whether that is the password, told in constant time."""
        wanted = self.password.get_secret_value()
        return len(given) <= LONGEST_PASSWORD and hmac.compare_digest(
            given.encode(errors="surrogatepass"), wanted.encode(errors="surrogatepass")
        )


class Saving(Settings):
    """Whether drawings may be saved, and where."""

    saving: Switch = Field(
        "on",
        alias="INKLING_SAVING",
        description="`on`, the default, or `off`: drawings can't be saved",
    )
    database: Secret = Field(  # an address may hold a password
        SecretStr(""),
        alias="INKLING_DATABASE",
        description="where runs and drawings are kept, as SQLAlchemy writes it: "
        "`postgresql+psycopg://user:password@host/name`, with its driver installed (the extra "
        "`postgresql`); without it, `drawings.db` in `INKLING_HOME`",
    )


class Drawings(Settings):
    """How drawings are read."""

    live: Switch = Field(
        "on",
        alias="INKLING_LIVE",
        description="`on`, the default, or `off`: strokes are not read while the pen is down, "
        "which spares the server work",
    )


class Limits(Settings):
    """How much visitors may do within an hour."""

    strokes: Amount | None = Field(
        None,
        alias="INKLING_MOST_STROKES",
        description="drawings read within an hour, those that are being drawn too: for one "
        "visitor, and for all of one address, as `6000/60000`; `6000` lets an address have 30 "
        "times as many, a class; without it, there is no limit",
    )
    uploads: Amount | None = Field(
        None,
        alias="INKLING_MOST_UPLOADS",
        description="pictures and files taken within an hour, likewise",
    )
    saved: Amount | None = Field(
        None,
        alias="INKLING_MOST_SAVED",
        description="drawings saved within an hour, likewise",
    )
    trainings: Amount | None = Field(
        None,
        alias="INKLING_MOST_TRAININGS",
        description="trainings begun within an hour, likewise",
    )


class Classrooms(Settings):
    """Whether classes can have rooms, and for how long."""

    making: Switch = Field(
        "on",
        alias="INKLING_ROOMS",
        description="`on`, the default: who may retrain can make rooms for classes; or `off`",
    )
    days: Days = Field(
        30,
        alias="INKLING_ROOM_DAYS",
        description="the days after which a room wipes itself, with all that was drawn in it and "
        "the networks that learned from that: 30, or 1 to 365",
    )


class Engine(Settings):
    """What trains, and reads whole folders of digits."""

    address: EngineAddress = Field(
        _LOCAL,
        alias="INKLING_ENGINE",
        description="what trains, and reads whole folders of digits: `local`, the default, this "
        "machine; or the address of a Ray cluster, as `auto`, `host:port` or `ray://host:port`, "
        "with the extra `cluster` installed",
    )

    @property
    def is_local(self) -> bool:
        return self.address == _LOCAL


class Serving(Settings):
    """How a server starts, and what it writes."""

    preload: Switch = Field(
        "off",
        alias="INKLING_PRELOAD",
        description="`on`: the network is loaded before the first visitor comes, as `make serve` "
        "has it; `off`, the default: when the first one does",
    )
    logs: LogFormat = Field(
        "text",
        alias="INKLING_LOGS",
        description="`text`, the default, or `json`: a JSON object a line in the log",
    )


def home() -> Path:
    """The folder that runs live in."""
    return Paths.read().home or user_data_path("inkling", appauthor=False)


def child_environment() -> dict[str, str]:
    """The environment in which `python -P -m` finds these packages from any folder."""
    paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


_S = TypeVar("_S", bound=Settings)


@lru_cache(maxsize=32)
def _read(
    kind: type[_S], variables: tuple[str | None, ...], secrets: tuple[tuple[str, str], ...]
) -> _S:
    """Reading takes a millisecond, and a page asks at every turn; so once for each environment."""
    try:
        return kind(**dict(secrets))
    except ValidationError as error:
        raise InklingError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    variable, wanted = first["loc"][0], first["ctx"]["error"]
    return f"{variable} has the value “{first['input']}”; wanted: {wanted}."
