"""Examines a set-up, or a trainer's command, before it costs hours: behind ``pyverify doctor``."""

from pyverify.integrations.doctor.check_openrlhf import check_openrlhf
from pyverify.integrations.doctor.check_trl import check_trl
from pyverify.integrations.doctor.check_verl import check_verl
from pyverify.integrations.doctor.environment import Machine, look_around
from pyverify.integrations.doctor.findings import Examined, Finding, Level

__all__ = [
    "Examined",
    "Finding",
    "Level",
    "Machine",
    "check_openrlhf",
    "check_trl",
    "check_verl",
    "look_around",
]
