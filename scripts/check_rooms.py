#!/usr/bin/env python3
"""Checks the structure that ARCHITECTURE.md promises, over the sources and a build of them.

    scripts/check_rooms.py BUILD      a built folder, for the names that object files define

A room is a folder that one CMakeLists.txt makes a library of. Each check below says in its docstring what
must hold; what does not is printed as FILE: what is wrong, and the exit code is then 1. At the end stand the
size of the program and how long its functions are, which decide nothing.
"""
import argparse
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOPS = ("core", "sweeps", "analysis", "mpi", "cli")
ARCHITECTURE = "ARCHITECTURE.md"
# Headers of C17 and POSIX (and of Linux: sys/*, poll.h ...); every other <header> stands in ARCHITECTURE.md.
STANDARD = set("""assert ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings tgmath threads time uchar wchar wctype dirent endian
fcntl getopt pthread poll sched semaphore termios unistd netdb net/if ifaddrs omp""".split())
OWN_HEADERS = {"vs_commit.h", "vs_web_files.h"}  # made by the build

Problem = collections.namedtuple("Problem", "place text")


def without_comments(text):
    """C text with its comments blanked, line numbers kept; strings are left alone."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
    return re.sub(pattern, lambda m: m[0] if m[0][0] == '"' else re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)


class Tree:
    """The sources, their text, and which library links which."""

    def __init__(self):
        self.paths = sorted(str(path.relative_to(ROOT)) for top in TOPS for path in (ROOT / top).rglob("*.[ch]"))
        self.text = {path: (ROOT / path).read_text() for path in self.paths}
        self.code = {path: without_comments(text) for path, text in self.text.items()}
        self.architecture = (ROOT / ARCHITECTURE).read_text()
        self.library, links = {}, {}  # room -> library; library -> what it links
        for top in TOPS:
            for lists in sorted((ROOT / top).rglob("CMakeLists.txt")):
                for name, body in re.findall(r"vs_add_library\((\w+)(.*?)\)\n", lists.read_text(), re.S):
                    self.library[str(lists.parent.relative_to(ROOT))] = name
                    linked = re.search(r"\bLINK\b(.*?)(?:\bPRIVATE\b|$)", body, re.S)
                    links[name] = {lib[3:] for lib in (linked[1].split() if linked else [])}
        self.reach = {name: self._closure(name, links) for name in links}

    @staticmethod
    def _closure(name, links):
        found, waiting = set(), [name]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(links.get(one, ()))
        return found

    def room(self, path):
        """The room that a file belongs to: the nearest folder above it that is a library; None: none."""
        for folder in pathlib.PurePath(path).parents:
            if str(folder) in self.library:
                return str(folder)
        return None

    def line_of(self, path, offset):
        return f"{path}:{self.text[path].count(chr(10), 0, offset) + 1}"


def stem(path):
    return pathlib.PurePath(path).stem


# --- the checks -----------------------------------------------------------------------------------


def check_rooms(tree):
    """Every source lies in a room, and ARCHITECTURE.md's table has all rooms, from the ground up."""
    for path in tree.paths:
        if tree.room(path) is None:
            yield Problem(path, "lies in no folder that is a library")
    listed = [room for room in re.findall(r"^\| `([\w/]+)` \|", tree.architecture, re.M) if room.split("/")[0] in TOPS]
    rooms = [room for room in listed if room in tree.library]
    for room in sorted(set(tree.library) - set(rooms)):
        yield Problem(ARCHITECTURE, f"the table of rooms lacks {room}")
    for place, room in enumerate(rooms):
        below = {tree.library[other] for other in rooms[:place + 1]}
        for name in sorted(tree.reach[tree.library[room]] - below):
            yield Problem(ARCHITECTURE, f"{room} stands before {name}, which it is built on")


def check_includes(tree):
    """A file includes only from its own room and from rooms that its library links, straight or through others."""
    for path in filter(tree.room, tree.paths):
        allowed = tree.reach[tree.library[tree.room(path)]]
        for match in re.finditer(r'^#include "([^"]+)"', tree.code[path], re.M):
            header = match[1]
            if header in OWN_HEADERS:
                continue
            if header not in tree.text:
                yield Problem(tree.line_of(path, match.start()), f"includes {header}, which is not there (paths start at the root)")
            elif tree.library.get(tree.room(header)) not in allowed:
                yield Problem(tree.line_of(path, match.start()),
                              f"includes {header}; {tree.room(path)} is not built on {tree.room(header)}")


