#!/usr/bin/env python3
"""A mail server for the tests: real SMTP, real TLS, real refusals, nothing leaves this machine.

Two ports: one offers STARTTLS and insists on it, the other speaks TLS from the first byte. Both take mail
only from a client that has signed in (AUTH PLAIN or LOGIN). The CA and the server certificate (names
`localhost`, `127.0.0.1`) are made anew at every start, so a client that checks certificates has to be given
the CA file, and one that was not given it fails as it would in production.

Files in the mail directory only ever appear, they never change and never go away:
  000001.eml     the message, byte for byte, in the order of arrival
  000001.json    its envelope; it appears after the .eml, so whoever sees it can read both
  attempts.jsonl one line for each answer to RCPT and to DATA, the refusals too: the count of tries as the
                 server saw them, whatever the client believes

The local part of a recipient asks for a fault (`greylist@…`, and `greylist+anything@…` likewise, so that tests
that run side by side need not share an address):
  greylist  451 the first two times this very address is tried, accepted from the third on
  reject    550 for good
  quota     452
  tempdata  accepted at RCPT, 451 after DATA, nothing stored
  drop      stored, then the connection is cut before the answer
  slow      stored, and 250 only three seconds after DATA
"""

import argparse
import asyncio
import collections
import datetime
import json
import logging
import os
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
import warnings
from pathlib import Path

try:
    from aiosmtpd.smtp import SMTP, AuthResult
except ImportError:
    sys.exit("smtp_server.py: the Python package aiosmtpd is missing. Start the tests with tests/run, which installs it.")

