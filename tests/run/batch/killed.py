# SPDX-License-Identifier: GPL-3.0-or-later
# A batch stopped at many moments by each signal, while it replaces reports of other settings: at no time are old and new
# files of one recording together, no table is torn, and the next run leaves the bytes of one that was never stopped.
import filecmp, os, shutil, signal, subprocess, sys, time

tool, work, moments = sys.argv[1], sys.argv[2], int(sys.argv[3])
new, old = ["--set", "detect.false_per_min=1"], []
ENDINGS = ["_events.tsv", "_events.json", "_muscles.tsv", "_channels.tsv", "_report.json", "_report.html"]


def report(folder, arguments, wait=True):
    job = subprocess.Popen([tool, "-q", work + "/in", "-o", work + "/" + folder] + arguments, stderr=subprocess.DEVNULL)
    return job.wait() if wait else job


def content(path):
    return open(path, "rb").read() if os.path.exists(path) else None


def look(folder, after):
    for name in sorted(os.listdir(work + "/in")):
        stem = os.path.splitext(name)[0]
        kinds = set()
        for ending in ENDINGS:
            now = content(f"{work}/{folder}/{stem}{ending}")
            pair = content(f"{work}/old/{stem}{ending}"), content(f"{work}/new/{stem}{ending}")
            if now is None:
                kinds.add("absent")
            elif now not in pair:
                sys.exit(f"{stem}{ending} is neither old nor new after {after}")
            elif pair[0] != pair[1]:
                kinds.add("old" if now == pair[0] else "new")
        if {"old", "new"} <= kinds:
            sys.exit(f"{stem} has old and new files after {after}")
    for table in ("muscles.tsv", "batch.tsv", "index.html"):
        if content(f"{work}/{folder}/{table}") not in (None, content(f"{work}/old/{table}"), content(f"{work}/new/{table}")):
            sys.exit(f"{table} is torn after {after}")
    hidden = [n for n in os.listdir(work + "/" + folder) if n.startswith(".") and n != ".myogram"]
    if hidden:
        sys.exit(f"hidden files after {after}: {hidden}")


def same(a, b):
    compared = filecmp.dircmp(a, b, ignore=[".myogram"])
    bad = compared.left_only + compared.right_only + filecmp.cmpfiles(a, b, compared.common_files, shallow=False)[1]
    if bad:
        sys.exit(f"{b} is not as if it had never been stopped: {bad}")
    if os.listdir(b + "/.myogram") != ["journal"]:
        sys.exit(f"left behind in {b}: {os.listdir(b + '/.myogram')}")


report("old", old)
start = time.monotonic()
report("new", new)
span = time.monotonic() - start
codes = {}
for kill in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP):
    for k in range(moments):
        shutil.rmtree(work + "/part", ignore_errors=True)
        shutil.copytree(work + "/old", work + "/part")
        job = report("part", new + ["--replace", "-j", "2"], wait=False)
        time.sleep(span * k / moments)
        job.send_signal(kill)
        code = job.wait()
        codes[kill.name, code] = codes.get((kill.name, code), 0) + 1
        if kill != signal.SIGKILL and code not in (0, 130, -kill):
            sys.exit(f"exit code {code} after {kill.name}")
        look("part", f"{kill.name} at moment {k} of {moments}")
        if report("part", new + ["--replace", "--resume"]) != 0:
            sys.exit("a resumed run failed")
        same(work + "/new", work + "/part")
print(codes)

# The same on one run into an empty folder, stopped again and again and gone on with.
shutil.rmtree(work + "/part", ignore_errors=True)
for k in range(20):
    job = report("part", new + ["--resume", "-j", "2"], wait=False)
    time.sleep(span * (k % 7 + 1) / 20)
    job.kill()
    job.wait()
report("part", new + ["--resume"])
same(work + "/new", work + "/part")
