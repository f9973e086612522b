"""Who may read /metrics, which stand beside links that the whole world may open."""

from __future__ import annotations

from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response

#: A proxy on this machine says with these that the request came from elsewhere.
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@dataclass(frozen=True)
class MetricsDoor:
    """With `token`, whoever sends it as a bearer; else everybody, or this machine alone (`loopback_only`)."""

    token: str | None = None
    loopback_only: bool = False

    def refusal(self, request: Request) -> Response | None:
        """The answer to a request that may not read them; `None` for one that may."""
        if self.token is not None:
            kind, _, sent = request.headers.get("authorization", "").partition(" ")
            if kind.lower() == "bearer" and compare_digest(
                sent.strip().encode("latin-1"), self.token.encode()
            ):
                return None
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        return Response(status_code=403) if self.loopback_only and not _from_here(request) else None


def _from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
