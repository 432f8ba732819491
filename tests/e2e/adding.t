#!/usr/bin/env python3
"""What README "How to add" says is all that it takes: each thing is really put
into a copy of the tree, whose every changed file the README's entry names, and
works through the program. A source and a template's variable change few objects
and are built each time; an order, a milestone and an event with LONG=1, from
nothing."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
HOME = e2e.PROJECT
LONG = bool(os.environ.get("LONG"))
BUILD = Path(os.environ.get("BUILD", HOME / "build/plain"))
SAN = os.environ.get("SAN", "")
JEANNE = "jeanne.morel@acier-vosges.example"
ANNE = e2e.TECHNICIANS[0]
STAMP = """\
Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}
Received: from mail.{domain} (mail.{domain} [192.0.2.30])
\tby mx.desk.example (Postfix) with ESMTPS id AA62BEDCBB
\tfor <{to}>; Tue, 24 Nov 2026 {time}:00 +0100
"""
MAIL = "Return-Path: <{sender}>\n" + STAMP + """\
Message-ID: <{time}@{domain}>
Date: Tue, 24 Nov 2026 {time}:00 +0100
MIME-Version: 1.0
From: <{sender}>
To: {to}
Subject: {subject}
Content-Type: text/plain; charset=utf-8

{text}
"""

# What is added, by the first words of its entry in the README: each a place,
# which is a file, the text that stands there, and what it becomes. Without a
# text the file is new.
ADDED = {
    "a source or a way out": [
        ("src/wire/source_mbox.c", None,
         (HOME / "tests/e2e/adding/source_mbox.c").read_text()),
        ("src/wire/source_private.h", "extern const SourceOps source_maildir_ops;\n",
         "extern const SourceOps source_maildir_ops;\n"
         "extern const SourceOps source_mbox_ops;\n"),
        ("src/wire/source.c", "&source_maildir_ops }",
         "&source_maildir_ops, &source_mbox_ops }"),
        ("src/site/conf_wire.c", '#define PATH_KINDS "maildir"',
         '#define PATH_KINDS "maildir", "mbox"'),
    ],
    "a variable of a template": [
        ("src/compose/reply_variables.c", ' STRANGER_VARIABLES, "subject",',
         ' STRANGER_VARIABLES, "promises", "subject",'),
        ("src/desk/reply.c", "	set_text(values, \"client\", facts->client);\n",
         "	set_text(values, \"client\", facts->client);\n"
         "	values_setf(values, \"promises\", \"%u\",\n"
         "	    facts->clocks != NULL ? facts->clocks->len : 0);\n"),
        ("src/guichet-rules.5", ".It Va clocks\n",
         ".It Va promises\nhow many promises there are\n.It Va clocks\n"),
    ],
    "an order": [
        ("include/guichet/order/order.h", "	ORDER_COUNT,\n",
         "	ORDER_VISIT,\n	ORDER_COUNT,\n"),
        ("src/order/order_private.h", " X(ORDER_UNDO, order_row_undo)",
         " X(ORDER_UNDO, order_row_undo) X(ORDER_VISIT, order_row_visit)"),
        ("src/order/order_who.c", "const OrderRow order_row_call = {", """\
static bool
judge_visit(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	if (!order_check_open(c, error))
		return false;
	judgment_write(j, event_make_visit(&stamp));
	order_meet(j, c, MILESTONE_VISIT);
	judgment_trace(j, "order", "visits #%" G_GINT64_FORMAT,
	    c->ticket->number);
	return true;
}

static char *
report_visit(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : quelqu'un est sur place.",
	    ORDER_NUMBER ": somebody is on site.", c->ticket->number);
}

const OrderRow order_row_visit = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "visit",
	.name_fr = "visite",
	.usage = "",
	.usage_fr = "",
	.command = "visit N",
	.arguments = "",
	.summary = "Somebody of the desk is on site",
	.summary_fr = "Quelqu'un du support est sur place",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_visit,
	.report = report_visit,
};

