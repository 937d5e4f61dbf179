#!/usr/bin/python3
"""Goal: a sync that is cut at any point and run again leaves exactly what one that nobody cut
leaves: nothing lost, nothing double. Method: a generated export goes to the server by the real
client into one partnership untouched, and into others while the client, intake, HAProxy, the
case or the release database is killed (-9) at a seeded random moment; rows are compared whole.

FREMGANG_TEST_LONG=1 runs hundreds; FREMGANG_TEST_SEED names the first seed (1)."""
import os
import random
import subprocess
import threading
import time
import uuid

from person import STORED, case_unit, outcomes, push_request
from scenario import Scenario, main
from stack import wait_for

LONG = os.environ.get("FREMGANG_TEST_LONG") == "1"
SEED = int(os.environ.get("FREMGANG_TEST_SEED", "1"))
RUNS = 40 if LONG else 1
KILLS_A_RUN = 3 if LONG else 1
SYNCS_MAX = 60
TABLES = ("unit", "case_file", "enrolment", "intervention", "follow_up", "follow_up_intervention", "measurement",
          "worker_month")
MUNICIPALITY, NAME = 510, "haderslev"


class KillRuns(Scenario):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls.people.municipality(MUNICIPALITY)
        cls.exports = cls.stack.directory / f"x-{uuid.uuid4().hex[:8]}"
        subprocess.run([cls.stack.build / "bin/fremgang-generate", "--out", cls.exports, "--scale", "3"], check=True,
                       capture_output=True)
        cls.secret = cls.exports / "partnership.key"
        cls.secret.touch(0o600)
        cls.secret.write_bytes(os.urandom(32))
        slug = cls.imported()
        started = time.monotonic()
        cls.stack.client(cls.member.profile, "sync", "--partnership", slug)
        cls.sync_seconds = time.monotonic() - started
        cls.wanted = cls.held(slug)
        assert cls.wanted["case_file"][0] > 400 and cls.wanted["worker_month"][0] > 400, cls.wanted

    @classmethod
    def imported(cls):
        """A partnership of its own whose outbox is full: the same export under the same key, so that
        the server must come to hold the same rows."""
        slug = cls.people.partnership([MUNICIPALITY], "2015-01-01", "2018-01-01")
        folder = cls.exports / slug
        folder.mkdir()
        for file in (cls.exports / NAME).glob("*.csv"):
            (folder / file.name).write_bytes(file.read_bytes().replace(b"forebyggelsespakken", slug.encode()))
        cls.stack.client(cls.member.profile, "enrol", "--partnership-key", f"{slug}={cls.secret}")
        cls.stack.client(cls.member.profile, "import", *sorted(folder.glob("*.csv")), "--full", "--partnership", slug,
                         expect=None)
        return slug

    @classmethod
    def held(cls, slug):
        """Per table: how many rows, and a hash of all that is in them but partnership and version."""
        number = cls.stack.number("release", f"SELECT partnership_id FROM gov.partnership WHERE slug = '{slug}'")
        query = " UNION ALL ".join(
            f"SELECT '{table}', count(*), coalesce(md5(string_agg(line, '' ORDER BY line)), '') FROM (SELECT (to_jsonb(t) - "
            f"'partnership_id' - 'version')::text AS line FROM cases.{table} t WHERE partnership_id = {number}) AS lines"
            for table in TABLES)
        return {table: (int(count), digest) for table, count, digest in cls.stack.sql("case", query)}

    def kill(self, victim, sync):
        if victim == "client":
            sync.kill()
        elif self.stack.pid(victim) is not None:
            self.stack.kill(victim)
            if victim in ("case", "release"):
                self.stack.database_up(victim)

    def sync_through(self, slug, victim, dice):
        """Syncs until all is sent, killing the victim in each of the first syncs."""
        command = self.stack.client_command(self.member.profile, "sync", "--partnership", slug)
        for attempt in range(SYNCS_MAX):
            sync = subprocess.Popen(command, env=self.stack.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, cwd="/")
            killer = None
            if attempt < KILLS_A_RUN:
                killer = threading.Timer(dice.random() * self.sync_seconds, self.kill, (victim, sync))
                killer.start()
            talk = sync.communicate()[1].decode()
            if killer:
                killer.join()
            if sync.returncode == 0 and not killer:
                return attempt
            self.assertIn(sync.returncode, (0, 3, -9), f"sync {attempt} with {victim} killed: {talk}")
        raise AssertionError(f"{victim}: not sent after {SYNCS_MAX} syncs: {talk}")

    def check(self, victim):
        for seed in range(SEED, SEED + RUNS):
            with self.subTest(victim=victim, seed=seed):
                slug = self.imported()
                self.sync_through(slug, victim, random.Random(f"{victim} {seed}"))
                self.stack.client(self.member.profile, "status", "--server", "--partnership", slug)
                self.assertEqual(self.held(slug), self.wanted)

    def test_sync__client_killed(self):
        self.check("client")

    def test_sync__intake_killed(self):
        self.check("intake")

    def test_sync__haproxy_killed(self):
        self.check("haproxy")

    def test_sync__case_database_killed(self):
        self.check("case")

    def test_sync__release_database_killed(self):
        self.check("release")

    def test_import__killed(self):
        """An import that is killed leaves the outbox as it was or as it should be."""
        for seed in range(SEED, SEED + RUNS):
            dice = random.Random(f"import {seed}")
            slug = self.imported()
            files = sorted((self.exports / slug).glob("*.csv"))
            command = self.stack.client_command(self.member.profile, "import", *files, "--full", "--partnership", slug)
            run = subprocess.Popen(command, env=self.stack.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            killer = threading.Timer(dice.random() * self.sync_seconds, run.kill)
            killer.start()
            run.wait()
            killer.join()
            self.stack.client(self.member.profile, *command[3:], expect=None)
            self.stack.client(self.member.profile, "sync", "--partnership", slug)
            self.assertEqual(self.held(slug), self.wanted)


class CutPushes(Scenario):
    """One batch, its answer lost: sent again under its key it gives the first answer, not UNCHANGED."""

    def test_push__answer_lost_by_a_kill(self):
        member = self.people.municipality(MUNICIPALITY)
        slug = self.people.partnership([MUNICIPALITY])
        dice = random.Random(SEED)
        victims = ("client", "intake", "haproxy", "case") * (50 if LONG else 2)
        sync_id, started = os.urandom(16), time.monotonic()
        self.assert_ok(member.push(push_request(slug, [case_unit("warm", n) for n in range(100)], sync_id=sync_id)))
        usual = time.monotonic() - started
        for run, victim in enumerate(victims):
            with self.subTest(victim=victim, run=run):
                request = push_request(slug, [case_unit((slug, run), n) for n in range(100)], sync_id=sync_id, sequence=run + 2)
                key = uuid.uuid4().hex
                member.token("intake")
                probe = member.probe("intake")
                probe.send(member.envelope("intake", "/fremgang.v1.SubmissionService/Push", request, writes=True, key=key).pack())
                killer = threading.Timer(dice.random() * usual, self.kill, (victim, probe))
                killer.start()
                killer.join()
                member.close()
                answer = self.assert_ok(member.push(request, key=key, patient=True))
                self.assertEqual(outcomes(answer), [STORED] * 100)
        self.assertEqual(member.status(slug, sync_id, patient=True)[0], 100 * (len(victims) + 1))

    def kill(self, victim, probe):
        if victim == "client":
            probe.process.kill()
        else:
            wait_for(f"{victim} runs", lambda: self.stack.pid(victim))
            self.stack.kill(victim)
        if victim == "case":
            self.stack.database_up(victim)


if __name__ == "__main__":
    main()
