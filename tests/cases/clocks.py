"""Clock cases: each replayed as its text tells, under a plan that counts as its
own did, and compared with what was right of it before."""
import email.utils
import re
from datetime import datetime

from deadlines import run_one
from cases_lib import DESK, TECHNICIANS, Case, Failed, Seen, eml_of_text, example_site, table

def run_words(name, folder, row, report):
    with Case() as case:
        case.deliver((folder / "clocks" / f"{name}.eml").read_bytes())
        case.drain()
        seen = Seen(case.show())
        good = "incident" in seen.dump and re.search(r"clock response guaranteed", seen.dump)
        report.say("clocks", name, "right" if good else "WRONG",
                   "" if good else "no guaranteed response, or no incident", row["right outcome"],
                   seen.lines(), row["failing kind"] or "")


def answering(case, mail):
    """A case's mail with the ids of the desk that wrote it then, as they are
    here: those of the last mail that its writer got."""
    writer = email.utils.parseaddr(re.search(r"^From: (.*)", mail, re.M)[1])[1]
    got = [m.message_id for m in case.desk.sent() if m.to == writer]
    return re.sub(r"<k1\.[^@>\s]+@desk\.example>", got[-1], mail) if got else mail


def alarms(case):
    """What the first technician was warned of so far."""
    return [str(m.message["Subject"]) for m in case.desk.sent()
            if m.what == "alarm" and m.to == TECHNICIANS[0]]


# A milestone as a technician reads of it.
SAID = {"response": "éponse d'un technicien", "resolution": "Résolution",
        "workaround": "contournement", "restore": "Rétablissement"}


def told_late(case):
    """The milestones that the first technician was told to be overdue, each as
    often: one mail may tell of several."""
    found = []
    for mail in case.desk.sent():
        if mail.what == "alarm" and mail.to == TECHNICIANS[0] and "DÉPASSÉE" in str(mail.message["Subject"]):
            found += [name for name, words in SAID.items()
                      for _ in re.findall(re.escape(words) + r"[^\n]*échéance dépassée", mail.body())]
    return found


def clock_lines(case):
    return [line.strip()[:170] for line in case.show().splitlines() if line.startswith("  clock ")]


def replay(case, text):
    """Delivers, ticks and orders as the case tells them, in its order: what
    came of each, and what was warned of at each tick."""
    said, told = [], []
    mails = {when: mail for when, mail in eml_of_text(text)}
    for line in text.splitlines():
        deliver = re.match(r"--- deliver at (\S+):", line)
        tick = re.match(r"# tick (\S+): ", line)
        order = re.match(r"\$ guichet (.*?) -> ", line)
        if deliver:
            when = datetime.fromisoformat(deliver[1].replace("Z", "+00:00"))
            case.deliver(answering(case, mails[deliver[1]]).encode(), at=when)
            case.drain()
            said += [f"{deliver[1]} delivered", *("  " + line for line in clock_lines(case))]
        elif tick:
            before = len(alarms(case))
            case.desk.drain(tick[1])
            told.append(alarms(case)[before:])
            said.append(f"# tick {tick[1]}: {told[-1]}")
        elif order:
            words = [w.strip('"') for w in re.findall(r'"[^"]*"|\S+', order[1])]
            done = case.desk.run(*words, check=False)
            said.append(f"$ guichet {order[1]} -> {done.returncode} {(done.stdout + done.stderr).strip()[:120]}")
    return said, told


def judge_reopened(case, text):
    """Whose ticket was opened again: it runs, owes an answer from then on, and
    nothing that is late at the end was left unsaid."""
    seen, last = Seen(case.show()), re.findall(r"^--- deliver at (\S+):", text, re.M)[-1]
    clocks = re.findall(r"^  clock (\w+) \S+ (\S+) intake (\S+) due (\S+)", seen.dump, re.M)
    amiss = []
    if seen.state()[:1] != ["open"]: # duties' tickets come behind it
        amiss.append("tickets " + " ".join(seen.state()))
    if not any(name == "response" and intake == last for name, _, intake, _ in clocks):
        amiss.append("no response is owed from the reopening on")
    amiss += [f"{name} due {due}, before it was reopened"
              for name, state, _, due in clocks if state in ("running", "late") and due < last]
    late = [name for name, state, _, _ in clocks if state == "late"]
    breaches = told_late(case)
    if sorted(breaches) != sorted(late):
        amiss.append(f"late: {late}, told: {breaches}")
    return ("WRONG", "; ".join(amiss)) if amiss else ("right", "")


