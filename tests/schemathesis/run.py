"""Calls the server of `cargo run` with whatever openapi.json allows, and with what it does not.

All of schemathesis's checks: no 500, every answer as the document says, valid input accepted, invalid input refused,
credentials not ignored. Once with an administrator's token, once with read-only keys.

    python3 tests/schemathesis/run.py --local target/debug/local --examples 10
    python3 tests/schemathesis/run.py --local target/debug/local --examples 120 --seeds 1 2 3 4 5
"""

import argparse
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from server import ROOT, local_server, post, sign_in  # noqa: E402

# Of an organization; each has 100 requests a minute.
READ_ONLY_KEYS = 60


def run(url, examples, seed, *arguments, **environment):
    command = [
        pathlib.Path(sys.executable).parent / "schemathesis",
        f"--config-file={HERE / 'schemathesis.toml'}",
        "run",
        ROOT / "openapi.json",
        f"--url={url}",
        "--checks=all",
        f"--max-examples={examples}",
        f"--seed={seed}",
        "--generation-database=none",
        "--no-color",
        *arguments,
    ]
    # It keeps what it found where it runs.
    subprocess.run(command, check=True, cwd=ROOT / "target", env=dict(os.environ, **environment))


def as_reader(url, token, examples, seed):
    """With read-only keys."""
    key = {"name": "schemathesis", "scope": "read_only"}
    keys = [post(url + "/api/api-keys/", key, Authorization=f"Bearer {token}")["key"] for _ in range(READ_ONLY_KEYS)]
    environment = {"SCHEMATHESIS_HOOKS": "credentials", "PYTHONPATH": str(HERE), "CLARIBI_API_KEYS": " ".join(keys)}
    run(url, examples, seed, **environment)


def as_administrator(url, token, examples, seed):
    """With an administrator's token: a minute of a user has 1,000 requests."""
    run(url, examples, seed, f"--header=Authorization: Bearer {token}", "--rate-limit=900/m")


CALLERS = {"reader": as_reader, "administrator": as_administrator}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--local", required=True, help="the binary of tools/local")
    parser.add_argument("--examples", type=int, default=10, help="random cases an operation, beside the systematic ones")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="each makes other cases")
    parser.add_argument("--callers", choices=CALLERS, nargs="+", default=list(CALLERS), help="each on a server of its own")
    options = parser.parse_args()
    try:
        for seed in options.seeds:
            for caller in options.callers:
                print(f"== seed {seed}, as {caller}", flush=True)
                with local_server(options.local) as url:
                    CALLERS[caller](url, sign_in(url), options.examples, seed)
    except subprocess.CalledProcessError as failure:
        sys.exit(f"schemathesis found something (exit {failure.returncode})")


if __name__ == "__main__":
    main()
