#!/usr/bin/env python3
"""Whether two builds of the program give the same results: for changes that are meant to change none.

    /usr/bin/python3 tests/bench/same_results.py OLD NEW [--keep DIR] [--words] [--jobs N]

OLD and NEW are two vggsweep programs, say the last release and the one just restructured. In temporary folders (or
in DIR, where everything stays to be looked at) both compute the same small sweeps of every parametrization and are
asked everything there is to ask about them. Then NEW goes on in a copy of what OLD has left behind: it reads, merges
and resumes it. Tests hold a program against what is right; this holds it against what it was, in all that it writes:

  files of results   every group, array and attribute of sweep.h5 and of segments: shapes, types, chunks, filters, fill
                     values, dimension scales, and the bits of all values. Columns of /runs are compared by name.
  other files        manifest.json, progress.json (its keys), figures.json; SVG and PNG byte by byte; the report with its
                     data and chunks as JSON and its pictures byte by byte; prepared weights byte by byte
  answers            JSON as values, CSV by the names of its columns, paths, exit codes

Left out are times and what follows from them, the host, the version and the commit of the program, and the size of a
report in bytes, which is that of its page. Texts for people (tables, messages, the page of a report) may be reworded on
purpose: where they differ it is shown as "words", and only counts with --words. `--help` is not compared.

One line is printed for each thing compared, with the first differences below it. The exit code is 1 if anything
differs, 2 if nothing could be compared. It takes a minute or two for each program, and 1.6 GB of disk, most of it for
prepared weights. Two programs run at a time; --jobs 1 has them wait for each other.
"""
import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import resource
import shutil
import sys
import tempfile
import time

from same_asked import STOPPED, Side, Unable
from same_compared import (Comparison, compare_answers, compare_bytes, compare_h5, compare_report, compare_small_files, files_of,
    segments_of)

# --- the whole --------------------------------------------------------------------------------------

class Verdict:
    """All comparisons, printed one by one."""

    def __init__(self):
        self.all = []

    def tell(self, title, compare, *arguments):
        comparison = Comparison(title)
        compare(comparison, *arguments)
        if comparison.count == 0:
            comparison.differ("nothing was compared", "something", "nothing")
        comparison.print()
        self.all.append(comparison)


def compare_results(verdict, name, sides, title):
    """One results folder; its arrays, and the small files."""
    folders = [side.folder / "results" / name for side in sides]
    segments = [segments_of(folder) for folder in folders]

    def compare(comparison):
        comparison.same("sweep.h5 is there", *((folder / "sweep.h5").exists() for folder in folders))
        if all((folder / "sweep.h5").exists() for folder in folders):
            compare_h5(comparison, "", *(folder / "sweep.h5" for folder in folders))
        for ids in comparison.same_names("segment of", *segments):
            compare_h5(comparison, f"segment of {ids[:8]}...", *(one[ids] for one in segments))
        compare_small_files(comparison, folders)
    verdict.tell(f"{title} {name}", compare)


def compare_talk(verdict, sides, title, known=()):
    """All answers that are not known already, by command."""
    groups = {}
    for side in sides:
        for name in side.answers:
            if name not in known:
                groups.setdefault(name.split()[0].rstrip(","), ({}, {}))[sides.index(side)][name] = None

    def compare(comparison, answers):
        for name in comparison.same_names("answer of", *answers):
            compare_answers(comparison, name, sides)
    for group, answers in groups.items():
        verdict.tell(f"{title} {group}, {len(answers[0])} answers", compare, answers)


def compare_written(verdict, sides, results, title):
    """What was written on demand, and reports of these results."""
    def compare_out(comparison):
        files = [{name: path for name, path in files_of(side.folder / "out").items() if not name.startswith("report-")} for side in sides]
        for name in comparison.same_names("file", *files):
            pair = [one[name] for one in files]
            if name.endswith(".h5"):
                compare_h5(comparison, name, *pair)
            else:
                compare_bytes(comparison, name, *pair)
    verdict.tell(f"{title} SVG, PNG and gradients", compare_out)
    for name in results:
        folders = [side.folder / "results" / name / "report" for side in sides]
        verdict.tell(f"{title} report of {name}", compare_report, folders, [side.folder for side in sides])
    verdict.tell(f"{title} report of a file", compare_report, [side.folder / "out/report-file" for side in sides],
                 [side.folder for side in sides])


