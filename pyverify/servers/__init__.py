"""What it takes to talk to a model's server, whoever talks: one request, its failures, the waits.

The servers speak the OpenAI protocol. Needs the openai client.
"""

from pyverify.servers.client import need_client, open_client
from pyverify.servers.request import Failure, field_of, plain_text, read_json, send
from pyverify.servers.retry import Pace, backoff, retry_after, retryable

__all__ = [
    "Failure",
    "Pace",
    "backoff",
    "field_of",
    "need_client",
    "open_client",
    "plain_text",
    "read_json",
    "retry_after",
    "retryable",
    "send",
]
