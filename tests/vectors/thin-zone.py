#!/usr/bin/python3
"""Thins the full list of wall-clock conversions to what the tests keep.

usage: thin-zone.py FULL.tsv.gz > zone.tsv

Every line is: zone, wall seconds, first instant, second instant. Kept whole:
a few zones with unusual changes. Of every other zone: one constant line, and
around each of a few of its changes the lines that are skipped or repeated and
their neighbours.
"""
import gzip
import sys
from collections import defaultdict

WHOLE = {"Europe/Paris", "Europe/Brussels", "Europe/Dublin",
         "Africa/Casablanca", "Australia/Lord_Howe"}


def main():
    zones = defaultdict(list)
    with gzip.open(sys.argv[1], "rt") as file:
        for line in file:
            zone, *numbers = line.split()
            zones[zone].append(tuple(map(int, numbers)))
    for zone, rows in sorted(zones.items()):
        rows.sort()
        offsets = [wall - first for wall, first, _ in rows]
        keep = {len(rows) // 2}
        odd = [i for i, (wall, first, second) in enumerate(rows)
               if first != second or i and offsets[i] != offsets[i - 1]]
        for i in odd[:3] + odd[-2:]:
            keep |= {i - 1, i, i + 1}
        for i, row in enumerate(rows):
            if zone in WHOLE or i in keep:
                print(zone, *row, sep="\t")


main()
