"""A table with what engines disagree about: nulls, empty texts, quotes, emoji, long integers, decimals, zeros with a sign, floats that are
no numbers, days and instants far away and around changes of clocks."""

TABLE = "facts"

# The types as Glue calls them. The last column is what the table is partitioned by.
COLUMNS = {
    "id": "int",
    "name": "string",
    "country": "varchar(20)",
    "flag": "boolean",
    "amount": "decimal(12,2)",
    "cents": "decimal(38,0)",
    "quantity": "bigint",
    "ratio": "double",
    "select": "string",
    'a "quoted" one': "string",
    "at": "timestamp",
    "seen_at": "timestamp with time zone",
    "day": "date",
}

NAMES = [
    "'Straße'", "'STRASSE'", "'it''s'", "'100%_'", "'a\\b'", "'🎉 party'", "'İstanbul'", "''", "NULL", "'trailing '", "'trailing'",
    "'Ω ohm'", "'ſharp s'", "'K kelvin'", "'x.*[y]'", "'é'",
]


def create(database):
    names = ", ".join(NAMES)
    database.execute("SET TimeZone = 'UTC'")
    database.execute("CREATE SCHEMA lake")
    database.execute(
        f"""CREATE TABLE lake.{TABLE} AS SELECT
            i::INTEGER AS id,
            ([{names}])[1 + i % {len(NAMES)}]::VARCHAR AS name,
            (['DE', 'FR', 'de', NULL, 'US'])[1 + i % 5]::VARCHAR AS country,
            ([true, false, NULL])[1 + i % 3]::BOOLEAN AS flag,
            CASE WHEN i % 7 = 0 THEN NULL ELSE (i * 37 % 100003 - 50000)::DECIMAL(12, 0) / 100 END::DECIMAL(12, 2) AS amount,
            (i * 1000000007::HUGEINT - 5)::DECIMAL(38, 0) AS cents,
            CASE WHEN i % 11 = 0 THEN NULL WHEN i % 13 = 0 THEN 9223372036854775807 - i WHEN i % 17 = 0 THEN -9223372036854775807 + i
                ELSE i % 100 END::BIGINT AS quantity,
            CASE WHEN i % 10 = 0 THEN -0.0 WHEN i % 19 = 0 THEN 'nan'::DOUBLE WHEN i % 23 = 0 THEN 'inf'::DOUBLE
                WHEN i % 29 = 0 THEN NULL ELSE (i % 97) / 8 END::DOUBLE AS ratio,
            (['x', 'y'])[1 + i % 2]::VARCHAR AS "select",
            (['?', ':1', '"'])[1 + i % 3]::VARCHAR AS "a ""quoted"" one",
            CASE WHEN i % 31 = 0 THEN NULL ELSE TIMESTAMP '2023-10-01 00:30:00.123456' + to_minutes(i * 173 % 600000) END AS "at",
            (TIMESTAMP '2024-03-09 22:15:00' + to_seconds(i * 977 % 40000000))::TIMESTAMPTZ AS seen_at,
            CASE WHEN i % 37 = 0 THEN NULL ELSE DATE '2024-01-31' + (i % 700)::INTEGER END AS day
        FROM range(3000) AS r(i)"""
    )
