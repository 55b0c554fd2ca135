#!/usr/bin/env python3
"""Measures isocenter-dcm beside pydicom, SimpleITK, pylibjpeg, gdcm and dicom-rs in one run, turn by turn, on one thread.

    pip install pydicom numpy SimpleITK pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pylibjpeg-rle python-gdcm pyjpegls
    cargo build --release -p isocenter-benches --example dcm_side
    python benches/peers/dcm.py target/release/examples/dcm_side [CT.dcm] [ROUNDS]

CT.dcm is a 512 x 512 slice of 16 bits; without it one is made of waves and noise, with 79 elements. Prints, for each case, the median
of seconds of both sides over all rounds and the ratio peer / ours. A loaded machine slows both; the ratio is the number to hold to.
"""
import os, statistics, subprocess, sys, tempfile, time, warnings

os.environ["RAYON_NUM_THREADS"] = "1"
warnings.simplefilter("ignore")
import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.encaps import encapsulate
from pydicom.pixels import get_decoder
from pydicom.uid import (ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless, JPEGLosslessSV1, RLELossless, UID)

sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)


def made():
    """A CT-like slice in the shape of a scanner's file."""
    from pydicom.dataset import Dataset, FileMetaDataset

    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    ds.SOPInstanceUID = "1.2.826.0.1.3680043.9.7.1"
    ds.Modality, ds.PhotometricInterpretation = "CT", "MONOCHROME2"
    ds.RescaleSlope, ds.RescaleIntercept = "1", "-1024"
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, 0], [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [0.7, 0.7], "1"
    for element in range(58):
        ds.add_new((0x0018, 0x9300 + element), "LO", "a value of some length")
    ds.Rows = ds.Columns = 512
    ds.SamplesPerPixel, ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 1, 16, 12, 11, 0
    y, x = np.mgrid[:512, :512]
    waves = 1000 + 300 * np.sin(x / 37) * np.cos(y / 23) + np.random.default_rng(1).normal(0, 12, (512, 512))
    ds.PixelData = waves.clip(0, 4095).astype("<u2").tobytes()
    ds["PixelData"].VR = "OW"
    return ds


def variants(ds, folder):
    """The slice in each syntax that somebody here can write."""
    array, bits = ds.pixel_array, ds.BitsStored
    streams = {}
    import jpeg_ls
    from openjpeg.utils import encode_array
    from pydicom.pixels.encoders import RLELosslessEncoder

    streams["rle"] = (RLELossless, RLELosslessEncoder.encode(ds.PixelData, encoding_plugin="pylibjpeg", rows=ds.Rows, columns=ds.Columns, samples_per_pixel=1, number_of_frames=1, bits_allocated=16, bits_stored=bits, pixel_representation=ds.PixelRepresentation, photometric_interpretation="MONOCHROME2", transfer_syntax_uid=RLELossless))
    streams["jpegls"] = (JPEGLSLossless, bytes(jpeg_ls.encode_array(array.view("u2") & (2**bits - 1))))
    streams["j2k"] = (JPEG2000Lossless, encode_array(array, bits_stored=bits, photometric_interpretation=0, use_mct=False))
    paths = {}
    for name, (syntax, stream) in streams.items():
        copy = pydicom.dcmread(os.path.join(folder, "native.dcm"))
        copy.PixelData = encapsulate([bytes(stream)])
        copy["PixelData"].VR, copy["PixelData"].is_undefined_length = "OB", True
        copy.file_meta.TransferSyntaxUID = syntax
        paths[name] = os.path.join(folder, name + ".dcm")
        copy.save_as(paths[name])
    for name, tool in (("jpeg_sv1", ["dcmcjpeg", "+e1"]), ("jpeg_12", ["dcmcjpeg", "+ee"])):
        paths[name] = os.path.join(folder, name + ".dcm")
        try:
            subprocess.run([*tool, os.path.join(folder, "native.dcm"), paths[name]], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            del paths[name]
    return paths


def clock(run, count):
    run()
    start = time.perf_counter()
    for _ in range(count):
        run()
    return (time.perf_counter() - start) / count


def main():
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with tempfile.TemporaryDirectory() as folder:
        native = os.path.join(folder, "native.dcm")
        ds = pydicom.dcmread(sys.argv[2]) if len(sys.argv) > 2 else made()
        ds.save_as(native, enforce_file_format=True)
        ds = pydicom.dcmread(native)
        paths = variants(ds, folder)
        ours = subprocess.Popen([sys.argv[1], "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def ask(verb, path, count):
            ours.stdin.write(f"{verb} {count} {path}\n")
            ours.stdin.flush()
            return float(ours.stdout.readline())

        def touch(path):
            for element in pydicom.dcmread(path, stop_before_pixels=True):
                element.value

        def header_itk(path):
            reader = sitk.ImageFileReader()
            reader.SetFileName(path)
            reader.ReadImageInformation()

        held = pydicom.dcmread(native)

        def hu():
            held._pixel_array = None
            return held.pixel_array.astype(np.float32) * np.float32(held.RescaleSlope) + np.float32(held.RescaleIntercept)

        cases = [
            ("header", "header", native, 200, "dicom-rs", "header_dicom_rs"),
            ("header", "header", native, 200, "pydicom", lambda: pydicom.dcmread(native, stop_before_pixels=True)),
            ("header, every value", "header", native, 200, "pydicom", lambda: touch(native)),
            ("header", "header", native, 200, "SimpleITK", lambda: header_itk(native)),
            ("open", "open", native, 100, "dicom-rs", "open_dicom_rs"),
            ("open", "open", native, 100, "pydicom", lambda: pydicom.dcmread(native)),
            ("slice to f32 HU", "hu", native, 200, "plain loop", "hu_loop"),
            ("slice to f32 HU", "hu", native, 50, "dicom-rs", "hu_dicom_rs"),
            ("slice to f32 HU", "hu", native, 50, "pydicom, numpy", hu),
            ("slice to f32 HU", "hu", native, 50, "SimpleITK ReadImage", lambda: sitk.ReadImage(native)),
        ]
        plugins = {"rle": ["pylibjpeg", "gdcm"], "jpegls": ["pyjpegls", "pylibjpeg", "gdcm"], "j2k": ["pylibjpeg", "gdcm"], "jpeg_sv1": ["pylibjpeg", "gdcm"], "jpeg_12": ["pylibjpeg", "gdcm"]}
        for name, path in paths.items():
            cases.append((f"{name} frame", "frame", path, 10, "dicom-rs", "frame_dicom_rs"))
            packed = pydicom.dcmread(path)
            decoder = get_decoder(UID(packed.file_meta.TransferSyntaxUID))
            for plugin in plugins[name]:
                def decode(decoder=decoder, packed=packed, plugin=plugin):
                    decoder.as_array(packed, index=0, decoding_plugin=plugin, raw=True)

                cases.append((f"{name} frame", "frame", path, 10, plugin, decode))
        print(f"pydicom {pydicom.__version__}, SimpleITK {sitk.Version_VersionString()}, {rounds} rounds, 1 thread, {os.path.getsize(native)} bytes, {len(ds)} elements")
        print(f"{'case':22s}{'peer':22s}{'ours us':>10s}{'peer us':>10s}{'peer/ours':>11s}")
        for title, verb, path, count, peer, other in cases:
            mine, theirs = [], []
            try:
                for _ in range(rounds):
                    mine.append(ask(verb, path, count))
                    theirs.append(ask(other, path, count) if isinstance(other, str) else clock(other, max(count // 5, 3)))
            except Exception as error:
                print(f"{title:22s}{peer:22s}  refused: {type(error).__name__}", flush=True)
                continue
            a, b = statistics.median(mine), statistics.median(theirs)
            print(f"{title:22s}{peer:22s}{a * 1e6:10.1f}{b * 1e6:10.1f}{b / a:11.2f}", flush=True)
        ours.stdin.close()
        ours.wait()


if __name__ == "__main__":
    main()
