#!/usr/bin/env python3
"""Measures the program against its peers and against itself. Prints; decides nothing.

    tests/bench/measure.py peers       whole iterations against PyTorch's, and against oneDNN's bare convolutions
    tests/bench/measure.py layers      every layer, as the table that is kept in tests/bench/layers.md
    tests/bench/measure.py threads     two threads against one, two ranks against one
    tests/bench/measure.py neighbour   one thread and two, waiting asleep and awake, on an idle machine and beside a busy process
    tests/bench/measure.py memory      memory of a rank, with and without the weights that ranks share
    tests/bench/measure.py start       from the start of a job to its first step, cold and warm, with mpirun and alone
    tests/bench/measure.py growth      time for a megapixel, over the size

Run it with /usr/bin/python3 on a machine that does nothing else. $VGGSWEEP names the program (default
build/vggsweep), $VGGSWEEP_ONEDNN the peer (default build/tests/onednn_winograd). What is compared runs
alternately, and a ratio is that of medians.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("VGGSWEEP", str(ROOT / "build" / "vggsweep"))
ONEDNN = os.environ.get("VGGSWEEP_ONEDNN", str(ROOT / "build" / "tests" / "onednn_winograd"))
MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
MPIRUN = ["mpirun", "--oversubscribe", "--bind-to", "none"]
SWEEP = """
name: measured
image: {size: 224, parametrization: pixels}
objective: {steps: %d, style: {image: builtin:mondrian, layers: [relu2_2]}}
grid: {layer: [relu4_3], channel: {range: [0, %d]}, lambda: [50]}
log: {every: 1000}
"""


def bench(environment=None, **options):
    """The JSON of `vggsweep bench` with these options, and with these variables."""
    line = [PROGRAM, "bench", "--json"]
    for name, value in options.items():
        line += ["--" + name.replace("_", "-"), str(value)]
    return json.loads(subprocess.run(line, check=True, stdout=subprocess.PIPE, env={**os.environ, **(environment or {})}).stdout)


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    family = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("cpu family")), "?")
    return f"{cpu} (family {family}), {os.cpu_count()} cores"


def alternate(rounds, *measures):
    """Medians of several measures, each taken once a round."""
    columns = [[] for _ in measures]
    for _ in range(rounds):
        for column, measure in zip(columns, measures):
            column.append(measure())
    return [statistics.median(column) for column in columns]


# --- peers ------------------------------------------------------------------------------------------

def onednn_ms(size, last_conv):
    line = [ONEDNN, str(size), str(last_conv), "5"]
    return json.loads(subprocess.run(line, check=True, stdout=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"}).stdout)["convolutions_ms"]


def peers(options):
    sys.path.insert(0, str(ROOT / "scripts"))
    from bench_pytorch import CONVS, Iteration, torch  # says so and ends where there is no PyTorch
    torch.set_num_threads(1)
    has_onednn = os.access(ONEDNN, os.X_OK)
    if not has_onednn:
        print(f"oneDNN is not compared: there is no {ONEDNN} (oneDNN 2, as Debian 12's libdnnl-dev: then build the tests)")
    print(f"{machine()}, one thread, PyTorch {torch.__version__}, medians of {options.rounds} rounds\n")
    print("  size  layer      PyTorch  oneDNN*  vggsweep   PyTorch/ours  oneDNN*/ours")
    for size, layer in [(224, "relu4_3"), (224, "relu2_2"), (224, "relu3_3"), (224, "relu5_3"), (128, "relu4_3"), (512, "relu4_3")]:
        theirs = Iteration(size, layer, "relu2_2")
        last = [name for name, _, _ in CONVS].index(layer[4:])
        measures = [lambda: theirs.median_ms(3), lambda: bench(size=size, layer=layer)["iteration_ms"]]
        if has_onednn:
            measures.append(lambda: onednn_ms(size, last))
        torch_ms, ours, *peer = alternate(options.rounds, *measures)
        dnn = f"{peer[0]:7.1f}" if peer else "      -"
        ratio = f"{peer[0] / ours:12.2f}" if peer else "           -"
        print(f"  {size:4}  {layer}  {torch_ms:8.1f}  {dnn}  {ours:8.1f}  {torch_ms / ours:13.2f}  {ratio}", flush=True)
    print("\nms; Gram at relu2_2. *bare convolutions, forward and back, by oneDNN's own Winograd: no losses, no pools")


# --- the program itself -----------------------------------------------------------------------------

def layers(options):
    rounds = [bench() for _ in range(options.rounds)]
    peak = statistics.median(r["sgemm_peak_gflops"] for r in rounds)
    print(f"# Every layer at 224 px, one thread\n\n{machine()}; OpenBLAS' sgemm ({rounds[0]['blas_kernel']}) at {peak:.0f} GFLOP/s. "
          f"Medians of {options.rounds} runs of `vggsweep bench`.\n\n"
          "\"Effective\" GFLOP/s count what direct convolution would have to do; *peak* is their share of sgemm's speed. An iteration\n"
          "is one of relu4_3 with the Gram at relu2_2: forward, losses, gradient to the image.\n\n"
          "| layer | side | in | out | forward ms | GFLOP/s | peak | backward ms | GFLOP/s | peak |\n|---|---|---|---|---|---|---|---|---|---|")
    for i, layer in enumerate(rounds[0]["layers"]):
        cells = []
        for way in ("forward", "backward"):
            ms = statistics.median(r["layers"][i][way + "_ms"] for r in rounds)
            speed = statistics.median(r["layers"][i][way + "_gflops"] for r in rounds)
            cells += [f"{ms:.2f}", f"{speed:.0f}", f"{100 * speed / peak:.0f}%"]
        print(f"| {layer['name']} | {layer['side']} | {layer['in_channels']} | {layer['out_channels']} | {' | '.join(cells)} |")
    iteration = statistics.median(r["iteration_ms"] for r in rounds)
    speed = statistics.median(r["iteration_gflops"] for r in rounds)
    print(f"\nA whole iteration: {iteration:.1f} ms, {speed:.0f} GFLOP/s effective, {100 * speed / peak:.0f}% of sgemm's speed. "
          f"Memory: {rounds[0]['run_bytes'] * 1e-6:.0f} MB a run beside {rounds[0]['weights_bytes'] * 1e-6:.0f} MB of weights, "
          "which the ranks of a node share.")


def job(folder, ranks, steps, runs, **environment):
    """A job's command, its environment; every call writes into a new folder."""
    sweep = Path(folder) / "sweep.yaml"
    sweep.write_text(SWEEP % (steps, runs))
    out = tempfile.mkdtemp(dir=folder)
    launcher = [*MPIRUN, "-n", str(ranks)] if ranks else []
    return launcher + [PROGRAM, "run", str(sweep), "--out", out], {**os.environ, **MPI, **environment}


