"""What an integrator's first program does, with the client that openapi-python-client generates.

    python program.py URL
"""

import sys

from claribi import AuthenticatedClient, Client
from claribi.api.analytics import run_query
from claribi.api.api_keys import create_api_key
from claribi.api.authentication import sign_in
from claribi.api.dashboards import create_dashboard, get_dashboard, list_dashboards, update_dashboard
from claribi.api.data_sources import list_data_sources
from claribi.models import (
    Aggregation,
    AnalyticsQuery,
    ApiKeyCreate,
    CreatedApiKey,
    Credentials,
    Dashboard,
    DashboardCreate,
    DashboardStatus,
    DashboardUpdate,
    Dimension,
    Error,
    ErrorCode,
    Measure,
    PageDashboardSummary,
    PageDataSourceSummary,
    QueryResult,
    Scope,
    Tokens,
    WidgetQuery,
)

url = sys.argv[1]


def expect(kind, answer):
    assert isinstance(answer, kind), answer
    return answer


# Sign in, and make a key for what follows.
tokens = expect(Tokens, sign_in.sync(client=Client(url), body=Credentials("you@example.com", "your-password")))
signed_in = AuthenticatedClient(url, token=tokens.access)
new_key = ApiKeyCreate(name="python", scope=Scope.READ_WRITE)
key = expect(CreatedApiKey, create_api_key.sync(client=signed_in, body=new_key))
client = AuthenticatedClient(url, token=key.key, prefix="", auth_header_name="X-API-Key")
print(f"signed in, and made key {key.id}")

# Create, with a name of the request's own, so that it can be sent again.
made = [
    expect(Dashboard, create_dashboard.sync(client=client, body=DashboardCreate(name=name), idempotency_key=name))
    for name in ("Python 1", "Python 2", "Python 3", "Python 3")
]
assert made[2].id == made[3].id, made
print("made dashboards", sorted({dashboard.id for dashboard in made}))

# Page through them.
names, number = [], 1
while True:
    page = list_dashboards.sync(client=client, page=number, page_size=2, status=DashboardStatus.DRAFT)
    page = expect(PageDashboardSummary, page)
    names += [row.name for row in page.results]
    if page.next_ is None:
        break
    number += 1
assert len(names) == page.count and {"Python 1", "Python 2", "Python 3"} <= set(names), names
print(f"paged through {len(names)} dashboards on {number} pages")

# Change one, as it was last read.
read = get_dashboard.sync_detailed(made[0].id, client=client)
tag = read.headers["ETag"]
change = DashboardUpdate(status=DashboardStatus.PUBLISHED)
changed = expect(Dashboard, update_dashboard.sync(made[0].id, client=client, body=change, if_match=tag))
assert changed.status is DashboardStatus.PUBLISHED
print(f"published dashboard {changed.id}, which was at {tag}")

# Ask, of data that is there: revenue by country.
sources = expect(PageDataSourceSummary, list_data_sources.sync(client=client))
source = next(source for source in sources.results if source.name == "Orders")
query = WidgetQuery(
    dimensions=[Dimension(field="country")],
    measures=[Measure(field="amount", aggregation=Aggregation.SUM, as_="revenue")],
    totals=True,
)
result = expect(QueryResult, run_query.sync(client=client, body=AnalyticsQuery(data_source=source.id, query=query)))
assert result.rows == [["FR", 20], ["DE", 10.5]] and result.totals == [None, 30.5], result
print(f"asked data source {source.id}: {result.rows}")

# Errors have codes.
stale = expect(Error, update_dashboard.sync(made[0].id, client=client, body=change, if_match=tag))
assert stale.error is ErrorCode.PRECONDITION_FAILED, stale
missing = expect(Error, get_dashboard.sync(999_999, client=client))
assert missing.error is ErrorCode.NOT_FOUND, missing
print(f"{missing.error}: {missing.detail}")
