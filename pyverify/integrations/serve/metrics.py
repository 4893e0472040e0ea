"""What a server has done, for Prometheus."""

from __future__ import annotations

from collections import Counter as Tally

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from pyverify import __version__
from pyverify.integrations.serve.limits import Admission
from pyverify.integrations.trainer_reward import Scored, TrainerReward

__all__ = ["Metrics"]

_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """The numbers of one server.

    Args:
        reward: What it answers with.
        admission: Knows what is in flight.
    """

    def __init__(self, reward: TrainerReward, admission: Admission) -> None:
        self._registry = registry = CollectorRegistry()
        info = Info("pyverify_reward", "What the rewards are.", registry=registry)
        info.info({"formula": reward.reward.formula, "version": __version__})
        self._requests = Counter(
            "pyverify_requests",
            "Requests that were answered.",
            ["endpoint", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "pyverify_request_seconds",
            "From a request's head to its answer.",
            ["endpoint"],
            buckets=_SECONDS,
            registry=registry,
        )
        # To look for the labels takes longer than to count.
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        in_flight = Gauge(
            "pyverify_requests_in_flight", "Requests being answered.", registry=registry
        )
        in_flight.set_function(lambda: admission.requests)
        self._rows = Counter("pyverify_completions", "Completions that came in.", registry=registry)
        self._rewarded = Counter("pyverify_rewards", "Rewards that were given.", registry=registry)
        # No counter: rewards may be negative.
        self._sum = Gauge("pyverify_rewards_sum", "Sum of those.", registry=registry)
        self._mean = Gauge(
            "pyverify_last_reward_mean", "Mean of what was scored last.", registry=registry
        )
        self._verdicts = Counter(
            "pyverify_verdicts", "Verdicts on completions.", ["verdict"], registry=registry
        )
        self._abstained = Counter(
            "pyverify_abstentions", "Completions without a reward.", registry=registry
        )
        self._errors = Counter(
            "pyverify_errors",
            "Completions at which a user's own function failed.",
            registry=registry,
        )

    def scored(self, scored: Scored) -> None:
        """Counts what was scored in one call."""
        values = [one for one in scored.rewards if one is not None]
        self._rows.inc(len(scored))
        self._rewarded.inc(len(values))
        self._abstained.inc(len(scored) - len(values))
        if values:
            total = sum(values)
            self._sum.inc(total)
            self._mean.set(total / len(values))
        self._errors.inc(sum(one for one in scored.columns["error"] if isinstance(one, float)))
        for verdict, count in Tally(scored.columns["verdict"]).items():
            self._verdicts.labels(verdict or "none").inc(count)

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        """Counts a request."""
        key = endpoint, status
        if key not in self._known:
            counter = self._requests.labels(endpoint, str(status))
            self._known[key] = counter, self._seconds.labels(endpoint)
        counter, histogram = self._known[key]
        counter.inc()
        histogram.observe(seconds)

    def text(self) -> bytes:
        """All of them, in Prometheus's text format."""
        found: bytes = generate_latest(self._registry)
        return found
