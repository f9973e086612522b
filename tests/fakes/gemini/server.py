"""Gemini's REST interface over HTTP, as far as a writer and a voice need it; keeps what it was asked.

`POST /v1beta/models/MODEL:generateContent` (text by a schema, or speech), `…:countTokens`, and
`GET /v1beta/models/MODEL`; the same under /v1, which the SDK takes when nobody says anything else.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from pipeline.prices import known_price
from tests.fakes.gemini.author import script_for
from tests.fakes.gemini.contract import off_reply, off_request
from tests.fakes.gemini.orders import Broken, Order, Refused, Reply, Slow
from tests.fakes.gemini.speech import as_wav, recorded

#: The key that the fake knows.
KEY: Final = "AIza-a-key-that-no-log-shows"
#: Models that answer, and how many tokens they read at most.
MODELS: Final = {
    "gemini-3.8-flash": 1_048_576,
    "gemini-3.5-flash-lite": 1_048_576,
    "gemini-3.1-pro-preview": 1_048_576,
    "gemini-3.8-flash-tts": 8_192,
    "gemini-3.8-flash-lite-tts": 8_192,
    "gemini-3.1-flash-tts-preview": 8_192,
}
#: Finish reasons that come without content.
_WITHHELD = frozenset(
    {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "OTHER"}
)
#: Tokens for a second of sound; letters for a token of text.
_SOUND_TOKENS, _LETTERS = 25, 4


@dataclass
class Request:
    """One request: its method ("generateContent", "countTokens", "models"), what it said and what came of it."""

    method: str
    model: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    status: int = 0
    sold: bool = False
    id: str = ""
    read: int = 0
    written: int = 0

    @property
    def bill(self) -> int:
        """US cents for it today, rounded up, by the model's price for the tokens that were read and written."""
        price = known_price(self.model, "speech" if self.speaks else "text", datetime.now(UTC).date())
        assert price is not None, self.model
        return price.cents(self.read, self.written)

    @property
    def text(self) -> str:
        """All text parts, one after the other, the system's instruction not among them."""
        parts = [part for content in self.body.get("contents", []) for part in content.get("parts", [])]
        return "\n\n".join(part["text"] for part in parts if "text" in part)

    @property
    def instruction(self) -> str:
        """The system's instruction."""
        parts = self.body.get("systemInstruction", {}).get("parts", [])
        return "\n".join(part.get("text", "") for part in parts)

    @property
    def config(self) -> Mapping[str, Any]:
        """How it is to be generated."""
        config: Mapping[str, Any] = self.body.get("generationConfig", {})
        return config

    @property
    def speaks(self) -> bool:
        """Whether sound is asked for."""
        return "AUDIO" in self.config.get("responseModalities", [])


