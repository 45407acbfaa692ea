"""What the checks of reports ask the API."""

import json
import pathlib
import sys
import urllib.error
import urllib.request
from decimal import Decimal

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from server import DEADLINE_SECONDS, sign_in, wait_for  # noqa: E402


class Unredirected(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer to look at."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(Unredirected)


def send(method, url, body=None, **headers):
    """The status, headers and body of an answer, whatever the status is."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body).encode()
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with OPENER.open(request, timeout=DEADLINE_SECONDS) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class Client:
    """The demo's administrator."""

    def __init__(self, url):
        self.url = url
        self.token = sign_in(url)

    def send(self, method, path, body=None, **headers):
        return send(method, self.url + path, body, Authorization=f"Bearer {self.token}", **headers)

    def json(self, method, path, body=None):
        """The answer to a request that succeeds, with all numbers as they are written."""
        status, _, answer = self.send(method, path, body)
        assert status < 300, f"{method} {path}: {status} {answer.decode()[:2000]}"
        return json.loads(answer, parse_float=Decimal)

    def answer(self, source, query):
        """The result of a query, which must be whole."""
        result = self.json("POST", "/api/analytics/query/", {"data_source": source, "query": {**query, "limit": 10_000}})
        assert not result["truncated"], query
        return result

    def answer_as_csv(self, source, query):
        body = {"data_source": source, "query": {**query, "limit": 10_000}}
        status, _, answer = self.send("POST", "/api/analytics/query/", body, Accept="text/csv")
        assert status == 200, answer
        return answer

    def make(self, dashboard, report_format, **fields):
        """A new report."""
        return self.json("POST", "/api/reports/", {"name": f"A {report_format}", "dashboard": dashboard, "format": report_format, **fields})

    def run(self, report, body=None):
        """Runs a report; the run when it has ended."""
        status, headers, answer = self.send("POST", f"/api/reports/{report['id']}/generate/", body)
        assert status == 202, answer
        path = headers["Location"]
        path = path.removeprefix(self.url)

        def ended():
            return self.json("GET", path)["status"] in ("done", "failed")

        wait_for(ended, f"the run {path}", 120)
        return path, self.json("GET", path)

    def made(self, report, body=None):
        """Runs a report; the run, and the headers and bytes of its file."""
        path, run = self.run(report, body)
        assert run["status"] == "done" and run["truncated"] is False, run
        status, headers, answer = self.send("GET", f"{path}download/")
        assert status == 302, answer
        # The link is the key: no credentials go with it.
        status, headers, file = send("GET", headers["Location"])
        assert status == 200 and len(file) == run["size_bytes"], (status, len(file), run)
        return run, headers, file
