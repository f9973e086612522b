"""Asking Gemini, through Google's own client."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from pipeline.errors import BadKeyError, ProviderError
from pipeline.gemini.failures import failure_of, request_id, unanswered, unreadable
from pipeline.gemini.reply import Reply, reply_of
from pipeline.prices import Ware, token_price

#: Where Gemini is asked when nobody says otherwise.
BASE_URL: Final = "https://generativelanguage.googleapis.com"
#: The version of the interface that holds everything asked here; the SDK takes another by default.
_VERSION: Final = "v1beta"
#: Seconds to connect, and for a whole answer: a long one takes a minute or two.
_CONNECT, PATIENCE = 10.0, 150.0

#: Turns of a conversation, or one text: what the SDK takes as `contents`.
Contents = str | Sequence[Mapping[str, Any]]

_log = logging.getLogger(__name__)


class Gemini:
    """Asks Gemini. Nothing is asked twice by itself: what fails is said, and whoever asked decides.

    Every method raises errors of `pipeline.errors` alone. Google's client is loaded with the first question.
    """

    def __init__(self, *, api_key: str, base_url: str = BASE_URL, patience: float = PATIENCE) -> None:
        self._key = api_key
        self._base_url = base_url
        self._patience = patience

    def __repr__(self) -> str:
        """Without the key."""
        return f"Gemini({self._base_url})"

    def generate(
        self, model: str, contents: Contents, config: Mapping[str, Any], *, ware: Ware = "text"
    ) -> Reply:
        """One answer, whatever it is; it costs money from here on, and says how much."""
        with self._talking(model) as client:
            response = client.models.generate_content(model=model, contents=contents, config=dict(config))
        reply = reply_of(response, model=model)
        price = token_price(model, ware, datetime.now(UTC).date())
        reply = reply.model_copy(update={"cents": price.cents(reply.read, reply.written)})
        told = {"request_id": reply.id, "model": reply.model, "read": reply.read, "written": reply.written}
        _log.info(
            "Gemini answered", extra={**told, "cents": reply.cents, "finish": reply.finish or reply.blocked}
        )
        return reply

    def count(self, model: str, contents: Contents) -> int:
        """How many tokens `contents` are for `model`. Costs nothing."""
        with self._talking(model) as client:
            counted = client.models.count_tokens(model=model, contents=contents)
        return int(counted.total_tokens or 0)

    def limit(self, model: str) -> int:
        """How many tokens `model` reads at most. Costs nothing."""
        with self._talking(model) as client:
            return int(client.models.get(model=model).input_token_limit or 0)

    @contextmanager
    def _talking(self, model: str) -> Iterator[Any]:
        """A client of Google's for one question, on a line of ours."""
        if not self._key:
            raise BadKeyError(
                "There is no key for Gemini.",
                "Whoever runs Hidden Hill can set GEMINI_API_KEY.",
                nothing_bought=True,
            )
        try:
            from google import genai
            from google.genai import errors, types
        except ImportError:
            raise ProviderError(
                "Gemini’s library is not installed.", "Install hidden-hill[providers].", nothing_bought=True
            ) from None

        timeout = httpx.Timeout(self._patience, connect=_CONNECT)
        with httpx.Client(timeout=timeout, follow_redirects=False) as line:
            options = types.HttpOptions(
                base_url=self._base_url,
                api_version=_VERSION,
                timeout=round(self._patience * 1000),
                httpx_client=line,
            )
            try:
                yield genai.Client(vertexai=False, api_key=self._key, http_options=options)
            except errors.APIError as error:
                raise failure_of(error, model) from None
            except (
                httpx.ConnectError,
                httpx.ConnectTimeout,
                httpx.PoolTimeout,
                httpx.UnsupportedProtocol,
            ) as error:
                raise unanswered(error, sent=False) from None
            except httpx.HTTPError as error:
                raise unanswered(error, sent=True) from None
            except ValueError as error:  # of JSON, of pydantic, and of the SDK
                raise unreadable(error) from None


__all__ = ["BASE_URL", "Contents", "Gemini", "request_id"]
