"""The server of `cargo run`, started for checks that are not in Rust."""

import contextlib
import json
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[1]
DEADLINE_SECONDS = 20


def free_port(given=set()):
    """A port that nobody listens at, another one each time, and none that the system gives to outgoing connections: it may take a
    while until it is listened at."""
    while True:
        port = random.randrange(15_000, 32_000)
        with contextlib.closing(socket.socket()) as probe:
            if port not in given and probe.connect_ex(("127.0.0.1", port)) != 0:
                given.add(port)
                return port


def wait_for(condition, what, seconds=DEADLINE_SECONDS):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    sys.exit(f"{what} did not come up in {seconds} s")


def listens(port):
    with contextlib.closing(socket.socket()) as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def local_server(binary, data_dir=None):
    """Runs the binary of tools/local over stores in memory, or in a folder; gives its URL. What it logged is shown if something fails."""
    port = free_port()
    stores = ["--data-dir", str(data_dir)] if data_dir else ["--in-memory"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([binary, "--port", str(port), *stores], stdout=log, stderr=log)
        try:
            wait_for(lambda: listens(port), "tools/local")
            yield f"http://127.0.0.1:{port}"
        except BaseException:
            log.seek(0)
            print(log.read().decode(errors="replace")[-8000:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait()


def post(url, body, **headers):
    """The answer to a POST that succeeds, with all numbers as they are written."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as response:
        return json.load(response, parse_float=Decimal)


def sign_in(url):
    """An access token of the demo's administrator."""
    credentials = {"email": "you@example.com", "password": "your-password"}
    return post(url + "/api/auth/login/", credentials)["access"]


def get(url, **headers):
    """The answer to a GET that succeeds, with all numbers as they are written."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=DEADLINE_SECONDS) as response:
        return json.load(response, parse_float=Decimal)


def import_file(url, token, name, file, engine="csv", connection=None):
    """Makes a data source of a file. Its ID, and the import."""
    bearer = {"Authorization": f"Bearer {token}"}
    sources = url + "/api/data-sources/"
    source = {"name": name, "type": "file", "engine": engine, "connection": connection or {}}
    source = post(sources, source, **bearer)["id"]
    made = post(f"{sources}{source}/imports/", {"size_bytes": len(file), "file_name": name}, **bearer)
    upload = made["upload"]
    put = urllib.request.Request(upload["url"], file, upload["headers"], method=upload["method"])
    urllib.request.urlopen(put, timeout=DEADLINE_SECONDS).close()

    def ended():
        return get(f"{sources}{source}/imports/{made['id']}/", **bearer)["status"] in ("done", "failed")

    wait_for(ended, f"the import of {name}")
    done = get(f"{sources}{source}/imports/{made['id']}/", **bearer)
    assert done["status"] == "done", f"{name}: {done}"
    return source, done