@dataclass
class FakeGemini:
    """The server at `url`. `author` writes the text of an answer; `tell` says what happens to the next requests.

    `before_answer` is called when a request is sold and not yet answered: what happens to the customer then is
    the worst moment. `at_the_door` is called with each request before anything else; where it raises `ConnectionError`,
    nothing is sold and nobody answers. `limits` are the models and how many tokens each reads.
    """

    url: str = ""
    author: Callable[[Request], str] = lambda request: script_for(request.text)
    before_answer: Callable[[Request], None] | None = None
    at_the_door: Callable[[Request], None] | None = None
    limits: dict[str, int] = field(default_factory=lambda: dict(MODELS))
    requests: list[Request] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    _orders: dict[str, deque[Order]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, *orders: Order, method: str = "generateContent", model: str = "") -> None:
        """The next requests (of `model`, or any) are answered so, one after the other; then as usual again."""
        with self._lock:
            self._orders.setdefault(f"{method} {model}", deque()).extend(orders)

    def asked(self, method: str = "generateContent") -> list[Request]:
        """The requests so far."""
        with self._lock:
            return [request for request in self.requests if request.method == method]

    @property
    def sold(self) -> list[Request]:
        """What somebody has to pay for."""
        return [request for request in self.asked() if request.sold]

    def off_contract(self) -> list[str]:
        """What was said, by either side, that the SDK's own models do not hold."""
        with self._lock:
            return list(self.wrong)

    def answer(self, method: str, model: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> _Answer:
        """The whole of what is sent for one request."""
        request = Request(method, model, body, {name.lower(): value for name, value in headers.items()})
        with self._lock:
            self.requests.append(request)
            request.id = f"reply-{len(self.requests)}"
            if method != "models":
                self.wrong += off_request(method, body)
            order = self._next(method, model)
        if self.at_the_door is not None:
            try:
                self.at_the_door(request)
            except ConnectionError:
                return _Answer(0, {}, request, Broken())
        refused = self._refused(request)
        if refused is None and isinstance(order, Refused):
            refused = order
        if refused is not None:
            request.status = refused.status
            return _Answer(refused.status, refused.body, request)
        request.status, request.sold = 200, method == "generateContent"
        if isinstance(order, Slow):
            self.closing.wait(order.seconds)
        if request.sold and self.before_answer is not None:
            self.before_answer(request)
        reply = order if isinstance(order, Reply) else order.then if isinstance(order, Slow) else Reply()
        content = self._content(request, reply)
        with self._lock:
            self.wrong += off_reply(method, content)
        return _Answer(200, content, request, order if isinstance(order, Broken) else None)

    def _next(self, method: str, model: str) -> Order | None:
        for name in (f"{method} {model}", f"{method} "):
            if queue := self._orders.get(name):
                return queue.popleft()
        return None

    def _refused(self, request: Request) -> Refused | None:
        if request.headers.get("x-goog-api-key") != KEY:
            return Refused.bad_key()
        if request.model not in self.limits:
            return Refused.unknown_model(request.model)
        if request.method == "generateContent":
            if tokens(request) > self.limits[request.model]:
                most = self.limits[request.model]
                return Refused.invalid(
                    f"The input token count exceeds the maximum number of tokens allowed {most}."
                )
            if request.speaks != request.model.endswith(("tts", "tts-preview")):
                return Refused.invalid("The requested combination of response modalities is not supported.")
            if request.speaks and _new(request.model) and {"temperature", "topP", "topK"} & {*request.config}:
                return Refused.invalid("Sampling parameters are not supported by this model.")
        return None

    def _content(self, request: Request, reply: Reply) -> dict[str, Any]:
        if request.method == "models":
            return {
                "name": f"models/{request.model}",
                "displayName": request.model,
                "inputTokenLimit": self.limits[request.model],
                "outputTokenLimit": 65_536,
                "supportedGenerationMethods": ["generateContent", "countTokens"],
            }
        if request.method == "countTokens":
            return {"totalTokens": tokens(request)}
        body: dict[str, Any] = {"modelVersion": request.model, "responseId": request.id}
        made = 0
        if reply.block is not None:
            body["promptFeedback"] = {"blockReason": reply.block}
        elif reply.finish in _WITHHELD or reply.empty:
            body["candidates"] = [{"finishReason": reply.finish, "index": 0}]
        else:
            part, made = _sound(request, reply) if request.speaks else _text(self.author, request, reply)
            content = {"role": "model", "parts": [part]}
            body["candidates"] = [{"content": content, "finishReason": reply.finish, "index": 0}]
        if reply.usage:
            counted = body["usageMetadata"] = usage(tokens(request), made, speech=request.speaks)
            request.read = counted["promptTokenCount"]
            request.written = counted["candidatesTokenCount"] + counted.get("thoughtsTokenCount", 0)
        return body


def tokens(request: Request) -> int:
    """How many tokens a request is."""
    inner = request.body.get("generateContentRequest", request.body)
    return len(json.dumps([inner.get("contents"), inner.get("systemInstruction")])) // _LETTERS + 1


def usage(read: int, made: int, *, speech: bool = False) -> dict[str, Any]:
    """What is billed: the model also thinks, for a tenth of what it writes."""
    thoughts = 0 if speech else made // 10
    counted: dict[str, Any] = {
        "promptTokenCount": read,
        "candidatesTokenCount": made,
        "totalTokenCount": read + made + thoughts,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": read}],
        "candidatesTokensDetails": [{"modality": "AUDIO" if speech else "TEXT", "tokenCount": made}],
    }
    if thoughts:
        counted["thoughtsTokenCount"] = thoughts
    return counted


def _text(author: Callable[[Request], str], request: Request, reply: Reply) -> tuple[dict[str, Any], int]:
    said = author(request) if reply.text is None else reply.text
    if reply.finish == "MAX_TOKENS" and reply.text is None:
        said = said[: len(said) // 2]
    return {"text": said}, len(said) // _LETTERS + 1


def _sound(request: Request, reply: Reply) -> tuple[dict[str, Any], int]:
    """A whole WAV file from the newer models, bare samples from the older ones or for whoever asks so."""
    text = request.text
    if not _new(request.model):  # a direction before the words ends with a colon
        direction, colon, words = text.partition(":\n")
        text = words if colon and "\n\n" not in direction else text
    samples = recorded(text, reply)
    asked = json.dumps(request.config.get("responseFormat", "")).lower()
    bare = "l16" in asked if _new(request.model) else True
    data = samples.tobytes() if bare else as_wav(samples, reply.rate)
    mime = reply.mime or (f"audio/L16;codec=pcm;rate={reply.rate}" if bare else "audio/wav")
    part = {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}}
    return part, round(len(samples) / 24_000 * _SOUND_TOKENS)


def _new(model: str) -> bool:
    """Whether a voice model takes its text word for word (3.8 and later)."""
    return model.startswith("gemini-3.8")


@dataclass(frozen=True)
class _Answer:
    status: int
    body: Mapping[str, Any]
    request: Request
    broken: Broken | None = None


@contextmanager
def open_gemini() -> Iterator[FakeGemini]:
    """A Gemini on loopback until the block ends."""
    fake = FakeGemini()

    class Handler(_Handler):
        gemini = fake

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    gemini: FakeGemini

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        self._answer(body)

    def do_GET(self) -> None:
        self._answer({})

    def _answer(self, body: Mapping[str, Any]) -> None:
        path = unquote(urlsplit(self.path).path)
        version, _, resource = path.removeprefix("/").partition("/models/")
        model, _, method = resource.partition(":")
        if version not in {"v1", "v1beta"} or not model or "/" in model:
            self._say(404, b"not found", "text/html")
            return
        answer = self.gemini.answer(method or "models", model, body, dict(self.headers.items()))
        content = json.dumps(answer.body).encode()
        if answer.broken is not None:
            if answer.broken.midway:
                self._say(200, content, "application/json; charset=UTF-8", sent=len(content) // 2)
            self.close_connection = True
            return
        self._say(answer.status, content, "application/json; charset=UTF-8", id=answer.request.id)

    def _say(self, status: int, content: bytes, kind: str, *, sent: int | None = None, id: str = "") -> None:  # noqa: A002
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if id:
                self.send_header("x-goog-request-id", id)
            self.end_headers()
            self.wfile.write(content[:sent])
        except OSError:  # the customer was killed
            self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        pass
