#!/usr/bin/env python3
"""What people read of hours bought in advance: what is left in an
acknowledgment, what the ticket took in a resolution and in the transcript."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
CLAIRE = "claire@maison-tissier.example"
MAIL = """Return-Path: <{sender}>
Delivered-To: help@desk.example
Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}
From: <{sender}>
To: help@desk.example
Subject: Comment imprimer le rapport {number} ?
Message-ID: <balance.{number}@{domain}>
Content-Type: text/plain; charset=utf-8

Bonjour, comment imprimer le rapport de la semaine {number} ?
"""
FEW = "crédit de votre contrat"


def deliver(desk, sender, number):
    desk.deliver(f"1793610000.{number}.balance", MAIL.format(
        sender=sender, domain=sender.split("@")[1], number=number).encode())


def last(desk, kind, to):
    return [m for m in desk.sent() if m.what == kind and m.to == to][-1]


desk = e2e.Desk()
desk.drain("2026-11-02T09:00:00+01:00")
desk.run("ledger", "credit", "maison-tissier", "10h", "--ref", "F-1",
         "--at", "2026-11-02T09:30:00+01:00")
deliver(desk, CLAIRE, 1)
desk.drain("2026-11-02T10:00:00+01:00")
said = last(desk, "acknowledgment", CLAIRE)
for kind in ("plain", "html"):
    tap.ok("il reste 10 h." in said.body(kind),
           f"what is left stands in an acknowledgment, {kind}", said.body(kind))

desk.run("time", "1", "0:25", "--at", "2026-11-02T10:10:00+01:00")
desk.run("resolve", "1", "Voici", "comment", "faire.",
         "--at", "2026-11-02T10:20:00+01:00")
# It waits for its minute, but stands there.
body = desk.run("show", "1").stdout
tap.ok("Temps passé : 25 min, compté 30 min. Il reste 9 h 30 au " + FEW in body,
       "25 minutes, counted as 30", body)

# Nothing was worked on the next one: what is left is said all the same.
deliver(desk, CLAIRE, 2)
desk.drain("2026-11-02T11:00:00+01:00")
desk.run("resolve", "2", "Fait.", "--at", "2026-11-02T11:10:00+01:00")
body = desk.run("show", "2").stdout
tap.ok("Temps passé" not in body and "Il reste 9 h 30 au " + FEW in body,
       "no time, but the balance", body)

# A plan that sells no packages says nothing of any.
deliver(desk, "luc@brasserie-lambic.example", 3)
desk.drain("2026-11-02T12:00:00+01:00")
body = last(desk, "acknowledgment", "luc@brasserie-lambic.example").body()
tap.ok("il reste" not in body, "nothing where nothing is bought", body)

# Overdrawn reads as what it is.
desk.run("time", "2", "10:00", "--at", "2026-11-02T12:10:00+01:00")
deliver(desk, CLAIRE, 4)
desk.drain("2026-11-02T13:00:00+01:00")
body = last(desk, "acknowledgment", CLAIRE).body()
tap.ok("il reste -30 min." in body, "what is overdrawn", body)
sys.exit(tap.end())
