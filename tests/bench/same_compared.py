"""How same_results.py compares what two programs wrote: HDF5, JSON, CSV, texts, files, reports."""
import base64
import csv
import io
import itertools
import json
import re

import h5py
import numpy

# --- comparisons ------------------------------------------------------------------------------------

# Times and what follows from them, the host, and which program it was: not compared, but for being there.
LEFT_OUT = {"seconds", "finished", "created", "generated", "started", "updated", "since", "hours", "hours_left", "longest_run_seconds",
            "seconds_left", "runs_per_hour", "gflops_per_rank", "host", "version", "commit", "program_version", "program_commit", "bytes"}
SHOWN = 4  # differences of each kind below a line


class Comparison:
    """One line of what is printed: a thing, how many values of it were compared, and where they differ."""

    def __init__(self, title):
        self.title, self.count, self.differences, self.words = title, 0, [], []

    def values(self, count):
        self.count += count

    def differ(self, where, old, new):
        if isinstance(old, str) and isinstance(new, str):
            old, new = first_difference(old, new)
        self.differences.append(f"{where}: {brief(old)} against {brief(new)}")

    def same(self, where, old, new):
        """One value; says whether it is the same."""
        self.count += 1
        if type(old) is type(new) and old == new:
            return True
        self.differ(where, old, new)
        return False

    def same_names(self, where, old, new):
        """Names that either has; gives those that both have."""
        self.count += len(set(old) | set(new))
        for name in sorted(set(old) ^ set(new)):
            self.differ(f"{where} {name}", *("there" if name in names else "missing" for names in (old, new)))
        return [name for name in old if name in new]

    def same_words(self, where, old, new):
        self.count += 1
        if old != new:
            self.words.append("{}: {} against {}".format(where, *map(brief, first_difference(old, new))))

    def print(self):
        verdict = "DIFFERS" if self.differences else "words" if self.words else "same" if self.count else "nothing"
        said = f"{self.count:,} values"
        for number, what in ((len(self.differences), "differ"), (len(self.words), "texts differ in words")):
            said += f", {number:,} {what}" if number else ""
        print(f"{verdict:8} {self.title}: {said}", flush=True)
        for found in (self.differences, self.words):
            for line in found[:SHOWN]:
                print(f"           {line}")
            if len(found) > SHOWN:
                print(f"           and {len(found) - SHOWN:,} more")


def first_difference(*texts):
    """The first lines in which two texts differ."""
    lines = [text.split("\n") for text in texts]
    return next(((a, b) for a, b in itertools.zip_longest(*lines, fillvalue="(the end)") if a != b), texts)


def brief(value):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 110 else f"{text[:107]}..."


# --- HDF5 -------------------------------------------------------------------------------------------

def type_of(kind):
    """All that there is to a type, but for the order of columns and their places in a row."""
    form = kind.get_class()
    if form == h5py.h5t.COMPOUND:
        members = {kind.get_member_name(i).decode(): type_of(kind.get_member_type(i)) for i in range(kind.get_nmembers())}
        return ("compound", members)
    if form == h5py.h5t.STRING:
        return ("text", "variable" if kind.is_variable_str() else kind.get_size(), kind.get_strpad(), kind.get_cset())
    if form == h5py.h5t.INTEGER:
        return ("integer", kind.get_size(), kind.get_order(), kind.get_sign(), kind.get_precision())
    if form == h5py.h5t.FLOAT:
        return ("float", kind.get_size(), kind.get_order(), kind.get_fields(), kind.get_ebias(), kind.get_norm())
    if form == h5py.h5t.VLEN:
        return ("list", type_of(kind.get_super()))
    if form == h5py.h5t.REFERENCE:
        return ("reference", kind.get_size())
    return ("other", kind.encode())


def plain_value(value, file):
    """A value of an attribute as something that == compares: bits of numbers, names of what is referred to."""
    if isinstance(value, h5py.Reference):
        name = h5py.h5r.get_name(value, file.id) if value else None
        return name.decode() if name else "nowhere"
    if isinstance(value, numpy.void) and value.dtype.names:
        return {name: plain_value(value[name], file) for name in value.dtype.names}
    if isinstance(value, numpy.ndarray):
        if value.dtype.names or value.dtype.hasobject:
            return [plain_value(one, file) for one in value]
        return (value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, numpy.generic) and not isinstance(value, (numpy.bytes_, numpy.str_)):
        return value.dtype.str, repr(value.item()), value.tobytes().hex()
    if isinstance(value, str):  # texts may name the source that says more, which may have moved
        return re.sub(r"\bcore/\w+/\w+[.]h\b", "core/...", value)
    return value


