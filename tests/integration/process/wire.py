"""What a test says to a server, byte by byte: protobuf by hand, envelopes, signatures, nng
messages through wire-probe, and SP frames over a bare socket. It shares no code with the
product, so that both can be wrong only in different ways."""
import ctypes
import ctypes.util
import os
import select
import socket
import ssl
import struct
import subprocess
import time
import uuid

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium"))
assert SODIUM.sodium_init() >= 0

HEALTH = "/grpc.health.v1.Health/Check"
CHALLENGE = "/fremgang.v1.AuthService/Challenge"
LOG_IN = "/fremgang.v1.AuthService/LogIn"
ENROL = "/fremgang.v1.AuthService/Enrol"
PUSH = "/fremgang.v1.SubmissionService/Push"
STATUS = "/fremgang.v1.SubmissionService/Status"
OWN_TABLE = "/fremgang.v1.OwnService/Table"
INDICATORS = "/fremgang.v1.CatalogueService/ListIndicators"
RELEASES = "/fremgang.v1.CatalogueService/ListReleases"
TABLE = "/fremgang.v1.TableService/Get"
ADMIN = "/fremgang.v1.AdminService/"

OK, INVALID_ARGUMENT, NOT_FOUND, DENIED, EXHAUSTED, ABORTED = 0, 3, 5, 7, 8, 10
UNIMPLEMENTED, INTERNAL, UNAVAILABLE, UNAUTHENTICATED = 12, 13, 14, 16
MESSAGE_BYTES_MAX = 8 * 1024 * 1024


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def pack(*fields):
    """A message of (number, value) pairs: integers become varints, the rest bytes. None is left out."""
    out = bytearray()
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        elif value is not None:
            data = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(data)) + data
    return bytes(out)


def unpack(data):
    """{number: [values]}; raises on anything that is no message."""
    fields, at = {}, 0

    def number():
        nonlocal at
        shift = result = 0
        while True:
            byte = data[at]
            at += 1
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    while at < len(data):
        key = number()
        if key & 7 == 0:
            value = number()
        elif key & 7 == 1:
            value, at = data[at:at + 8], at + 8
        elif key & 7 == 2:
            size = number()
            value, at = data[at:at + size], at + size
        else:
            raise ValueError(f"wire type {key & 7}")
        if at > len(data):
            raise ValueError("cut short")
        fields.setdefault(key >> 3, []).append(value)
    return fields


def first(fields, number, default=None):
    return fields.get(number, [default])[0]


def sign(secret_key, domain, *fields):
    """Ed25519 over domain, NUL, and each field behind its length in four bytes."""
    text = domain.encode() + b"\0" + b"".join(struct.pack(">I", len(f)) + f for f in fields)
    out = ctypes.create_string_buffer(64)
    SODIUM.crypto_sign_detached(out, None, text, ctypes.c_ulonglong(len(text)), secret_key)
    return out.raw


def new_identity():
    """(public key, secret key)"""
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    SODIUM.crypto_sign_keypair(public, secret)
    return public.raw, secret.raw


def now_us():
    return time.time_ns() // 1000


class Envelope:
    """One call, every part of which a test may set wrong."""

    def __init__(self, method, payload=b"", *, token=None, key=None, deadline_ms=None, request_id=None):
        self.method, self.payload, self.token = method, payload, token
        self.key, self.deadline_ms = key, deadline_ms
        self.request_id = request_id or uuid.uuid4().hex
        self.signature, self.signed_at = None, None

    def signed(self, secret_key, at_us=None):
        self.signed_at = now_us() if at_us is None else at_us
        self.signature = sign(secret_key, "fremgang-call-v1", self.method.encode(), self.request_id.encode(),
                              (self.key or "").encode(), struct.pack(">q", self.signed_at), self.payload)
        return self

    def pack(self):
        signature = None if self.signature is None else pack((1, self.signature), (2, self.signed_at))
        metadata = pack((1, self.request_id), (3, "itest/1"), (4, self.token), (5, self.deadline_ms),
                        (6, self.key), (7, signature))
        return pack((1, self.method), (2, metadata), (15, self.payload))


class Answer:
    """What came back: status and payload."""

    def __init__(self, data):
        fields = unpack(data)
        status = unpack(first(fields, 2, b""))
        self.request_id = first(fields, 1, b"").decode()
        self.code = first(status, 1, 0)
        self.message = first(status, 2, b"").decode()
        self.reason = first(status, 3, b"").decode()
        self.server_time_us = first(fields, 3, 0)
        self.payload = first(fields, 15, b"")
        self.fields = unpack(self.payload) if self.code == OK else {}

    def __repr__(self):
        return f"<answer code {self.code} {self.reason} {self.message!r}>"


class Refused(Exception):
    """The connection gave no answer; the words are nng's or the socket's."""


class Probe:
    """A real nng REQ socket in a process of its own (wire_probe.c)."""

    def __init__(self, program, url, *, tls=None, insecure=False, timeout_ms=10000):
        command = [program, "--url", url, "--timeout-ms", str(timeout_ms)]
        for option in ("ca", "cert", "key"):
            if tls and tls.get(option):
                command += [f"--{option}", tls[option]]
        if insecure:
            command.append("--insecure")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, data):
        self.process.stdin.write(data.hex().encode() + b"\n")
        self.process.stdin.flush()

    def receive(self):
        line = self.process.stdout.readline().strip().decode()
        if not line:
            raise Refused("wire-probe ended")
        if line.startswith("!"):
            raise Refused(line[2:])
        return bytes.fromhex(line)

    def ask(self, data):
        self.send(data)
        return self.receive()

    def call(self, envelope):
        return Answer(self.ask(envelope.pack()))

    def kill(self):
        self.process.kill()
        self.close()

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.close()


class BareSocket:
    """An SP connection without nng: frames may be cut, lie about their length, or never be read."""

    REQ, REP = 0x30, 0x31

    def __init__(self, port, *, tls=None, receive_bytes=None, timeout=10):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.connect(("127.0.0.1", port))
        if tls:
            context = ssl.create_default_context(cafile=tls["ca"])
            if tls.get("cert"):
                context.load_cert_chain(tls["cert"], tls["key"])
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")

    def greet(self):
        self.socket.sendall(b"\0SP\0" + struct.pack(">HH", self.REQ, 0))
        return self.read(8)

    def send_frame(self, data, *, claimed=None, request=1):
        body = struct.pack(">I", 0x80000000 | request) + data
        self.socket.sendall(struct.pack(">Q", len(body) if claimed is None else claimed) + body)

    def read(self, size):
        out = b""
        while len(out) < size:
            piece = self.socket.recv(size - len(out))
            if not piece:
                raise Refused("closed")
            out += piece
        return out

    def receive_frame(self):
        size = struct.unpack(">Q", self.read(8))[0]
        return self.read(size)[4:]

    def is_closed_within(self, seconds):
        """Whether the other side hangs up."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except (ConnectionError, ssl.SSLError, BrokenPipeError):
            return True
        except (TimeoutError, socket.timeout):
            return False

    def reset(self):
        """As a killed process leaves it: unread data, no farewell."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.socket.detach())

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


class HungServer:
    """Accepts connections and never says a word."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]

    def has_caller(self, seconds):
        return bool(select.select([self.socket], [], [], seconds)[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
