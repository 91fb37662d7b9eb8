"""Object storage that parts lie in, by address: an object is there whole or not at all, and is read whole.

s3://bucket/prefix (any S3), gs://, az://, or a folder that every machine sees. Who may is told by the environment
alone (AWS_ACCESS_KEY_ID, AWS_REGION, AWS_ENDPOINT_URL and so on), never by an address. Broken lines, refusals and
5xx are tried again, ever more slowly, for two minutes.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.pipeline.core.problems import NotReady, OnRecordError

if TYPE_CHECKING:
    from obstore.store import BackoffConfig, ClientConfig, RetryConfig

EXTRA = "pip install 'onrecord[cluster]'"
_PATIENCE = timedelta(seconds=120)
_AT_FIRST = timedelta(seconds=8)

_CODE = re.compile(r"<Code>([^<]*)</Code>")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")


class StoreError(OnRecordError):
    """Object storage did not do what it was asked, or gave back what was not put there."""


class Store:
    """A place of objects, by names below its address."""

    def __init__(self, address: str, patience: timedelta = _PATIENCE) -> None:
        self.address, self._patience = address.rstrip("/"), patience

    def below(self, name: str) -> Store:
        """The same place, one folder down."""
        return Store(f"{self.address}/{name}", self._patience)

    def at_first(self) -> Store:
        """The same place, asked before any work: what does not answer soon is wrong rather than late."""
        return Store(self.address, _AT_FIRST)

    def put(self, name: str, data: bytes) -> None:
        """Write an object, whole or not at all, over what had the name before."""
        with self._told(name):
            # In one request: an object in pieces would need the right to end and to take back uploads.
            self._client().put(name, data, use_multipart=False)

    def get(self, name: str) -> bytes:
        """An object, whole. Raises FileNotFoundError."""
        with self._told(name):
            return bytes(self._client().get(name).bytes())

    def names(self, start: str = "") -> list[str]:
        """The names of objects below a folder of this place, sorted."""
        with self._told(start):
            found = self._client().list(start.rstrip("/") or None)
            return sorted(one["path"] for some in found for one in some)

    def remove(self, start: str = "") -> None:
        """Remove all objects below a folder of this place."""
        names = self.names(start)
        with self._told(start):
            if names:
                self._client().delete(names)

    def probe(self, setting: str) -> None:
        """Write, list, read and remove an object. Raises NotReady, with what to do; `setting` names this place."""
        name, data = f"probe/{secrets.token_hex(8)}", b"onrecord"
        try:
            client = self.at_first()._client()
            client.put(name, data, use_multipart=False)
            found = [one["path"] for some in client.list("probe") for one in some]
            if name not in found or bytes(client.get(name).bytes()) != data:
                raise NotReady(f"{self.address}: what was just written there is not there")
            client.delete(name)
        except NotReady:
            raise
        except Exception as error:
            remedy = _remedy(error) if "://" in self.address else _OF_A_FOLDER
            told = f"{_words(error)}; {remedy.format(setting=setting)}"
            raise NotReady(f"{self.address}: {told}") from None

    def _client(self) -> Any:
        return _connected(self.address, self._patience)

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:
            # The client's errors are of many kinds, and its words go on for lines.
            raise StoreError(f"{self.address}/{name}: {_words(error)}") from None


@lru_cache(maxsize=64)
def _connected(address: str, patience: timedelta) -> Any:
    try:
        from obstore.store import LocalStore, from_url
    except ImportError:
        raise NotReady(f"{address}: object storage needs a package more: {EXTRA}") from None
    if "://" not in address:
        return LocalStore(Path(address), mkdir=True)
    client: ClientConfig = {"timeout": "60s", "connect_timeout": "5s"}
    if _is_plain(os.environ):
        client["allow_http"] = True
    backoff: BackoffConfig = {
        "init_backoff": timedelta(seconds=0.1),
        "max_backoff": timedelta(seconds=3),
    }
    tries: RetryConfig = {"max_retries": 1000, "retry_timeout": patience, "backoff": backoff}
    return from_url(address, client_options=client, retry_config=tries)


def _is_plain(environ: Any) -> bool:
    # An endpoint without TLS is one's own, on one's own network, and named so.
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
    return any(environ.get(name, "").startswith("http://") for name in names)


def _words(error: Exception) -> str:
    told = str(error)
    code, message = _CODE.search(told), _MESSAGE.search(told)
    if code:
        return f"{code[1]}{f': {message[1]}' if message else ''}"
    first = next((line.strip() for line in told.splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {first[:300]}"


_REMEDIES = {
    # Without keys in the environment the machine is asked for a role.
    r"169\.254\.169\.254": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, on every node as well",
    "NoSuchBucket": "make the bucket, or name another in {setting}",
    "AuthorizationHeaderMalformed|PermanentRedirect|IllegalLocation|region": (
        "set AWS_REGION to the bucket's region"
    ),
    "InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|Unauthenticated|credential": (
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to keys that are valid"
    ),
    "AccessDenied|PermissionDenied|403|Forbidden": (
        "the keys need the rights to put, get, list and delete objects there"
    ),
    "StorageFull|InsufficientStorage|QuotaExceeded|507|No space": (
        "make room in the bucket, or name another in {setting}"
    ),
    "": "see that AWS_ENDPOINT_URL and the network are right: docs/cluster.md",
}
"""What an error may say, and what to do; the first that fits."""


_OF_A_FOLDER = "have it made and writable on every machine, or name another in {setting}"


def _remedy(error: Exception) -> str:
    told = f"{type(error).__name__} {error}"
    return next(
        remedy for mark, remedy in _REMEDIES.items() if re.search(mark, told, re.IGNORECASE)
    )