def check_command_line(tree):
    """cli alone knows argv and exit codes, and alone joins mpi with analysis."""
    for path in tree.paths:
        if path.startswith("cli/"):
            continue
        for match in re.finditer(r"\bargv\b|\bVS_EXIT_\w+|\bEXIT_(?:SUCCESS|FAILURE)\b|(?<![\w_])exit\(", tree.code[path]):
            yield Problem(tree.line_of(path, match.start()), f"{match[0]}: arguments and exit codes belong to cli")
    for room, name in tree.library.items():
        joined = {other.split("/")[0] for other, library in tree.library.items() if library in tree.reach[name]}
        if not room.startswith("cli") and {"mpi", "analysis"} <= joined:
            yield Problem(room, "is built on both mpi and analysis; cli alone joins them")


def check_outside_headers(tree):
    """A header of another library is included only where ARCHITECTURE.md's table of libraries says."""
    allowed = {}
    for row in re.findall(r"^\| [^|]+\| (`<[^|]+) \| ([^|]+) \|", tree.architecture, re.M):
        places = re.findall(r"`([^`]+)`", row[1])
        for header in re.findall(r"`<([^>]+)>`", row[0]):
            allowed[header] = places
            for place in places:
                if not (ROOT / place).exists():
                    yield Problem(ARCHITECTURE, f"{place}, where <{header}> belongs, is not there")
    for path in tree.paths:
        for match in re.finditer(r"^#include <([^>]+)>", tree.code[path], re.M):
            header = match[1]
            if header.removesuffix(".h") in STANDARD or header.startswith(("sys/", "linux/")):
                continue
            places = allowed.get(header)
            if places is None:
                yield Problem(tree.line_of(path, match.start()), f"<{header}> is in no row of {ARCHITECTURE}'s table of libraries")
            elif not any(path == place or path.startswith(place.rstrip("/") + "/") for place in places):
                yield Problem(tree.line_of(path, match.start()), f"<{header}> belongs to {', '.join(places)}")


def check_file_names(tree):
    """No two sources, tests included, have one name."""
    places = collections.defaultdict(list)
    for path in tree.paths + [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.[ch]")]:
        places[pathlib.PurePath(path).name].append(path)
    for name, paths in places.items():
        if len(paths) > 1:
            yield Problem(paths[1], f"is called as {paths[0]} is")


def check_type_names(tree):
    """No public type has the name of another."""
    places = {}
    pattern = r"\} (vs_\w+);|^typedef (?:struct|enum|union) \w+ (vs_\w+);|^typedef [^{};]*?\b(vs_\w+)(?:\([^;]*\))?;"
    for path in tree.paths:
        if not path.endswith(".h"):
            continue
        for match in re.finditer(pattern, tree.code[path], re.M):
            name = match[1] or match[2] or match[3]
            if name in places:
                yield Problem(tree.line_of(path, match.start()), f"{name} is a type of {places[name]} too")
            places.setdefault(name, path)


def check_openings(tree):
    """Every file opens with what it is; a header with its own name."""
    for path in tree.paths:
        opening = f"/* {pathlib.PurePath(path).name} - " if path.endswith(".h") else "/* "
        if not tree.text[path].startswith(opening):
            yield Problem(path, f"does not open with \"{opening}...\"")


def read_objects(tree, build):
    """For each source that the build compiled: the names it defines for others, and those it takes from others."""
    defines, takes = collections.defaultdict(set), collections.defaultdict(set)
    for path in sorted(build.rglob("*.o")):
        relative = str(path.relative_to(build))
        source = re.sub(r"CMakeFiles/[^/]+\.dir/", "", relative).removesuffix(".o")
        if source not in tree.text:
            continue
        for line in subprocess.run(["nm", "-g", path], check=True, capture_output=True, text=True).stdout.splitlines():
            kind, name = line.split()[-2:]
            if kind == "U":
                takes[source].add(name)
            elif not name.startswith("__"):
                defines[source].add(name)
    return defines, takes


def check_names(tree, build):
    """X.c defines vs_X and vs_X_*, X in the singular or plural, declared in X.h where there is one."""
    defines, _ = read_objects(tree, build)
    if not defines:
        yield Problem(str(build), "holds no object files of these sources; build first")
    for source, names in sorted(defines.items()):
        own = stem(source)
        nouns = (own, own.removesuffix("s"), own + "s")
        header = source.removesuffix(".c") + ".h"
        family = [tree.code[path] for path in (header, header.removesuffix(".h") + "_internal.h") if path in tree.text]
        for name in sorted(names - {"main"}):
            if not any(name == f"vs_{noun}" or name.startswith(f"vs_{noun}_") for noun in nouns):
                yield Problem(source, f"defines {name}; its names begin with vs_{own}")
            elif header in tree.text and not any(re.search(rf"\b{name}\b", code) for code in family):
                yield Problem(source, f"defines {name}, which {header} does not declare")


def check_circles(tree, build):
    """No two sources call each other's functions, straight or through others."""
    defines, takes = read_objects(tree, build)
    owner = {name: source for source, names in defines.items() for name in names}
    needs = {source: sorted({owner[name] for name in names if owner.get(name, source) != source}) for source, names in takes.items()}
    number, low, stack, circles = {}, {}, [], []

    def visit(one):  # strongly connected components: Tarjan, SIAM J. Comput. 1, 1972
        number[one] = low[one] = len(number)
        stack.append(one)
        for other in needs.get(one, ()):
            if other not in number:
                visit(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], number[other])
        if low[one] == number[one]:
            circles.append(sorted(stack[stack.index(one):]))
            del stack[stack.index(one):]

    for one in sorted(needs):
        if one not in number:
            visit(one)
    for circle in circles:
        if len(circle) > 1:
            yield Problem(circle[0], f"calls itself through {', '.join(circle[1:])}")


