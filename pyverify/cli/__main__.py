"""``python -m pyverify.cli``, where the command itself is not on the path."""

import sys

from pyverify.cli.entry import main

sys.exit(main())
