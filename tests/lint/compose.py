#!/usr/bin/env python3
"""docker-compose.yml and server/Dockerfile as far as they can be read without an engine: the
separation of the two worlds, no secret inside, and an HAProxy configuration that HAProxy accepts.
No container is started and no image is built here."""
import re
import subprocess
import tempfile

import yaml

from common import ROOT, finish


def mounts(service):
    return {volume.split(":")[0] for volume in service.get("volumes", [])}


def networks(service, services):
    mode = service.get("network_mode", "")
    if mode == "none":
        return set()
    if mode.startswith("service:"):
        return networks(services[mode.split(":")[1]], services)
    return set(service.get("networks", ["default"]))


def haproxy_problems():
    """The shipped configuration, with the secrets' folder replaced by one that has a certificate."""
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", f"{tmp}/k", "-out", f"{tmp}/ca.crt", "-subj", "/CN=test"], check=True, capture_output=True)
        pem = open(f"{tmp}/ca.crt").read() + open(f"{tmp}/k").read()
        open(f"{tmp}/server.pem", "w").write(pem)
        text = (ROOT / "server/docker/haproxy.cfg").read_text().replace("/run/secrets", tmp)
        text = text.replace(f"crl-file {tmp}/crl.pem ", "")
        open(f"{tmp}/cfg", "w").write(text)
        run = subprocess.run(["haproxy", "-c", "-f", f"{tmp}/cfg"], capture_output=True, text=True)
        return [] if run.returncode == 0 else [f"haproxy.cfg: {run.stderr.strip()}"]


def main():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = compose["services"]
    problems = haproxy_problems()
    for name in ("case-db", "release-db", "haproxy", "keys", "intake", "publish", "pool"):
        if name not in services:
            problems.append(f"compose: no service {name}")
    for name in ("pool", "keys"):
        if mounts(services[name]) & mounts(services["case-db"]):
            problems.append(f"compose: {name} mounts a volume of case-db")
        if networks(services[name], services) & networks(services["case-db"], services):
            problems.append(f"compose: {name} is on a network with case-db")
        if "case-db" in services[name].get("depends_on", {}):
            problems.append(f"compose: {name} knows case-db")
    for name, service in services.items():
        if "user" not in service and not name.endswith("-db"):
            problems.append(f"compose: {name} has no user of its own")
        if service.get("ports") and name != "haproxy":
            problems.append(f"compose: {name} publishes a port")
        for listen in re.findall(r"tcp://([^:]+):", str(service.get("command", ""))):
            if listen != "127.0.0.1":
                problems.append(f"compose: {name} listens on {listen}")
        for secret in service.get("secrets", []):
            if secret not in compose["secrets"]:
                problems.append(f"compose: {name} wants the undeclared secret {secret}")
    dockerfile = (ROOT / "server/Dockerfile").read_text()
    for source in re.findall(r"^COPY (?!--from)(\S+) ", dockerfile, re.M):
        if not (ROOT / source).exists():
            problems.append(f"Dockerfile: copies {source}, which is not there")
    stages = set(re.findall(r"^FROM \S+ AS (\w+)", dockerfile, re.M))
    for name, service in services.items():
        if service["build"]["target"] not in stages:
            problems.append(f"compose: {name} builds the unknown stage {service['build']['target']}")
    finish("lint.compose", len(services), problems)


main()
