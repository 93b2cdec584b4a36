#!/usr/bin/env bash
# What becomes of a chunk that HDF5 could not write when its dataset was closed.
#
# HDF5 1.14.2 (in h5py 3.11.0 of PyPI; 1.10.8 of Debian 12 does the same). Data that were written into a chunk stay in a
# cache until the dataset is closed. If the disk is full just then, H5Dclose fails, and drops the chunk. One would guess
# that the file is damaged, or that H5Fclose fails too. It succeeds, once there is room again: the file is well-formed, and
# where the chunk was, readers find fill values. A program that takes H5Fclose's word for it, as one does with fclose, has
# lost its data and does not know.
#
# Here a limit on the size of files stands for the disk, and is lifted before the file is closed.
#
# Seen: H5Dclose -1, H5Fclose 0, and the fill value, -1.0, in all of 4096 places.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" -q install h5py==3.11.0 numpy==1.26.4

cat >"$folder/write.py" <<'END'
import ctypes
import glob
import os
import resource
import signal
import sys

import h5py
import numpy

library = glob.glob(os.path.join(os.path.dirname(h5py.__file__), "..", "h5py.libs", "libhdf5-*.so*"))[0]
hdf5 = ctypes.CDLL(library)
for function in (hdf5.H5Dclose, hdf5.H5Fclose):
    function.argtypes, function.restype = [ctypes.c_int64], ctypes.c_int
file = h5py.File(sys.argv[1], "w")
dataset = file.create_dataset("numbers", (4096,), "f8", chunks=(4096,), compression="gzip", fillvalue=-1.0)
dataset[:] = numpy.random.default_rng(1).random(4096)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
of_dataset = hdf5.H5Dclose(dataset.id.id)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
of_file = hdf5.H5Fclose(file.id.id)
print(f"H5Dclose {of_dataset}, H5Fclose {of_file}", flush=True)
os._exit(0)  # h5py does not know that its handles are closed
END
cat >"$folder/read.py" <<'END'
import sys

import h5py

numbers = h5py.File(sys.argv[1])["numbers"][:]
print(f"{(numbers == -1.0).sum()} of {numbers.size} are the fill value")
END
seen=$("$folder/venv/bin/python" "$folder/write.py" "$folder/x.h5" && "$folder/venv/bin/python" "$folder/read.py" "$folder/x.h5")
echo "$seen"
[ "$seen" = "H5Dclose -1, H5Fclose 0
4096 of 4096 are the fill value" ]