def compare_caches(comparison, folders):
    """Prepared weights, under names that are digests of what they were made of."""
    files = [files_of(folder) for folder in folders]
    for name in comparison.same_names("file", *files):
        digests = []
        for one in files:
            with open(one[name], "rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        comparison.same(name, *digests)


def tell_progress(text):
    print(f"-- {text}", file=sys.stderr, flush=True)


def at_once(jobs, *calls):
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()


def compare_all(programs, root, jobs):
    # Paths of equal length, so that no text in a file is longer than its twin.
    old, new, mixed = (Side(program, root / name) for program, name in zip([*programs, programs[1]], ("old", "new", "mix")))
    verdict = Verdict()
    tell_progress("OLD and NEW compute sweeps")
    at_once(jobs, old.compute, new.compute)
    names, computed = old.results(), set(old.answers)
    compare_talk(verdict, (old, new), "computed:")
    for name in names:
        compare_results(verdict, name, (old, new), "computed:")
    shutil.copytree(old.folder, mixed.folder)

    tell_progress("they are asked about these, and NEW about those of OLD")
    at_once(jobs, old.ask, new.ask, mixed.ask)
    asked = computed | set(old.answers)
    for side, title in ((new, "asked:"), (mixed, "NEW asked about OLD's files:")):
        compare_talk(verdict, (old, side), title, computed)
        compare_written(verdict, (old, side), names, title)
        verdict.tell(f"{title} prepared weights", compare_caches, [old.folder / "cache", side.folder / "cache"])

    tell_progress("they go on with these, and NEW with those of OLD")
    at_once(jobs, old.go_on, new.go_on, mixed.go_on)
    for side, title in ((new, "gone on:"), (mixed, "NEW gone on in OLD's folders:")):
        compare_talk(verdict, (old, side), title, asked)
        for name in old.results():
            compare_results(verdict, name, (old, side), title)
    for name in STOPPED:
        for side, who in ((old, "OLD"), (new, "NEW"), (mixed, "NEW in OLD's folder")):
            paths = [old.folder / "results" / name / "sweep.h5", side.folder / "results" / f"{name}-part" / "sweep.h5"]
            verdict.tell(f"stopped and ended by {who}, against OLD's {name} in one go", compare_h5, "", *paths)
    return verdict


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description="Whether two builds of the program give the same results.")
    parser.add_argument("old", type=pathlib.Path, help="a vggsweep program")
    parser.add_argument("new", type=pathlib.Path, help="another one")
    parser.add_argument("--keep", type=pathlib.Path, help="where all results go, and stay: a folder that is not there yet")
    parser.add_argument("--words", action="store_true", help="texts for people have to be the same too")
    parser.add_argument("--jobs", type=int, default=2, help="programs that run at a time [2]")
    arguments = parser.parse_args()
    programs = [path.resolve() for path in (arguments.old, arguments.new)]
    for program in programs:
        if not os.access(program, os.X_OK):
            parser.error(f"{program}: no program")
    if arguments.keep and arguments.keep.exists():
        parser.error(f"{arguments.keep}: is there already")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="same-results-") as scratch:
        root = (arguments.keep or pathlib.Path(scratch)).resolve()
        root.mkdir(parents=True, exist_ok=True)
        try:
            verdict = compare_all(programs, root, max(1, arguments.jobs))
        except Unable as problem:
            print(f"same_results.py: {problem}", file=sys.stderr)
            return 2
    values, differences, words = (sum(figures) for figures in zip(
        *((one.count, len(one.differences), len(one.words)) for one in verdict.all)))
    print(f"\n{values:,} values compared in {len(verdict.all)} groups: {differences:,} differ, and {words:,} texts in their words; "
          f"{time.monotonic() - begun:.0f} s, {processor_seconds():.0f} s of processor for the three lots")
    return 1 if differences or (arguments.words and words) else 0


if __name__ == "__main__":
    sys.exit(main())
