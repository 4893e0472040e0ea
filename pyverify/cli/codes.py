"""Exit codes; docs/cli.md lists them and scripts rely on them."""

OK = 0
BELOW_THRESHOLD = 1
USAGE = 2
PARTIAL = 3
INTERNAL = 4
INTERRUPTED = 130
TERMINATED = 143