def rows_of(folder, ranks, steps, runs, **environment):
    """What a job stored of its runs, and when it was started (seconds since 1970)."""
    import h5py  # Debian: python3-h5py
    line, env = job(folder, ranks, steps, runs, **environment)
    begin = time.time()
    subprocess.run(line, check=True, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with h5py.File(Path(line[-1]) / "sweep.h5") as file:
        return file["runs"][:], begin


def runs_an_hour(folder, ranks, steps):
    """Of four runs a rank, from the first one's first step to the last one's end: a job's start counts for nothing
    in a sweep of hours, what lies between two runs does."""
    rows, _ = rows_of(folder, ranks, steps, 4 * ranks)
    return 3600 * len(rows) / (max(rows["finished"]) - min(rows["finished"] - rows["seconds"]))


def threads(options):
    one, two = alternate(options.rounds, lambda: bench(threads=1)["iteration_ms"], lambda: bench(threads=2)["iteration_ms"])
    print(f"{machine()}\ntwo threads: iteration {one:.1f} and {two:.1f} ms, {one / two:.2f} times as fast as one")
    with tempfile.TemporaryDirectory() as folder:
        one, two = alternate(options.rounds, lambda: runs_an_hour(folder, 1, options.steps),
                             lambda: runs_an_hour(folder, 2, options.steps))
    print(f"two ranks: runs of {options.steps} steps, {one:.0f} an hour by one rank, {two:.0f} by two, {two / one:.2f} times as many")


def neighbour(options):
    awake = {"GOMP_SPINCOUNT": "300000"}  # what gcc's runtime does when nobody says anything
    measures = [lambda: bench(threads=1)["iteration_ms"], lambda: bench(threads=2)["iteration_ms"],
                lambda: bench(awake, threads=2)["iteration_ms"]]
    print(machine())
    for place, busy in (("on an idle machine", 0), ("beside one busy process", 1)):
        processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
        try:
            one, asleep, spinning = alternate(options.rounds, *measures)
        finally:
            for process in processes:
                process.kill()
                process.wait()
        print(f"{place}: one thread {one:.1f} ms, two waiting asleep {asleep:.1f} ({asleep / one:.2f} of one's time), "
              f"two spinning {spinning:.1f} ({spinning / one:.2f}); asleep / spinning {asleep / spinning:.3f}", flush=True)


def proportional_mb(pid):
    """PSS of a process, and that without the mapped weights, in MB."""
    total = rest = 0
    is_weights = False
    for line in open(f"/proc/{pid}/smaps"):
        words = line.split()
        if words[0] == "Pss:":
            total += int(words[1])
            rest += 0 if is_weights else int(words[1])
        elif not words[0].endswith(":"):
            is_weights = words[-1].endswith((".avx512", ".sgemm"))
    return total / 1e3, rest / 1e3


def ranks_below(pid):
    """The processes that mpirun started."""
    names = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                names[int(entry.name)] = int(fields[1])
            except OSError:
                pass
    return [child for child, parent in names.items() if parent == pid]


def memory(options):
    print(f"{machine()}; 224 px, relu4_3, Gram at relu2_2; the most that was seen, MB")
    with tempfile.TemporaryDirectory() as folder:
        for ranks in (1, 2):
            line, env = job(folder, ranks, 40, 2 * ranks)
            process = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            most = (0, 0)
            while process.poll() is None:
                for child in ranks_below(process.pid):
                    try:
                        most = tuple(map(max, most, proportional_mb(child)))
                    except OSError:
                        pass  # it has ended
                time.sleep(.05)
            print(f"{ranks} rank{'s' if ranks > 1 else ' '}: proportional set size (PSS) {most[0]:.0f}, of it {most[1]:.0f} beside the weights")


def until_first_step(folder, ranks, cache):
    """Seconds from the start of a job to the first step of its only run; ranks 0: without mpirun."""
    rows, begin = rows_of(folder, ranks, 1, 1, VGGSWEEP_CACHE=cache)
    return rows["finished"][0] - rows["seconds"][0] - begin


def start(options):
    with tempfile.TemporaryDirectory() as folder:
        cold, warm, alone = [], [], []
        for i in range(options.rounds):
            cache = str(Path(folder) / f"cache{i}")
            cold.append(until_first_step(folder, 1, cache))
            warm.append(until_first_step(folder, 1, cache))
            alone.append(until_first_step(folder, 0, cache))
            shutil.rmtree(cache)
    print(f"{machine()}\nto the first step: from mpirun {statistics.median(cold):.2f} s cold, {statistics.median(warm):.2f} s warm; "
          f"without mpirun {statistics.median(alone):.2f} s warm")


def growth(options):
    sizes = [96, 128, 192, 224, 320, 448, 512, 768]
    ms = alternate(options.rounds, *[lambda size=size: bench(size=size)["iteration_ms"] for size in sizes])
    usual = ms[sizes.index(224)] / 224**2
    print(f"{machine()}\nsize  iteration ms  ms a megapixel  of that at 224")
    for size, value in zip(sizes, ms):
        print(f"{size:4}  {value:12.1f}  {1e6 * value / size**2:14.0f}  {value / size**2 / usual:14.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measures = {f.__name__: f for f in (peers, layers, threads, neighbour, memory, start, growth)}
    parser.add_argument("what", choices=measures)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=40, help="of a run of `threads`' ranks [40]")
    options = parser.parse_args()
    measures[options.what](options)


if __name__ == "__main__":
    main()
