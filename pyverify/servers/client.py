"""A client for one server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["need_client", "open_client"]


def need_client(who: str) -> None:
    """Says how to install the client, if it is not there.

    Args:
        who: Who needs it.

    Raises:
        ImportError: The client isn't installed.
    """
    try:
        import openai  # noqa: F401
    except ImportError as error:
        raise ImportError(f"{who} needs the openai client: pip install openai") from error


def open_client(base_url: str | None, key_env: str, timeout: float, *, who: str) -> AsyncOpenAI:
    """Opens a client without retries of its own.

    Args:
        base_url: The server; None for the client's own default.
        key_env: The environment variable that holds the key, or "" to send none.
        timeout: Seconds for one request.
        who: Who needs it, for the words of errors.

    Raises:
        ImportError: The client isn't installed.
        ValueError: There is neither a key nor a server that may need none.
    """
    need_client(who)
    from openai import AsyncOpenAI

    key = os.environ.get(key_env) if key_env else None
    base_url = base_url or os.environ.get("OPENAI_BASE_URL")
    if not key and not base_url:
        raise ValueError(
            f"no key for {who}: set the environment variable {key_env or 'that api_key_env names'},"
            " or give the base_url of your server"
        )
    return AsyncOpenAI(api_key=key or "none", base_url=base_url, max_retries=0, timeout=timeout)
