"""Runs the functions' binaries on the real Lambda runtime, and walks through the API.

The runtime is AWS's own emulator, which ships inside the SAM CLI's package; events are those that API Gateway's REST API
sends (events/). The stores are those of `cargo run`.

    python3 tests/runtime/check.py --local target/debug/local --functions target/lambda
"""

import argparse
import base64
import contextlib
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from server import DEADLINE_SECONDS, ROOT, free_port, listens, wait_for  # noqa: E402

INVOKE = "/2015-03-31/functions/function/invocations"


def declared_paths():
    """The paths that template.yaml declares, with the package of their function."""
    from samcli.yamlhelper import yaml_parse

    resources = yaml_parse((ROOT / "template.yaml").read_text())["Resources"].values()
    functions = [resource["Properties"] for resource in resources if resource["Type"] == "AWS::Serverless::Function"]
    return {
        event["Properties"]["Path"]: pathlib.PurePath(function["CodeUri"]).name
        for function in functions
        for event in function.get("Events", {}).values()
    }


def match(declared, path):
    """How well a declared path fits one that is asked for, part by part, and the parameters that it takes from it: literally (2),
    as a variable (1), as the start of what a greedy variable takes (0). None if it does not fit."""
    asked = [part for part in path.split("/") if part]
    parts = [part for part in declared.split("/") if part]
    fit, parameters = [], {}
    for index, part in enumerate(parts):
        if index >= len(asked):
            return None
        if part.endswith("+}"):
            parameters[part[1:-2]] = "/".join(asked[index:])
            return [*fit, 0], parameters
        if part.startswith("{"):
            parameters[part[1:-1]] = asked[index]
        elif part != asked[index]:
            return None
        fit.append(1 if part.startswith("{") else 2)
    return (fit, parameters) if len(parts) == len(asked) else None


def emulator():
    """The emulator for this machine, from the SAM CLI that is installed beside this Python."""
    import samcli.local.rapid as rapid

    return pathlib.Path(rapid.__path__[0]) / "aws-lambda-rie-x86_64"


