#!/usr/bin/env python3
"""Run the benchmarks one after the other: `make bench`.

`make bench ARGS=import` runs those with that in the name; what stands behind the name goes to them:
`make bench ARGS="site --documents 2760 50000"`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    wanted, options = sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]
    scripts = [
        s for s in sorted((ROOT / "benchmarks").glob("*.py")) if wanted in s.stem and s.stem != "__init__"
    ]
    if not scripts:
        print(f"No benchmark has {wanted!r} in its name.", file=sys.stderr)
        return 1
    failed = 0
    for script in scripts:
        print(f"\n{script.stem}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{script.stem}", *options]
        failed |= subprocess.run(command, cwd=ROOT).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
