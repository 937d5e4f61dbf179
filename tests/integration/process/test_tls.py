#!/usr/bin/python3
"""Goal: nobody speaks to a listener without a certificate of the partnership's authority, and
what nngcat sends is answered. Method: each listener is dialled through TLS with no certificate,
another authority's, an ended and a revoked one; clients meet a server they must not trust."""
import os
import pathlib
import ssl
import subprocess
import tempfile
import uuid

import wire
from scenario import PROCESSES, Scenario, main
from stack import ROOT, wait_for
from wire import HEALTH, BareSocket, Envelope, HungServer, Refused

TIMEOUT_MS = 1500  # for what has no answer: a good one comes within 50 ms


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Certificates(Scenario):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.good = self.stack.certificate("probe")

    def file(self, name):
        return os.path.join(self.folder, name)

    def other_authority(self):
        """An authority of the same name as ours, and its client certificate."""
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2, "-subj",
                "/O=Fremgang/CN=Fremgang local authority", "-keyout", self.file("ca.key"), "-out", self.file("ca.crt"))
        return self.issue("other", self.file("ca.crt"), self.file("ca.key"))

    def issue(self, name, ca, ca_key, *dates):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-keyout", self.file(f"{name}.key"), "-out", self.file(f"{name}.csr"))
        openssl("x509", "-req", "-in", self.file(f"{name}.csr"), "-CA", ca, "-CAkey", ca_key, "-set_serial", 77,
                "-out", self.file(f"{name}.crt"), *(dates or ("-days", 1)))
        return {**self.good, "cert": self.file(f"{name}.crt"), "key": self.file(f"{name}.key")}

    def assert_shut_out(self, tls):
        """The handshake is refused, at once and in so many words."""
        for process in PROCESSES:
            with self.subTest(process=process), self.assertRaisesRegex(ssl.SSLError, "alert"):
                with BareSocket(self.stack.port(process), tls=tls) as bare:
                    bare.greet()

    def test_dial__good_certificate_is_let_in(self):
        for process in PROCESSES:
            with self.stack.probe(process) as probe:
                self.assert_ok(probe.call(Envelope(HEALTH)))

    def test_dial__without_certificate_is_shut_out(self):
        self.assert_shut_out({"ca": self.good["ca"]})

    def test_dial__nng_without_certificate_or_verification_is_shut_out(self):
        with self.stack.probe("pool", tls={"ca": self.good["ca"]}, insecure=True, timeout_ms=TIMEOUT_MS) as probe:
            with self.assertRaises(Refused):
                probe.call(Envelope(HEALTH))

    def test_dial__certificate_of_another_authority_is_shut_out(self):
        self.assert_shut_out(self.other_authority())

    def test_dial__self_signed_certificate_is_shut_out(self):
        self.other_authority()
        self.assert_shut_out({**self.good, "cert": self.file("ca.crt"), "key": self.file("ca.key")})

    def test_dial__ended_certificate_is_shut_out(self):
        certs = self.stack.state / "certs"
        self.assert_shut_out(self.issue("ended", certs / "ca.crt", certs / "ca.key", "-days", "-1"))

    def test_dial__plain_tcp_to_the_tls_port_is_shut_out(self):
        for process in PROCESSES:
            with self.subTest(process=process), BareSocket(self.stack.port(process)) as bare:
                with self.assertRaises((Refused, ConnectionError)):
                    bare.greet()

    def test_dial__client_leaves_a_server_of_another_authority(self):
        """The good client, shown a server that it has no reason to trust, does not call it."""
        other = self.other_authority()
        with self.stack.probe("pool", tls={**self.good, "ca": self.file("ca.crt")}, timeout_ms=TIMEOUT_MS) as probe:
            with self.assertRaises(Refused):
                probe.call(Envelope(HEALTH))
        profile = self.people.steward.profile
        directory = self.stack.profile_dir(profile)
        kept = (directory / "ca.pem").read_bytes()
        self.addCleanup((directory / "ca.pem").write_bytes, kept)
        (directory / "ca.pem").write_bytes(pathlib.Path(self.file("ca.crt")).read_bytes())
        run = self.stack.client(profile, "releases", expect=None)
        self.assertNotEqual(run.returncode, 0)
        self.assertEqual(run.stdout, "")
        self.assertTrue(other)

    def test_reload__revoked_certificate_is_shut_out(self):
        """A revocation list is read on SIGHUP; other certificates stay good, no call is dropped."""
        revoked = self.stack.certificate(f"revoked-{uuid.uuid4().hex[:8]}")
        with self.stack.probe("pool", tls=revoked) as before:
            self.assert_ok(before.call(Envelope(HEALTH)))
        self.revoke(revoked["cert"])
        pid = self.stack.pid("pool")
        with self.stack.probe("pool") as held:
            self.assert_ok(held.call(Envelope(HEALTH)))
            self.stack.shell(f"as_service kill -HUP {self.stack.supervisor()}")
            wait_for("the revoked certificate is refused", lambda: not self.is_let_in("pool", revoked))
            self.assert_ok(held.call(Envelope(HEALTH)))
        self.assert_shut_out(revoked)
        for process in PROCESSES:
            self.assertTrue(self.is_let_in(process, self.good), process)
        self.assert_serves("pool", pid)

    def is_let_in(self, process, tls):
        try:
            with self.stack.probe(process, tls=tls, timeout_ms=TIMEOUT_MS) as probe:
                return probe.call(Envelope(HEALTH)).code == wire.OK
        except Refused:
            return False

    def revoke(self, certificate):
        certs = self.stack.state / "certs"
        config = self.file("ca.cnf")
        with open(config, "w") as out:
            out.write(f"[ca]\ndefault_ca = own\n[own]\ndatabase = {self.file('index.txt')}\ndefault_md = sha256\n"
                      f"default_crl_days = 30\n")
        pathlib.Path(self.file("index.txt")).touch()
        words = ("-config", config, "-cert", certs / "ca.crt", "-keyfile", certs / "ca.key")
        openssl("ca", *words, "-revoke", certificate)
        openssl("ca", *words, "-gencrl", "-out", self.file("crl.pem"))
        self.stack.shell(f"install -m 644 {self.file('crl.pem')} \"$FREMGANG_STATE/server/crl.pem\"")


