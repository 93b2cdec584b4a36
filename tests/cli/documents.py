"""What the repository's texts tell a reader to type: command lines in their code blocks and in the comments that
samples and batch scripts begin with, command lines in running text, and the paths and links that they name."""
import pathlib
import re

ROOT = pathlib.Path(__file__).parent.parent.parent
ROOMS = ["analysis", "cli", "core", "data", "docs", "examples", "findings", "mpi", "packaging", "scripts", "sweeps", "tests"]
HISTORY = ["CHANGELOG.md"]  # names what was there once
PATH = re.compile(r"(?<![\w./-])((?:" + "|".join(ROOMS) + r")/[\w./*-]*[\w/*])")
SOURCE = re.compile(r"`([\w*]+\.[ch])`")
ANY_NAME = re.compile(r"\bX\b|\bNAME\b")  # as in findings/NAME.sh
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")


def manuals():
    """All pages of the repository."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    for room in ROOMS:
        pages += (page for page in (ROOT / room).rglob("README.md") if "node_modules" not in page.parts)
    return sorted(page.relative_to(ROOT) for page in pages if page.name not in HISTORY)


def samples():
    """Files that begin with a comment on their use."""
    files = [*(ROOT / "examples").glob("*.yaml"), *(ROOT / "scripts" / "batch").glob("*.sh")]
    return sorted(file.relative_to(ROOT) for file in files)


class Block:
    """Lines of a code block, each with its number in the file; `language` is what stands at the fence, or ""."""

    def __init__(self, language):
        self.language, self.lines = language, []

    def text(self):
        return "\n".join(line for _, line in self.lines) + "\n"


def split_page(page):
    """The code blocks of a page, fenced or indented, and its running text."""
    blocks, prose, block, was_blank = [], [], None, True
    fenced = False
    for number, line in enumerate((ROOT / page).read_text().splitlines(), 1):
        is_indented = line.startswith("    ")
        if line.startswith("```"):
            fenced = not fenced
            block = Block(line[3:].strip()) if fenced else None
            blocks += [block] if fenced else []
        elif fenced:
            block.lines.append((number, line))
        elif is_indented and (block or was_blank):
            if not block:
                block = Block("")
                blocks.append(block)
            block.lines.append((number, line[4:]))
        elif line:
            block = None
            prose.append(line)
        was_blank = not line
    return blocks, "\n".join(prose)


def opening_block(file):
    """What is indented in the comment that a file begins with: command lines, a remark after two spaces."""
    block = Block("")
    for number, line in enumerate((ROOT / file).read_text().splitlines(), 1):
        if not line.startswith("#"):
            break
        if re.match(r"#   +\S", line):
            block.lines.append((number, re.split(r" {2,}", line[1:].strip())[0]))
    return block


def code_spans(prose):
    """`Code` in running text, each in one line."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]


def named_paths(page):
    """Paths of the repository that a page names, from the root, with * for any text."""
    return sorted({ANY_NAME.sub("*", path) for path in PATH.findall((ROOT / page).read_text())})


def named_sources(page):
    """Sources that a page names without their folder: names are unique in the tree."""
    return sorted({ANY_NAME.sub("*", name) for name in SOURCE.findall((ROOT / page).read_text())})


def linked_files(page):
    """Files that a page links, from the root."""
    targets = LINK.findall((ROOT / page).read_text())
    return [(page.parent / target) for target in targets if "://" not in target]
