#!/usr/bin/env python3
"""SQL lives in files: one statement a file in sql/queries, each used by the code, schema-qualified;
no C file builds a statement from parts."""
import re

from common import finish, relative, tracked

BUILT = re.compile(r'(printf|append_format|append_text)\s*\([^;]*"[^"]*\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b', re.S)
UNQUALIFIED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?!ONLY\b|STDIN\b|LATERAL\b|unnest\b|generate_series\b|pg_)([a-z_]+)(?![\w.(])", re.I)
STATEMENT_BYTES_MAX = 16384


def strip(text):
    return re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", text)


def main():
    problems = []
    queries = tracked("sql/queries/*.sql")
    code = "\n".join(p.read_text() for p in tracked("server/*.c"))
    for path in queries:
        name = relative(path)
        text = path.read_text()
        bare = strip(text).strip().rstrip(";")
        if ";" in bare:
            problems.append(f"{name}: more than one statement")
        if not text.lstrip().startswith("--"):
            problems.append(f"{name}: does not open with a comment that says what it does")
        if len(text) > STATEMENT_BYTES_MAX:
            problems.append(f"{name}: {len(text)} bytes")
        if f"sql_{path.stem}" not in code and f"DB_SQL({path.stem})" not in code:
            problems.append(f"{name}: no C file uses sql_{path.stem}")
        local = set(re.findall(r"\b([a-z_]+)\s+AS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(", bare, re.I))
        local |= set(re.findall(r"\b(stage_\w+)", bare)) | {"set", "of", "select", "excluded"}
        for table in UNQUALIFIED.findall(bare):
            if table.lower() not in local:
                problems.append(f'{name}: "{table}" has no schema')
    for path in tracked("server/*.c", "shared/*.c"):
        for match in BUILT.finditer(path.read_text()):
            line = path.read_text().count("\n", 0, match.start()) + 1
            problems.append(f"{relative(path)}:{line}: builds SQL from parts")
    finish("lint.sql", len(queries), problems)


main()