# What the cases' own sites had otherwise than the plan and the contract of
# cases_lib, as their right outcomes tell it.
BY_DAYS = "- {{milestone: resolution, commitment: guaranteed, within: {0}, clock: nuxit, when: {{severity: 3}}}}\n"
HOURS = {"B80": ("hours: always", "hours: nuxit"),
         "B83": ("clock: nuxit, when: {severity: 1}", "clock: always, when: {severity: 1}")}
ZONES = {"B76": "  zone: America/Montreal\n"}


def own_plan(name):
    plan = DESK.replace("targets:\n", "targets:\n" + {
        "B47b": BY_DAYS.format("2bd"), "B73": BY_DAYS.format("2d")}.get(name, ""))
    plan = plan.replace(*HOURS.get(name, ("", "")))
    if name == "B80":
        plan = plan.replace("within: 4h, clock: nuxit", "within: 4h, clock: always")
    return plan.replace("intake: always", "intake: nuxit") if name == "B83" else plan


def compare_seen(row, text, told, dump):
    """What was right once must be so again: each instant that was due or met,
    and at which tick somebody was warned."""
    clocks = "\n".join(re.findall(r"^  clock .*", dump, re.M))
    once_seen = re.sub(r"'paused', 'due': '\S+?'", "", row["outcome seen"]) # it moves with the day
    amiss = [f"nothing {what} {when}" for what, when in re.findall(r"'(due|met)': '(\S+?)'", once_seen)
             if f"{what} {when}" not in clocks]
    once = [then.strip() not in ("[]", "[[]]") for then in re.findall(r"^# tick \S+: (.*)", text, re.M)]
    if once != [bool(alarms_told) for alarms_told in told]:
        amiss.append(f"warned at ticks {told}")
    return ("WRONG", "; ".join(amiss)) if amiss else ("right", "")


def judge(row, text, case, told):
    right = row["right outcome"]
    seen = Seen(case.show())
    if right.startswith("reopened"):
        return judge_reopened(case, text)
    if "response clock ends" in right or row["id"] == "B70d": # "as above"
        good = re.search(r"clock response \S+ ended", seen.dump)
        return ("right", "") if good else ("WRONG", "the response clock does not end")
    if "to the client" in right and "does not go" in right:
        good = "reply" not in seen.told and not re.search(r"clock response \S+ met", seen.dump)
        return ("right", "") if good else ("WRONG", "it went to the client, or met the response")
    if "no guaranteed term" in right:
        good = not re.search(r"clock \S+ guaranteed", seen.dump)
        return ("right", "") if good else ("WRONG", "a guaranteed term runs")
    if "missed there and told once" in right:
        good = re.search(r"clock response \S+ missed", seen.dump) and len(sum(told, [])) == 1
        return ("right", "") if good else ("WRONG", f"the response clock does not run to its term; told {told}")
    if row["verdict"] != "right":
        return "look", ""
    return compare_seen(row, text, told, seen.dump)


def run_clocks(folder, report):
    for row in table(folder / "clocks.tsv"):
        name, kind = row["id"], row["failing kind"] or ""
        if not report.wants("clocks", name):
            continue
        text = folder / "clocks" / f"{name}.txt"
        if (folder / "clocks" / f"{name}.eml").exists():
            run_words(name, folder, row, report)
        elif not text.exists() or "--- deliver" not in text.read_text():
            verdict, why, said = run_one(row) or ("look", f"only the table tells it: {row['kind']}", "")
            report.say("clocks", name, verdict, why, row["right outcome"], said.splitlines(), kind)
        else:
            with Case() as case:
                example_site(case.desk, own_plan(name), ZONES.get(name, ""))
                try:
                    said, told = replay(case, text.read_text())
                    lines = said + list(Seen(case.show()).lines())
                    verdict, why = judge(row, text.read_text(), case, told)
                except Failed as failed:
                    verdict, why, lines = "WRONG", str(failed), []
                report.say("clocks", name, verdict, why, row["right outcome"], lines, kind)
