#!/usr/bin/python3
"""
Configuration never surprises: an example is never taken for a site, the log
tells what is in force, and whoever looks at a service's site, root above all,
leaves it as it was and the service able to go on.
"""

import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-config-")
os.chmod(top, 0o755)
SERVICE, OTHER = 64321, 64322  # users without a name; nothing is theirs
RULES = os.path.join(top, "rules")
NOW = desk.instant("2026-11-20T10:00:00+01:00")
AT = desk.iso(NOW)
MAIL = desk.mail(desk.JEANNE, "Panne", "Bonjour\n", NOW)


def picture(path, content=True):
    """Everything below a folder: names, owners, modes, times, contents."""
    found = {}
    for where, folders, files in os.walk(path):
        for name in folders + files:
            full = os.path.join(where, name)
            now = os.lstat(full)
            text = b""
            if stat.S_ISREG(now.st_mode) and content:
                with open(full, "rb") as f:
                    text = f.read()
            found[os.path.relpath(full, path)] = (
                now.st_uid, now.st_gid, stat.S_IFMT(now.st_mode),
                now.st_mode & 0o7777, now.st_mtime_ns, now.st_ino, text)
    return found


def changes(before, after):
    return sorted(set(before) ^ set(after)) + sorted(
        name for name in set(before) & set(after)
        if before[name] != after[name])


def run(words, user=0, env=None, cwd=None, text=None):
    """A command as another user; root's groups are given up with root."""
    more = {} if user == 0 else {"user": user, "group": user,
                                 "extra_groups": []}
    kept = {k: v for k, v in os.environ.items() if k != "GUICHET_CONFIG"}
    return subprocess.run(words, stdin=subprocess.DEVNULL if text is None
                          else None, input=text, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8",
                          env={**kept, **(env or {})}, cwd=cwd or top,
                          timeout=60, **more)


# ---- no example on a real store ----

# What is asked of each command; without a row, the command alone.
MAIL_FILE = os.path.join(top, "mail.eml")
WORDS = {
    "run": ["--once"], "show": ["1"], "search": ["panne"], "why": ["1"],
    "parse": [MAIL_FILE], "explain": [MAIL_FILE],
    "alert": ["test", MAIL_FILE],
    "deadline": ["sos24", "1", "2026-11-20T18:00:00+01:00"],
    "contract": ["list"], "availability": ["--month", "2026-10"],
    "maintenance": ["list"], "resolve": ["1"], "close": ["1"],
    "assign": ["1", "anne"], "severity": ["1", "2"], "note": ["1", "x"],
    "event": ["1", "workaround"], "restore": [MAIL_FILE],
}
# They touch nothing of a site; what they answer is the example's.
EXAMPLE_MAY = {"parse", "explain", "alert", "deadline"}


def commands_of(program):
    text = run([program, "--help"]).stdout
    return re.findall(r"^  ([a-z]+)\b", text, re.M)


def example_tree(name, program, rules):
    """A copy of the program and its example, whose store is a real one."""
    tree = os.path.join(top, name)
    os.makedirs(os.path.dirname(os.path.join(tree, program)), exist_ok=True)
    shutil.copy(desk.GUICHET, os.path.join(tree, program))
    shutil.copytree(RULES, os.path.join(tree, rules))
    conf = os.path.join(tree, rules, "guichet.yaml")
    with open(conf, encoding="utf-8") as f:
        text = f.read()
    var = os.path.join(tree, "var")
    os.mkdir(var)
    with open(conf, "w", encoding="utf-8") as f:
        f.write(text.replace("../build/demo", var))
    with open(os.path.join(var, "guichet.sqlite"), "w") as f:
        f.write("somebody's real store, which no example may touch")
    return tree, os.path.join(tree, program), conf


