#!/usr/bin/python3
"""Writes the public holidays of France and Belgium as iCalendar files.

usage: make-holidays.py [FIRST-YEAR LAST-YEAR]

Writes rules/calendars/fr.ics and be.ics, one event a day, 2024 to 2040 unless told otherwise. Metropolitan France without the two days that only
Alsace and Moselle have. The result is the same on every run.
"""
import datetime
import os
import sys

FIXED = {
    "fr": [(1, 1, "Jour de l'an"), (5, 1, "Fête du Travail"),
           (5, 8, "Victoire 1945"), (7, 14, "Fête nationale"),
           (8, 15, "Assomption"), (11, 1, "Toussaint"),
           (11, 11, "Armistice 1918"), (12, 25, "Noël")],
    "be": [(1, 1, "Jour de l'an"), (5, 1, "Fête du Travail"),
           (7, 21, "Fête nationale"), (8, 15, "Assomption"),
           (11, 1, "Toussaint"), (11, 11, "Armistice 1918"),
           (12, 25, "Noël")],
}
# Days after Easter Sunday.
MOVEABLE = [(1, "Lundi de Pâques"), (39, "Ascension"),
            (50, "Lundi de Pentecôte")]
TITLE = {"fr": "Jours fériés de France métropolitaine",
         "be": "Jours fériés de Belgique"}


def easter(year):
    """Easter Sunday by the Gregorian rule (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return datetime.date(year, month, day + 1)


def fold(line):
    """Content lines of at most 75 bytes, cut between characters."""
    parts, part = [], b""
    for char in line:
        raw = char.encode()
        if len(part) + len(raw) > (75 if not parts else 74):
            parts.append(part)
            part = b""
        part += raw
    parts.append(part)
    return b"\r\n ".join(parts) + b"\r\n"


def escape(text):
    for char in "\\;,":
        text = text.replace(char, "\\" + char)
    return text


def lines(country, first, last):
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//guichet//make-holidays//FR"
    yield "CALSCALE:GREGORIAN"
    yield "X-WR-CALNAME:" + escape(TITLE[country])
    for year in range(first, last + 1):
        days = [(datetime.date(year, month, day), label)
                for month, day, label in FIXED[country]]
        days += [(easter(year) + datetime.timedelta(after), label)
                 for after, label in MOVEABLE]
        for day, label in sorted(days):
            after = day + datetime.timedelta(1)
            yield "BEGIN:VEVENT"
            number = 1 + sum(d == day and x < label for d, x in days)
            yield f"UID:{country}-{day:%Y%m%d}-{number}@guichet.example"
            yield "DTSTAMP:20240101T000000Z"
            yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
            yield f"DTEND;VALUE=DATE:{after:%Y%m%d}"
            yield "SUMMARY;LANGUAGE=fr:" + escape(label)
            yield "TRANSP:TRANSPARENT"
            yield "END:VEVENT"
    yield "END:VCALENDAR"


def main():
    first, last = map(int, sys.argv[1:3] or (2024, 2040))
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          "..", "..", "rules", "calendars")
    for country in FIXED:
        with open(os.path.join(folder, country + ".ics"), "wb") as file:
            for line in lines(country, first, last):
                file.write(fold(line))


main()
