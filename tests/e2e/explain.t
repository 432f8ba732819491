#!/usr/bin/python3
"""`guichet explain` tells what `guichet run` would do, technicians' answers
to mails of ours and what is held back included, and stores nothing."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as lib

AT = "2026-11-20T17:05:00+01:00"
STAMP = b"""Authentication-Results: mx.desk.example; dmarc=pass header.from=%s
Received: from mail.test by mx.desk.example with ESMTPS id 1
\tfor <help@desk.example>; Fri, 20 Nov 2026 17:00:00 +0100
"""

tap = lib.Tap()
desk = lib.Desk()
desk.deliver("1795190400.1.h", STAMP % b"acier-vosges.example" +
             b"From: <jeanne.morel@acier-vosges.example>\n"
             b"Message-ID: <o@acier.test>\nSubject: Panne\n\nPanne.\n")
desk.drain(AT)
before = desk.dump()


def explain(name, raw, *words):
    path = desk.dir / name
    path.write_bytes(desk.fill(raw))
    done = desk.run("explain", str(path), "--at", AT, *words)
    return done.stdout, done.stderr


answer = (STAMP % b"desk.example" + b"From: <anne.martin@desk.example>\n"
          b"To: <{{reply-to notice anne.martin@desk.example}}>\n"
          b"Message-ID: <t@desk.example>\nSubject: Re\n\n"
          b"C'est en cours.\n")
said, wrong = explain("answer", answer)
tap.ok("--- reply to jeanne.morel@acier-vosges.example ---" in said and
       "C'est en cours." in said.split("--- reply")[-1] and wrong == "",
       "a technician's answer goes out", said + wrong)

said, wrong = explain("stranger", b"From: <paul@elsewhere.test>\n"
                      b"Message-ID: <s@elsewhere.test>\nSubject: x\n\nx\n")
tap.ok("no acknowledgment: stranger" in said and "Retenu" in said,
       "the notice says what is held back", said + wrong)

# Alerts: each kind of them, with what must be said and what must not.
TOLD = lib.FIXTURES / "alert-flapping-told/new"
LATER = "2026-11-24T10:30:00+01:00"


def alert(what, path, said, unsaid=(), at=LATER):
    got = desk.run("explain", str(lib.FIXTURES / path), "--at", at).stdout
    missing = [w for w in said if w not in got]
    tap.ok(not missing and not [w for w in unsaid if w in got],
           f"alert: {what}", f"missing {missing}\n{got}")


def first(folder):
    return next(iter(sorted((lib.FIXTURES / folder / "new").iterdir())))


PROBLEM = first("alert-flapping-told")
alert("a problem", PROBLEM, [
    "problem of nagios, \"WARNING\", level warning",
    "key       web1.brasserie-lambic/load",
    "supervision: by its secret address",
    "whose     brasserie-lambic: ", "alerts/hosts.yaml:",
    "so far    never heard of", "ticket: a new one",
    "plan myown-b, severity 3", "response (guaranteed)",
    "--- information to luc@brasserie-lambic.example ---",
    "--- notice to mary.collins@desk.example ---"])
alert("an unmapped host", first("alert-unmapped-host"), [
    "whose     nobody's: no line of alerts/hosts.yaml fits",
    "note: unmapped-host", "none: nothing is promised"],
    ["--- information"])
alert("a mandate", first("alert-without-a-mandate"), [
    "whose     clinique-alize: ", "--- information to "],
    ["none: an alert is no mandate to work"])
alert("a group", first("alert-group"), [
    "instance=node010:9100, job=node, severity=critical: fires, host node010",
    "instance=node02:9100, job=node, severity=critical: is over"])
alert("a stranger's", first("alert-from-nobody"), [
    "source    not trusted, so it moves nothing: no source of guichet.yaml"],
    ["whose"])
alert("a source of one client", first("alert-pinned-host"),
      ["sonde: by the host that gave it to us"])
alert("nothing open", sorted(TOLD.iterdir())[2],
      ["a recovery with nothing open", "file in lane alert"], ["Clocks:"])
UNKNOWN = sorted((lib.FIXTURES / "alert-unknown-system/new").iterdir())
alert("what no recogniser knows", UNKNOWN[2], [
    "nothing that a recogniser of rules/alerts knows",
    "key       GTC: door of dock2 open", "ticket: a new one",
    "note: unknown-alert"], ["--- information", "unmapped"])
alert("a person beside a source", UNKNOWN[3], [
    "alert: none: comes from where a source of alerts is",
    "robot: human"], ["Alert:"])
alert("a person at a secret address", UNKNOWN[4], [
    "alert: none: a person's, to a source's secret address",
    "no acknowledgment: stranger"], ["Alert:"])

desk.deliver(PROBLEM.name, PROBLEM.read_bytes())
desk.drain("2026-11-24T10:05:00+01:00")
alert("flapping", sorted(TOLD.iterdir())[1], [
    "flapping-start of nagios", "#2 by its key",
    "so far    fires, 1 mail, last on #2", "tag by mail add=flapping"])
alert("a recovery", sorted(TOLD.iterdir())[2], [
    "#2 by its key", "the client is informed: recovered",
    "state by mail by=alert state=resolved",
    "--- information to luc@brasserie-lambic.example ---"])
desk.run("maintenance", "add", "*.brasserie-lambic",
         "2026-11-24T10:00:00+01:00", "2026-11-24T11:00:00+01:00",
         "--at", "2026-11-24T09:00:00+01:00")
alert("maintenance", first("alert-maintenance"), [
    "maintenance until mardi 24 novembre 2026 à 11:00", "silenced",
    "file in lane alert"], ["--- information"])
LATE = ("2026-11-24T21:00:00+01:00", "2026-11-24T22:00:00+01:00",
        "--at", "2026-11-24T09:30:00+01:00")
desk.run("maintenance", "add", "late", *LATE)
listed = [desk.run("maintenance", "list", *LATE[2:]).stdout]
desk.run("maintenance", "end", "2", *LATE[2:])
listed += [desk.run("maintenance", "list", *words, *LATE[2:]).stdout
           for words in ([], ["--all"])]
tap.ok(["late" in text for text in listed] == [True, False, True],
       "a maintenance ended before it began is listed no more", str(listed))
desk.own_rules(lib.FIXTURES / "alert-expected-mail/rules")
alert("a mail that must come", sorted((lib.FIXTURES / "alert-expected-mail/new"
                                       ).iterdir())[0],
      ["but it is a mail that must come", "awaited   as backup-lambic",
       "expected: backup-lambic has come"], ["whose", "so far"])
before = desk.dump()

(desk.dir / "tokens").rename(desk.dir / "away")
said, wrong = explain("answer", answer)
tap.ok("not recognised here" in wrong and "--- reply" not in said and
       not (desk.dir / "tokens").exists(),
       "without the keys it says so, and makes none", said + wrong)
(desk.dir / "away").rename(desk.dir / "tokens")
tap.ok(desk.dump() == before, "nothing is stored")
sys.exit(tap.end())
