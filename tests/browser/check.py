"""Calls the API from a page of another origin, in headless Chromium.

    python3 tests/browser/check.py --local target/debug/local
"""

import argparse
import http.server
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from server import local_server  # noqa: E402

DEADLINE_SECONDS = 60

EXPECTED = {
    "signed_in": 200,
    "made": [201, True, '"1.0"'],
    "changed": 200,
    "stale": 412,
    "listed": [200, True, True],
    "imported": [200, True, "done", 2],
    "request_id": True,
    "limited": [429, "rate_limited", True],
    "unknown": "not_found",
}


class Page(http.server.SimpleHTTPRequestHandler):
    """Serves this folder, and takes what the page has seen."""

    seen = {}
    arrived = threading.Event()

    def __init__(self, *arguments):
        super().__init__(*arguments, directory=str(HERE))

    def do_POST(self):
        Page.seen = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        Page.arrived.set()

    def log_message(self, *_):
        pass


def browse(url):
    """Opens the page, and waits for what it has seen."""
    chromium = shutil.which("chromium") or sys.exit("Chromium is not there: apt-get install chromium")
    # The browser may still write to it when it is told to end.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={profile}", url,
        ]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if not Page.arrived.wait(DEADLINE_SECONDS):
                sys.exit(f"the page said nothing within {DEADLINE_SECONDS} s")
        finally:
            browser.terminate()
            browser.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--local", required=True, help="the binary of tools/local")
    options = parser.parse_args()
    with local_server(options.local) as api, http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        query = urllib.parse.urlencode({"api": api})
        browse(f"http://127.0.0.1:{server.server_port}/page.html?{query}")
        server.shutdown()
    print(json.dumps(Page.seen, indent=2))
    if Page.seen != EXPECTED:
        sys.exit(f"expected {json.dumps(EXPECTED, indent=2)}")
    print("a page of another origin can call the API")


if __name__ == "__main__":
    main()
