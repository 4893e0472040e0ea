"""How often the reward monitor is wrong, and how late: python bench/monitor.py --runs 200.

Healthy runs of seventeen kinds give the rates of false alarms, per run; sick runs of ten kinds the
rates and delays of detection. `--show NAME` prints the alerts of one kind.
"""

from __future__ import annotations

import argparse
from statistics import median

from monitor_scenarios import HEALTHY, SICK, Scenario, make

from pyverify.monitor import Alert, RewardMonitor, Severity


def watch(scenario: Scenario, seed: int) -> tuple[list[Alert], float | None]:
    log, setup, begins = make(scenario, seed)
    monitor = RewardMonitor(group_size=setup.group)
    return [alert for step, row in log for alert in monitor.update(step, row)], begins


def healthy(name: str, runs: int, show: bool) -> tuple[int, int]:
    warned = collapsed = 0
    for seed in range(runs):
        alerts, _ = watch(HEALTHY[name], seed)
        warned += bool(alerts)
        collapsed += any(alert.severity is Severity.COLLAPSE for alert in alerts)
        if show:
            for alert in alerts:
                print(f"  {name} seed {seed}: {alert}")
    return warned, collapsed


def sick(name: str, runs: int, show: bool) -> tuple[int, int, list[float]]:
    found = collapsed = 0
    delays = []
    for seed in range(runs):
        alerts, begins = watch(SICK[name], seed)
        assert begins is not None
        right = [alert for alert in alerts if alert.kind.value in SICK[name].kinds]
        collapsed += any(alert.severity is Severity.COLLAPSE for alert in alerts)
        if right:
            found += 1
            delays.append(right[0].step - begins)
        if show:
            for alert in alerts:
                print(f"  {name} seed {seed} (begins {begins:.0f}): {alert}")
            if not right:
                print(f"  {name} seed {seed} (begins {begins:.0f}): MISSED")
    return found, collapsed, delays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="runs of each kind")
    parser.add_argument("--show", help="print the alerts of this kind of run")
    arguments = parser.parse_args()
    runs = arguments.runs
    kinds = {arguments.show} if arguments.show else HEALTHY.keys() | SICK.keys()
    total = [0, 0, 0]
    print(f"{'healthy runs':22} {'any alert':>10} {'collapse':>10}")
    for name in HEALTHY:
        if name in kinds:
            warned, collapsed = healthy(name, runs, bool(arguments.show))
            total = [total[0] + runs, total[1] + warned, total[2] + collapsed]
            print(f"{name:22} {warned / runs:10.1%} {collapsed / runs:10.1%}")
    if total[0]:
        print(f"{'all':22} {total[1] / total[0]:10.2%} {total[2] / total[0]:10.2%}")
    print(f"\n{'sick runs':22} {'detected':>10} {'collapse':>10} {'steps late: median':>20} p90")
    for name in SICK:
        if name in kinds:
            found, collapsed, delays = sick(name, runs, bool(arguments.show))
            late = sorted(delays) or [float("nan")]
            print(
                f"{name:22} {found / runs:10.1%} {collapsed / runs:10.1%} "
                f"{median(late):20.0f} {late[int(0.9 * (len(late) - 1))]:3.0f}"
            )


if __name__ == "__main__":
    main()
