#!/usr/bin/env python3
"""Aligns the same files with duizhao and with galechurch (PyPI, lengths only), one thread each, and scores both.

    pip install galechurch
    cargo build --release
    python3 benches/against_galechurch.py FOLDER [FOLDER ...]

A folder holds DOC.zh and DOC.en, one segment a line, and DOC.gold, beads such as `[0]:[0,1]`. Times are of whole
documents with the text in memory for galechurch (its fastest use), and of whole processes, start and lexicon
included, for duizhao. galechurch is given the ratio of lengths of the pair, counted as it counts (characters), as
its documentation advises for other language pairs; with its default, made for European languages, it fares worse.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

import galechurch

DUIZHAO = pathlib.Path(__file__).parent.parent / "target" / "release" / "duizhao"


def beads(lines):
    out = set()
    for line in lines:
        sides = line.strip().split(":")[:2]
        if len(sides) == 2:
            out.add(tuple(tuple(int(n) for n in side.strip("[] ").split(",") if n.strip()) for side in sides))
    return out


def main(folders):
    print(f"{'set':<18}{'segments':>9} | {'galechurch s':>12}{'strict F1':>10} | {'duizhao s':>10}{'strict F1':>10}")
    for folder in map(pathlib.Path, folders):
        counts = {"galechurch": [0, 0, 0, 0.0], "duizhao": [0, 0, 0, 0.0]}
        segments = 0
        for gold_file in sorted(folder.glob("*.gold")):
            stem = gold_file.with_suffix("")
            zh = pathlib.Path(f"{stem}.zh").read_text("utf-8").splitlines()
            en = pathlib.Path(f"{stem}.en").read_text("utf-8").splitlines()
            segments += len(zh) + len(en)
            gold = beads(gold_file.read_text().splitlines())
            start = time.perf_counter()
            length = lambda text: sum(len(segment.replace(" ", "")) for segment in text)
            ratio = length(zh) / max(1, length(en))
            # English first: with a ratio above 3 galechurch 0.1.0 finds no path.
            result = galechurch.align(en, zh, mean_xy=ratio, max_block_size=10**12)
            times = {"galechurch": time.perf_counter() - start}
            found = {"galechurch": {(a, b) for b, a in beads(result.to_pharaoh_lines())}}
            with tempfile.NamedTemporaryFile(suffix=".beads") as out:
                start = time.perf_counter()
                command = [DUIZHAO, "align", "-q", "-j", "1", "--lines", f"{stem}.zh", f"{stem}.en", "-o", out.name]
                subprocess.run(command, check=True)
                times["duizhao"] = time.perf_counter() - start
                found["duizhao"] = beads(open(out.name, encoding="utf-8"))
            for name, row in counts.items():
                # As in vecalign's score.py: beads with an empty side do not count for precision and recall.
                mine = {b for b in found[name] if b[0] and b[1]}
                true = {b for b in gold if b[0] and b[1]}
                row[0] += len(mine & true)
                row[1] += len(mine)
                row[2] += len(true)
                row[3] += times[name]
        cells = []
        for right, mine, true, seconds in counts.values():
            cells.append((seconds, 2 * right / max(1, mine + true)))
        (a, f), (b, g) = cells
        print(f"{folder.name:<18}{segments:>9} | {a:>12.2f}{f:>10.3f} | {b:>10.2f}{g:>10.3f}", flush=True)


main(sys.argv[1:])