const OrderRow order_row_call = {"""),
        ("src/guichet.1", ".It Ic debrief Ar N text ...\n",
         ".It Ic visit Ar N\nSomebody of the desk is on site.\n"
         ".It Ic debrief Ar N text ...\n"),
        ("src/guichet.1", ".It Ql #debrief TEXT\n",
         ".It Ql #visit\n.Ql #visite\n.It Ql #debrief TEXT\n"),
    ],
    "a milestone": [
        ("include/guichet/rules/plan.h", "	MILESTONE_COUNT,\n",
         "	MILESTONE_VISIT,\n	MILESTONE_COUNT,\n"),
        ("src/rules/plan.c", ' X(MILESTONE_RESTORE, "restore")',
         ' X(MILESTONE_RESTORE, "restore") X(MILESTONE_VISIT, "visit")'),
        ("src/ticket/sla_words.c",
         ' X(MILESTONE_RESTORE, "Restoration of service")',
         ' X(MILESTONE_RESTORE, "Restoration of service") \\\n'
         ' X(MILESTONE_VISIT, "Visit on site")'),
        ("rules/replies/fr/words.yaml", '"Restoration of service":',
         '"Visit on site": "Visite sur place"\n"Restoration of service":'),
        ("rules/replies/nl/words.yaml", '"Restoration of service":',
         '"Visit on site": "Bezoek ter plaatse"\n"Restoration of service":'),
        ("src/guichet-rules.5", ".Cm resolution ;\n.Cm restore .\n",
         ".Cm resolution ;\n.Cm restore ;\n.Cm visit .\n"),
        ("src/guichet.1", ".Pq Cm response , workaround , resolution , restore\n",
         ".Pq Cm response , workaround , resolution , restore , visit\n"),
    ],
    "an event": [
        ("include/guichet/ticket/event.h", "	EVENT_COUNT,\n",
         "	EVENT_VISIT,\n	EVENT_COUNT,\n"),
        ("src/ticket/event.c", ' X(EVENT_UNDONE, "undone")',
         ' X(EVENT_UNDONE, "undone") X(EVENT_VISIT, "visit")'),
        ("include/guichet/ticket/event_make.h",
         "Event *event_make_call(const EventStamp *stamp);\n",
         "Event *event_make_call(const EventStamp *stamp);\n"
         "/* Somebody is on site, and the ticket bears the tag of it. */\n"
         "Event *event_make_visit(const EventStamp *stamp);\n"),
        ("src/ticket/event_make.c", "Event *\nevent_make_call(", """\
Event *
event_make_visit(const EventStamp *stamp)
{
	return make_text(stamp, EVENT_VISIT, "add", "on-site");
}

Event *
event_make_call("""),
        ("src/ticket/ticket.c", "	case EVENT_TAG:\n", """\
	case EVENT_VISIT:
	case EVENT_TAG:
"""),
    ],
}
CHEAP = ["a source or a way out", "a variable of a template"]


def entry(name):
    """What the README says of it."""
    text = (HOME / "README.md").read_text()
    found = re.search(rf"^- \*\*{re.escape(name)}\*\*(.*?)(?=^- \*\*|^## )",
                      text, re.M | re.S)
    return found[1] if found else ""


def test_counted():
    for name, places in ADDED.items():
        said = entry(name)
        files = {file for file, _, _ in places}
        named = {"src/wire/source_mbox.c": "one file",
                 "src/order/order_who.c": "file of its family",
                 "src/guichet.1": "guichet(1)",
                 "src/guichet-rules.5": "guichet-rules(5)",
                 "rules/replies/nl/words.yaml": "each language",
                 "rules/replies/fr/words.yaml": "each language"}
        missing = [file for file in sorted(files)
                   if named.get(file, file.rsplit("/", 1)[1]) not in said]
        tap.ok(not missing and said, f"{name}: {len(files)} files, "
               f"{len(places)} places, and the README names each", missing)
        lost = [place for place in places if place[1] is not None and
                (HOME / place[0]).read_text().count(place[1]) != 1]
        tap.ok(not lost, f"{name}: each place is there, once", lost)
        for word in re.findall(r"`([\w/]+\.[ch])`", said):
            tap.ok(list(HOME.glob(f"src/**/{word}")) +
                   list(HOME.glob(f"include/**/{word}")) or
                   (HOME / word).exists(),
                   f"{name}: {word} of the README exists", word)


def add(tree, names):
    """Puts them in; the files that changed."""
    changed = set()
    for file, old, new in (p for name in names for p in ADDED[name]):
        path = tree / file
        text = "" if old is None else path.read_text()
        path.unlink(missing_ok=True)
        path.write_text(new if old is None else text.replace(old, new))
        changed.add(file)
    return changed


def tree_with(names, whole):
    """A tree with these, built; not whole, the objects of headers and sources
    that did not change are those of here."""
    tree = Path(tempfile.mkdtemp(prefix="guichet-adding."))
    for part in ("src", "include", "rules", "tests/unit", "maildir-fixtures"):
        shutil.copytree(HOME / part, tree / part)
    shutil.copy2(HOME / "Makefile", tree)
    changed = add(tree, names)
    flags = ["OPTIMIZE=-O0", "CFLAGS="] if whole else [f"SAN={SAN}"]
    goals = ["guichet"] if whole or not SAN else [str(BUILD.relative_to(HOME))
                                                 + "/guichet"]
    if whole:
        goals.append("build/plain/tests/unit/test_orders")
    else:
        here = BUILD.relative_to(HOME)
        shutil.copytree(BUILD / "src", tree / here / "src", copy_function=os.link)
        for file in changed:
            (tree / here / file).with_suffix(".o").unlink(missing_ok=True)
    done = subprocess.run(["make", f"-j{os.cpu_count()}", *flags, *goals],
                          cwd=tree, capture_output=True, text=True, check=False)
    tap.ok(done.returncode == 0, f"it builds: {', '.join(names)}",
           done.stderr[-3000:])
    built = re.findall(r"^  CC +(\S+)", done.stdout, re.M)
    return tree, goals, built


def write(desk, time, sender, subject, text, to="sos24@desk.example"):
    hours, minutes = map(int, time.split(":"))
    desk.deliver(f"{1795474800 + 3600 * hours + 60 * minutes}.M1.mx",
                 MAIL.format(sender=sender, domain=sender.split("@")[1],
                             time=time, to=to, subject=subject,
                             text=text).encode())
    desk.drain(f"2026-11-24T{time}:00+01:00")


def answer(desk, time, text):
    last = [m for m in desk.sent() if m.to == ANNE][-1]
    write(desk, time, ANNE, "Re: [#1] Panne", text, last.reply_to)


def said_to_jeanne(desk):
    return "".join(m.body() for m in desk.sent() if m.to == JEANNE)


def test_variable():
    desk = e2e.Desk()
    template = "replies/fr/acknowledgment.txt"
    own = desk.dir / "own" / template
    own.parent.mkdir(parents=True)
    own.write_text((HOME / "rules" / template).read_text() +
                   "Il y a {{promises}} promesses.\n")
    desk.own_rules(desk.dir / "own")
    write(desk, "10:00", JEANNE, "Panne", "Plus rien ne marche.")
    tap.ok(re.search(r"Il y a [1-9] promesses\.", said_to_jeanne(desk)),
           "a variable: an acknowledgment has it", said_to_jeanne(desk))


def test_source():
    desk = e2e.Desk()
    box = desk.dir / "box"
    mails = [MAIL.format(sender=JEANNE, domain=JEANNE.split("@")[1], time=time,
                         to="sos24@desk.example", subject=subject, text=subject)
             for time, subject in [("10:00", "Panne"), ("10:02", "Facture"),
                                   ("10:04", "Devis")]]
    box.write_text("".join(f"From x\n{mail}\n" for mail in mails[:2]))
    site = desk.conf.read_text()
    desk.conf.write_text(site.replace(f"maildir: {desk.dir}/mail/support",
                                      f"mbox: {box}"))
    desk.drain("2026-11-24T10:03:00+01:00")
    with open(box, "a", encoding="utf-8") as file:
        file.write(f"From x\n{mails[2]}\n")
    desk.drain("2026-11-24T10:05:00+01:00")
    rows = desk.run("list", "--at", "2026-11-24T10:05:00+01:00").stdout
    tap.ok(all(rows.count(s) == 1 for s in ("Panne", "Facture", "Devis")),
           "a source: the table has it, and its mails are taken once", rows)


def test_visit(tree):
    desk = e2e.Desk()
    own = desk.dir / "own/plans"
    own.mkdir(parents=True)
    plan = (HOME / "rules/plans/sos24.yaml").read_text()
    (own / "sos24.yaml").write_text(plan.replace("targets:\n", """\
targets:
- {milestone: visit, commitment: objective, within: 4h, clock: always}
""", 1))
    desk.own_rules(desk.dir / "own")
    write(desk, "10:00", JEANNE, "Panne bloquante", "Plus rien ne marche.")
    told = said_to_jeanne(desk)
    tap.ok(re.search(r"Visite sur place\n.*14:00", told),
           "a milestone: its words and when it is due", told)
    answer(desk, "10:30", "#visit")
    mailed = desk.run("dump").stdout
    tap.ok(re.search(r"visit by .*Anne Martin.* add=on-site", mailed),
           "an order: a mail gives it, and the event is written", mailed)
    shown = desk.run("show", "1").stdout
    tap.ok("on-site" in shown, "an event: the ticket is folded by it", shown)
    tap.ok("visit (objective): met" in shown and "Visite sur place" in shown,
           "a milestone: show has its words, and that it is met", shown)
    tap.ok("is on site" in desk.run("visit", "1").stdout,
           "an order: a command gives it")
    done = subprocess.run([tree / "build/plain/tests/unit/test_orders"],
                          cwd=tree, capture_output=True, text=True, check=False,
                          env={**os.environ, "GUICHET": str(e2e.GUICHET)})
    tap.ok(done.returncode == 0 and "visit" in done.stdout,
           "an order: test_orders finds one meaning through each door",
           done.stdout[-2000:] + done.stderr[-2000:])


def main():
    test_counted()
    if tap.failed > 0:
        return tap.end()
    names = list(ADDED) if LONG else CHEAP
    tree, goals, built = tree_with(names, LONG)
    if not LONG:
        touched = {file for name in names for file, _, _ in ADDED[name]
                   if file.endswith(".c")}
        tap.ok(set(built) <= touched | {f"{p.parent}/{p.name}" for p in
                                        Path("src/wire").glob("*.c")},
               "nothing else is compiled anew", built)
    if tap.failed == 0:
        e2e.GUICHET, e2e.PROJECT = str(tree / goals[0]), tree
        test_variable()
        test_source()
        if LONG:
            test_visit(tree)
    shutil.rmtree(tree)
    return tap.end()


sys.exit(main())