GREYLIST_REFUSALS = 2
SLOW_SECONDS = 3.0
HOST_NAME = "localhost"


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def make_certificates(directory):
    """Return (CA file, server certificate file, server key file). EC keys, because RSA ones take a second to make."""
    if shutil.which("openssl") is None:
        sys.exit("smtp_server.py: the program openssl is missing. Install the Debian package openssl.")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Our own configuration: what the system's openssl.cnf adds differs from one machine to the next.
    (directory / "openssl.cnf").write_text(
        "[req]\nprompt = no\ndistinguished_name = dn\n[dn]\nCN = Servanda tests\n"
        "[ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n"
        "subjectKeyIdentifier = hash\n"
        "[server]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n"
        "extendedKeyUsage = serverAuth\nsubjectAltName = DNS:localhost,IP:127.0.0.1\n"
        "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n"
    )
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", "openssl.cnf"]
    for arguments in (
        ["req", "-x509", "-days", "7", "-subj", "/CN=Servanda test CA", "-extensions", "ca",
         "-keyout", "ca.key", "-out", "ca.pem", *new_key],
        ["req", "-new", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr", *new_key],
        ["x509", "-req", "-days", "7", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
         "-extfile", "openssl.cnf", "-extensions", "server", "-out", "server.pem"],
    ):
        done = subprocess.run(["openssl", *arguments], cwd=directory, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"smtp_server.py: openssl {arguments[0]} could not make the test certificates:\n{done.stderr}")
    (directory / "ca.key").unlink()  # nothing else is ever to be signed by it
    return directory / "ca.pem", directory / "server.pem", directory / "server.key"


class Mailbox:
    """The mail directory. One event loop writes it, so a plain counter is enough."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.last = max((int(p.stem) for p in directory.glob("[0-9]*.eml")), default=0)

    def store(self, content, envelope):
        self.last += 1
        name = f"{self.last:06}"
        sidecar = json.dumps({"order": self.last, "file": f"{name}.eml", **envelope}, indent=1, ensure_ascii=False)
        for suffix, data in ((".eml", content), (".json", sidecar.encode())):
            part = self.directory / f".{name}{suffix}"
            part.write_bytes(data)
            part.rename(self.directory / f"{name}{suffix}")
        return self.last

    def attempt(self, **what):
        with open(self.directory / "attempts.jsonl", "a", encoding="utf-8") as out:
            out.write(json.dumps({"at": now(), **what}, ensure_ascii=False) + "\n")


def fault_of(address):
    return address.rpartition("@")[0].partition("+")[0].lower()


class Handler:
    def __init__(self, mailbox, refusals, port):
        self.mailbox = mailbox
        self.refusals = refusals  # shared by both ports
        self.port = port

    def envelope_of(self, server, session, envelope):
        tls = server.transport.get_extra_info("ssl_object") if server.transport else None
        return {
            "from": envelope.mail_from,
            "to": list(envelope.rcpt_tos),
            "tls": tls is not None,
            "tls_version": tls.version() if tls else None,
            "port": self.port,
            "auth_user": session.auth_data,
            "helo": session.host_name,
        }

    # aiosmtpd finds these by name; the signature is fixed.
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        reply = "250 2.1.5 OK"
        match fault_of(address):
            case "greylist":
                key = address.lower()
                if self.refusals[key] < GREYLIST_REFUSALS:
                    self.refusals[key] += 1
                    reply = "451 4.7.1 Greylisted, try again later"
            case "reject":
                reply = "550 5.1.1 No such mailbox"
            case "quota":
                reply = "452 4.2.2 Mailbox is full"
        self.mailbox.attempt(event="rcpt", to=[address], reply=reply, **{"from": envelope.mail_from})
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(rcpt_options)
        return reply

    async def handle_DATA(self, server, session, envelope):
        facts = self.envelope_of(server, session, envelope)
        faults = {fault_of(a) for a in envelope.rcpt_tos}
        sender_and_recipients = {"from": facts["from"], "to": facts["to"]}
        if "tempdata" in faults:
            reply = "451 4.3.0 Try again later"
            self.mailbox.attempt(event="data", reply=reply, message=None, **sender_and_recipients)
            return reply
        order = self.mailbox.store(envelope.original_content, {**facts, "received_at": now()})
        if "drop" in faults:
            self.mailbox.attempt(event="data", reply=None, message=order, **sender_and_recipients)
            server.transport.abort()
            await asyncio.sleep(3600)  # cancelled by aiosmtpd as soon as the connection is gone: no answer is ever sent
        reply = f"250 2.0.0 OK, queued as {order}"
        self.mailbox.attempt(event="data", reply=reply, message=order, **sender_and_recipients)
        if "slow" in faults:
            await asyncio.sleep(SLOW_SECONDS)
        return reply


async def serve(options):
    directory = Path(options.dir).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    ca, certificate, key = make_certificates(directory / "tls")
    mailbox = Mailbox(directory / "mail")
    refusals = collections.Counter()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    password = options.password or secrets.token_urlsafe(12)
    loop = asyncio.get_running_loop()

    def authenticate(_server, _session, _envelope, _mechanism, given):
        user_ok = secrets.compare_digest(given.login, options.user.encode())
        password_ok = secrets.compare_digest(given.password, password.encode())
        if user_ok and password_ok:
            return AuthResult(success=True, auth_data=options.user)
        return AuthResult(success=False, handled=False)

    def protocol(port):
        starttls = port == "starttls"
        with warnings.catch_warnings():
            # aiosmtpd knows TLS only by STARTTLS and warns of AUTH without it; on the other port there is nothing but TLS.
            warnings.simplefilter("ignore")
            return SMTP(
                Handler(mailbox, refusals, port),
                hostname=HOST_NAME,
                ident="Servanda test mail server",
                enable_SMTPUTF8=True,
                tls_context=context if starttls else None,
                require_starttls=starttls,
                auth_required=True,
                auth_require_tls=starttls,
                authenticator=authenticate,
                loop=loop,
            )

    async def listen(port, number):
        server = await loop.create_server(
            lambda: protocol(port), options.host, number, ssl=None if port == "starttls" else context
        )
        return server, server.sockets[0].getsockname()[1]

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    starttls_server, starttls_port = await listen("starttls", options.starttls_port)
    tls_server, tls_port = await listen("tls", options.tls_port)
    ready = {
        "host": HOST_NAME,
        "address": options.host,
        "starttls_port": starttls_port,
        "tls_port": tls_port,
        "ca_file": str(ca),
        "user": options.user,
        "password": password,
        "mail_dir": str(mailbox.directory),
        "pid": os.getpid(),
    }
    if options.info:
        part = Path(f"{options.info}.part")
        part.write_text(json.dumps(ready, indent=1) + "\n")
        part.rename(options.info)
    print(json.dumps(ready), flush=True)
    await stop.wait()
    starttls_server.close()
    tls_server.close()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--dir", required=True, help="where certificates (tls/) and messages (mail/) go")
    options.add_argument("--info", help="also write the line printed when ready to this file")
    options.add_argument("--host", default="127.0.0.1", help="address to listen on")
    options.add_argument("--starttls-port", type=int, default=0, help="0 takes a free one")
    options.add_argument("--tls-port", type=int, default=0, help="0 takes a free one")
    options.add_argument("--user", default="servanda-test")
    options.add_argument("--password", help="made up when not given")
    options = options.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    os.umask(0o077)
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