class Nngcat(Scenario):
    """Any nng program can speak to a listener: the wire is what the proto files say it is."""

    ASKED = f'method: "{HEALTH}" metadata {{ request_id: "by-hand" }}'

    def protoc(self, direction, message, data):
        return subprocess.run(["protoc", f"--{direction}={message}", f"-I{ROOT}/proto", "-I/usr/include",
                               "fremgang/v1/envelope.proto"], input=data, capture_output=True, check=True).stdout

    def test_nngcat__health_is_answered(self):
        request = self.protoc("encode", "fremgang.v1.RequestEnvelope", self.ASKED.encode())
        tls = self.stack.certificate("probe")
        with tempfile.TemporaryDirectory() as folder:
            pair = pathlib.Path(tls["cert"]).read_bytes() + pathlib.Path(tls["key"]).read_bytes()
            pathlib.Path(folder, "client.pem").write_bytes(pair)
            pathlib.Path(folder, "request").write_bytes(request)
            for process in PROCESSES:
                url = self.stack.url(process).replace("127.0.0.1", "localhost")
                answer = subprocess.run(
                    ["nngcat", "--req", "--dial", url, "--cacert", tls["ca"], "--cert", f"{folder}/client.pem",
                     "--file", f"{folder}/request", "--raw", "--recv-timeout", "5", "--send-timeout", "5"],
                    capture_output=True, check=False)
                self.assertEqual(answer.returncode, 0, answer.stderr)
                text = self.protoc("decode", "fremgang.v1.ResponseEnvelope", answer.stdout).decode()
                self.assertIn('request_id: "by-hand"', text)
                self.assertIn('payload: "\\010\\001"', text)


class HungPeers(Scenario):
    """A listener that takes connections and never answers, beside a healthy one."""

    def test_call__hung_server_beside_a_healthy_one(self):
        person = self.people.municipality(657)
        ini = self.stack.profile_dir(person.profile) / "profile.ini"
        text = ini.read_text()
        with HungServer() as hung:
            url = self.stack.url("pool")
            self.assertIn(f"pool = {url}", text.replace("=", " = ").replace("  ", " "))
            lines = []
            for line in text.splitlines():
                if line.replace(" ", "") == f"pool={url}":
                    lines.append(f"pool = tls+tcp://127.0.0.1:{hung.port}")
                lines.append(line)
            ini.write_text("\n".join(lines) + "\n")
            run = self.stack.client(person.profile, "indicators", "--format", "csv")
            self.assertTrue(hung.has_caller(0), "the hung server was never tried")
        self.assertGreater(len(run.stdout.splitlines()), 5)

    def test_call__hung_server_alone_is_unavailable(self):
        person = self.people.municipality(657)
        ini = self.stack.profile_dir(person.profile) / "profile.ini"
        with HungServer() as hung:
            ini.write_text(ini.read_text().replace(self.stack.url("pool"), f"tls+tcp://127.0.0.1:{hung.port}"))
            run = self.stack.client(person.profile, "indicators", expect=3)
        self.assertEqual(run.stdout, "")


if __name__ == "__main__":
    main()
