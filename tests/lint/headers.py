#!/usr/bin/env python3
"""Every header compiles on its own, has a guard named for its path, and opens with a comment
that says what it is."""
import concurrent.futures
import os
import re
import subprocess
import sys

from common import ROOT, finish, relative, tracked

BUILD = sys.argv[1]


def include_dirs(name):
    side = name.split("/")[0]
    dirs = [ROOT / "shared", f"{BUILD}/proto", f"{BUILD}/embed"]
    if side in ("client", "server"):
        dirs.append(ROOT / side)
    if side == "tests":
        dirs += [ROOT / "client", ROOT / "server", ROOT / "tests/unit", ROOT / "tests"]
    pq = subprocess.run(["pkg-config", "--cflags-only-I", "libpq"], capture_output=True, text=True).stdout.split()
    return [f"-I{d}" for d in dirs] + pq


def check(path):
    name = relative(path)
    text = path.read_text()
    problems = []
    guard = "FREMGANG_" + re.sub(r"^(SHARED|SERVER|CLIENT)_", "", re.sub(r"[^A-Z0-9]", "_", name.upper()))
    sided = "FREMGANG_" + re.sub(r"[^A-Z0-9]", "_", name.upper())
    if not any(f"#ifndef {g}\n#define {g}\n" in text for g in (guard, sided)):
        problems.append(f"{name}: no guard {guard}")
    if not text.startswith("/*"):
        problems.append(f"{name}: does not open with a comment that says what it is")
    run = subprocess.run(
        ["gcc", "-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wpedantic", "-Wno-missing-braces", "-Werror",
         "-fsyntax-only", "-x", "c", *include_dirs(name), "-include", str(path), os.devnull],
        capture_output=True, text=True)
    if run.returncode != 0:
        problems.append(f"{name}: does not compile alone: {run.stderr.splitlines()[0] if run.stderr else '?'}")
    return problems


def main():
    files = [p for p in tracked("*.h")]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        problems = [problem for found in pool.map(check, files) for problem in found]
    finish("lint.headers", len(files), problems)


main()