def attributes_of(item):
    """{name: (type, shape, value)}. What a table says of its columns by number is named by the column."""
    found = {}
    columns = item.dtype.names if isinstance(item, h5py.Dataset) else None
    for name in item.attrs:
        attribute = item.attrs.get_id(name)
        value = None if name in LEFT_OUT else plain_value(item.attrs[name], item.file)
        kind = "left out" if name in LEFT_OUT else type_of(attribute.get_type())
        of_column = re.fullmatch(r"FIELD_(\d+)_(\w+)", name)
        if columns and of_column and int(of_column[1]) < len(columns):
            name = f"{of_column[2]} of the column {columns[int(of_column[1])]}"
        found[name] = (kind, attribute.shape, value)
    return found


def storage_of(array):
    """How an array is stored, as {what: value}."""
    plan = array.id.get_create_plist()
    fill = array.fillvalue
    fills = {name: fill[name].tobytes() for name in array.dtype.names} if array.dtype.names else numpy.asarray(fill).tobytes()
    stored = {"shape": array.shape, "most": array.maxshape, "type": type_of(array.id.get_type()), "layout": plan.get_layout(),
              "chunks": array.chunks, "filters": [plan.get_filter(i) for i in range(plan.get_nfilters())],
              "fill": (plan.fill_value_defined(), fills), "times": (plan.get_fill_time(), plan.get_alloc_time())}
    if array.chunks:
        places = range(array.id.get_num_chunks())
        stored["chunks written"] = sorted(array.id.get_chunk_info(i).chunk_offset for i in places)
    return stored


def compare_bits(comparison, where, old, new):
    """Two numpy arrays of the same shape."""
    comparison.values(old.size)
    if old.dtype != new.dtype or old.dtype.hasobject:
        for index in numpy.ndindex(old.shape):
            if type(old[index]) is not type(new[index]) or old[index] != new[index]:
                comparison.differ(f"{where}[{', '.join(map(str, index))}]", old[index], new[index])
        return
    rows = [numpy.frombuffer(array.tobytes(), numpy.uint8).reshape(old.size, old.dtype.itemsize) for array in (old, new)]
    for at in numpy.flatnonzero((rows[0] != rows[1]).any(axis=1)):
        index = numpy.unravel_index(at, old.shape)
        values = [f"{float(array[index])!r}" if array.dtype.kind == "f" else str(array[index]) for array in (old, new)]
        if values[0] == values[1]:  # as of two kinds of NaN
            values = [rows[i][at].tobytes().hex() for i in range(2)]
        comparison.differ(f"{where}[{', '.join(map(str, index))}]", *values)


def compare_arrays(comparison, where, old, new):
    stored = [storage_of(array) for array in (old, new)]
    for what in comparison.same_names(f"{where} has", *stored):
        comparison.same(f"{where} {what}", stored[0][what], stored[1][what])
    if old.shape != new.shape or old.shape is None:
        return
    values = [array[()] for array in (old, new)]
    if not (old.dtype.names and new.dtype.names):
        compare_bits(comparison, where, *map(numpy.asarray, values))
        return
    for column in comparison.same_names(f"{where} column", old.dtype.names, new.dtype.names):
        if column not in LEFT_OUT:
            compare_bits(comparison, f"{where}.{column}", values[0][column], values[1][column])


def compare_items(comparison, where, old, new):
    """Two groups or arrays and what is below them."""
    found = [attributes_of(item) for item in (old, new)]
    for name in comparison.same_names(f"{where} attribute", *found):
        for what, before, after in zip(("type of ", "shape of ", ""), found[0][name], found[1][name]):
            comparison.same(f"{where} {what}attribute {name}", before, after)
    if not comparison.same(f"{where} is", type(old).__name__, type(new).__name__):
        return
    if isinstance(old, h5py.Dataset):
        compare_arrays(comparison, where, old, new)
    elif isinstance(old, h5py.Group):
        orders = [item.id.get_create_plist().get_link_creation_order() for item in (old, new)]
        comparison.same(f"{where} order of links", *orders)
        for name in comparison.same_names(f"{where} has", list(old), list(new)):
            links = [item.get(name, getlink=True) for item in (old, new)]
            comparison.same(f"{where.rstrip('/')}/{name} link", *(type(link).__name__ for link in links))
            compare_items(comparison, f"{where.rstrip('/')}/{name}", old[name], new[name])


