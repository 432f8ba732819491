#!/usr/bin/python3
"""make install puts everything where the program and its reader find it."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk import PROJECT  # noqa: E402
from wire_lib import Tap  # noqa: E402

tap = Tap()
root = Path(tempfile.mkdtemp(prefix="guichet-install."))
prefix = root / "usr"
# Of what was built: nothing must be made anew while other tests run it.
SAN = os.environ.get("SAN", "")


def run(*words, **env):
    kept = {k: v for k, v in os.environ.items() if k != "GUICHET_CONFIG"}
    return subprocess.run(words, capture_output=True, text=True,
                          env={**kept, **env}, cwd=root)


done = run("make", "-C", str(PROJECT), "-s", "install", f"DESTDIR={root}",
           "PREFIX=/usr", f"SAN={SAN}", MAKEFLAGS="")
tap.ok(done.returncode == 0, "make install", done.stdout, done.stderr)
found = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()}
wanted = {"usr/bin/guichet", "usr/lib/systemd/system/guichet.service",
          "usr/share/man/man1/guichet.1", "usr/share/man/man5/guichet.yaml.5",
          "usr/share/man/man5/guichet-rules.5"}
rules = subprocess.run(["git", "-C", str(PROJECT), "ls-files", "rules"],
                       capture_output=True, text=True).stdout.split()
if not rules:  # no clone
    rules = [str(p.relative_to(PROJECT)) for p in
             (PROJECT / "rules").rglob("*") if p.is_file()]
wanted |= {"usr/share/guichet/" + name for name in rules}
tap.ok(wanted <= found, "everything is there", *sorted(wanted - found))
strays = {name for name in found - wanted
          if not name.startswith("usr/share/guichet/rules/")}
tap.ok(not strays, "and nothing else", *sorted(strays))

unit = (prefix / "lib/systemd/system/guichet.service").read_text()
tap.ok("\nExecStart=/usr/bin/guichet run -c /etc/guichet/guichet.yaml\n"
       in unit and "/usr/local" not in unit, "the unit starts it", unit)

site = (prefix / "share/guichet/rules/guichet.yaml").read_text()
tap.ok("store: /var/lib/guichet/guichet.sqlite" in site
       and "build/demo" not in site, "the example is one of a service", site)

guichet = str(prefix / "bin/guichet")
if Path("/etc/guichet/guichet.yaml").exists():
    tap.skip("the program finds the example", "this machine has a site")
else:
    done = run(guichet, "deadline", "sos24", "1", "2026-11-20T18:00:00+01:00")
    tap.ok("response=" in done.stdout, "the program finds the example",
           done.stdout, done.stderr)
    shutil.move(prefix, root / "opt")
    done = run(str(root / "opt/bin/guichet"), "deadline", "sos24", "1",
               "2026-11-20T18:00:00+01:00")
    tap.ok("response=" in done.stdout, "and where it was moved to",
           done.stdout, done.stderr)
    shutil.move(root / "opt", prefix)

# The README's way: the example is copied and gets a place for its mail.
etc, var = root / "etc-guichet", root / "var"
shutil.copytree(prefix / "share/guichet/rules", etc)
(etc / "guichet.yaml").write_text(site.replace("/var/lib/guichet", str(var)))
for sub in ("new", "cur", "tmp"):
    (var / "mail" / sub).mkdir(parents=True)
conf = str(etc / "guichet.yaml")
done = run(guichet, "check", "-c", conf)
tap.ok(done.returncode == 0 and "way out: ok" in done.stdout
       and "mailbox help: ok" in done.stdout, "check has nothing to say",
       done.stdout, done.stderr)
(var / "mail/new/1795190400.1.x").write_text(
    "Return-Path: <jeanne.morel@acier-vosges.example>\n"
    "From: Jeanne Morel <jeanne.morel@acier-vosges.example>\n"
    "To: help@desk.example\nSubject: Panne totale\n"
    "Message-ID: <1@acier-vosges.example>\n"
    "Date: Fri, 20 Nov 2026 16:00:00 +0100\n\nLa production est bloquee.\n")
done = run(guichet, "run", "--once", "--at", "2026-11-20T17:00:00+01:00",
           "-c", conf)
tap.ok(done.returncode == 0, "it runs", done.stdout, done.stderr)
done = run(guichet, "list", "--json", GUICHET_CONFIG=conf)
tap.ok('"contract":"acier-vosges"' in done.stdout, "and has made a ticket",
       done.stdout, done.stderr)
modes = {p.name: oct(p.stat().st_mode & 0o777) for p in var.iterdir()
         if p.is_file()}
tap.ok(modes and set(modes.values()) == {"0o600"},
       "what it keeps is for its user alone", modes)
for page in re.findall(r"usr/share/man/\S+", " ".join(sorted(wanted))):
    text = (root / page).read_text()
    tap.ok(text.startswith(".Dd "), f"{Path(page).name} is a page")
shutil.rmtree(root)
tap.end()
