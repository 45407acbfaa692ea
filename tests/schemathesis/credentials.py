"""Who schemathesis calls as: each key of CLARIBI_API_KEYS for as many requests as its minute has, then the next."""

import itertools
import os

import schemathesis

REQUESTS_PER_KEY = 90

keys = os.environ.get("CLARIBI_API_KEYS", "").split()
calls = itertools.count()


if keys:

    @schemathesis.auth(refresh_interval=None)
    class ApiKey:
        def get(self, case, context):
            return keys[next(calls) // REQUESTS_PER_KEY % len(keys)]

        def set(self, case, data, context):
            case.headers = case.headers or {}
            case.headers["X-API-Key"] = data
