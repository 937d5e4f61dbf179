#!/usr/bin/env python3
"""Which folder may include what. The rules are the table below; there are no exceptions."""
import re

from common import ROOT, finish, relative, tracked

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)

# (header pattern, folders that may include it)
ALLOWED = [
    (r"^libpq-fe\.h$", ("server/store/", "tests/")),
    (r"^nng/", ("client/rpc/", "server/rpc/", "tests/")),
    (r"\.pb-c\.h$", ("shared/wire/", "server/handlers/", "client/rpc/", "tests/")),
    (r"^coin/", ("server/protect/", "tests/")),
    (r"^sqlite3\.h$", ("client/outbox/", "tests/")),
    (r"^identity/", ("client/identity/", "client/import/", "tests/")),
    (r"^store/case/", ("server/store/case/", "server/publish/", "server/handlers/intake/", "server/main/intake.c",
                       "server/main/publish.c", "tests/")),
]
# folder -> headers that it must never include
PURE = r"^(nng/|libpq-fe\.h$|.*\.pb-c\.h$|time\.h$|sys/time\.h$|stdio_ext\.h$|unistd\.h$|sys/socket\.h$)"
FORBIDDEN = [
    ("server/domain/", PURE),
    ("server/protect/", PURE),
    ("shared/rules/", PURE),
    ("shared/stats/", PURE),
    ("shared/", r"^(store|handlers|publish|protect|domain|outbox|import|identity)/"),
    ("client/", r"^(store|handlers|publish|protect|domain)/"),
    ("server/", r"^(outbox|import|identity)/"),
    ("server/protect/", r"^(store|handlers|publish|rpc|domain|rules|wire|crypto)/"),
    ("server/domain/", r"^(store|handlers|publish|rpc)/"),
    ("server/store/", r"^(handlers|publish|rpc)/"),
    ("server/rpc/", r"^(handlers|publish|store|domain|protect)/"),
    ("server/handlers/pool/", r"^store/case/"),
    ("shared/base/", r"^(rules|wire|crypto|stats)/"),
    ("shared/rules/", r"^(wire|crypto|stats)/"),
    ("shared/crypto/", r"^(rules|wire|stats)/"),
    ("shared/stats/", r"^(rules|wire|crypto)/"),
]


def main():
    problems = []
    files = tracked("shared/*.[ch]", "client/*.[ch]", "server/*.[ch]")
    for path in files:
        name = relative(path)
        for header in INCLUDE.findall(path.read_text()):
            for pattern, folders in ALLOWED:
                if re.search(pattern, header) and not name.startswith(folders):
                    problems.append(f'{name}: includes "{header}", which only {", ".join(folders)} may')
            for folder, pattern in FORBIDDEN:
                if name.startswith(folder) and re.search(pattern, header):
                    problems.append(f'{name}: {folder} must not include "{header}"')
            if header.startswith(".."):
                problems.append(f'{name}: includes "{header}" by a path that climbs')
    assert (ROOT / "shared/base/err.h").exists()
    finish("lint.layers", len(files), problems)


main()
