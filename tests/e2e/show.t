#!/usr/bin/python3
"""`guichet show` and `list` of tickets that alerts opened: what a technician
must know of them stands there, and what he can do."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as lib

tap = lib.Tap()


def look(scenario, said, unsaid=(), number=1, lists=()):
    desk = lib.Desk()
    folder = lib.FIXTURES / scenario
    desk.play(folder)
    at = (folder / "about").read_text().splitlines()[-1].split()[1]
    got = desk.run("show", str(number), "--at", at).stdout
    missing = [w for w in said if w not in got]
    tap.ok(not missing and not [w for w in unsaid if w in got],
           f"{scenario} #{number}", f"missing {missing}\n{got}")
    if lists:
        table = desk.run("list", "--all", "--at", at).stdout
        tap.ok(all(w in table for w in lists), f"{scenario}: list", table)
    return json.loads(desk.run("show", str(number), "--json").stdout)


found = look("alert-repeats-and-recovery", [
    "host      ", "alert     nagios ", "source  supervision",
    "mails   first ", "mandate   an alert is a mandate to work"], ["to map"])
tap.ok(len(found["alerts"]) == 1 and found["alerts"][0]["count"] > 1 and
       not found["alerts"][0]["firing"] and
       list(found["alerts"][0]) == [
           "source", "system", "key", "host", "service", "contract", "firing",
           "flapping", "level", "count", "active", "members", "first", "last"],
       "JSON: one alert, its mails counted", json.dumps(found["alerts"]))
look("alert-unmapped-host", [
    "nobody: an alert opened it", "fires, warning, 1 mail\n",
    "to map    guichet event 1 contract NAME",
    '- {host: "nas7.inconnu", contract: NAME}', "No clock"], ["mandate"],
    lists=["[unmapped-host] ** PROBLEM"])
look("alert-mapped-by-hand", [
    "mandate   an alert is a mandate to work"], ["to map", "unmapped"],
    number=2)
look("alert-without-a-mandate", [
    "requester s.lemaire@clinique-alize.example",
    "mandate   an alert is a mandate to work",
    "mardi 24 novembre 2026 à 10:00"], ["No clock"])
look("alert-from-nobody", [
    "moves nothing, 2 mails", "source  not trusted"], ["is over", "fires"])
look("alert-severity-1-recovers",
     ["recovered to be confirmed by a technician"], lists=["[recovered] "])
found = look("alert-expected-after-an-outage", [
    "awaited   backup-lambic: has not come, missed 3 times",
    "came    last lundi 23 novembre 2026 à 03:00"])
tap.ok(found["host"] == "" and found["service"] == "backup-lambic",
       "JSON: a mail that must come is named")
found = look("demo", ["Ticket #1"], ["alert  ", "mandate"])
tap.ok(found["alerts"] == [], "JSON: a client's ticket has no alerts")

# Whom a mail names beside its writer.
desk = lib.Desk()
desk.deliver("form", b"From: Form <noreply@web.example>\nSender: root@web1.example\n"
             b"Reply-To: Jeanne <jeanne@visitor.example>\nTo: help@desk.example\n"
             b"Date: Fri, 20 Nov 2026 17:00:00 +0100\nMessage-ID: <f1@web.example>\n"
             b"Subject: Panne\n\nBonjour\n")
desk.drain("2026-11-20T16:05:00Z")
got = desk.run("show", "1").stdout
tap.ok("Reply-To: Jeanne <jeanne@visitor.example> (not verified" in got and
       "Sender: root@web1.example\n" in got, "Reply-To and Sender are shown", got)
mail = [e for e in json.loads(desk.run("show", "1", "--json").stdout)["entries"]
        if e["what"] == "mail"][0]
tap.ok(mail["reply_to"] == "Jeanne <jeanne@visitor.example>" and
       mail["sent_by"] == "root@web1.example", "JSON: and told", json.dumps(mail))
told = [m for m in desk.sent() if m.what == "notice"]
tap.ok(told and all("jeanne@visitor.example" in m.body() and m.to != "jeanne@visitor.example"
                    for m in desk.sent() if m.what == "notice") and
       not [m for m in desk.sent() if "visitor" in m.to],
       "a technician is told, and nothing goes there", [m.body() for m in told])

# A gateway delivers a mail twice, first without its file.
HEAD = (b"Authentication-Results: mx.desk.example; dmarc=pass header.from=acier-vosges.example\n"
        b"Received: from mail.test by mx.desk.example with ESMTPS id 1; Fri, 20 Nov 2026 17:00:00 +0100\n"
        b"From: Jeanne <jeanne.morel@acier-vosges.example>\nTo: help@desk.example\n"
        b"Date: Fri, 20 Nov 2026 17:00:00 +0100\nMessage-ID: <c1@acier-vosges.example>\nSubject: Etat\n")
FILE = (b"--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=%s.csv\n\n%s\n")
WORDS = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nVoici l'etat.\n"
desk = lib.Desk()
desk.deliver("bare", HEAD + WORDS + FILE % (b"a", b"1;2") + b"--b--\n")
desk.drain("2026-11-20T16:05:00Z")
desk.deliver("whole", HEAD + WORDS + FILE % (b"a", b"1;2") + FILE % (b"b", b"3;4") + b"--b--\n")
desk.drain("2026-11-20T16:06:00Z")
got = desk.run("show", "1").stdout
tap.ok("[a.csv, text/csv, 3 bytes]\n[b.csv, text/csv, 3 bytes, added by a later copy]\n" in got and
       got.count("Voici l'etat.") == 1, "a file that a copy adds stands below the first, once", got)
files = [e for e in json.loads(desk.run("show", "1", "--json").stdout)["entries"]
         if e["what"] == "mail"][0]["attachments"]
tap.ok([(f["name"], f["added"]) for f in files] == [("a.csv", False), ("b.csv", True)],
       "JSON: and told apart", json.dumps(files))
desk.run("show", "1", "--save", str(desk.dir / "saved"))
saved = sorted(p.name for p in (desk.dir / "saved").iterdir())
tap.ok([n for n in saved if n.endswith("b.csv")] and
       (desk.dir / "saved" / [n for n in saved if n.endswith("b.csv")][0]).read_bytes().strip() == b"3;4",
       "--save writes it, too", saved)
sys.exit(tap.end())
