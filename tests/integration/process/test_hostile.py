#!/usr/bin/python3
"""Goal: nothing that anybody sends ends a server or is taken for a call. Method: oversized, cut,
garbage and 10 000-deep messages to each listener, bare on loopback and through TLS; after each,
the same process answers the next call."""
import functools
import random
import struct

import wire
from scenario import PROCESSES, Scenario, main
from wire import HEALTH, BareSocket, Envelope, pack, varint

DEPTH = 10000


def nested(depth, field):
    """A message within a message within ..., each the only field of the next."""
    data = b""
    for _ in range(depth):
        data = varint(field << 3 | 2) + varint(len(data)) + data
    return data


def at_each_door(test):
    """Runs the test at every listener, inside and outside TLS; its process must live through it."""
    @functools.wraps(test)
    def run(self):
        for process in PROCESSES:
            pid = self.stack.pid(process)
            for loopback in (True, False):
                with self.subTest(process=process, loopback=loopback):
                    test(self, process, loopback)
                    self.assert_serves(process, pid)
    return run


class HostileMessages(Scenario):
    def bare(self, process, loopback):
        tls = None if loopback else self.stack.certificate("probe")
        return BareSocket(self.stack.port(process, loopback), tls=tls)

    def answer(self, process, loopback, data):
        with self.stack.probe(process, loopback=loopback) as probe:
            return wire.Answer(probe.ask(data))

    @at_each_door
    def test_answer__garbage_is_malformed(self, process, loopback):
        dice = random.Random(1)
        for size in (1, 7, 300, 20000):
            answer = self.answer(process, loopback, b"\xff" + dice.randbytes(size))
            self.assert_refused(answer, wire.INVALID_ARGUMENT, "MESSAGE_MALFORMED")

    @at_each_door
    def test_answer__empty_message_is_refused(self, process, loopback):
        self.assertNotEqual(self.answer(process, loopback, b"").code, wire.OK)

    @at_each_door
    def test_answer__envelope_cut_short_is_malformed(self, process, loopback):
        whole = Envelope(HEALTH, pack((1, "x" * 50))).pack()
        for length in (1, len(whole) // 2, len(whole) - 1):
            self.assert_refused(self.answer(process, loopback, whole[:length]), wire.INVALID_ARGUMENT)

    @at_each_door
    def test_answer__payload_cut_short_is_malformed(self, process, loopback):
        self.assert_refused(self.answer(process, loopback, Envelope(HEALTH, b"\x0a\x50ab").pack()),
                            wire.INVALID_ARGUMENT, "MESSAGE_MALFORMED")

    @at_each_door
    def test_answer__deep_envelope_is_refused(self, process, loopback):
        for field in (2, 7, 15, 99):
            self.assert_refused(self.answer(process, loopback, nested(DEPTH, field)), wire.INVALID_ARGUMENT)

    @at_each_door
    def test_answer__deep_metadata_is_refused(self, process, loopback):
        data = pack((1, HEALTH), (2, nested(DEPTH, 7)))
        self.assertNotEqual(self.answer(process, loopback, data).code, wire.INTERNAL)

    @at_each_door
    def test_answer__payload_over_the_methods_limit_is_refused(self, process, loopback):
        answer = self.answer(process, loopback, Envelope(HEALTH, pack((1, "x" * 2000))).pack())
        self.assert_refused(answer, wire.EXHAUSTED, "MESSAGE_TOO_LARGE")

    @at_each_door
    def test_receive__message_over_eight_mib_gets_no_answer(self, process, loopback):
        """nng drops the connection of whoever sends more than may be received."""
        with self.bare(process, loopback) as bare:
            bare.greet()
            bare.socket.sendall(struct.pack(">Q", wire.MESSAGE_BYTES_MAX + 1))
            self.assertTrue(bare.is_closed_within(10), "the connection stays")

    @at_each_door
    def test_receive__claimed_exabytes_are_not_believed(self, process, loopback):
        with self.bare(process, loopback) as bare:
            bare.greet()
            bare.send_frame(b"x", claimed=1 << 62)
            self.assertTrue(bare.is_closed_within(10), "the connection stays")

    @at_each_door
    def test_receive__frame_cut_by_a_vanished_client(self, process, loopback):
        for length in (0, 3, 8, 20):
            bare = self.bare(process, loopback)
            bare.greet()
            bare.socket.sendall((struct.pack(">QI", 5000, 0x80000001) + b"y" * 100)[:length])
            bare.reset()

    @at_each_door
    def test_receive__another_protocol_is_not_spoken_to(self, process, loopback):
        with self.bare(process, loopback) as bare:
            bare.socket.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertTrue(bare.is_closed_within(10), "the connection stays")

    @at_each_door
    def test_receive__request_without_request_id_is_dropped(self, process, loopback):
        """An SP message whose backtrace never ends is no request."""
        with self.bare(process, loopback) as bare:
            bare.greet()
            body = struct.pack(">I", 1) * 64
            bare.socket.sendall(struct.pack(">Q", len(body)) + body)
            bare.send_frame(Envelope(HEALTH).pack())
            self.assert_ok(wire.Answer(bare.receive_frame()))


class DeepPayloads(Scenario):
    """Deep messages where a payload is really unpacked: behind log-in."""

    def test_push__deep_units_are_refused(self):
        person = self.people.municipality(657)
        pid = self.stack.pid("intake")
        for field in (5, 2, 1):
            answer = person.push(nested(DEPTH, field))
            self.assertIn(answer.code, (wire.INVALID_ARGUMENT, wire.DENIED, wire.NOT_FOUND), answer)
        # unit -> case_bundle -> interventions: the real path, with depth under each
        answer = person.push(pack((1, "nowhere"), (5, pack((2, pack((3, nested(DEPTH, 2))))))))
        self.assertNotIn(answer.code, (wire.OK, wire.INTERNAL), answer)
        self.assert_serves("intake", pid)

    def test_push__units_that_unpack_to_more_than_the_arena_are_refused(self):
        person = self.people.municipality(657)
        pid = self.stack.pid("intake")
        answer = person.push(pack((1, "nowhere")) + b"\x2a\x00" * (3 * 1024 * 1024))
        self.assertIn(answer.code, (wire.EXHAUSTED, wire.INVALID_ARGUMENT), answer)
        self.assert_serves("intake", pid)

    def test_admin__deep_request_is_refused(self):
        pid = self.stack.pid("pool")
        answer = self.people.steward.admin("ClosePeriod", nested(300, 1))
        self.assertNotIn(answer.code, (wire.OK, wire.INTERNAL), answer)
        self.assert_serves("pool", pid)


if __name__ == "__main__":
    main()
