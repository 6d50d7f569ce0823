# SPDX-License-Identifier: GPL-3.0-or-later
# A batch that replaces reports of other settings on file systems of many sizes; to be run where it may mount one.
import os, shutil, subprocess, sys

tool, work, sizes = sys.argv[1], sys.argv[2], int(sys.argv[3])
new = ["--set", "detect.false_per_min=1", "--replace"]
ENDINGS = ["_events.tsv", "_events.json", "_muscles.tsv", "_channels.tsv", "_report.json", "_report.html"]
os.environ["TMPDIR"] = work


def report(folder, arguments):
    return subprocess.run([tool, "-q", work + "/in", "-o", folder] + arguments, stderr=subprocess.DEVNULL).returncode


def content(path):
    return open(path, "rb").read() if os.path.exists(path) else None


def pages_of(folder):
    return sum(-(-os.path.getsize(os.path.join(at, n)) // 4096) for at, _, names in os.walk(folder) for n in names)


def look(folder, size):
    for stem in ("1", "2", "3"):
        kinds = set()
        for ending in ENDINGS:
            now = content(f"{folder}/{stem}{ending}")
            before, after = content(f"{work}/old/{stem}{ending}"), content(f"{work}/new/{stem}{ending}")
            if now not in (before, after):
                sys.exit(f"{stem}{ending} is neither old nor new with {size} bytes")
            if before != after:
                kinds.add(now == before)
        if len(kinds) != 1:
            sys.exit(f"{stem} has old and new files with {size} bytes")
    for table in ("muscles.tsv", "batch.tsv"):
        now = content(f"{folder}/{table}")
        if now is not None and not (now.endswith(b"\n") and len({line.count(b"\t") for line in now.splitlines()}) == 1):
            sys.exit(f"{table} is torn with {size} bytes")


report(work + "/old", [])
report(work + "/new", new)
need = pages_of(work + "/old") + 8  # room for what is there; more, page by page, each with one worker and with two
codes = {}
os.mkdir(work + "/disk")
for k in range(sizes):
    size = 4096 * (need + k // 2)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", work + "/disk"], check=True)
    folder = work + "/disk/o"
    shutil.copytree(work + "/old", folder)
    code = report(folder, new + ["-j", str(1 + k % 2)])
    codes[code] = codes.get(code, 0) + 1
    look(folder, size)
    if code == 0 and any(content(f"{folder}/{n}") != content(f"{work}/new/{n}") for n in os.listdir(work + "/new") if n != ".myogram"):
        sys.exit(f"exit 0 without all of the outputs with {size} bytes")
    if code not in (0, 4):
        sys.exit(f"exit code {code} with {size} bytes")
    subprocess.run(["mount", "-o", f"remount,size={4 * 4096 * (need + sizes)}", work + "/disk"], check=True)
    if report(folder, new) != 0 or os.listdir(folder + "/.myogram") != ["journal"]:
        sys.exit(f"not well again with room, after {size} bytes")
    for n in os.listdir(work + "/new"):
        if n != ".myogram" and content(f"{folder}/{n}") != content(f"{work}/new/{n}"):
            sys.exit(f"{n} differs with room, after {size} bytes")
    subprocess.run(["umount", work + "/disk"], check=True)
print("exit codes", codes)
if codes.get(4, 0) < sizes / 10 or codes.get(0, 0) < sizes / 10:
    sys.exit("the sizes were not about what is needed")
