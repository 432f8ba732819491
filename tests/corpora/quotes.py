#!/usr/bin/python3
"""Whose words: new_text beside what collections of replies say of them.

    quotes.py FOLDER [-v]

FOLDER holds quote-trimmer, quote-talon, quote-email_reply_parser and
quote-html-nylas, as their projects publish them; what is missing is passed
over. Each text is read as an answer, since only an answer quotes.
"""
import json
import pathlib
import re
import sys

import corpus


def told(want, got):
    return f"want: {want!r}\ngot:  {got!r}"


def trimmer(folder, table):
    names = sorted(p.name for p in (folder / "emails").iterdir())
    read = corpus.parse([corpus.answer((folder / "emails" / n).read_bytes()) for n in names])
    for name, mail in zip(names, read):
        want = (folder / "trimmed" / name).read_text()
        table.add("quote-trimmer", name, corpus.words(want) == corpus.words(mail["new_text"]),
                  told(want, mail["new_text"]))


def talon(folder, table):
    pairs = [json.loads(line) for line in (folder / "plain-pairs.jsonl").open()]
    for pair, mail in zip(pairs, corpus.parse([corpus.answer(p["input"]) for p in pairs])):
        table.add("quote-talon", pair["test"], corpus.words(pair["expected"]) == corpus.words(mail["new_text"]),
                  told(pair["expected"], mail["new_text"]))
    files = sorted((folder / "standard_replies").glob("*.eml"))
    for file, mail in zip(files, corpus.parse([corpus.as_answer(f.read_bytes()) for f in files])):
        table.add("quote-talon (whole mails)", file.name, corpus.words(mail["new_text"]) == "Hello",
                  told("Hello", mail["new_text"]))


def ruby_tests(source):
    """name -> (file, exact text or None, [(fragment, pattern)], [hidden])"""
    for name, body in re.findall(r"def test_(\w+)\n(.*?)\n  end", source, re.S):
        file = re.search(r'(?:email[ (]:?"?|join\(")(\w+?)(?:\.txt)?["\)\s]', body)
        exact = re.search(r'assert_equal "((?:[^"\\]|\\.)*)",\s*EmailReplyParser', body)
        parts = [(int(n), p) for p, n in
                 re.findall(r"assert_match\s?\(?/(.*?)/,\s*reply\.fragments\[(\d+)\]", body)]
        parts += [(int(n), "^" + re.escape(p)) for p, n in
                  re.findall(r'assert_match "(.*?)", reply\.fragments\[(\d+)\]', body)]
        parts += [(int(n), "^" + re.escape(p.split("\\n")[0].split("\n")[0])) for p, n in
                  re.findall(r'assert_equal "((?:[^"\\]|\\.)*)",? reply\.fragments\[(\d+)\]', body)]
        flags = {kind: [w == "true" for w in re.findall(r"true|false", found.group(1))]
                 for kind in ("hidden", "quoted", "signature")
                 for found in [re.search(r"\[([^\]]*)\],?\s*reply\.fragments\.map \{ \|f\| f\." + kind, body)]
                 if found}
        if file and (exact or parts or "one_fragment" in name or "fragments.size" in body):
            yield name, file.group(1), exact and exact.group(1), parts, flags


def fragments_right(text, new_text, parts, flags):
    """Visible fragments' lines are there, hidden ones' are not. A quotation
    that is no hidden one may go or stay."""
    kept = [corpus.words(line) for line in new_text.split("\n")]
    headed = {n for n, p in parts if p.startswith("^On ") or p == "^On"}
    at = 0
    for number, pattern in sorted(parts, key=lambda part: part[0]):
        lines = re.compile(pattern + ".*", re.M).finditer(text, at)
        line = next((found for found in lines if re.search(r"\w", found.group(0))), None)
        hidden, quoted = flags.get("hidden", []), flags.get("quoted", [])
        is_hidden = hidden[number] if number < len(hidden) else number in headed
        if line is None or (number < len(quoted) and quoted[number] and not is_hidden):
            continue
        at = line.end()
        first = corpus.words(line.group(0).split("\n")[0])
        if (first in kept) == is_hidden:
            return False, f"{'hidden' if is_hidden else 'visible'}: {first!r}"
    return True, ""


def email_reply_parser(folder, table):
    source = (folder / "email_reply_parser_test.rb").read_text()
    tests = list(ruby_tests(source))
    texts = [(folder / "emails" / f"{t[1]}.txt").read_bytes() for t in tests]
    for (name, file, exact, parts, flags), text, mail in zip(
            tests, texts, corpus.parse([corpus.answer(t) for t in texts])):
        new_text = mail["new_text"]
        if exact is not None:
            want = exact.replace("\\n", "\n")
            table.add("quote-email_reply_parser", name, corpus.words(want) == corpus.words(new_text),
                      told(want, new_text))
            continue
        if not parts:  # one fragment: all of it
            parts = [(0, "^" + re.escape(line)) for line in text.decode().split("\n")
                     if line.strip()] if "one_fragment" in name or "mid_line" in name else []
        right, why = fragments_right(text.decode().replace("\r", ""), new_text, parts, flags)
        table.add("quote-email_reply_parser", name, right, f"{why}\ngot: {new_text!r}")


def nylas(folder, table):
    files = sorted(f for f in folder.glob("*.html") if not f.stem.endswith("_stripped"))
    for file, mail in zip(files, corpus.parse([corpus.answer(f.read_bytes(), "text/html") for f in files])):
        want = corpus.page_words(file.with_name(file.stem + "_stripped.html").read_text())
        got = corpus.words(re.sub(r"(?m)^(?:> ?)+", "", corpus.plain_links(mail["new_text"])))
        want, got = [re.sub(r"[\s<>]+", "", t) for t in (want, got)]
        table.add("quote-html-nylas", file.name, want == got, told(want, got))


def main(argv):
    if len(argv) < 2 or not pathlib.Path(argv[1]).is_dir():
        sys.exit("usage: make corpora CORPORA=DIR: a folder that holds quote-trimmer, quote-talon, "
                 "quote-email_reply_parser, quote-html-nylas")
    table = corpus.Table()
    for name, run in (("quote-trimmer", trimmer), ("quote-talon", talon),
                      ("quote-email_reply_parser", email_reply_parser), ("quote-html-nylas", nylas)):
        folder = pathlib.Path(argv[1]) / name
        if folder.is_dir():
            run(folder, table)
        else:
            print(f"no {folder}")
    table.show("-v" in argv)


main(sys.argv)