class Api:
    """Calls functions the way API Gateway does."""

    def __init__(self, ports, declared):
        self.ports = ports
        self.declared = declared
        self.template = json.loads((ROOT / "events/health.json").read_text())

    def __call__(self, method, path, expected, body=None, **headers):
        # API Gateway takes the declared path that fits best.
        matches = [(match(resource, path), resource) for resource in self.declared]
        (_, parameters), resource = max((found for found in matches if found[0]), key=lambda found: found[0][0])
        function = self.declared[resource]
        event = json.loads(json.dumps(self.template))
        sent = dict(event["headers"], **{name.replace("_", "-"): value for name, value in headers.items()})
        if body is not None:
            sent["Content-Type"] = "application/json"
        event.update(httpMethod=method, resource=resource, path=path, pathParameters=parameters or None)
        # All media types are declared as bytes, so that answers may be: bodies of requests come in base64.
        encoded = None if body is None else base64.b64encode(json.dumps(body).encode()).decode()
        event.update(headers=sent, body=encoded, isBase64Encoded=body is not None)
        event["multiValueHeaders"] = {name: [value] for name, value in sent.items()}
        event["requestContext"].update(httpMethod=method, resourcePath=resource, path="/prod" + path)
        answer = self.invoke(function, event)
        assert answer.get("statusCode") == expected, f"{method} {path}: {answer}"
        print(f"{method:6} {path:40} {answer['statusCode']}  by {function}")
        has_bytes = headers.get("Accept", "").endswith(("arrow.stream", "image/png")) or "Accept_Encoding" in headers
        assert answer.get("isBase64Encoded", False) == has_bytes, answer
        answered = {name.lower(): values[0] for name, values in answer["multiValueHeaders"].items()}
        is_json = answered.get("content-type") == "application/json"
        return (json.loads(answer["body"]) if is_json else answer["body"]), answered

    def invoke(self, function, event):
        """Hands an event to a function."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[function]}{INVOKE}", json.dumps(event).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as response:
            return json.load(response)


def import_file(api, source, bearer):
    """A file that is sent, and made a table of by the job: both by the function and, as S3 tells it too, by the local server."""
    file = b"country,amount\nDE,10.50\nFR,20\n"
    imports = f"/api/data-sources/{source}/imports/"
    made, _ = api("POST", imports, 201, {"size_bytes": len(file)}, **bearer)
    upload = made["upload"]
    put = urllib.request.Request(upload["url"], file, upload["headers"], method=upload["method"])
    with urllib.request.urlopen(put, timeout=DEADLINE_SECONDS) as response:
        assert response.status == 200, response.status
    notification = {"Records": [{"s3": {"object": {"key": f"uploads/1/{source}/{made['id']}"}}}]}
    message = {"messageId": "1", "body": json.dumps(notification)}
    answer = api.invoke("ingest-data", {"Records": [message]})
    assert answer == {"batchItemFailures": []}, answer
    answer = api.invoke("ingest-data", {"Records": [{"messageId": "2", "body": "{}"}]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}, answer
    own = f"{imports}{made['id']}/"
    wait_for(lambda: api("GET", own, 200, **bearer)[0]["status"] == "done", "the import")
    tables, _ = api("GET", f"/api/data-sources/{source}/tables/", 200, **bearer)
    assert tables["results"][0]["row_count"] == 2, tables
    preview, _ = api("GET", f"/api/data-sources/{source}/preview/", 200, **bearer)
    assert preview["rows"] == [["DE", 10.5], ["FR", 20]], preview


def ask(api, source, bearer):
    """A query over the file, as JSON, as CSV, and as Arrow, whose bytes a function hands over in base64."""
    measures = [{"field": "amount", "aggregation": "sum", "as": "revenue"}]
    query = {"data_source": source, "query": {"dimensions": [{"field": "country"}], "measures": measures}}
    path = "/api/analytics/query/"
    result, headers = api("POST", path, 200, query, **bearer)
    assert result["rows"] == [["FR", 20], ["DE", 10.5]] and not result["cached"], result
    known, _ = api("POST", path, 304, query, **bearer, If_None_Match=headers["etag"])
    assert not known, known
    csv, _ = api("POST", path, 200, query, **bearer, Accept="text/csv")
    assert csv == "country,revenue\r\nFR,20\r\nDE,10.5\r\n", csv
    arrow, headers = api("POST", path, 200, query, **bearer, Accept="application/vnd.apache.arrow.stream")
    assert headers["content-type"] == "application/vnd.apache.arrow.stream", headers
    assert base64.b64decode(arrow, validate=True)[:4] == b"\xff\xff\xff\xff", arrow[:20]


def draw(api, source, bearer):
    """A widget over the file: as SVG, as PNG, whose bytes a function hands over in base64, and as a report."""
    measures = [{"field": "amount", "aggregation": "sum"}]
    query = {"dimensions": [{"field": "country"}], "measures": measures}
    position = {"x": 0, "y": 0, "width": 6, "height": 4}
    pie = {"title": "Pie", "type": "pie", "data_source": source, "query": query, "position": position}
    dashboard, _ = api("POST", "/api/dashboards/", 201, {"name": "Drawn", "widgets": [pie]}, **bearer)
    chart = f"/api/dashboards/{dashboard['id']}/widgets/1/chart/"
    svg, headers = api("GET", chart, 200, **bearer)
    assert headers["content-type"] == "image/svg+xml" and 'data-value="10.5"' in svg, svg
    png, _ = api("GET", chart, 200, **bearer, Accept="image/png")
    assert base64.b64decode(png, validate=True)[:4] == b"\x89PNG", png[:20]

    report = {"name": "Drawn", "dashboard": dashboard["id"], "format": "pdf", "recipients": [1]}
    report, _ = api("POST", "/api/reports/", 201, report, **bearer)
    own = f"/api/reports/{report['id']}/"
    run, headers = api("POST", f"{own}generate/", 202, {"deliver": True}, **bearer)
    # Both the function and the local server are told: one of them makes it.
    job = {"job": "run", "organization": 1, "report": report["id"]}
    answer = api.invoke("run-reports", {"Records": [{"messageId": "1", "body": json.dumps(job)}]})
    assert answer == {"batchItemFailures": []}, answer
    answer = api.invoke("run-reports", {"Records": [{"messageId": "2", "body": "{}"}]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}, answer
    own_run = f"{own}runs/{run['id']}/"
    wait_for(lambda: api("GET", own_run, 200, **bearer)[0]["deliveries"], "the report")
    done, _ = api("GET", own_run, 200, **bearer)
    assert (done["status"], done["pages"], done["deliveries"][0]["status"]) == ("done", 1, "sent"), done
    _, headers = api("GET", f"{own_run}download/", 302, **bearer)
    with urllib.request.urlopen(headers["location"], timeout=DEADLINE_SECONDS) as response:
        assert response.read(5) == b"%PDF-"


def walk(api):
    """Login, status, a key, a list, a file, a query, a picture, a report, 404s, a 429."""
    api("GET", "/api/health/", 200)
    tokens, _ = api("POST", "/api/auth/login/", 200, {"email": "you@example.com", "password": "your-password"})
    bearer = {"Authorization": "Bearer " + tokens["access"]}
    account, headers = api("GET", "/api/auth/status", 200, **bearer)
    assert account["organization"]["name"] == "Acme Corp", account
    assert headers["x-request-id"] and headers["x-ratelimit-limit"] == "1000", headers
    refreshed, _ = api("POST", "/api/auth/token/refresh/", 200, {"refresh": tokens["refresh"]})
    assert refreshed["access"]

    key, headers = api("POST", "/api/api-keys/", 201, {"name": "nightly job"}, **bearer)
    domain = api.template["requestContext"]["domainName"]
    assert headers["location"] == f"https://{domain}/prod/api/api-keys/{key['id']}/", headers
    by_key = {"X_API_Key": key["key"]}
    source, _ = api("POST", "/api/data-sources/", 201, {"name": "f", "type": "file", "engine": "csv"}, **bearer)
    listed, _ = api("GET", "/api/data-sources/", 200, **by_key)
    assert listed["results"][-1]["id"] == source["id"], listed
    import_file(api, source["id"], bearer)
    ask(api, source["id"], bearer)
    draw(api, source["id"], bearer)
    # Noted between the answer and the next request for an event.
    own = f"/api/api-keys/{key['id']}/"
    wait_for(lambda: api("GET", own, 200, **bearer)[0]["usage_count"] == 1, "the use of the key")
    api("POST", "/api/dashboards/", 201, {"name": "Sales"}, **bearer)
    missing, _ = api("GET", "/api/dashboards/999/", 404, **by_key)
    assert missing == {
        "error": "not_found",
        "message": "The requested resource does not exist.",
        "detail": "No dashboard with ID 999 was found.",
    }, missing
    api("POST", "/api/dashboards/", 403, {"name": "x"}, **by_key)
    api("GET", "/api/auth/status/", 401)
    for path in ("/api", "/api/unknown/", "/api/auth/unknown", "/assets/unknown/app/main.js"):
        missing, _ = api("GET", path, 404, **bearer)
        assert missing["error"] == "not_found", missing

    page, headers = api("GET", "/", 200)
    assert "connect-src 'self' http" in headers["content-security-policy"], headers
    main = next(part for part in page.split('"') if part.endswith("/app/main.js"))
    assert main.startswith("/prod/assets/"), main
    script, headers = api("GET", main.removeprefix("/prod"), 200, Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip", headers
    assert b"import" in gzip.decompress(base64.b64decode(script, validate=True)), script[:20]

    document, _ = api("GET", "/api/openapi.json", 200)
    assert document["servers"] == [{"url": f"https://{domain}/prod"}], document["servers"]
    page, _ = api("GET", "/api/docs/", 200)
    assert "/prod/api/docs/page.js" in page, page
    script, _ = api("GET", "/api/docs/swagger-ui-bundle.js", 200)
    assert len(script) > 1_000_000, len(script)

    # What is left of the window, and one more.
    with contextlib.redirect_stdout(None):
        _, headers = api("GET", "/api/auth/status/", 200, **by_key)
        for _ in range(int(headers["x-ratelimit-remaining"])):
            api("GET", "/api/auth/status/", 200, **by_key)
    _, headers = api("GET", "/api/auth/status/", 429, **by_key)
    assert 1 <= int(headers["retry-after"]) <= 60, headers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--local", required=True, help="the binary of tools/local")
    parser.add_argument("--functions", required=True, help="the folder that `cargo lambda build` makes")
    options = parser.parse_args()

    with contextlib.ExitStack() as running:
        folder = pathlib.Path(running.enter_context(tempfile.TemporaryDirectory()))
        logs = running.enter_context(open(folder / "log", "w+b"))

        def start(*command, **options):
            process = subprocess.Popen(command, stdout=logs, stderr=logs, **options)
            running.callback(process.wait)
            running.callback(process.terminate)

        try:
            start(options.local, "--port", "0", "--data-dir", str(folder / "data"))
            environment_file = folder / "data/env"
            wait_for(environment_file.exists, "tools/local")
            environment = dict(line.split("=", 1) for line in environment_file.read_text().splitlines())

            declared = declared_paths()
            ports = {}
            for function in sorted({*declared.values(), "ingest-data", "run-reports"}):
                binary = pathlib.Path(options.functions).resolve() / function / "bootstrap"
                ports[function] = port = free_port()
                start(
                    str(emulator()),
                    "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
                    "--runtime-api-address", f"127.0.0.1:{free_port()}",
                    str(binary),
                    env=dict(environment, AWS_LAMBDA_FUNCTION_NAME=function),
                )
            for function, port in ports.items():
                wait_for(lambda port=port: listens(port), function)
            walk(Api(ports, declared))
        except (AssertionError, SystemExit, urllib.error.URLError) as failure:
            logs.seek(0)
            sys.exit(f"{failure}\n\nlog:\n{logs.read().decode(errors='replace')[-8000:]}")
        logs.seek(0)
        check_log(logs.read().decode(errors="replace"))
    print("the functions answer on the Lambda runtime")


def check_log(log):
    """The functions logged each request, and their metrics in CloudWatch's embedded format, but no secret."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line.get("message") == "request"]
    assert all(line["request_id"] and line["status"] for line in requests) and len(requests) > 100, len(requests)
    metrics = [line for line in lines if "_aws" in line]
    counted = {name for line in metrics for name in line if name in ("Requests", "ColdStarts", "RateLimited", "Latency")}
    assert counted == {"Requests", "ColdStarts", "RateLimited", "Latency"}, counted
    for secret in ("eyJ", "claribi_sk_", "your-password", "you@example.com"):
        assert not any(secret in json.dumps(line) for line in lines), f"{secret} was logged"


if __name__ == "__main__":
    main()
