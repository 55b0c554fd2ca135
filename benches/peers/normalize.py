#!/usr/bin/env python3
"""Measures isocenter-normalize beside SimpleITK, NumPy, SciPy, scikit-image and neuroCombat in one run, turn by turn, on the same samples.

    pip install SimpleITK numpy scipy scikit-image neuroCombat
    cargo build --release -p isocenter-benches --example normalize_side
    python benches/peers/normalize.py target/release/examples/normalize_side [ROUNDS] [CASE,CASE...]

Prints, for each case, the median seconds of both sides over all rounds and their ratio, and the mean CPU seconds of both and theirs. Both
sides run on 2 threads. A peer that takes longer than a minute is run once. `lanczos` (SimpleITK takes five minutes) and `n4_full` (no peer) run where they are named.
"""
import os, statistics, subprocess, sys, tempfile, time

os.environ["RAYON_NUM_THREADS"] = "2"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "2"
import numpy as np
import SimpleITK as sitk
from scipy import ndimage

SHAPE = (180, 256, 256)  # k, j, i


def head():
    """Three tissues in shells under a smooth field, noise, and air."""
    k, j, i = np.meshgrid(*(np.linspace(-1, 1, n) for n in SHAPE), indexing="ij")
    away = np.sqrt((i / 0.75) ** 2 + (j / 0.9) ** 2 + (k / 0.85) ** 2)
    tissue = np.select([away < 0.5, away < 0.75, away < 0.9, away < 1], [150.0, 100.0, 40.0, 90.0], 0.0)
    field = np.exp(0.25 * i - 0.2 * j * k + 0.15 * k**2)
    noise = np.random.default_rng(1).normal(0, 4, SHAPE)
    return np.where(away < 1, np.maximum(tissue * field + noise, 1), np.abs(noise) * 0).astype(np.float32)


def peers(image, array, table):
    def to(mm, kind):
        size = [int(n / mm + 0.5) for n in image.GetSize()]
        return sitk.Resample(image, size, sitk.Transform(), kind, image.GetOrigin(), (mm,) * 3, image.GetDirection(), 0.0)

    def n4():
        small = sitk.Shrink(image, [4] * 3)
        n4 = sitk.N4BiasFieldCorrectionImageFilter()
        n4.SetMaximumNumberOfIterations([50] * 4)
        n4.SetConvergenceThreshold(1e-3)
        return n4.Execute(small, sitk.Cast(small > 0, sitk.sitkUInt8))

    def rescale():
        low, high = np.percentile(array, [1, 99])
        return np.clip((array - low) / (high - low), 0, 1)

    percents = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99]

    def nyul():
        found = np.percentile(array[array > 0], percents)
        return np.interp(array, found, np.linspace(1, 100, len(percents)))

    def fused():
        turned = sitk.DICOMOrient(image, "RAS")
        size = [int(n / 1.5 + 0.5) for n in turned.GetSize()]
        small = sitk.Resample(turned, size, sitk.Transform(), sitk.sitkLinear, turned.GetOrigin(), (1.5,) * 3, turned.GetDirection(), 0.0)
        start = [max((n - 128) // 2, 0) for n in size]
        out = sitk.GetArrayFromImage(small[tuple(slice(s, s + 128) for s in start)])
        low, high = np.percentile(out, [1, 99])
        return np.clip((out - low) / (high - low), 0, 1)

    def diffusion():
        return sitk.CurvatureAnisotropicDiffusion(image, 0.0625, 3.0, 1, 5)

    def nlm():
        from skimage.restoration import denoise_nl_means
        return denoise_nl_means(array, patch_size=3, patch_distance=2, h=60.0, fast_mode=True)

    def clahe():
        from skimage.exposure import equalize_adapthist
        return equalize_adapthist((array - array.min()) / np.ptp(array))

    def combat():
        import pandas
        from neuroCombat import neuroCombat
        return neuroCombat(dat=table, covars=pandas.DataFrame({"site": np.repeat([1, 2, 3, 4], 50)}), batch_col="site")

    return {
        "n4_shrink_4": n4,
        "zscore": lambda: (array - array.mean()) / array.std(),
        "percentiles": lambda: np.percentile(array, [1, 99]),
        "percentile_rescale": rescale,
        "nyul_apply": nyul,
        "fused": fused,
        "linear": lambda: to(0.8, sitk.sitkLinear),
        "cubic": lambda: to(0.8, sitk.sitkBSpline),
        "lanczos": lambda: to(0.8, sitk.sitkLanczosWindowedSinc),
        "gaussian": lambda: ndimage.gaussian_filter(array, 2.0),
        "median": lambda: sitk.Median(image, [1] * 3),
        "curvature_diffusion": diffusion,
        "non_local_means": nlm,
        "clahe": clahe,
        "histogram_match": lambda: sitk.HistogramMatching(image, image, 256, 7, True),
        "combat": combat,
        "n4_full": None,
        "fcm": None,
        "white_stripe": None,
    }


def cpu_seconds(pid):
    tasks = f"/proc/{pid}/task"
    return sum(int(open(f"{tasks}/{t}/schedstat").read().split()[0]) for t in os.listdir(tasks)) / 1e9


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    array = head()
    rng = np.random.default_rng(2)
    table = rng.normal(0, 1, (20000, 200)) + np.repeat(rng.normal(0, 1, (20000, 4)), 50, axis=1)
    image = sitk.GetImageFromArray(array)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
    cases = peers(image, array, table)
    only = sys.argv[3].split(",") if len(sys.argv) > 3 else [c for c in cases if c not in ("lanczos", "n4_full")]
    with tempfile.TemporaryDirectory() as folder:
        raw, features = os.path.join(folder, "in.raw"), os.path.join(folder, "table.raw")
        array.tofile(raw)
        table.tofile(features)
        ours = subprocess.Popen([sys.argv[1], raw, features], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def ask(line):
            ours.stdin.write(line + "\n")
            ours.stdin.flush()
            return float(ours.stdout.readline().strip())

        print(f"SimpleITK {sitk.Version_VersionString()}, NumPy {np.__version__}, {rounds} rounds, 2 threads")
        print(f"{'case':20s}{'ours s':>9s}{'peer s':>9s}{'ratio':>8s}{'cpu ours':>10s}{'cpu peer':>10s}{'ratio':>8s}")
        for name in only:
            theirs_s, ours_s, cpu, theirs_cpu = [], [], [], []
            ask(name)
            is_slow = False
            for _ in range(rounds):
                before = cpu_seconds(ours.pid)
                ours_s.append(ask(name))
                cpu.append(cpu_seconds(ours.pid) - before)
                if cases[name] is None or is_slow:
                    continue
                start, before = time.perf_counter(), time.process_time()
                with open(os.devnull, "w") as quiet:
                    said, sys.stdout = sys.stdout, quiet
                    cases[name]()
                    sys.stdout = said
                theirs_s.append(time.perf_counter() - start)
                theirs_cpu.append(time.process_time() - before)
                is_slow = theirs_s[-1] > 60
            a, c = statistics.median(ours_s), statistics.mean(cpu)
            b, d = (statistics.median(theirs_s), statistics.mean(theirs_cpu)) if theirs_s else (float("nan"),) * 2
            print(f"{name:20s}{a:9.4f}{b:9.4f}{b / a:8.1f}{c:10.4f}{d:10.4f}{d / c:8.1f}", flush=True)
        ours.stdin.close()
        ours.wait()


if __name__ == "__main__":
    main()
