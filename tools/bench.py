#!/usr/bin/env python3
"""Run the benchmarks one after the other; `make bench`, or `make bench ARGS=import` for those with that in the name."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    scripts = [
        s for s in sorted((ROOT / "benchmarks").glob("*.py")) if wanted in s.stem and s.stem != "__init__"
    ]
    if not scripts:
        print(f"No benchmark has {wanted!r} in its name.", file=sys.stderr)
        return 1
    failed = 0
    for script in scripts:
        print(f"\n{script.stem}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{script.stem}"]
        failed |= subprocess.run(command, cwd=ROOT).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
