"""The server's endpoints."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import time

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import ClientDisconnect

from pyverify import __version__
from pyverify.integrations.serve.limits import Admission, Limits, RefusedError
from pyverify.integrations.serve.metrics import Metrics
from pyverify.integrations.serve.payloads import FORMS, Form, parse
from pyverify.integrations.serve.scoring import Scoring
from pyverify.integrations.trainer_reward import TrainerReward

__all__ = ["Endpoints", "make_app"]

# Nobody reads it: the client has gone.
_GONE = 499


class Endpoints:
    """What answers requests.

    Args:
        reward: What the rewards are.
        limits: What is taken on.
        token: What clients must show; None for nothing.
    """

    def __init__(self, reward: TrainerReward, limits: Limits, token: str | None) -> None:
        self.reward = reward
        self.limits = limits
        self.admission = Admission(limits)
        self.metrics = Metrics(reward, self.admission)
        self._scoring = Scoring(reward, self.metrics.scored)
        # A variable may hold bytes that are no text: they are compared as they are.
        self._token = None if token is None else token.encode("utf-8", "surrogateescape")

    async def health(self) -> Response:
        """Whether it is there, and what it is."""
        return _json(
            200,
            {
                "status": "ok",
                "version": __version__,
                "reward": self.reward.reward.formula,
                "needs": self.reward.needs,
            },
        )

    async def scrape(self, request: Request) -> Response:
        """The metrics."""
        try:
            self._authorize(request)
        except RefusedError as refused:
            return _refusal(refused)
        return Response(self.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    async def answer(self, form: Form, request: Request) -> Response:
        """The rewards of a payload."""
        begin = time.perf_counter()
        try:
            response = await self._answer(form, request)
        except RefusedError as refused:
            response = _refusal(refused)
        except ClientDisconnect:
            response = Response(status_code=_GONE)
        self.metrics.answered(form.path, response.status_code, time.perf_counter() - begin)
        return response

    async def _answer(self, form: Form, request: Request) -> Response:
        self._authorize(request)
        encoding = request.headers.get("content-encoding", "identity")
        if encoding != "identity":
            raise RefusedError(415, f"bodies must not be encoded, not as {encoding!r} either")
        with self.admission.enter() as visit:
            body = await visit.body(request.headers.get("content-length"), request.stream)
            rows = form.read(parse(body))
            if len(rows) > self.limits.batch:
                raise RefusedError(
                    413,
                    f"{len(rows)} completions in a request, and {self.limits.batch} are allowed: "
                    "send fewer at once, or start the server with a larger --max-batch",
                )
            try:
                scored = await self._scoring(rows)
            except (TypeError, ValueError) as error:
                raise form.refused(str(error)) from None
            return _json(200, form.write(scored))

    def _authorize(self, request: Request) -> None:
        """Raises unless the client shows the token: as a bearer, or as a password.

        Clients that know no headers have URLs with a password in them.
        """
        if self._token is None:
            return
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        given = b""
        if scheme.lower() == "bearer":
            given = shown.strip().encode("latin-1")  # the bytes as they came
        elif scheme.lower() == "basic":
            try:
                given = base64.b64decode(shown, validate=True).partition(b":")[2]
            except (ValueError, binascii.Error):
                given = b""
        if not hmac.compare_digest(given, self._token):
            raise RefusedError(
                401,
                "the server wants its token: 'Authorization: Bearer TOKEN', or "
                "http://pyverify:TOKEN@host:port/...",
                {"WWW-Authenticate": 'Bearer realm="pyverify"'},
            )


def make_app(
    reward: TrainerReward, *, limits: Limits | None = None, token: str | None = None
) -> FastAPI:
    """An ASGI application: for `pyverify serve`, or inside another server.

    Args:
        reward: What the rewards are.
        limits: What is taken on; see `Limits` for the defaults.
        token: What clients must show; None for nothing.
    """
    endpoints = Endpoints(reward, limits or Limits(), token)
    # Pages that show the schema load scripts from elsewhere.
    app = FastAPI(title="pyverify", version=__version__, docs_url=None, redoc_url=None)
    for form in FORMS:
        app.add_api_route(
            form.path,
            _endpoint(endpoints, form),
            methods=["POST"],
            response_model=None,
            summary=form.about,
            openapi_extra={
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"example": form.example}},
                }
            },
        )
    app.add_api_route("/health", endpoints.health, methods=["GET"], response_model=None)
    app.add_api_route("/metrics", endpoints.scrape, methods=["GET"], response_model=None)
    app.state.endpoints = endpoints
    return app


def _endpoint(endpoints: Endpoints, form: Form) -> object:
    async def answer(request: Request) -> Response:
        return await endpoints.answer(form, request)

    answer.__name__ = form.path.strip("/")
    return answer


def _json(status: int, content: object) -> Response:
    # Lone surrogates of a model's text can only be written as escapes.
    text = json.dumps(content, allow_nan=False, separators=(",", ":"))
    return Response(text, status, media_type="application/json")


def _refusal(refused: RefusedError) -> Response:
    response = _json(refused.status, {"detail": str(refused)})
    response.headers.update(refused.headers)
    return response
