#!/usr/bin/python3
"""A private stack of real parts for the process tests: two PostgreSQL clusters, intake, pool and
keys behind HAProxy, started by `./fremgang up` in a directory of its own.

    stack.py start BUILD    starts one and remembers it in BUILD
    stack.py stop BUILD     stops it and removes its directory; fine when there is none

Tests call Stack.running(). Nothing here sleeps a guessed time: wait_for asks until it is so."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

import wire

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROCESSES = ("intake", "pool", "keys")
OFFSET = {"intake": 1, "pool": 2, "keys": 3}
DEADLINE_SECONDS = 60
SEPARATOR = "\x1f"


def wait_for(what, condition, seconds=DEADLINE_SECONDS):
    """The condition's first true answer; fails after a bound that only a broken stack reaches."""
    until = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


class Stack:
    def __init__(self, build, directory):
        self.build = pathlib.Path(build)
        self.directory = pathlib.Path(directory)
        self.state = self.directory / "s"
        self.environment = {
            **os.environ,
            "FREMGANG_CHECKOUT": str(ROOT), "FREMGANG_BUILD": str(self.build), "FREMGANG_SKIP_BUILD": "1",
            "FREMGANG_STATE": str(self.state), "FREMGANG_RUN": str(self.directory / "r"),
            "FREMGANG_HOME": str(self.state / "home"), "FREMGANG_PORT": "17700", "FREMGANG_DEMO": "0",
            "NO_COLOR": "1", "LC_ALL": "C.UTF-8",
        }
        self.probe_program = str(self.build / "bin/wire-probe")

    # Life

    @staticmethod
    def note(build):
        return pathlib.Path(build) / "integration-stack.json"

    @classmethod
    def running(cls):
        note = cls.note(os.environ["FREMGANG_TEST_BUILD"])
        if not note.exists():
            raise SystemExit(f"no stack runs; start one with: stack.py start {note.parent}")
        return cls(note.parent, json.loads(note.read_text())["directory"])

    @classmethod
    def start(cls, build):
        cls.stop_noted(build)
        directory = tempfile.mkdtemp(prefix="fgstack.", dir="/tmp")
        os.chmod(directory, 0o711)
        cls.note(build).write_text(json.dumps({"directory": directory}))
        stack = cls(build, directory)
        stack.fremgang("up")
        for process in PROCESSES:
            wait_for(f"{process} serves", lambda: stack.is_serving(process))

    @classmethod
    def stop_noted(cls, build):
        note = cls.note(build)
        if note.exists():
            stack = cls(build, json.loads(note.read_text())["directory"])
            if stack.state.exists():
                stack.fremgang("down")
            shutil.rmtree(stack.directory, ignore_errors=True)
            note.unlink()

    def fremgang(self, *words):
        run = subprocess.run([str(ROOT / "fremgang"), *words], env=self.environment, capture_output=True,
                             text=True, stdin=subprocess.DEVNULL, cwd="/")
        if run.returncode != 0:
            raise AssertionError(f"./fremgang {' '.join(words)}: exit {run.returncode}\n{run.stdout}{run.stderr}")
        return run.stdout

    def shell(self, script, check=True):
        """Runs a line of sh with the functions of server/local."""
        parts = "common packages build cluster certs servers demo"
        lines = "set -eu\n" + "".join(
            f'. "$FREMGANG_CHECKOUT/server/local/{part}.sh"\n' for part in parts.split()) + script
        run = subprocess.run(["sh", "-c", lines], env=self.environment, capture_output=True, text=True,
                             stdin=subprocess.DEVNULL, cwd="/")
        if check and run.returncode != 0:
            raise AssertionError(f"{script}: exit {run.returncode}\n{run.stdout}{run.stderr}")
        return run.stdout

    # Processes

    def supervisor(self):
        return int((self.directory / "r/fremgangd.pid").read_text())

    def pid(self, process):
        """The process's id now, or None while it does not run. haproxy's is its working child's."""
        if process == "case" or process == "release":
            file = self.state / f"pg-{process}/postmaster.pid"
            return int(file.read_text().split()[0]) if file.exists() else None
        if process == "haproxy":
            found = [c for m in self.children(self.supervisor(), "haproxy") for c in self.children(m, "haproxy")]
        else:
            found = self.children(self.supervisor(), f"fremgangd-{process}")
        return found[0] if found else None

    @staticmethod
    def children(parent, name):
        found = []
        for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, comm, rest = re.match(r"(\d+) \((.*)\) (.*)", status.read_text(), re.S).groups()
            except (OSError, AttributeError):
                continue
            if int(rest.split()[1]) == parent and name.startswith(comm):
                found.append(int(pid))
        return found

    def kill(self, process):
        """kill -9; of a database, everything that belongs to it."""
        pid = self.pid(process)
        victims = [pid] + (self.children(pid, "postgres") if process in ("case", "release") else [])
        for victim in victims:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        wait_for(f"{process} is dead", lambda: not pathlib.Path(f"/proc/{pid}").exists())
        return pid

    def database_down(self, cluster):
        self.shell(f"cluster_stop {cluster}")

    def database_up(self, cluster):
        self.shell(f"cluster_start {cluster}")

    def port(self, process, loopback=False):
        base = int((self.state / "port").read_text())
        return base + OFFSET[process] + (10 if loopback else 0)

    def is_serving(self, process):
        try:
            with self.probe(process, loopback=True, timeout_ms=2000) as probe:
                answer = probe.call(wire.Envelope(wire.HEALTH))
                return answer.code == wire.OK and wire.first(answer.fields, 1) == 1
        except wire.Refused:
            return False

    # Doors

    def certificate(self, name):
        """Issues a client certificate of the stack's authority once; its files."""
        certs = self.state / "certs"
        if not (certs / f"{name}.crt").exists():
            self.shell(f"certs_client {name}")
        return {"ca": str(certs / "ca.crt"), "cert": str(certs / f"{name}.crt"), "key": str(certs / f"{name}.key")}

    def url(self, process, loopback=False):
        return f"{'tcp' if loopback else 'tls+tcp'}://127.0.0.1:{self.port(process, loopback)}"

    def probe(self, process, *, loopback=False, tls=None, **options):
        if not loopback and tls is None:
            tls = self.certificate("probe")
        return wire.Probe(self.probe_program, self.url(process, loopback), tls=tls, **options)

    def sql(self, cluster, query):
        """Rows of text, asked by the owner."""
        run = subprocess.run(
            ["psql", "-X", "-A", "-t", "-F", SEPARATOR, "-v", "ON_ERROR_STOP=1", "-h", str(self.directory / "r" / cluster),
             "-U", "fremgang_owner", "-d", "fremgang", "-c", query],
            capture_output=True, text=True, cwd="/")
        if run.returncode != 0:
            raise AssertionError(f"{query}: {run.stderr}")
        return [line.split(SEPARATOR) for line in run.stdout.splitlines()]

    def number(self, cluster, query):
        return int(self.sql(cluster, query)[0][0])

    # People

    def client_command(self, profile, *words):
        return [str(self.build / "bin/fremgang"), "--profile", profile, *map(str, words)]

    def client(self, profile, *words, expect=0):
        run = subprocess.run(self.client_command(profile, *words), env=self.environment, capture_output=True,
                             text=True, stdin=subprocess.DEVNULL, cwd="/")
        if expect is not None and run.returncode != expect:
            raise AssertionError(f"fremgang {' '.join(map(str, words))} as {profile}: exit {run.returncode}, "
                                 f"not {expect}\n{run.stdout}{run.stderr}")
        return run

    def profile_dir(self, profile):
        return self.state / "home/profiles" / profile

    def enrol(self, code, prefix, *words):
        """Spends a code with the real client; the new profile's name."""
        profile = f"{prefix}-{uuid.uuid4().hex[:8]}"
        tls = self.certificate(profile)
        urls = [word for process in PROCESSES for word in (f"--{process}", self.url(process))]
        self.client(profile, "enrol", "--code", code, *urls, "--ca", tls["ca"], "--cert", tls["cert"],
                    "--key", tls["key"], "--server-name", "localhost", *words)
        return profile

    def steward(self):
        code = self.shell('"$FREMGANG_PROGRAMS/fremgangd" enrol-code --role steward --name itest '
                          '--release-db "$(cluster_conninfo release fremgang_owner)"').strip()
        return self.enrol(code, "steward")

    def publish(self, partnership, *words):
        """Starts the job; its process, whose pid is the job's own."""
        user = ["setpriv", "--reuid=fremgang", "--regid=fremgang", "--clear-groups", "--"] if os.getuid() == 0 else []
        name = [f"host={self.directory / 'r' / cluster} dbname=fremgang user=fremgang_publish" for cluster in ("case", "release")]
        return subprocess.Popen(
            [*user, str(self.state / "bin/fremgangd-publish"), "--partnership", partnership, "--case-db", name[0],
             "--release-db", name[1], "--publish-key", str(self.state / "keys/publish.key"), *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL, cwd="/")


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("start", "stop"):
        raise SystemExit(__doc__)
    (Stack.start if sys.argv[1] == "start" else Stack.stop_noted)(sys.argv[2])


if __name__ == "__main__":
    main()
