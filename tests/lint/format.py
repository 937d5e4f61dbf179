#!/usr/bin/env python3
"""Every C file is as clang-format 14 leaves it, and no line of any text is over 100 columns in C."""
import subprocess

from common import ROOT, finish, relative, tracked


def main():
    problems = []
    files = tracked("*.c", "*.h")
    run = subprocess.run(["clang-format-14", "--dry-run", "-Werror", *map(str, files)], cwd=ROOT, capture_output=True, text=True)
    if run.returncode != 0:
        names = sorted({line.split(":")[0] for line in run.stderr.splitlines() if ": error:" in line})
        problems = [f"{name}: not formatted (./fremgang format)" for name in names] or [run.stderr.strip()]
    for path in files:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > 100:
                problems.append(f"{relative(path)}:{number}: {len(line)} columns")
    finish("lint.format", len(files), problems)


main()
