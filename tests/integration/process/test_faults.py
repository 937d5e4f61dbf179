#!/usr/bin/python3
"""Goal: a part that fails is said to have failed, harms no other part, and needs no restart of
the rest; who leaves in the middle of an answer takes nothing with him. Method: databases are
stopped and started, clients are reset while large replies wait for them, servers are asked to
end while calls are under way."""
import os
import re
import signal

import wire
from person import case_unit, push_request, varied_case
from scenario import Scenario, descriptors, main, resident_kb
from stack import wait_for
from wire import HEALTH, INDICATORS, OWN_TABLE, STATUS, Answer, BareSocket, Envelope, Refused, first, pack

CLIENTS, ROUND = 200, 50
SERVING, NOT_SERVING = 1, 2


class Databases(Scenario):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slug = cls.people.partnership([657])
        cls.person = cls.people.municipality(657)
        cls.person.log_in("intake")
        cls.person.log_in("pool")
        cls.people.steward.log_in("pool")

    def health(self, process):
        with self.stack.probe(process, loopback=True) as probe:
            answer = probe.call(Envelope(HEALTH))
            return first(answer.fields, 1, 0) if answer.code == wire.OK else None

    def status(self):
        return self.person.read("intake", STATUS, pack((1, self.slug)))

    def stopped(self, cluster):
        self.addCleanup(self.stack.database_up, cluster)
        self.stack.database_down(cluster)

    def test_case_stopped__intake_says_so_and_recovers(self):
        pid = self.stack.pid("intake")
        self.assert_ok(self.status())
        self.stopped("case")
        self.assert_refused(self.status(), wire.UNAVAILABLE)
        push = self.person.push(push_request(self.slug, [case_unit("down", 1)]))
        self.assert_refused(push, wire.UNAVAILABLE)
        self.assertEqual(self.health("intake"), NOT_SERVING)
        self.stack.client(self.person.profile, "health", expect=3)
        self.stack.database_up("case")
        wait_for("intake serves again", lambda: self.health("intake") == SERVING)
        self.assert_ok(wait_for("a call is answered", lambda: (lambda a: a if a.code == wire.OK else None)(self.status())))
        self.assertEqual(self.stack.pid("intake"), pid, "intake was started anew")

    def test_case_stopped__pool_and_keys_do_not_notice(self):
        self.stopped("case")
        for process in ("pool", "keys"):
            self.assertEqual(self.health(process), SERVING)
        self.assert_ok(self.person.read("pool", INDICATORS))
        self.people.partnership([657])

    def test_release_stopped__pool_says_so_and_recovers(self):
        pid = self.stack.pid("pool")
        self.stopped("release")
        self.assert_refused(self.people.steward.admin("RevokePrincipal", pack((1, "p-nobody"))), wire.UNAVAILABLE)
        self.assertEqual(self.health("pool"), NOT_SERVING)
        self.stack.database_up("release")
        wait_for("pool serves again", lambda: self.health("pool") == SERVING)
        self.people.partnership([657])
        self.assertEqual(self.stack.pid("pool"), pid, "pool was started anew")


class LargeReplies(Scenario):
    """Clients that ask for much, take a little of it, and are gone."""

    def abandon(self, envelope, clients):
        for _ in range(clients):
            bare = BareSocket(self.stack.port("intake"), tls=self.stack.certificate("probe"), receive_bytes=2048)
            bare.greet()
            bare.send_frame(envelope)
            bare.read(600)
            bare.reset()

    def test_reply__clients_gone(self):
        slug, person = self.people.partnership([657], "2011-01-01", "2030-01-01"), self.people.municipality(657)
        self.assert_ok(person.push(push_request(slug, [varied_case(slug, number) for number in range(60)])))
        by = ((3, name) for name in ("quarter", "age_band", "target_group"))
        envelope = person.envelope("intake", OWN_TABLE, pack((1, slug), (2, "placement_type_share"), *by)).pack()
        reply = person.probe("intake").ask(envelope)
        self.assertEqual(Answer(reply).code, wire.OK, Answer(reply))
        self.assertGreater(len(reply), 60000, "the reply is too small to be waited for")
        pid = self.stack.pid("intake")
        self.abandon(envelope, ROUND)  # what is kept for good is kept from here on
        self.assert_serves("intake", pid)
        before, kilobytes = descriptors(pid), resident_kb(pid)
        self.abandon(envelope, CLIENTS)
        wait_for("intake has closed what it opened", lambda: descriptors(pid) <= before)
        self.assert_serves("intake", pid)
        # A connection that stays keeps its reply: 200 of them would be over 12 MB.
        wait_for("the memory is back", lambda: resident_kb(pid) < kilobytes + 6 * 1024)


class Stops(Scenario):
    def end_of(self, process):
        """What the supervisor last wrote about this process's end."""
        log = (self.stack.state / "logs/servers.log").read_text()
        return re.findall(rf"ended child={process} (\S+)", log)

    def test_sigterm__calls_under_way_are_answered(self):
        for process in ("intake", "pool", "keys"):
            with self.subTest(process=process):
                pid, ends = self.stack.pid(process), len(self.end_of(process))
                probes = [self.stack.probe(process, loopback=True) for _ in range(10)]
                for probe in probes:
                    probe.call(Envelope(HEALTH))
                for probe in probes:
                    probe.send(Envelope(HEALTH).pack())
                os.kill(pid, signal.SIGTERM)
                answered = 0
                for probe in probes:
                    with probe:
                        try:
                            answer = Answer(probe.receive())
                            self.assertIn(answer.code, (wire.OK, wire.UNAVAILABLE))
                            answered += 1
                        except Refused:
                            pass
                self.assertEqual(answered, len(probes))
                wait_for(f"{process} ended", lambda: len(self.end_of(process)) > ends)
                self.assertEqual(self.end_of(process)[-1], "exit_code=0")
                wait_for(f"{process} serves again", lambda: self.stack.is_serving(process))

    def test_supervisor__starts_what_was_killed(self):
        for process in ("intake", "pool", "keys", "haproxy"):
            old = self.stack.kill(process)
            wait_for(f"{process} is started anew", lambda: self.stack.pid(process) not in (None, old))
        for process in ("intake", "pool", "keys"):
            wait_for(f"{process} serves", lambda: self.stack.is_serving(process))


if __name__ == "__main__":
    main()
