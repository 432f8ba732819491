#!/usr/bin/python3
"""
The border as it really is (doc/security.md 2.4): Postfix with opendkim, opendmarc
and rspamd of Debian stamps mails of clients, technicians and forgers, each of
its stampers up, stopped or alone, and Dovecot's LMTP delivers. guichet judges
what came out. All in a network and a mount namespace of its own, with a DNS of
its own; nothing of the machine's is touched. tests/unit/test_border_shapes.c
has the shapes.

`border.t --show` prints the heads.
"""

import email.utils
import json
import os
import re
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "e2e"))
import live_lib as desk
import wire_lib as wire

NEEDS = ["ip", "unshare", "mount", "postfix", "dovecot", "dnsmasq", "opendkim",
         "opendkim-genkey", "opendkim-testmsg", "opendmarc", "rspamd"]
SHOW = "--show" in sys.argv


def skip(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


os.environ["PATH"] += ":/usr/sbin:/sbin"
if not os.environ.get("LONG"):
    skip("a long test: make check-long, or LONG=1")
if os.getuid() != 0:
    skip("only root has network namespaces and Postfix's users")
missing = [name for name in NEEDS if shutil.which(name) is None]
if missing:
    skip("not installed: " + " ".join(missing))
if "--inside" not in sys.argv:
    if subprocess.run(["unshare", "-mn", "true"]).returncode != 0:
        skip("no namespaces here")
    os.execvp("unshare", ["unshare", "-mnpf", "--mount-proc", sys.executable,
                          *sys.argv, "--inside"])

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-border-")
os.chmod(top, 0o755)
DNS = "192.0.2.53"
ADDRESSES = {"mail.corp.example": "192.0.2.7", "mail.evil.example":
             "192.0.2.66", "mx.desk.example": "203.0.113.5",
             "laptop.home.example": "198.51.100.9",
             "lists.club.example": "192.0.2.99"}
DOMAINS = ["corp.example", "desk.example", "evil.example"]
running = []


def path(*names):
    return os.path.join(top, *names)


def write(name, text, mode=0o644):
    os.makedirs(os.path.dirname(path(name)), exist_ok=True)
    with open(path(name), "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path(name), mode)
    return path(name)


def run(*words, **more):
    got = subprocess.run(words, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, **more)
    if got.returncode != 0:
        raise RuntimeError(f"{words}: {got.stdout.decode()}")
    return got.stdout


def start(name, *words):
    log = open(path(name + ".log"), "wb")
    running.append(subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log))
    return running[-1]


def listens(port, host="127.0.0.1"):
    import socket
    try:
        socket.create_connection((host, port), 1).close()
        return True
    except OSError:
        return False


def wait_listening(name, port):
    if not desk.wait_for(lambda: listens(port), 300):
        with open(path(name + ".log"), errors="replace") as f:
            raise RuntimeError(f"{name} does not start: {f.read()[-2000:]}")


# ---- network and DNS ----

def set_up_network():
    run("ip", "link", "set", "lo", "up")
    for address in [DNS, *ADDRESSES.values()]:
        run("ip", "addr", "add", address + "/32", "dev", "lo")
    lines = ["no-resolv", "no-hosts", "port=53", "listen-address=127.0.0.1",
             f"listen-address={DNS}", "bind-interfaces", "user=root",
             "pid-file=", "auth-ttl=600", "local=/#/"]
    for name, address in ADDRESSES.items():
        lines.append(f"host-record={name},{address}")
    for domain in DOMAINS:
        run("opendkim-genkey", "-b", "1024", "-d", domain, "-s", "s1", "-D",
            os.path.join(top), )
        os.rename(path("s1.private"), path(domain + ".private"))
        with open(path("s1.txt")) as f:
            key = "".join(re.findall(r'"([^"]*)"', f.read()))
        key = key.replace("h=sha256; ", "")
        lines.append(f'txt-record=s1._domainkey.{domain},"{key}"')
        lines.append(f'txt-record={domain},"v=spf1 mx -all"')
        lines.append(f'txt-record=_dmarc.{domain},"v=DMARC1; p=quarantine"')
    lines += ["mx-host=corp.example,mail.corp.example",
              "mx-host=evil.example,mail.evil.example",
              "mx-host=desk.example,mx.desk.example"]
    write("dnsmasq.conf", "\n".join(lines) + "\n")
    start("dnsmasq", "dnsmasq", "-k", "-C", path("dnsmasq.conf"))
    wait_listening("dnsmasq", 53)
    write("resolv.conf", "nameserver 127.0.0.1\n")
    run("mount", "--bind", path("resolv.conf"), "/etc/resolv.conf")


# ---- what stamps ----

def start_opendkim():
    write("opendkim.conf", f"""Mode v
Socket inet:8891@127.0.0.1
AuthservID mx.desk.example
AlwaysAddARHeader yes
InternalHosts 127.0.0.1
Nameservers {DNS}
Syslog yes
UserID opendkim
PidFile {path('opendkim.pid')}
""")
    start("opendkim", "opendkim", "-f", "-x", path("opendkim.conf"))
    wait_listening("opendkim", 8891)


def start_opendmarc():
    write("opendmarc.conf", """Socket inet:8893@127.0.0.1
AuthservID mx.desk.example
SPFSelfValidate true
RejectFailures false
Syslog true
UserID opendmarc
PublicSuffixList /usr/share/publicsuffix/public_suffix_list.dat
""")
    start("opendmarc", "opendmarc", "-f", "-c", path("opendmarc.conf"))
    wait_listening("opendmarc", 8893)


def start_rspamd():
    local = "rspamd/local.d/"
    # Its long list of suffixes takes minutes to compile on a busy machine.
    write("rspamd/suffixes", "com\nexample\n")
    write(local + "options.inc", f"""dns {{ nameserver = ["{DNS}"]; }}
disable_hyperscan = true;
url_tld = "{path('rspamd/suffixes')}";
local_addrs = ["127.0.0.0/8"];
""")
    write(local + "milter_headers.conf", """use = ["authentication-results"];
skip_authenticated = false;
routines { authentication-results { authserv-id = "mx.desk.example"; } }
""")
    write(local + "actions.conf", "reject = 1500;\nadd_header = 1400;\n"
          "greylist = 1300;\n")
    for name in ("greylist", "rbl", "fuzzy_check", "ratelimit", "phishing",
                 "asn", "dkim_signing", "arc"):
        write(local + name + ".conf", "enabled = false;\n")
    write(local + "worker-normal.inc", "enabled = false;\n")
    write(local + "worker-controller.inc", 'bind_socket = "127.0.0.1:11334";\n')
    write(local + "worker-proxy.inc", 'bind_socket = "127.0.0.1:11332";\n'
          "milter = yes;\ncount = 1;\n"
          'upstream "local" { default = yes; self_scan = yes; }\n')
    for name in ("db", "log", "run"):
        os.makedirs(path("rspamd", name))
        shutil.chown(path("rspamd", name), "_rspamd")
    start("rspamd", "rspamd", "-f", "-i", "-c", "/etc/rspamd/rspamd.conf",
          f"--var=LOCAL_CONFDIR={path('rspamd')}",
          f"--var=DBDIR={path('rspamd', 'db')}",
          f"--var=LOGDIR={path('rspamd', 'log')}",
          f"--var=RUNDIR={path('rspamd', 'run')}", "-u", "_rspamd")
    wait_listening("rspamd", 11332)


# ---- Postfix and Dovecot ----

DKIM, DMARC = "inet:127.0.0.1:8891", "inet:127.0.0.1:8893"
RSPAMD, GONE = "inet:127.0.0.1:11332", "inet:127.0.0.1:9"
PORTS = {  # how the border is: milters, and whether it asks for a login
    "milters": (2501, [DKIM, DMARC], False),
    "opendmarc alone": (2502, [GONE, DMARC], False),
    "milters stopped": (2503, [GONE, GONE], False),
    "rspamd": (2504, [RSPAMD], False),
    "rspamd stopped": (2505, [GONE], False),
    "submission, milters": (2506, [DKIM, DMARC], True),
    "submission, rspamd": (2507, [RSPAMD], True),
    "submission, none": (2508, [], True),
    "login hidden, milters": (2509, [DKIM, DMARC], True),
}


def start_dovecot():
    write("passwd", "anne@desk.example:{PLAIN}a\nhvidal:{PLAIN}h\n")
    os.makedirs(path("lmtp"))
    shutil.chown(path("lmtp"), "nobody")
    write("dovecot.conf", f"""protocols = lmtp
base_dir = {path('dovecot')}
log_path = {path('dovecot.log')}
hostname = imap.desk.example
ssl = no
auth_mechanisms = plain
mail_location = maildir:{path('lmtp')}/%n
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = passwd-file
  args = {path('passwd')}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={path('lmtp')}/%n allow_all_users=yes
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = 2511
  }}
}}
service lmtp {{
  inet_listener {{
    address = 127.0.0.1
    port = 2512
  }}
}}
service anvil {{
  chroot =
}}
""")
    start("dovecot-start", "dovecot", "-F", "-c", path("dovecot.conf"))
    wait_listening("dovecot-start", 2512)


def start_postfix():
    for name in ("queue", "data", "boxes"):
        os.makedirs(path(name))
    shutil.chown(path("data"), "postfix")
    shutil.chown(path("boxes"), "nobody")
    write("postfix/boxes", "".join(f"b{n}@desk.example b{n}/\n"
                                   for n in range(200))
          + "lmtp@desk.example x/\n")
    write("postfix/transport", "lmtp@desk.example lmtp:inet:127.0.0.1:2512\n")
    write("postfix/main.cf", f"""compatibility_level = 3.6
queue_directory = {path('queue')}
data_directory = {path('data')}
myhostname = mx.desk.example
mydestination =
mynetworks = 127.0.0.1
alias_maps =
inet_interfaces = all
virtual_mailbox_domains = desk.example
virtual_mailbox_base = {path('boxes')}
virtual_mailbox_maps = texthash:{path('postfix/boxes')}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
transport_maps = texthash:{path('postfix/transport')}
smtpd_relay_restrictions = permit_mynetworks reject_unauth_destination
smtpd_recipient_restrictions =
milter_default_action = accept
milter_connect_timeout = 5s
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:2511
smtpd_sasl_authenticated_header = yes
maillog_file = /var/log/guichet-border-test
maillog_file_prefixes = /var
""")
    lines = []
    for name, (port, milters, login) in PORTS.items():
        lines.append(f"{port} inet n - n - - smtpd\n"
                     f"  -o smtpd_milters={','.join(milters)}\n"
                     f"  -o smtpd_sasl_auth_enable={'yes' if login else 'no'}\n"
                     "  -o smtpd_sasl_authenticated_header="
                     f"{'no' if 'hidden' in name else 'yes'}")
    lines += ["pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup",
              "qmgr unix n - n 300 1 qmgr", "rewrite unix - - n - - "
              "trivial-rewrite", "bounce unix - - n - 0 bounce",
              "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce",
              "error unix - - n - - error", "retry unix - - n - - error",
              "virtual unix - n n - - virtual", "lmtp unix - - n - - lmtp",
              "anvil unix - - n - 1 anvil", "proxymap unix - - n - - proxymap",
              "scache unix - - n - 1 scache",
              "postlog unix-dgram n - n - 1 postlogd",
              "tlsmgr unix - - n 1000? 1 tlsmgr"]
    write("postfix/master.cf", "\n".join(lines) + "\n")
    # Its log is its own in here.
    run("mount", "-t", "tmpfs", "tmpfs", "/var/log")
    run("postfix", "-c", path("postfix"), "start")
    wait_listening("dnsmasq", 2501)


# ---- mails ----

FORGED = ("Authentication-Results: mx.desk.example;\r\n\tdkim=pass "
          "header.d=desk.example; spf=pass smtp.mailfrom=desk.example;\r\n\t"
          "auth=pass smtp.auth=anne@desk.example; dmarc=pass "
          "header.from=desk.example\r\n")
# What he would like to be the border's, below it.
FORGED_HOP = ("Received: from laptop (x [198.51.100.9])\r\n\t(Authenticated "
              "sender: anne@desk.example)\r\n\tby mx.desk.example (Postfix) "
              "with ESMTPSA id 1;\r\n\tMon, 30 Nov 2026 10:20:36 +0000\r\n")
serial = [0]


def compose(sender, signed, above=""):
    serial[0] += 1
    text = (f"From: <{sender}>\r\nTo: <help@desk.example>\r\nSubject: "
            f"mail {serial[0]}\r\nDate: {email.utils.formatdate()}\r\n"
            f"Message-ID: <{serial[0]}.{time.time_ns()}@x.example>\r\n\r\n"
            "Bonjour.\r\n").encode()
    if signed:
        text = subprocess.run(
            ["opendkim-testmsg", "-C", "-d", signed, "-s", "s1", "-k",
             path(signed + ".private")], input=text, check=True,
            stdout=subprocess.PIPE).stdout
        text = re.sub(rb"\r?\n", b"\r\n", text)
    return above.encode() + text


def deliver(state, peer, data, envelope, login=None, box=None):
    """Gives it to the border in that state; what came out at the other end."""
    box = box or f"b{serial[0]}"
    port = PORTS[state][0]
    with smtplib.SMTP("203.0.113.5", port, peer, timeout=60,
                      source_address=(ADDRESSES[peer], 0)) as smtp:
        smtp.ehlo()
        if login:
            smtp.login(*login)
        smtp.sendmail(envelope, [box + "@desk.example"], data)
    folder = path("lmtp", "lmtp", "new") if box == "lmtp" else \
        path("boxes", box, "new")
    found = desk.wait_for(lambda: os.path.isdir(folder) and os.listdir(folder),
                          60)
    if not found:
        raise RuntimeError(f"nothing came of {state}: "
                           + open("/var/log/guichet-border-test").read()[-3000:])
    name = os.path.join(folder, sorted(found)[-1])
    with open(name, "rb") as f:
        data = f.read()
    os.rename(name, path(f"got{serial[0]}.eml"))
    return path(f"got{serial[0]}.eml"), data


def site_of(name, border):
    site = desk.Site(path("site-" + name))
    with open(site.conf, encoding="utf-8") as f:
        text = f.read()
    tried = dict(border, strips="verified")
    text = re.sub(r"border:\n(  .*\n)+", f"border: {json.dumps(tried)}\n",
                  text)
    text = re.sub(r"technicians:\n(- .*\n)+", "technicians:\n"
                  "- {name: Anne, address: anne@desk.example}\n"
                  "- {name: Hugo, address: hugo@desk.example, "
                  "login: hvidal}\n", text)
    with open(site.conf, "w", encoding="utf-8") as f:
        f.write(text)
    return site


ABOVE = {"authserv_id": "mx.desk.example", "hosts": ["mx.desk.example",
                                                     "imap.desk.example"]}
BELOW = dict(ABOVE, stamps="below")
LISTED = dict(ABOVE, hosts=["mx.desk.example"])
HUGO, ANNE, JEAN = ("hugo@desk.example", "anne@desk.example",
                    "jean@corp.example")
LOGIN, LOGIN_HUGO = (ANNE, "a"), ("hvidal", "h")
CORP, EVIL, LAPTOP = ("mail.corp.example", "mail.evil.example",
                      "laptop.home.example")

CASES = [
    # state, peer, From, signed by, put above it, login, {site: verdict}
    ("milters", CORP, JEAN, "corp.example", "", None, {"above": "pass"}),
    ("milters", EVIL, ANNE, "", FORGED, None, {"above": "fail"}),
    ("milters", EVIL, ANNE, "evil.example", FORGED + FORGED_HOP, None,
     {"above": "fail"}),
    ("opendmarc alone", EVIL, ANNE, "", FORGED, None, {"above": "none"}),
    ("milters stopped", CORP, JEAN, "corp.example", "", None,
     {"above": "none", "below": "none"}),
    ("milters stopped", EVIL, ANNE, "", FORGED, None, {"above": "none"}),
    ("milters stopped", EVIL, ANNE, "", FORGED + FORGED_HOP, None,
     {"above": "none"}),
    ("milters stopped", EVIL, ANNE, "", FORGED + FORGED, None,
     {"above": "none", "below": "none"}),
    ("rspamd", CORP, JEAN, "corp.example", "", None,
     {"below": "pass", "above": "none"}),
    ("rspamd", EVIL, ANNE, "", FORGED, None, {"below": "fail|none"}),
    ("rspamd", EVIL, ANNE, "evil.example", FORGED + FORGED, None,
     {"below": "fail|none"}),
    ("rspamd stopped", EVIL, ANNE, "", FORGED + FORGED_HOP, None,
     {"above": "none"}),
    ("submission, none", LAPTOP, ANNE, "", "", LOGIN,
     {"above": "pass", "below": "pass"}),
    ("submission, none", LAPTOP, ANNE, "", "", LOGIN_HUGO,
     {"above": "none", "below": "none"}),
    ("submission, none", LAPTOP, HUGO, "", "", LOGIN_HUGO, {"above": "pass"}),
    ("submission, milters", LAPTOP, ANNE, "", "", LOGIN, {"above": "pass"}),
    ("submission, milters", LAPTOP, ANNE, "", "", LOGIN_HUGO,
     {"above": "fail|none"}),
    ("login hidden, milters", LAPTOP, ANNE, "", "", LOGIN,
     {"above": "fail|none"}),
    ("submission, rspamd", LAPTOP, ANNE, "", "", LOGIN, {"below": "pass"}),
    ("submission, rspamd", LAPTOP, ANNE, "", "", LOGIN_HUGO,
     {"below": "fail|none"}),
]


def head_of(data):
    return data.split(b"\n\n")[0].split(b"\r\n\r\n")[0].decode(
        errors="replace").replace("\r", "")


def judge(site, file):
    got = site.call("explain", file)
    line = re.search(r"authentic: (.*)", got.stdout)
    return line.group(1) if line else got.stdout + got.stderr


def check_verdict(name, site, file, data, wanted):
    said = judge(site, file)
    tap.ok(re.match(f"({wanted}):", said) is not None,
           f"{name}: {wanted}", said, head_of(data))


def test_cases(sites):
    for state, peer, sender, signed, above, login, verdicts in CASES:
        data = compose(sender, signed, above)
        envelope = sender if peer != EVIL else "x@evil.example"
        file, out = deliver(state, peer, data, envelope, login)
        if SHOW:
            print("#\n# " + state + "\n# " + head_of(out).replace("\n", "\n# "))
        for name, wanted in verdicts.items():
            check_verdict(f"{state}, {sender} from {peer}"
                          f"{', forged' if above else ''}"
                          f"{', login ' + login[0] if login else ''}, {name}",
                          sites[name], file, out, wanted)


def test_lmtp(sites):
    data = compose(JEAN, "corp.example")
    file, out = deliver("milters", CORP, data, JEAN, box="lmtp")
    if SHOW:
        print("#\n# lmtp\n# " + head_of(out).replace("\n", "\n# "))
    check_verdict("LMTP among the hosts", sites["above"], file, out, "pass")
    said = judge(sites["listed"], file)
    tap.ok("imap.desk.example" in said and said.startswith("none"),
           "LMTP that is not: it is named", said, head_of(out))


def test_check(sites):
    """What `check` says of a folder of such mails."""
    for name, state, words in (("above", "milters", "the stamp counts on 3"),
                               ("above", "rspamd", "write 'stamps: below'"),
                               ("below", "rspamd", "the stamp counts on 3"),
                               ("above", "milters stopped",
                                "the stamp counts on 0")):
        site = sites[name]
        shutil.rmtree(site.box)
        desk.maildir(site.box)
        for n in range(3):
            _, out = deliver(state, CORP, compose(JEAN, "corp.example"), JEAN)
            site.deliver(out, int(time.time()), str(n))
        got = site.call("check")
        tap.ok(words in got.stdout, f"check, {state}, {name}: {words}",
               got.stdout, got.stderr)


try:
    set_up_network()
    start_opendkim()
    start_opendmarc()
    start_rspamd()
    start_dovecot()
    start_postfix()
    sites = {"above": site_of("above", ABOVE), "below": site_of("below", BELOW),
             "listed": site_of("listed", LISTED)}
    test_cases(sites)
    test_lmtp(sites)
    test_check(sites)
except Exception as e:
    import traceback
    tap.ok(False, "no surprise", traceback.format_exc())
finally:
    if os.path.exists(path("postfix/main.cf")):
        subprocess.run(["postfix", "-c", path("postfix"), "stop"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for process in running:
        process.terminate()
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
