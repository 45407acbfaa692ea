"""Generates a Python client and TypeScript types from openapi.json, and runs a small program with each against the server of
`cargo run`. What is generated goes to target/clients.

    python3 tests/clients/run.py --local target/debug/local
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from server import ROOT, import_file, local_server, sign_in  # noqa: E402

TARGET = ROOT / "target" / "clients"
TOOLS = pathlib.Path(sys.executable).parent


def run(*command, cwd, **environment):
    # Generators tidy with what is beside them.
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([str(part) for part in command], check=True, cwd=cwd, env=dict(os.environ, PATH=path, **environment))


def python(url):
    folder = TARGET / "python"
    folder.mkdir(parents=True, exist_ok=True)
    config = f"--config={HERE / 'python.yaml'}"
    generator = ["openapi-python-client", "generate", f"--path={ROOT / 'openapi.json'}", "--meta=none", config]
    # A warning is a part of the API that the client would lack.
    run(*generator, f"--output-path={folder / 'claribi'}", "--overwrite", "--fail-on-warning", cwd=folder)
    run(sys.executable, HERE / "program.py", url, cwd=folder, PYTHONPATH=str(folder))


def typescript(url):
    folder = TARGET / "typescript"
    shutil.copytree(HERE / "typescript", folder, dirs_exist_ok=True)
    run("npm", "ci", "--silent", "--no-fund", "--no-audit", cwd=folder)
    # A field with a default need not be sent.
    optional = "--default-non-nullable=false"
    run("npx", "openapi-typescript", ROOT / "openapi.json", "--output=claribi.d.ts", optional, cwd=folder)
    run("npx", "tsc", cwd=folder)
    run("node", "program.js", url, cwd=folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--local", required=True, help="the binary of tools/local")
    options = parser.parse_args()
    with local_server(options.local) as url:
        # What the programs ask.
        import_file(url, sign_in(url), "Orders", b"country,amount\nDE,10.50\nFR,20\n")
        for program in (python, typescript):
            print(f"== {program.__name__}", flush=True)
            try:
                program(url)
            except subprocess.CalledProcessError as failure:
                sys.exit(f"{failure}")


if __name__ == "__main__":
    main()