def test_example():
    with open(MAIL_FILE, "wb") as f:
        f.write(MAIL)
    if os.path.exists("/etc/guichet/guichet.yaml"):
        tap.skip("the example is no site", "this machine has a site")
        return
    for name, program, rules in (
            ("installed", "usr/bin/guichet", "usr/share/guichet/rules"),
            ("clone", "guichet", "rules")):
        tree, program, conf = example_tree(name, program, rules)
        known = commands_of(program)
        tap.ok(len(known) > 20 and EXAMPLE_MAY < set(known)
               and set(WORDS) <= set(known), f"{name}: the commands", known)
        before = picture(tree)
        for command in known:
            got = run([program, command, *WORDS.get(command, [])])
            if command in EXAMPLE_MAY:
                good = (got.stdout != "" and "no site is configured"
                        in got.stderr and conf in got.stderr
                        and got.returncode == (command == "alert"))
            else:
                good = got.returncode == 2 and command not in WORDS or (
                    got.returncode == 1 and got.stdout == ""
                    and got.stderr.count("\n") == 1
                    and "/etc/guichet/guichet.yaml" in got.stderr
                    and "copy" in got.stderr and conf in got.stderr)
            tap.ok(good, f"{name}: {command} without a site",
                   got.returncode, got.stdout, got.stderr)
        tap.ok(changes(before, picture(tree)) == [],
               f"{name}: nothing was touched",
               *changes(before, picture(tree)))


def test_unreadable_site():
    """Who may not read the site's file is not given another one."""
    site = new_site("unreadable")
    os.chmod(site.conf, 0o600)
    for command in ("deadline", "list"):
        got = run([GUICHET, command, *WORDS.get(command, [])], OTHER,
                  {"GUICHET_CONFIG": site.conf})
        tap.ok(got.returncode == 1 and "Permission denied" in got.stderr
               and site.conf in got.stderr,
               f"a file that may not be read: {command}", got.stderr)


# ---- what is in force ----

def test_log():
    site = new_site("logged")
    shutil.copytree(RULES, os.path.join(site.path, "rules"))
    site.rules = "rules"
    site.write()
    stray = os.path.join(site.path, "rules/contracts/new.yaml.bak")
    with open(stray, "w") as f:
        f.write("x")
    version = run([GUICHET, "--version"]).stdout.split()[1]
    got = run([GUICHET, "run", "-c", "guichet.yaml", "--once"],
              cwd=site.path)
    line = next((x for x in got.stderr.splitlines() if " start " in x), "")
    wanted = (f"version={version}", f"configuration={site.conf}",
              f"store={site.store}", f"rules={site.path}/rules", "hash=",
              "user=")
    tap.ok(got.returncode == 0 and all(w in line for w in wanted),
           "run tells version, file, store, rules and user", got.stderr)
    tap.ok(stray in got.stderr, "and what it passes over", got.stderr)
    running = desk.Running(site)
    tap.ok(running.wait_log(" start "), "a service tells the same")
    site.store = os.path.join(site.path, "other.sqlite")
    site.write()
    running.process.send_signal(signal.SIGHUP)
    tap.ok(running.wait_log(" reload version="), "and again after a reload",
           running.log())
    tap.ok('what="another store"' in running.log()
           and not os.path.exists(site.store),
           "with what only a restart takes", running.log())
    running.stop()


# ---- looking changes nothing ----

GUICHET = os.path.join(top, "guichet")


def new_site(name, owner=0):
    site = desk.Site(os.path.join(top, name), rules=RULES)
    site.secret("word", "word\n")
    own(site, owner)
    return site


def own(site, owner):
    for where, folders, files in os.walk(site.path):
        for one in [where] + [os.path.join(where, n) for n in files]:
            os.lchown(one, owner, owner)
    os.chmod(os.path.dirname(site.store), 0o700)


def with_imap(site):
    """A secret beside the Maildir, which is looked into all the same."""
    site.mailboxes = site.mailboxes + [{"name": "far", "imap": {
        "host": "localhost", "port": 9, "user": "u", "since": "now",
        "password_file": os.path.join(site.path, "word")}}]
    site.write()


def fresh(site):
    pass


def used(site):
    put_mail(site)
    got = run([GUICHET, "run", "-c", site.conf, "--once", "--at", AT],
              SERVICE)
    assert got.returncode == 0, got.stderr


def put_mail(site):
    site.deliver(MAIL, NOW)
    own(site, SERVICE)


def killed(site):
    """As a crash leaves it: the write-ahead log is there and was not read."""
    used(site)
    site.deliver(desk.mail(desk.JEANNE, "Encore", "Re\n", NOW), NOW, "2")
    own(site, SERVICE)
    got = run([GUICHET, "run", "-c", site.conf, "--once", "--at", AT,
               "--kill-at", "3"], SERVICE)
    assert got.returncode == -signal.SIGKILL, got.stderr
    assert os.path.exists(site.store + "-wal")


