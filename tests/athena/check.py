"""Asks Athena's statements of DuckDB, by way of sqlglot, and compares the answers with those over a file of the same rows; and asks
moto's Athena, whose states and results are those of its own.

    target/venv-athena/bin/python tests/athena/check.py --local target/debug/local
"""

import argparse
import os
import pathlib
import sys
import tempfile
import urllib.error
from decimal import Decimal

import duckdb

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from athena.against_moto import check_moto  # noqa: E402
from athena.fake import MANAGED, PAGE_ROWS, Fake  # noqa: E402
from athena.questions import QUESTIONS  # noqa: E402
from athena.table import COLUMNS, TABLE, create  # noqa: E402
from server import free_port, get, import_file, local_server, post, sign_in, wait_for  # noqa: E402

SOURCE = {
    "name": "Lake",
    "type": "cloud",
    "engine": "athena",
    "connection": {"database": "lake", "region": "eu-central-1", "access_key_id": "A" * 16, "secret_access_key": "secret"},
}

# Asked as the API itself, whom the local S3 lets in, too.
OWN = {**SOURCE, "name": "Own lake", "connection": {"database": "lake", "region": "eu-central-1"}}


def catalog():
    """What Athena says of the table, and of another one."""
    columns = [{"Name": name, "Type": native} for name, native in COLUMNS.items()]
    more = [{"Name": "tags", "Type": "array<string>"}]
    return [
        {"Name": "other", "TableType": "VIRTUAL_VIEW", "Columns": [{"Name": "x", "Type": "bigint"}]},
        {"Name": TABLE, "TableType": "EXTERNAL_TABLE", "Columns": columns[:-1] + more, "PartitionKeys": columns[-1:]},
    ]


def import_catalog(url, bearer, source):
    made = post(f"{url}/api/data-sources/{source}/imports/", {}, **bearer)
    path = f"{url}/api/data-sources/{source}/imports/{made['id']}/"
    wait_for(lambda: get(path, **bearer)["status"] in ("done", "failed"), "the import of the catalog")
    done = get(path, **bearer)
    assert done["status"] == "done", done
    return done


def same(left, right):
    if isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)) and not isinstance(left, bool):
        # Floats are added in another order.
        return left == right or abs(left - right) <= Decimal("1e-9") * max(abs(left), abs(right))
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


COMPARED = ["columns", "rows", "totals", "other_row", "row_count", "truncated"]


def ask(url, bearer, source, query):
    try:
        return post(f"{url}/api/analytics/query/", {"data_source": source, "query": query}, **bearer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{query}: {error.code} {error.read().decode()}")


def check_answers(url, bearer, lake, file, questions):
    """Asks both, and returns the questions whose answers are more than a page."""
    large = []
    for question in questions:
        theirs = ask(url, bearer, lake, {**question, "table": f"lake.{TABLE}"})
        ours = ask(url, bearer, file, question)
        for part in COMPARED:
            if not same(theirs[part], ours[part]):
                rows = [pair for pair in zip(theirs["rows"], ours["rows"]) if not same(*pair)]
                sys.exit(f"{question}\n{part} differs:\nAthena {theirs[part]!r:.3000}\nfile   {ours[part]!r:.3000}\nrows {rows[:5]}")
        assert theirs["engine"] == "athena" and theirs["scanned_bytes"] >= 1234, theirs
        assert theirs["estimated_cost_usd"] >= Decimal("0.00005"), theirs
        assert ours["scanned_bytes"] is None and ours["estimated_cost_usd"] is None
        if theirs["row_count"] >= PAGE_ROWS:
            large.append(question)
    return large


def check_source(url, bearer, lake):
    test = post(f"{url}/api/data-sources/{lake}/test/", {}, **bearer)
    assert test["ok"] and test["server"] == "Amazon Athena engine version 3", test
    shown = get(f"{url}/api/data-sources/{lake}/", **bearer)["connection"]
    assert shown["secret_access_key_set"] and "secret_access_key" not in shown, shown
    assert shown["external_id"] == f"claribi-organization-1-data-source-{lake}", shown
    preview = get(f"{url}/api/data-sources/{lake}/preview/?table=lake.{TABLE}", **bearer)
    assert preview["row_count"] == 10, preview
    plan = post(
        f"{url}/api/analytics/explain/",
        {"data_source": lake, "query": {**QUESTIONS[0], "table": f"lake.{TABLE}"}},
        **bearer,
    )
    assert plan["engine"] == "athena" and f'"lake"."{TABLE}"' in plan["plan"], plan


def check_duckdb(binary):
    with tempfile.TemporaryDirectory() as folder:
        database = duckdb.connect()
        create(database)
        path = pathlib.Path(folder) / "table.parquet"
        # What is no number is null in a file.
        finite = "* REPLACE (CASE WHEN isfinite(ratio) THEN ratio END AS ratio)"
        database.execute(f"COPY (SELECT {finite} FROM lake.{TABLE}) TO '{path}' (FORMAT parquet)")
        stores = pathlib.Path(folder) / "stores"
        fake, port = Fake(database, catalog(), stores / "files"), free_port()
        server = fake.serve(port)
        os.environ["AWS_ENDPOINT_URL_ATHENA"] = f"http://127.0.0.1:{port}"
        with local_server(binary, stores) as url:
            token = sign_in(url)
            bearer = {"Authorization": f"Bearer {token}"}
            file, _ = import_file(url, token, "File", path.read_bytes(), "parquet")
            managed = {**SOURCE, "connection": {**SOURCE["connection"], "workgroup": MANAGED}}
            lakes = [post(f"{url}/api/data-sources/", source, **bearer)["id"] for source in (OWN, managed)]
            for lake in lakes:
                done = import_catalog(url, bearer, lake)
                assert done["tables"] == 2 or len(done["tables"]) == 2, done
                assert any("tags (array<string>)" in warning for warning in done["warnings"]), done
            check_source(url, bearer, lakes[1])
            fake.pages = 0
            large = check_answers(url, bearer, lakes[0], file, QUESTIONS)
            statements = len(fake.statements)
            assert fake.pages <= statements, "what is more than a page is read from its object"
            fake.pages = 0
            assert len(large) > 5
            check_answers(url, bearer, lakes[1], file, large)
            assert fake.pages > 2 * len(large), "what Athena manages is read page by page"
        server.shutdown()
        print(f"{len(QUESTIONS)} questions, {statements} statements: as over the file; {len(large)} of them also page by page.")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--local", required=True, help="the binary of tools/local")
    binary = arguments.parse_args().local
    check_duckdb(binary)
    check_moto(binary, SOURCE, import_catalog)


if __name__ == "__main__":
    main()