def compare_h5(comparison, where, old, new):
    with h5py.File(old) as before, h5py.File(new) as after:
        comparison.same(f"{where} version", *(file.id.get_create_plist().get_version() for file in (before, after)))
        compare_items(comparison, f"{where}/", before["/"], after["/"])


def segments_of(folder):
    """{ids of the runs: file}: files have names that tell of a process."""
    found = {}
    for path in (folder / "segments").glob("*.h5"):
        with h5py.File(path) as file:
            found[" ".join(sorted(row.decode() for row in file["runs"]["id"]))] = path
    return found


# --- JSON, CSV, words -------------------------------------------------------------------------------

def unique(pairs):
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def refuse(word):
    raise ValueError(f"{word} is no JSON")


def read_json(comparison, where, *texts):
    """Both parsed, or None with the difference noted."""
    try:
        return [json.loads(text, object_pairs_hook=unique, parse_constant=refuse) for text in texts]
    except ValueError as problem:
        comparison.differ(where, "JSON", str(problem))
        return None


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def compare_json(comparison, where, old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        for key in comparison.same_names(f"{where} key", old, new):
            if key not in LEFT_OUT:
                compare_json(comparison, f"{where}.{key}", old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list):
        comparison.same(f"{where} length", len(old), len(new))
        for index, (before, after) in enumerate(zip(old, new)):
            compare_json(comparison, f"{where}[{index}]", before, after)
    elif is_number(old) and is_number(new) and type(old) is not type(new):
        comparison.same(where, repr(float(old)), repr(float(new)))  # 1 and 1.0 are one number, 0.0 and -0.0 are two
    elif isinstance(old, float) and isinstance(new, float):
        comparison.same(where, repr(old), repr(new))
    else:
        comparison.same(where, old, new)


def keys_of(value, path=""):
    """Paths of all keys; entries of a list are one."""
    if isinstance(value, dict):
        return {path}.union(*(keys_of(one, f"{path}.{key}") for key, one in value.items()))
    if isinstance(value, list):
        return {path}.union(*(keys_of(one, f"{path}[]") for one in value))
    return {path}


def compare_csv(comparison, where, old, new):
    tables = [list(csv.reader(io.StringIO(text))) for text in (old, new)]
    comparison.same(f"{where} rows", *map(len, tables))
    if not all(tables):
        comparison.same(where, old, new)
        return
    columns = [dict(zip(table[0], zip(*table[1:]) if len(table) > 1 else [()] * len(table[0]))) for table in tables]
    for name in comparison.same_names(f"{where} column", *columns):
        if name not in LEFT_OUT:
            for row, (before, after) in enumerate(zip(columns[0][name], columns[1][name])):
                comparison.same(f"{where} {name}[{row}]", before, after)


# What a job says of itself every half minute.
PROGRESS = re.compile(r"\d+ of \d+ runs(, \d+ (failed|diverged))*(, \d+ runs/h)?(, [^,]* left)?")
TIMED = re.compile(r"\b\d[\d.,]*(e[-+]?\d+)? ?(ns|us|ms|s|min|minutes?|h|hours?|days?|GFLOP/s|MB)\b|\d{4}-\d\d-\d\d[T ][\d:]+Z?")


def words_of(text, folder):
    """A text without times, news of progress, and the path of its folder. Where a time was the columns may have moved."""
    def line_of(line):
        timeless = TIMED.sub("*", line)
        return line if timeless == line else re.sub(r"\s+", " ", timeless)
    lines = text.replace(str(folder), "FOLDER").split("\n")
    return "\n".join(line_of(line) for line in lines if not PROGRESS.fullmatch(line))


def compare_answers(comparison, name, sides):
    answers = [side.answers[name] for side in sides]
    folders = [side.folder for side in sides]
    kind = answers[0].kind
    comparison.same(f"{name}: exit code", *(answer.code for answer in answers))
    if not name.startswith("run ") and (answers[0].code != 0) != name.startswith("mistake"):
        comparison.differ(f"{name}: what this script asks", "to fail" if name.startswith("mistake") else "to be answered",
                          f"exit code {answers[0].code} of OLD: {answers[0].messages}")
    texts = [answer.text.replace(str(folder), "FOLDER") for answer, folder in zip(answers, folders)]
    if kind == "csv":
        compare_csv(comparison, name, *texts)
    elif kind in ("json", "keys") and any(texts):
        parsed = read_json(comparison, name, *texts)
        if parsed and kind == "json":
            compare_json(comparison, name, *parsed)
        elif parsed:
            comparison.same_names(f"{name}: key", *map(keys_of, parsed))
    elif kind == "words":
        comparison.same_words(name, *(words_of(answer.text, folder) for answer, folder in zip(answers, folders)))
    else:
        comparison.same(name, *texts)
    comparison.same_words(f"{name}: messages", *(words_of(answer.messages, folder) for answer, folder in zip(answers, folders)))


# --- files ------------------------------------------------------------------------------------------

def files_of(folder):
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}


