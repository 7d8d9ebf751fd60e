"""Every setting of the product, in one place: environment variables `WHEREFROM_…`, and flags of the same names."""

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import InvalidInput
from corpus.store.collections import DEFAULT, NAME, NAME_RULE
from index.models.registry import default_cache_dir
from index.oceanbase.connecting import CONNECTIONS

URL = re.compile(r"https?://[^\s?#]+")
PREFIX = "WHEREFROM_"
MOST_WORKERS = 64
# Variables of ours that are no settings: the key that the client sends, and where the evaluation keeps other systems.
OTHERS = ("WHEREFROM_KEY", "WHEREFROM_PEERS")


class Settings(BaseSettings):
    """What an operator can choose."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(default=Path("data"), description="Folder of the documents and their index.")
    store: str = Field(
        default="",
        description="Database that holds the documents and their index in the data folder's place, as "
        "oceanbase://USER@HOST:PORT/DATABASE; or a data folder.",
    )
    store_password: SecretStr = Field(default=SecretStr(""), description="Password of the user in `WHEREFROM_STORE`.")
    store_password_file: Path | None = Field(
        default=None, description="File that holds this password in its first line, in place of the variable."
    )
    store_connections: int = Field(
        default=CONNECTIONS,
        ge=8,
        le=1_000,
        description="How many connections to the database may be open at a time; those who need one more wait for it.",
    )
    collection: str = Field(
        default=DEFAULT,
        description="Collection that commands read and write; the service has all that there are.",
    )
    cache_dir: Path = Field(
        default_factory=default_cache_dir,
        description="Folder of unpacked models and installed dictionaries; "
        "unset, wherefrom's in the user's cache folder.",
    )
    model: str | None = Field(
        default=None,
        description="Embedding model: multilingual-e5-small (inside), a folder, or a name on the hub; "
        "unset, the one the index was built with.",
    )
    reranker: str | None = Field(
        default=None,
        description="Cross-encoder that puts the best passages in order: a folder, or a name on the hub; unset, none.",
    )
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address to listen on; others than loopback need read keys."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    read_keys: str = Field(
        default="",
        description="Bearer keys of 16 characters or more that may read, comma-separated, or files that hold their "
        "SHA-256 hashes, one a line, each with what it opens; unset, everyone who can connect may.",
    )
    write_keys: str = Field(
        default="",
        description="The same, of keys that may read and write; unset, only the page may write, and only on loopback.",
    )
    public_url: str = Field(
        default="",
        description="Where others reach this service, for links to documents without a url; unset, the address they "
        "asked at. Without read keys, its host is a name that requests may call.",
    )
    knowledge_id: str = Field(
        default="wherefrom",
        min_length=1,
        description="What Dify (knowledge) and OpenAI clients (vector store) call it.",
    )
    workers: int | None = Field(
        default=None,
        ge=1,
        le=MOST_WORKERS,
        description="Processes that answer at the address together, for `serve`; more than there are cores gain "
        "nothing. What is said of limits is of all of them together. Unset, as many as there are cores, at most 4; "
        "one where each would load a model of its own.",
    )
    searches: int = Field(
        default=2,
        ge=1,
        le=64,
        description="Questions worked on at the same time; more than there are cores gain nothing.",
    )
    upload_bytes: int = Field(
        default=20_000_000, ge=65_536, le=200_000_000, description="Largest body of a request that writes documents."
    )
    keep_originals: bool = Field(
        default=True,
        description="Whether uploaded files are kept beside their texts, to be shown and downloaded; true or false.",
    )
    connections: int = Field(
        default=1_000,
        ge=8,
        le=100_000,
        description="How many connections may be open, at most half of the files that the process may open; beyond "
        "that, the one that keeps the service waiting for longest is closed.",
    )
    collections: int = Field(default=100, ge=1, le=1_000, description="How many collections there may be.")
    waiting: int = Field(
        default=64,
        ge=0,
        description="Questions that may wait, a long one counting as several; more are refused with 503.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="Form of the log that serve writes to standard error: text, or JSON, one object a line.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged at least; requests are `info`."
    )
    access_log: Literal["off", "on", "questions"] = Field(
        default="on",
        description="Whether each request is logged, and whether with its question; keys, texts and ids of documents "
        "never are.",
    )

    @field_validator("log_format", "log_level", "access_log", mode="before")
    @classmethod
    def _in_small_letters(cls, word: object) -> object:
        return word.lower() if isinstance(word, str) else word

    @field_validator("public_url")
    @classmethod
    def _is_a_url(cls, url: str) -> str:
        if url and not (URL.fullmatch(url) and _host_in(url)):
            raise ValueError("write a URL such as https://documents.example.org")
        return url

    @field_validator("collection")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError(NAME_RULE)
        return name

    @property
    def public_host(self) -> str:
        """The name or address in `public_url`, as browsers send it; empty where that is unset."""
        return _host_in(self.public_url)


def _host_in(url: str) -> str:
    """Return the host of a URL, in ASCII; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").encode("idna").decode("ascii")
    except ValueError:  # brackets that hold no address, a part of a name that is too long
        return ""


def variable_of(field: str) -> str:
    """Return the environment variable of a setting."""
    return f"{PREFIX}{field.upper()}"


def unknown_variables() -> list[str]:
    """Return a line of each variable in the environment that looks like a setting and is none; empty ones are unset."""
    known = {*map(variable_of, Settings.model_fields), *OTHERS}
    found = sorted(name for name, value in os.environ.items() if name.upper().startswith(PREFIX) and value)
    return [_unknown(name) for name in found if name.upper() not in known]


def _unknown(name: str) -> str:
    # The common beginning would make all of them alike.
    near = get_close_matches(name[len(PREFIX) :].lower(), Settings.model_fields, 1)
    way_out = f"did you mean {variable_of(near[0])}?" if near else "unset it, or see docs/configuration.md"
    return f"{name} is no setting and changes nothing; {way_out}"


def read_settings(**given: object) -> Settings:
    """Return the settings from the environment, with flags that were given in their place.

    Raises:
        InvalidInput: naming the setting and its value, because a default in its place would surprise; or if both
            `store` and `data_dir` were given.
    """
    flags = {name: value for name, value in given.items() if value is not None}
    if {"store", "data_dir"} <= flags.keys():
        raise InvalidInput(
            f"--store is {flags['store']!r} and --data-dir is {str(flags['data_dir'])!r}; give one of them"
        )
    if "data_dir" in flags:  # which comes before a variable, of the other name, too
        flags["store"] = ""
    try:
        return Settings(**flags)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        field = "_".join(map(str, first["loc"]))
        flag = given.get(field) is not None
        name = f"--{field.replace('_', '-')}" if flag else variable_of(field)
        raise InvalidInput(f"{name} is {first['input']!r}: {first['msg'].removeprefix('Value error, ')}") from None