LOOKS = [["list"], ["show", "1"], ["search", "panne"], ["why", "1"],
         ["outbox"], ["quarantine"], ["contract", "list"], ["alert", "hosts"],
         ["availability", "--month", "2026-10"], ["maintenance", "list"],
         ["dump"], ["explain", MAIL_FILE], ["parse", MAIL_FILE],
         ["alert", "test", MAIL_FILE],
         ["deadline", "sos24", "1", "2026-11-20T18:00:00+01:00"]]


def test_check_changes_nothing():
    for state in (fresh, used, killed):
        site = new_site("check-" + state.__name__, SERVICE)
        state(site)
        with_imap(site)
        own(site, SERVICE)
        for user, who in ((0, "root"), (SERVICE, "the service"),
                          (OTHER, "somebody else")):
            before = picture(site.path)
            got = run([GUICHET, "check", "-c", site.conf], user)
            changed = changes(before, picture(site.path))
            tap.ok(changed == [], f"check changes nothing: {state.__name__}, "
                   f"by {who}", *changed, got.stdout, got.stderr)
            mistakes = "mistake" in got.stderr
            tap.ok(mistakes == (user == OTHER) and "chown" not in got.stderr,
                   f"and tells the truth: {state.__name__}, by {who}",
                   got.stdout, got.stderr)
            advice = f"belongs to '{SERVICE}': run this as that user"
            tap.ok((advice in got.stderr) == (user == OTHER),
                   f"and as whom to run it: {state.__name__}, by {who}",
                   got.stderr)


def test_looks_change_nothing():
    for state in (used, killed):
        site = new_site("looks-" + state.__name__, SERVICE)
        state(site)
        for words in LOOKS if state == used else LOOKS[:2]:
            before = picture(site.path)
            got = run([GUICHET, words[0], "-c", site.conf, *words[1:]])
            after = picture(site.path)
            own_now = {v[0] for v in after.values()}
            # SQLite's shared memory may come; it is the service's then.
            changed = [c for c in changes(before, after)
                       if not c.endswith(("-shm", "-wal", "store"))]
            tap.ok(own_now == {SERVICE} and changed == []
                   and not got.stderr.startswith("guichet:"),
                   f"root looks, {state.__name__}: {' '.join(words[:2])}",
                   *changed, own_now, got.stderr)
        got = run([GUICHET, "run", "-c", site.conf, "--once", "--at", AT],
                  SERVICE)
        tap.ok(got.returncode == 0,
               f"and the service goes on: {state.__name__}", got.stderr)


ORDERS = [["note", "1", "words"], ["severity", "1", "2"],
          ["outbox", "drop", "1"], ["rebuild"],
          ["run", "--once", "--at", AT]]


def test_roots_orders():
    """What root makes is the service's, on a site of each age."""
    for words in ORDERS:
        site = new_site("order-" + words[0], SERVICE)
        used(site)
        for name in os.listdir(os.path.dirname(site.store)):
            if name.endswith(".lock"):
                os.remove(os.path.join(os.path.dirname(site.store), name))
        got = run([GUICHET, words[0], "-c", site.conf, *words[1:]])
        owners = {v[0] for v in picture(site.path).values()}
        tap.ok(owners == {SERVICE}, f"root's {words[0]} is the service's",
               owners, got.stderr)
        again = run([GUICHET, "run", "-c", site.conf, "--once", "--at", AT],
                    SERVICE)
        tap.ok(again.returncode == 0, f"which goes on after {words[0]}",
               again.stderr)
    site = new_site("order-first", SERVICE)
    got = run([GUICHET, "run", "-c", site.conf, "--once", "--at", AT])
    owners = {v[0] for v in picture(site.path).values()}
    tap.ok(got.returncode == 0 and owners == {SERVICE}
           and os.path.exists(site.tokens),
           "root's first run makes a store that is the service's", owners,
           got.stderr)


def test_others_are_told():
    site = new_site("others", SERVICE)
    used(site)
    for words in LOOKS + ORDERS:
        if words[0] in EXAMPLE_MAY and words[0] != "explain":
            continue
        if words[0] == "contract" or words[:2] == ["alert", "test"]:
            continue  # of the rules, which everybody may read
        before = picture(site.path)
        got = run([GUICHET, words[0], "-c", site.conf, *words[1:]], OTHER)
        tap.ok(got.returncode == 1 and changes(before, picture(site.path))
               == [] and f"'{SERVICE}'" in got.stderr
               and "sudo -u" in got.stderr,
               f"somebody else is told: {' '.join(words[:2])}",
               got.returncode, got.stderr)


