"""Sorts a CSV file into a Parquet file, and prints seconds, bytes and peak memory in MB: python duckdb_copy.py CSV PARQUET"""

import os
import resource
import sys
import time

import duckdb

csv, parquet = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET threads = 2")
began = time.perf_counter()
connection.execute(
    f"COPY (SELECT * FROM read_csv('{csv}') ORDER BY ordered_at) TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)"
)
seconds = time.perf_counter() - began
print(seconds, os.path.getsize(parquet), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
