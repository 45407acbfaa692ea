"""An Athena that runs on DuckDB: statements are translated by sqlglot, with each parameter in its place as Athena puts it there. It
manages the results of one workgroup itself, and puts those of the others into a bucket."""

import http.server
import json
import threading
import time
import uuid
from datetime import date, datetime
from decimal import Decimal

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.dialects.athena import Athena
from sqlglot.tokens import TokenType

PAGE_ROWS = 1000
BUCKET = "results"
MANAGED = "managed"


class Refused(Exception):
    """An error of Athena's: its name, and what it says."""


def with_parameters(statement, parameters):
    """The statement with constants in place of its question marks. Only constants are parameters."""
    for parameter in parameters:
        if len(parameter) > 1024:
            raise Refused("InvalidRequestException", "a parameter of more than 1024 characters")
        if not isinstance(sqlglot.parse_one(parameter, read="trino"), exp.Literal):
            raise Refused("InvalidRequestException", f"no constant: {parameter}")
    parameters, parts, end = list(parameters), [], 0
    for token in Athena().tokenize(statement):
        if token.token_type == TokenType.PLACEHOLDER:
            parts += [statement[end : token.start], parameters.pop(0)]
            end = token.end + 1
    if parameters:
        raise Refused("InvalidRequestException", "more parameters than places for them")
    return "".join(parts) + statement[end:]


def text(value):
    """A value as Athena writes it."""
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"VarCharValue": str(value).lower()}
    if isinstance(value, float):
        return {"VarCharValue": {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(str(value), repr(value))}
    if isinstance(value, datetime):
        return {"VarCharValue": value.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")}
    if isinstance(value, Decimal):
        return {"VarCharValue": format(value, "f")}
    if isinstance(value, (int, str, date)):
        return {"VarCharValue": str(value)}
    raise Refused("InvalidRequestException", f"a value of type {type(value)}")


class Fake:
    """Tables of a DuckDB, as Athena has them: `tables` is what ListTableMetadata says. The folder is where an S3 has its buckets."""

    def __init__(self, database, tables, folder):
        self.database, self.tables, self.folder = database, tables, folder
        self.by_token, self.executions, self.lock = {}, {}, threading.Lock()
        self.calls, self.statements, self.pages = [], [], 0
        # Functions that sqlglot leaves as they are.
        database.execute("CREATE MACRO with_timezone(instant, zone) AS timezone(zone, instant)")
        database.execute("CREATE MACRO is_finite(number) AS isfinite(number)")

    def answer(self, operation, request):
        with self.lock:
            self.calls.append(operation)
            return getattr(self, operation)(request)

    def GetWorkGroup(self, request):
        if request["WorkGroup"] not in ("primary", MANAGED):
            raise Refused("InvalidRequestException", f"WorkGroup {request['WorkGroup']} is not found.")
        version = {"EffectiveEngineVersion": "Athena engine version 3"}
        return {"WorkGroup": {"Name": request["WorkGroup"], "State": "ENABLED", "Configuration": {"EngineVersion": version}}}

    def ListTableMetadata(self, request):
        begin = int(request.get("NextToken", 0))
        assert request["MaxResults"] <= 50
        # One at a time, so that there are pages.
        more = {"NextToken": str(begin + 1)} if begin + 1 < len(self.tables) else {}
        return {"TableMetadataList": self.tables[begin : begin + 1], **more}

    def StartQueryExecution(self, request):
        token = request["ClientRequestToken"]
        assert len(token) >= 32
        if token in self.by_token:
            request_before, id = self.by_token[token]
            if request_before != request:
                raise Refused("InvalidRequestException", "Idempotent parameters do not match")
            return {"QueryExecutionId": id}
        id = str(uuid.uuid4())
        self.by_token[token] = (request, id)
        state, reason, rows, names = "SUCCEEDED", None, [], []
        try:
            sql = with_parameters(request["QueryString"], request.get("ExecutionParameters", []))
            translated = sqlglot.transpile(sql, read="athena", write="duckdb")
            assert len(translated) == 1, translated
            self.statements.append((sql, translated[0]))
            cursor = self.database.cursor()
            cursor.execute(f"USE {request['QueryExecutionContext']['Database']}; SET TimeZone = 'UTC'")
            result = cursor.execute(translated[0])
            names = [f"_col{index}" for index in range(len(result.description))]
            rows = [[text(value) for value in row] for row in result.fetchall()]
        except (duckdb.Error, sqlglot.errors.SqlglotError, Refused) as error:
            state, reason = "FAILED", f"{error}"
            print(f"{reason}\n{request['QueryString']}\n{request.get('ExecutionParameters')}")
        location = {} if request["WorkGroup"] == MANAGED else {"OutputLocation": f"s3://{BUCKET}/{id}.csv"}
        if location:
            self.put(f"{id}.csv", [names] + [[value.get("VarCharValue") for value in row] for row in rows])
        execution = {"state": state, "reason": reason, "rows": rows, "names": names, "location": location, "at": time.time()}
        self.executions[id] = execution
        return {"QueryExecutionId": id}

    def put(self, key, rows):
        """Puts rows into the bucket as Athena writes them: each value in quotes, nothing for null."""
        folder = self.folder / BUCKET
        folder.mkdir(exist_ok=True)
        quoted = lambda value: "" if value is None else '"' + value.replace('"', '""') + '"'
        lines = [",".join(map(quoted, row)) + "\n" for row in rows]
        (folder / key).write_bytes("".join(lines).encode())

    def GetQueryExecution(self, request):
        execution = self.executions[request["QueryExecutionId"]]
        status = {"State": execution["state"], "SubmissionDateTime": execution["at"], "CompletionDateTime": execution["at"]}
        if execution["reason"]:
            status["StateChangeReason"] = execution["reason"]
        statistics = {"DataScannedInBytes": 1234}
        return {"QueryExecution": {"Status": status, "Statistics": statistics, "ResultConfiguration": execution["location"]}}

    def GetQueryResults(self, request):
        execution, begin = self.executions[request["QueryExecutionId"]], int(request.get("NextToken", 0))
        rows = [[{"VarCharValue": name} for name in execution["names"]], *execution["rows"]]
        self.pages += 1
        page = rows[begin : begin + min(request["MaxResults"], PAGE_ROWS)]
        end = begin + len(page)
        return {
            "ResultSet": {
                "Rows": [{"Data": row} for row in page],
                "ResultSetMetadata": {"ColumnInfo": [{"Name": name, "Type": "varchar"} for name in execution["names"]]},
            },
            **({"NextToken": str(end)} if end < len(rows) else {}),
        }

    def StopQueryExecution(self, request):
        return {}

    def serve(self, port):
        """Serves on the port until the server that is returned is shut down."""
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                operation = self.headers["X-Amz-Target"].split(".")[1]
                try:
                    status, answer = 200, fake.answer(operation, request)
                except Refused as refused:
                    status, answer = 400, {"__type": refused.args[0], "message": refused.args[1]}
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server