def test_restore_reads_alone():
    """A copy is read where it lies: in a folder that is not the service's,
    with nothing made beside it. One that the service may not read is told."""
    site = new_site("copies", SERVICE)
    used(site)
    copies = os.path.join(top, "copies of root's, 100 %")
    os.mkdir(copies)
    copy = os.path.join(copies, "one?.sqlite")
    db, saved = sqlite3.connect(site.store), sqlite3.connect(copy)
    db.backup(saved)
    db.close()
    saved.close()
    own(site, SERVICE)
    os.chmod(copy, 0o600)
    before = picture(site.path)
    got = run([GUICHET, "restore", "-c", site.conf, copy])
    tap.ok(got.returncode == 1 and f"'{SERVICE}' cannot read '{copy}'"
           in got.stderr and f"install -o {SERVICE} " in got.stderr
           and changes(before, picture(site.path)) == [],
           "root's own copy: root is told how to give it", got.stderr)
    os.chmod(copy, 0o644)
    before = picture(copies)
    got = run([GUICHET, "restore", "-c", site.conf, copy])
    owners = {v[0] for v in picture(site.path).values()}
    tap.ok(got.returncode == 0 and owners == {SERVICE},
           "a copy in a folder of root's is restored", owners, got.stderr)
    tap.ok(changes(before, picture(copies)) == [],
           "and nothing is made beside it", *changes(before, picture(copies)))


def test_save_is_the_services():
    """Root's show --save writes as the service: it is told where it cannot."""
    site = new_site("saved", SERVICE)
    used(site)
    mine, his = (os.path.join(top, name) for name in ("mine", "his"))
    os.mkdir(mine, 0o755)
    os.mkdir(his, 0o755)
    os.chown(his, SERVICE, SERVICE)
    for where in (mine, os.path.join(mine, "new")):
        got = run([GUICHET, "show", "-c", site.conf, "1", "--save", where])
        tap.ok(got.returncode == 1 and f"the user '{SERVICE}' cannot write to "
               f"{where}: Permission denied" in got.stderr
               and picture(mine) == {}, f"root's folder: {where}", got.stderr)
    got = run([GUICHET, "show", "-c", site.conf, "1", "--save", his])
    tap.ok(got.returncode == 0 and {v[0] for v in picture(his).values()}
           == {SERVICE}, "the service's folder", got.stderr)


def has_mark(store):
    db = sqlite3.connect(store)
    try:
        return db.execute("SELECT count(*) FROM sqlite_schema "
                          "WHERE name = 'mark'").fetchone() == (1,)
    finally:
        db.close()


def test_restore_reads_journal():
    """What is only in a copy's journal is part of it."""
    site = new_site("journal", SERVICE)
    used(site)
    copy, alone = (os.path.join(site.path, n) for n in ("copy", "alone"))
    db = sqlite3.connect(site.store)
    db.execute("CREATE TABLE mark (n)")
    for path in (copy, alone):
        shutil.copy(site.store, path)
    shutil.copy(site.store + "-wal", copy + "-wal")
    db.close()
    own(site, SERVICE)
    got = run([GUICHET, "restore", "-c", site.conf, copy])
    tap.ok(got.returncode == 0 and not has_mark(alone)
           and has_mark(site.store), "what is in a copy's journal is restored",
           got.returncode, got.stderr)


def test_roots_leftovers():
    """What root left there before: the service cannot use it, and it is said
    with what to do."""
    for what in ("tokens", "word", "store"):
        site = new_site("left-" + what, SERVICE)
        used(site)
        with_imap(site)
        own(site, SERVICE)
        path = {"tokens": site.tokens, "store": site.store,
                "word": os.path.join(site.path, "word")}[what]
        os.lchown(path, 0, 0)
        for user in (0, SERVICE):
            got = run([GUICHET, "check", "--offline", "-c", site.conf], user)
            wanted = f"chown {SERVICE} {path}"
            if what == "store":  # root's store says that the site is root's
                wanted = f"'{SERVICE}'" if user == 0 else path
            tap.ok(got.returncode == 1 and wanted in got.stderr,
                   f"{what} is root's: user {user} is told", got.stdout,
                   got.stderr)


