"""Makes reports in each format over a table of awkward values, and compares what other programs read in the files with what the
query answers. Charts, schedules and mail are checked as well.

    target/venv-data/bin/python tests/reports/check.py --local target/debug/local

Needs poppler-utils and qpdf.
"""

import argparse
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from reports import charts, csv_files, mail, pdf_files, schedules, xlsx_files  # noqa: E402
from reports.checks import Checks  # noqa: E402
from reports.client import Client  # noqa: E402
from reports.dashboard import QUERIES, Dashboard, at, check_import  # noqa: E402
from server import local_server  # noqa: E402

ZONE = "America/New_York"
FILTERS = [{"field": "label", "operator": "in", "values": ["Köln", "Bonn", "תל אביב"]}]
TIME_RANGE = {"field": "at", "from": "2024-03-01", "to": "2024-06-01"}


def check_csv(check, dashboard):
    client = dashboard.client
    _, _, file = client.made(client.make(dashboard.id, "csv", timezone=ZONE))
    check(csv_files.check_rows, dashboard, file, ZONE)
    plain = {"escape_formulas": False, "byte_order_mark": True}
    _, _, file = client.made(client.make(dashboard.id, "csv", timezone=ZONE, csv=plain))
    check(csv_files.check_bytes, dashboard, file, ZONE)


def check_single(check, dashboard):
    """A dashboard of one widget that shows data."""
    client = dashboard.client
    title, query = QUERIES["table"]
    widget = {"title": title, "type": "table", "data_source": dashboard.source, "query": query, "position": at(0)}
    single = client.json("POST", "/api/dashboards/", {"name": "Single", "widgets": [widget]})
    report = client.make(single["id"], "csv", csv={"escape_formulas": False})
    report = client.json("PATCH", f"/api/reports/{report['id']}/", {"name": "One widget"})
    _, headers, file = client.made(report)
    check(csv_files.check_one_file, dashboard, headers, file)


def check_xlsx(check, dashboard):
    made = dashboard.client.made(dashboard.client.make(dashboard.id, "xlsx", timezone=ZONE, filters=FILTERS))
    xlsx_files.check_file(check, dashboard, made, FILTERS, ZONE)


def check_pdf(check, dashboard):
    client = dashboard.client
    report = client.make(dashboard.id, "pdf", timezone=ZONE, filters=FILTERS, time_range=TIME_RANGE)
    report = client.json("PATCH", f"/api/reports/{report['id']}/", {"name": pdf_files.TITLE})
    pdf_files.check_file(check, dashboard, client.made(report), FILTERS, TIME_RANGE, ZONE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--local", required=True, help="the binary of tools/local")
    options = parser.parse_args()
    check = Checks()
    with local_server(options.local) as url:
        dashboard = Dashboard(Client(url))
        check(check_import, dashboard)
        check_csv(check, dashboard)
        check_single(check, dashboard)
        check_xlsx(check, dashboard)
        check_pdf(check, dashboard)
        charts.check_all(check, dashboard)
        schedules.check_all(check, dashboard.client, dashboard)
    with tempfile.TemporaryDirectory() as folder, local_server(options.local, folder) as url:
        check(mail.check_message, Dashboard(Client(url)), pathlib.Path(folder) / "outbox")
    sys.exit(1 if check.failed else 0)


if __name__ == "__main__":
    main()
