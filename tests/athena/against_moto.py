"""Athena as moto plays it: workgroups, the states that an execution goes through, and results that are queued beforehand. What moto does
not know of Athena, the list of tables, is taken from its Glue."""

import http.server
import json
import os
import subprocess
import sys
import threading
import urllib.request

import boto3

from server import free_port, listens, local_server, post, sign_in, wait_for

REGION = "eu-central-1"


def metadata(glue, request):
    """ListTableMetadata, by way of Glue."""
    tables = glue.get_tables(DatabaseName=request["DatabaseName"])["TableList"]
    return {
        "TableMetadataList": [
            {
                "Name": table["Name"],
                "TableType": table["TableType"],
                "Columns": table["StorageDescriptor"]["Columns"],
                "PartitionKeys": table.get("PartitionKeys", []),
            }
            for table in tables
        ]
    }


def relay(port, moto, glue):
    """Passes calls on to moto, but for the list of tables."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = 200
            if self.headers["X-Amz-Target"].endswith(".ListTableMetadata"):
                answer = json.dumps(metadata(glue, json.loads(body))).encode()
            else:
                names = ("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")
                headers = {name: self.headers[name] for name in names if self.headers[name]}
                try:
                    with urllib.request.urlopen(urllib.request.Request(moto, body, headers, method="POST")) as response:
                        answer = response.read()
                except urllib.error.HTTPError as error:
                    status, answer = error.code, error.read()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def check_moto(binary, source, import_catalog):
    port = free_port()
    moto = f"http://127.0.0.1:{port}"
    program = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: listens(port), "moto", seconds=60)
        client = lambda service: boto3.client(
            service, region_name=REGION, endpoint_url=moto, aws_access_key_id="A" * 16, aws_secret_access_key="secret"
        )
        glue, athena = client("glue"), client("athena")
        glue.create_database(DatabaseInput={"Name": "lake"})
        columns = [{"Name": "country", "Type": "string"}, {"Name": "amount", "Type": "decimal(10,2)"}]
        table = {"Name": "orders", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": {"Columns": columns}}
        glue.create_table(DatabaseName="lake", TableInput={**table, "PartitionKeys": [{"Name": "day", "Type": "date"}]})
        athena.create_work_group(
            Name="claribi", Configuration={"ResultConfiguration": {"OutputLocation": "s3://results/claribi/"}}
        )
        # Each execution is queued, then running, before it is done.
        transition = {"model_name": "athena::execution", "transition": {"progression": "manual", "times": 2}}
        post(f"{moto}/moto-api/state-manager/set-transition", transition)
        names = [{"Name": name, "Type": "varchar"} for name in ("_col0", "_col1", "_col2")]
        row = lambda *values: {"Data": [{} if value is None else {"VarCharValue": value} for value in values]}
        rows = [row("_col0", "_col1", "_col2"), row("DE", "12.50", "3"), row(None, "0.10", "1"), row("", None, "2")]
        queued = {"account_id": "123456789012", "region": REGION, "results": [{"rows": rows, "column_info": names}]}
        urllib.request.urlopen(
            urllib.request.Request(
                f"{moto}/moto-api/static/athena/query-results", json.dumps(queued).encode(), {"Content-Type": "application/json"}
            )
        ).close()

        own = free_port()
        server = relay(own, moto, glue)
        os.environ["AWS_ENDPOINT_URL_ATHENA"] = f"http://127.0.0.1:{own}"
        with local_server(binary) as url:
            bearer = {"Authorization": f"Bearer {sign_in(url)}"}
            connection = {**source["connection"], "workgroup": "claribi"}
            lake = post(f"{url}/api/data-sources/", {**source, "connection": connection}, **bearer)["id"]
            import_catalog(url, bearer, lake)
            test = post(f"{url}/api/data-sources/{lake}/test/", {}, **bearer)
            assert test["ok"], test
            query = {
                "dimensions": [{"field": "country"}],
                "measures": [{"field": "amount", "aggregation": "sum", "as": "s"}, {"aggregation": "count", "as": "n"}],
            }
            result = post(f"{url}/api/analytics/query/", {"data_source": lake, "query": query}, **bearer)
            found = [[country, None if s is None else str(s), n] for country, s, n in result["rows"]]
            assert found == [["DE", "12.50", 3], [None, "0.10", 1], ["", None, 2]], result
        server.shutdown()
        started = athena.list_query_executions(WorkGroup="claribi")["QueryExecutionIds"]
        assert len(started) == 1, started
        asked = athena.get_query_execution(QueryExecutionId=started[0])["QueryExecution"]
        assert asked["QueryExecutionContext"] == {"Catalog": "AwsDataCatalog", "Database": "lake"}, asked
        print("moto: catalog, workgroup, one execution through its states, rows with nulls and empty texts.")
    finally:
        process.terminate()
        process.wait()