def test_no_folder():
    """A store's folder or a store that is gone, before `run` trips over it."""
    site = new_site("nowhere")
    shutil.rmtree(os.path.dirname(site.store))
    got = run([GUICHET, "check", "--offline", "-c", site.conf])
    tap.ok(got.returncode == 1 and "install -d" in got.stderr
           and os.path.dirname(site.store) in got.stderr,
           "check: the store's folder is not there", got.stderr)
    os.mkdir(os.path.dirname(site.store))
    got = run([GUICHET, "check", "--offline", "-c", site.conf])
    tap.ok(got.returncode == 0 and "tokens: none yet" in got.stdout,
           "check: neither store nor keys yet", got.stdout, got.stderr)
    no_store(site, "before the first start")
    got = run([GUICHET, "run", "-c", site.conf, "--once"])
    for name in os.listdir(os.path.dirname(site.store)):
        os.remove(os.path.join(os.path.dirname(site.store), name))
    got = run([GUICHET, "check", "--offline", "-c", site.conf])
    tap.ok(got.returncode == 1 and "guichet restore" in got.stderr,
           "check: the store is lost", got.stderr)
    no_store(site, "where it is lost")
    os.remove(site.tokens)


def no_store(site, when):
    """Whoever asks a store that is not there reads what is true of either,
    and leaves nothing."""
    for words in [["list"], ["dump"], ["rebuild"], ["note", "1", "words"],
                  ["outbox", "drop", "1"]]:
        before = picture(site.path)
        got = run([GUICHET, words[0], "-c", site.conf, *words[1:]])
        tap.ok(got.returncode == 1 and "'guichet run' makes the first one"
               in got.stderr and "'guichet restore FILE'" in got.stderr
               and changes(before, picture(site.path)) == [],
               f"no store {when}: {words[0]}", got.stderr,
               *changes(before, picture(site.path)))


# ---- files that are passed over ----

def test_passed_over():
    site = new_site("passed")
    rules = os.path.join(site.path, "rules")
    shutil.copytree(RULES, rules)
    site.rules = rules
    site.write()
    contract = os.path.join(rules, "contracts/studio-orme.yaml")
    got = run([GUICHET, "contract", "list", "-c", site.conf])
    before = got.stdout
    os.rename(contract, contract[:-4] + "yml")
    got = run([GUICHET, "check", "--offline", "-c", site.conf])
    tap.ok(got.returncode == 0 and got.stderr == "" and run(
        [GUICHET, "contract", "list", "-c", site.conf]).stdout == before,
        "NAME.yml is NAME.yaml", got.stderr)
    with open(contract[:-4] + "yml", "a", encoding="utf-8") as f:
        f.write("colour: red\n")
    got = run([GUICHET, "check", "--offline", "-c", site.conf])
    tap.ok(contract[:-4] + "yml:" in got.stderr and "colour" in got.stderr,
           "and told as it is written", got.stderr)
    os.rename(contract[:-4] + "yml", contract + ".txt")
    got = run([GUICHET, "check", "--offline", "-c", site.conf])
    tap.ok(contract + ".txt: warning: passed over" in got.stderr,
           "what is passed over is told", got.stderr)
    with open(os.path.join(rules, "alerts/hosts.yaml"), "a") as f:
        f.write("- {host: x.example, contract: studio-orme}\n")
    got = run([GUICHET, "check", "--offline", "-c", site.conf])
    tap.ok(got.returncode == 1 and contract + ".txt: warning" in got.stderr,
           "beside the mistakes that come of it, too", got.stderr)


# The recognisers take most of the time and are none of this.
shutil.copytree(os.path.join(desk.ROOT, "rules"), RULES)
for name in os.listdir(os.path.join(RULES, "alerts")):
    if name not in ("hosts.yaml", "words.yaml", "reports.yaml", "zed.yaml"):
        os.remove(os.path.join(RULES, "alerts", name))
shutil.copy(desk.GUICHET, GUICHET)
os.chmod(GUICHET, 0o755)
PARTS = [test_example, test_log, test_no_folder, test_passed_over]
if os.geteuid() == 0:
    PARTS += [test_unreadable_site, test_check_changes_nothing,
              test_looks_change_nothing, test_roots_orders,
              test_restore_reads_alone, test_restore_reads_journal,
              test_save_is_the_services,
              test_others_are_told, test_roots_leftovers]
else:
    tap.skip("looking changes nothing", "only root has several users")
for part in PARTS:
    try:
        part()
    except Exception as e:  # the next part may still say something
        tap.ok(False, "no surprise", repr(e),
               f"line {e.__traceback__.tb_next.tb_lineno}")
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
