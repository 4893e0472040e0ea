"""Watches a training run and says in words what kills runs: docs/monitor.md."""

from pyverify.monitor.alerts import Alert, AlertKind, Severity
from pyverify.monitor.aliases import canonical_metrics
from pyverify.monitor.logs import LogError, LogStats, read_log
from pyverify.monitor.metrics import CANONICAL, batch_metrics
from pyverify.monitor.sinks import JsonlSink, Sink, TensorBoardSink, TrackioSink, WandbSink
from pyverify.monitor.thresholds import Thresholds
from pyverify.monitor.watch import MonitorState, RewardMonitor

__all__ = [
    "CANONICAL",
    "Alert",
    "AlertKind",
    "JsonlSink",
    "LogError",
    "LogStats",
    "MonitorState",
    "RewardMonitor",
    "Severity",
    "Sink",
    "TensorBoardSink",
    "Thresholds",
    "TrackioSink",
    "WandbSink",
    "batch_metrics",
    "canonical_metrics",
    "read_log",
]
