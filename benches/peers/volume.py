#!/usr/bin/env python3
"""Measures isocenter-volume beside SimpleITK and NumPy in one run, turn by turn, on the same samples.

    pip install SimpleITK numpy
    cargo build --release -p isocenter-benches --example volume_side
    python benches/peers/volume.py target/release/examples/volume_side [ROUNDS] [CASE,CASE...]

Prints, for each case, the median seconds of both sides over all rounds, the ratio of medians, the mean CPU seconds
of both, their ratio, and the largest difference between the results. Both sides run on 2 threads. A loaded machine slows both; the ratio is the number to hold to.
"""
import os, statistics, subprocess, sys, tempfile, time

os.environ.pop("OPENBLAS_CORETYPE", None)
os.environ["RAYON_NUM_THREADS"] = "2"
import numpy as np
import SimpleITK as sitk

SHAPE = (180, 256, 256)  # k, j, i
ORIGIN = (-128.0, -120.0, -90.0)


def samples():
    k, j, i = np.meshgrid(*(np.arange(n) for n in SHAPE), indexing="ij")
    wave = (i * 7 + j * 3) % 61 + (k * 5) % 37
    return (wave * 10.0 + np.random.default_rng(1).random(SHAPE) * 64).astype(np.float32)


def peers(image, array):
    def resample(size, spacing, kind, transform=None):
        return sitk.Resample(image, size, transform or sitk.Transform(), kind, ORIGIN, (spacing,) * 3, image.GetDirection(), 0.0)

    def to(mm, kind):
        return resample([int(n / mm + 0.5) for n in image.GetSize()], mm, kind)

    turn = sitk.VersorTransform()
    turn.SetRotation((1.0, 1.0, 1.0), float(np.deg2rad(10)))
    turn.SetCenter(image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()]))
    kinds = {"linear": sitk.sitkLinear, "cubic": sitk.sitkBSpline}
    cases = {}
    for name, kind in kinds.items():
        cases["down_" + name] = lambda kind=kind: to(1.7, kind)
        cases["up_" + name] = lambda kind=kind: to(0.6, kind)
        cases["turn_" + name] = lambda kind=kind: resample(image.GetSize(), 1.0, kind, turn)
    cases["reorient_flip"] = lambda: sitk.DICOMOrient(image, "RAS")
    cases["reorient_permute"] = lambda: sitk.DICOMOrient(image, "PIR")
    cases["percentile"] = lambda: np.percentile(array, [1.0, 99.0])
    return cases


def cpu_seconds(pid):
    """CPU time of all threads of a process, in seconds."""
    tasks = f"/proc/{pid}/task"
    return sum(int(open(f"{tasks}/{t}/schedstat").read().split()[0]) for t in os.listdir(tasks)) / 1e9


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    array = samples()
    image = sitk.GetImageFromArray(array)
    image.SetOrigin(ORIGIN)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
    cases = peers(image, array)
    only = sys.argv[3].split(",") if len(sys.argv) > 3 else list(cases)
    with tempfile.TemporaryDirectory() as folder:
        raw = os.path.join(folder, "in.raw")
        array.tofile(raw)
        ours = subprocess.Popen([sys.argv[1], raw], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def ask(line):
            ours.stdin.write(line + "\n")
            ours.stdin.flush()
            return ours.stdout.readline().strip()

        print(f"SimpleITK {sitk.Version_VersionString()}, NumPy {np.__version__}, {rounds} rounds, 2 threads")
        print(f"{'case':18s}{'ours s':>9s}{'peer s':>9s}{'ratio':>8s}{'cpu ours':>10s}{'cpu peer':>10s}{'ratio':>8s}  largest difference")
        for name in only:
            theirs_s, ours_s, cpu = [], [], [0.0, 0.0]
            result = cases[name]()
            ask(name)
            for _ in range(rounds):
                before = cpu_seconds(ours.pid)
                ours_s.append(float(ask(name)))
                cpu[0] += cpu_seconds(ours.pid) - before
                start, before = time.perf_counter(), time.process_time()
                result = cases[name]()
                theirs_s.append(time.perf_counter() - start)
                cpu[1] += time.process_time() - before
            note = ""
            if isinstance(result, sitk.Image):
                out = os.path.join(folder, "out.raw")
                ask(f"save {name} {out}")
                a, b = np.fromfile(out, np.float32), sitk.GetArrayFromImage(result).ravel()
                difference = np.abs(a - b)
                note = f"{difference.max():.2e} of {np.ptp(b):.0f}, {(difference > 0.01).mean():.1e} of voxels above 0.01"
            a, b = statistics.median(ours_s), statistics.median(theirs_s)
            print(f"{name:18s}{a:9.4f}{b:9.4f}{b / a:8.1f}{cpu[0] / rounds:10.4f}{cpu[1] / rounds:10.4f}{cpu[1] / cpu[0]:8.1f}  {note}", flush=True)
        ours.stdin.close()
        ours.wait()


if __name__ == "__main__":
    main()
