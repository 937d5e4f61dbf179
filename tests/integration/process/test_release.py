#!/usr/bin/python3
"""Goal: nobody sees a figure that two stewards have not signed, and a release holds what its
members have closed. Method: two municipalities push, close, and the job runs beside the running
servers; readers ask with the real client; the job is killed (-9) on its way; pool answers with
the case cluster stopped."""
import random
import threading
import time

from person import STORED, outcomes, push_request, varied_case
from scenario import Scenario, main
from stack import wait_for

CASES = 120


class Releases(Scenario):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = {code: cls.people.municipality(code) for code in (657, 510)}
        cls.other_steward = cls.people.steward_too()

    def setUp(self):
        self.slug = self.people.partnership([657, 510], "2014-01-01", "2016-01-01")
        self.reader = self.people.enrol("coordinator", "--partnership", self.slug)
        for code, member in self.members.items():
            answer = self.assert_ok(member.push(push_request(self.slug, [varied_case((self.slug, code), n) for n in range(CASES)])))
            self.assertEqual(set(outcomes(answer)), {STORED})

    def close(self, code, period):
        self.stack.client(self.members[code].profile, "publish", "close", period, "--partnership", self.slug)

    def publish(self, *words):
        job = self.stack.publish(self.slug, *words)
        talk = job.communicate()[0]
        self.assertEqual(job.returncode, 0, talk)
        return talk

    def staged(self):
        run = self.stack.client(self.people.steward.profile, "publish", "list", "--partnership", self.slug, "--format", "csv")
        return [line.split(",")[0] for line in run.stdout.splitlines()[1:] if line]

    def visible(self):
        run = self.stack.client(self.reader.profile, "releases", "--partnership", self.slug, "--format", "csv")
        return [line.split(",")[0] for line in run.stdout.splitlines()[1:] if line]

    def table(self, **options):
        return self.stack.client(self.reader.profile, "table", "foster_share", "--partnership", self.slug, "--by", "quarter",
                                 "--format", "csv", **options)

    def approve(self, steward, release, **options):
        return self.stack.client(steward.profile, "publish", "approve", release, **options)

    def test_release__invisible_until_two_stewards_sign(self):
        for code in self.members:
            self.close(code, "2015-Q2")
        self.publish()
        (release,) = self.staged()

        def unseen():
            self.assertEqual(self.visible(), [])
            self.assertNotEqual(self.table(expect=None).returncode, 0)
        unseen()
        self.approve(self.people.steward, release)
        unseen()
        self.approve(self.people.steward, release, expect=None)  # the same hand twice is one hand
        unseen()
        self.approve(self.other_steward, release)
        self.assertEqual(self.visible(), [release])
        shown = self.table().stdout
        self.assertIn("2015-Q2", shown)
        self.assertNotIn("2015-Q3", shown)
        self.addCleanup(self.stack.database_up, "case")
        self.stack.database_down("case")
        self.assertEqual(self.table().stdout, shown, "with the case cluster stopped every query still works")

    def sign(self, release):
        self.approve(self.people.steward, release)
        self.approve(self.other_steward, release)

    def test_publish__partners_who_close_different_periods(self):
        """What both have closed is released; who keeps the rest open is named, and left out only by order."""
        self.close(657, "2015-Q2")
        self.close(510, "2014-Q4")
        self.assertIn("2015-Q1:510", self.publish())
        (common,) = self.staged()
        self.sign(common)
        shown = self.table().stdout
        self.assertIn("2014-Q4", shown)
        self.assertNotIn("2015-Q1", shown)
        self.publish("--without-open")
        (rest,) = set(self.staged()) - {common}
        page = self.stack.client(self.people.steward.profile, "publish", "show", rest).stdout
        self.assertIn("510", page, "the release does not name who was left out")
        self.sign(rest)
        self.assertIn("2015-Q2", self.table().stdout)

    def test_publish__nothing_closed_stages_nothing(self):
        self.assertIn("no period is closed", self.publish())
        self.assertEqual(self.staged(), [])

    def test_publish__killed_leaves_nothing_staged(self):
        for code in self.members:
            self.close(code, "2015-Q2")
        started = time.monotonic()
        self.publish("--dry-run")
        usual, dice = time.monotonic() - started, random.Random(1)
        for _ in range(4):
            job = self.stack.publish(self.slug)
            killer = threading.Timer(dice.random() * usual, job.kill)
            killer.start()
            job.communicate()
            killer.join()
            if job.returncode == 0:
                break
            self.assertEqual(self.staged(), [], "half a release is staged")
        else:
            self.publish()
        (release,) = wait_for("the release is staged", self.staged)
        self.sign(release)
        self.assertIn("2015-Q2", self.table().stdout)


if __name__ == "__main__":
    main()
