"""Math-Verify as a subprocess: a JSON line per case in, a JSON line per verdict out.

It runs with the Python of an environment of its own and imports nothing but Math-Verify. Frameworks
parse the gold and the response for every sample and compare; so does this, with the default time
limits. A bare gold or answer goes in `$…$`, as its documentation asks; a response goes in as it is.
"""

from __future__ import annotations

import json
import logging
import sys
import time


class TimeoutCounter(logging.Handler):
    """Math-Verify reports a time limit that ran out only as a warning."""

    def __init__(self) -> None:
        """Starts at none."""
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Counts."""
        self.count += "Timeout" in str(record.msg)


def in_maths(text: str) -> str:
    """A bare answer as Math-Verify wants it."""
    return text if "$" in text or "\\boxed" in text else f"${text}$"


def main() -> None:
    """Answers until its input ends."""
    out = sys.stdout
    sys.stdout = sys.stderr  # a library that prints must not spoil the answers
    from math_verify import parse, verify  # type: ignore[import-not-found]

    timeouts = TimeoutCounter()
    for name in ("math_verify", "latex2sympy2_extended"):
        logger = logging.getLogger(name)
        logger.addHandler(timeouts)
        logger.propagate = False
    # What is imported late, tables and caches are no cost of the first response.
    for gold, text in (("1", "2"), ("\\frac12", "0.5"), ("x+1", "1+x"), ("(1,2)", "\\{1,2\\}")):
        verify(parse(in_maths(gold)), parse(f"So $\\boxed{{{text}}}$."))
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in sys.stdin:
        case = json.loads(line)
        text = in_maths(case["text"]) if case["bare"] else case["text"]
        before = timeouts.count
        crashed = False
        start = parsed = time.process_time_ns()
        try:
            gold = parse(in_maths(case["gold"]))
            parsed = time.process_time_ns()
            equal = bool(verify(gold, parse(text)))
        except BaseException as error:  # its own time limit is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            equal, crashed = False, True
        end = time.process_time_ns()
        answer = {"equal": equal, "crashed": crashed, "timeouts": timeouts.count - before}
        answer |= {"ns": end - start, "ns_without_gold": end - parsed}
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