def check_map(tree):
    """ARCHITECTURE.md names files that exist, and its map names that are defined where it says."""
    by_name = collections.defaultdict(list)
    for path in tree.paths:
        by_name[pathlib.PurePath(path).name].append(path)
    for number, line in enumerate(tree.architecture.splitlines(), 1):
        place = f"{ARCHITECTURE}:{number}"
        for name in re.findall(r"[\w/]+\.[ch]\b", line):
            if stem(name) == "X" or f"<{name}>" in line:
                continue
            if name not in tree.text and name not in by_name and not (ROOT / name).exists():
                yield Problem(place, f"{name} is not there")
        entry = re.match(r"    +([\w/]+\.c)\s+(vs_\w+)", line)
        if not entry:
            continue
        source = entry[1] if entry[1] in tree.text else (by_name.get(entry[1]) or [None])[0]
        if source and not re.search(rf"^[a-z][^;{{=]*\b{entry[2]}(?:\(| = )", tree.code[source], re.M):
            yield Problem(place, f"{entry[2]} is not defined in {source}")
    known = set(re.findall(r"\bvs_\w+", "\n".join(tree.code.values())))
    for name in sorted(set(re.findall(r"\bvs_\w+", tree.architecture)) - known - {"vs_X", "vs_X_", "vs_X_kind"}):
        yield Problem(ARCHITECTURE, f"{name} is not there")


def figures(tree):
    """Lines of code (no blanks, no comments), and the lines of functions: median, 90th percentile, longest."""
    lines = sum(1 for code in tree.code.values() for line in code.splitlines() if line.strip())
    tags = subprocess.run(["ctags", "--languages=C", "--c-kinds=f", "--fields=+ne", "-o", "-", "-L", "-"], cwd=ROOT, check=True,
                          input="\n".join(tree.paths), capture_output=True, text=True).stdout
    lengths = sorted((int(end) - int(start) + 1, name) for name, start, end in
                     re.findall(r"^(vs_\w+|\w+)\t.*\tline:(\d+).*\tend:(\d+)", tags, re.M))
    only = [length for length, _ in lengths]
    return (f"{len(tree.paths)} files, {lines} lines of code; {len(only)} functions of {only[len(only) // 2]} lines in the median, "
            f"{only[len(only) * 9 // 10]} at the 90th percentile, {only[-1]} at most ({lengths[-1][1]})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path, metavar="BUILD", help="a built folder")
    build = parser.parse_args().build.resolve()
    tree = Tree()
    checks = [check_rooms, check_includes, check_command_line, check_outside_headers, check_file_names, check_type_names,
              check_openings, check_map]
    of_objects = [check_names, check_circles]
    problems = [problem for check in checks for problem in check(tree)]
    problems += [problem for check in of_objects for problem in check(tree, build)]
    for problem in problems:
        print(f"{problem.place}: {problem.text}")
    print(f"rooms: {len(tree.library)}, checks: {len(checks) + len(of_objects)}, problems: {len(problems)}")
    print(figures(tree))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
