#!/usr/bin/python3
"""memcheck.py BUILD: the client's verbs offline, a server through calls and SIGTERM, and unit
programs under valgrind: no invalid access, nothing lost, and the exit codes they promise."""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

import wire
from stack import wait_for

BUILD = pathlib.Path(sys.argv[1]) / "bin"
FAULT = 99
VALGRIND = ["valgrind", "-q", f"--error-exitcode={FAULT}", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect",
            "--show-leak-kinds=definite,indirect"]
UNITS = ("shared.wire.envelope", "shared.wire.message", "shared.wire.record_pb", "shared.rules.check", "shared.crypto.sign",
         "client.command", "client.identity.pseudonym", "server.rpc.token")


def run(expected, *words, home):
    done = subprocess.run([*VALGRIND, *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, "FREMGANG_HOME": home, "LC_ALL": "C.UTF-8"})
    name = " ".join(map(str, words[:3]))
    assert done.returncode in expected, f"{name}: exit {done.returncode}\n{done.stderr[-4000:]}"
    print("clean:", name)


def client(home):
    exports = pathlib.Path(home) / "exports"
    run((0,), BUILD / "fremgang-generate", "--out", exports, home=home)
    client = BUILD / "fremgang"
    run((0,), client, "--version", home=home)
    run((0,), client, "--help", home=home)
    run((0,), client, "dictionary", home=home)
    run((0,), client, "rpc", "list", home=home)
    run((0,), client, "rpc", "describe", "TableService.Get", home=home)
    run((0, 1), client, "check", *sorted((exports / "hvidovre").glob("*.csv")), home=home)
    run((1, 2), client, "releases", "--profile", "nobody", home=home)
    run((2,), client, "no-such-verb", home=home)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def server(home):
    url = f"tcp://127.0.0.1:{free_port()}"
    log = pathlib.Path(home) / "keys.log"
    with log.open("w") as out:
        process = subprocess.Popen([*VALGRIND, BUILD / "fremgangd-keys", "--listen", url, "--workers", "2"], stdout=out, stderr=out)

    def answers():
        try:
            with wire.Probe(BUILD / "wire-probe", url, timeout_ms=2000) as probe:
                return probe.call(wire.Envelope(wire.HEALTH)).code == wire.OK
        except wire.Refused:
            return False
    wait_for("the server answers", answers)
    with wire.Probe(BUILD / "wire-probe", url) as probe:
        for data in (b"", b"\xff" * 300, wire.Envelope("/x/y").pack(), wire.Envelope(wire.HEALTH, b"x" * 2000).pack()):
            assert wire.Answer(probe.ask(data)).code != wire.OK
    process.send_signal(signal.SIGTERM)
    code = process.wait(60)
    assert code == 0, f"fremgangd-keys: exit {code}\n{log.read_text()[-4000:]}"
    print("clean: fremgangd-keys")


def main():
    with tempfile.TemporaryDirectory() as home:
        client(home)
        server(home)
        for unit in UNITS:
            if (BUILD / f"unit.{unit}").exists():
                run((0,), BUILD / f"unit.{unit}", home=home)


main()
