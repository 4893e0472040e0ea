"""docs/reasons.md says what the engine says, with an example for every reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_page_is_up_to_date(repository: Path, tmp_path: Path) -> None:
    script = repository / "scripts" / "make_reasons.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr or "run scripts/make_reasons.py"