def compare_bytes(comparison, where, old, new):
    contents = [path.read_bytes() for path in (old, new)]
    comparison.values(1)
    if contents[0] == contents[1]:
        return
    at = next((i for i, (a, b) in enumerate(zip(*contents)) if a != b), min(map(len, contents)))
    told = [f"{len(data):,} bytes, at {at:,} {data[at:at + 24]!r}" for data in contents]
    comparison.differ(where, *told)


DATA = re.compile(r'(<script type="application/json" id="report-data">)(.*?)(</script>)', re.S)
CHUNK = re.compile(r"vggsweepChunk\((\d+),(\{.*\})\)\n", re.S)


def compare_page(comparison, where, old, new, folders):
    """The data of a report as JSON, the rest of its page as words."""
    texts = [path.read_text(encoding="utf-8") for path in (old, new)]
    data = [DATA.search(text) for text in texts]
    if comparison.same(f"{where} has data", *(found is not None for found in data)) and data[0]:
        parsed = read_json(comparison, where, *(found[2] for found in data))
        if parsed:
            compare_json(comparison, where, *parsed)
    pages = [DATA.sub(r"\1\3", text) for text in texts]
    comparison.same_words(f"{where}: page", *(words_of(page, folder) for page, folder in zip(pages, folders)))


def compare_chunk(comparison, where, old, new):
    chunks = [CHUNK.fullmatch(path.read_text(encoding="utf-8")) for path in (old, new)]
    if not comparison.same(f"{where} is a chunk", *(chunk is not None for chunk in chunks)) or chunks[0] is None:
        return
    comparison.same(f"{where} number", *(chunk[1] for chunk in chunks))
    parsed = read_json(comparison, where, *(chunk[2] for chunk in chunks))
    if not parsed:
        return
    traces = [one.pop("traces", {}) for one in parsed]
    compare_json(comparison, where, *parsed)
    for name in comparison.same_names(f"{where} trace", *traces):
        values = [numpy.frombuffer(base64.b64decode(one[name]), "<f4") for one in traces]
        if comparison.same(f"{where} {name} size", *map(len, values)):
            compare_bits(comparison, f"{where} {name}", *values)


def compare_report(comparison, folders, roots):
    files = [files_of(folder) for folder in folders]
    for name in comparison.same_names("file", *files):
        pair = [one[name] for one in files]
        if name == "index.html":
            compare_page(comparison, name, *pair, roots)
        elif name.startswith("chunks/"):
            compare_chunk(comparison, name, *pair)
        elif pair[0].suffix in (".jpg", ".png", ".svg"):
            compare_bytes(comparison, name, *pair)
        else:
            comparison.same_words(name, *(path.read_text(encoding="utf-8", errors="replace") for path in pair))


def compare_small_files(comparison, folders):
    """What lies beside the runs in a results folder."""
    for name, by_keys in (("manifest.json", False), ("progress.json", True), ("figures.json", False)):
        paths = [folder / name for folder in folders]
        if not comparison.same(f"{name} is there", *(path.exists() for path in paths)) or not paths[0].exists():
            continue
        parsed = read_json(comparison, name, *(path.read_text() for path in paths))
        if not parsed:
            continue
        if name == "figures.json":  # each figure with the times at which its two runs were finished
            for one in parsed:
                for metric in (value for value in one.values() if isinstance(value, dict)):
                    metric.update((run, figures[0]) for run, figures in metric.items())
        if by_keys:
            comparison.same_names(f"{name}: key", *map(keys_of, parsed))
        else:
            compare_json(comparison, name, *parsed)
