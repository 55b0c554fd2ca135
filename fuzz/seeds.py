#!/usr/bin/env python3
"""Writes seed inputs for the fuzz targets: seeds.py OUT. Needs pydicom, pydicom-data, numpy and imagecodecs (from PyPI).

Files come from the packages pydicom and pydicom-data (those below 64 kB); code streams are cut out of them, or made here of
small images. A code stream follows the eight bytes that src/image.rs reads as the image's header.
"""
import hashlib
import pathlib
import struct
import sys
import zlib

import imagecodecs
import numpy
import pydicom
import pydicom.data

OUT = pathlib.Path(sys.argv[1])
LARGEST = 64 << 10
CODECS = {
    "rle": ["1.2.840.10008.1.2.5"],
    "jpeg": ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"],
    "jpeg_lossless": ["1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"],
    "jpegls": ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"],
    "jpeg2000": ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"],
    "htj2k": [f"1.2.840.10008.1.2.4.{n}" for n in (201, 202, 203)],
    "jpegxl": [f"1.2.840.10008.1.2.4.{n}" for n in (110, 111, 112)],
}
PHOTOMETRIC = {"MONOCHROME1": 0, "MONOCHROME2": 0, "RGB": 1, "YBR_FULL": 2, "YBR_FULL_422": 3, "PALETTE COLOR": 0,
               "YBR_RCT": 5, "YBR_ICT": 6}


def put(target, data):
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


def header(rows, columns, allocated, stored, photometric, signed=0, planar=0, frames=1):
    flags = PHOTOMETRIC[photometric] | signed << 3 | planar << 4
    return struct.pack("<HHBBBB", rows, columns, [1, 8, 16, 32].index(allocated), stored, flags, frames)


def files():
    for name in sorted(set(pydicom.data.get_testdata_files() + pydicom.data.get_charset_files())):
        path = pathlib.Path(name)
        if path.is_file() and path.stat().st_size <= LARGEST:
            yield path


def cut(path):
    ds = pydicom.dcmread(path, force=True)
    syntax = str(ds.file_meta.get("TransferSyntaxUID", "")) if hasattr(ds, "file_meta") else ""
    target = next((name for name, uids in CODECS.items() if syntax in uids), None)
    if target is None or "PixelData" not in ds:
        return
    head = header(ds.Rows, ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.PhotometricInterpretation,
                  ds.PixelRepresentation)
    stream = next(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=ds.get("NumberOfFrames", 1)))
    put(target, head + stream)


def make():
    y, x = numpy.mgrid[0:12, 0:16]
    for size in (slice(None), slice(0, 3)):
        for bits in (8, 12, 16):
            values = ((x * 211 + y * 97) * 7 % (1 << bits)).astype("u1" if bits == 8 else "u2")[size, size]
            smooth = ((x + 2 * y) * (1 << bits) // 64).astype(values.dtype)[size, size]
            for gray in (values, smooth):
                rgb = numpy.ascontiguousarray(numpy.stack([gray, gray[::-1], gray // 2], -1))
                for image, kind in ((gray, "MONOCHROME2"), (rgb, "RGB")):
                    encode(image, bits, kind)
    head = header(12, 16, 8, 8, "MONOCHROME2")
    pack = zlib.compressobj(wbits=-15)
    put("deflated", head + pack.compress(bytes(range(192))) + pack.flush())
    put("deflated", b"\x08\0\x05\0CS\x0a\0ISO_IR 100\x10\0\x10\0PN\x02\0\xe9 ")
    for kind, allocated, stored in (("MONOCHROME2", 1, 1), ("MONOCHROME2", 16, 12), ("RGB", 8, 8),
                                    ("YBR_FULL_422", 8, 8), ("MONOCHROME2", 32, 32), ("YBR_FULL", 8, 8)):
        for planar in (0, 1):
            put("native", header(4, 6, allocated, stored, kind, 1 - planar, planar, 2) + bytes(range(96)) * 3)
    put("palette", header(2, 4, 8, 8, "MONOCHROME2") + bytes([4, 0, 16, 0, 12, 0]) + bytes(range(24)) + bytes(8))
    words = [0, 2, 0, 256, 1, 8, 65535, 2, 1, 0, 0]
    put("palette", header(2, 4, 8, 8, "MONOCHROME2") + bytes([6, 0, 16, 1, 11, 0]) + struct.pack("<11H", *words) + bytes(8))
    lengths = struct.pack("<4H", 4, 4, 4, 4)
    put("frame_locator", header(2, 2, 8, 8, "MONOCHROME2", frames=2) + bytes([4, 0x21]) + lengths
        + struct.pack("<2H", 0, 24) + bytes(range(16)))
    put("frame_locator", header(2, 2, 8, 8, "MONOCHROME2", frames=4) + bytes([4, 0x46]) + lengths
        + struct.pack("<8H", 0, 12, 24, 36, 4, 4, 4, 4) + bytes(range(16)))


def encode(image, bits, kind):
    head = header(*image.shape[:2], 8 if bits == 8 else 16, bits, kind)
    tries = [
        ("jpegls", lambda: imagecodecs.jpegls_encode(image)),
        ("jpegls", lambda: imagecodecs.jpegls_encode(image, level=2)),
        ("jpeg_lossless", lambda: imagecodecs.ljpeg_encode(image, bitspersample=bits)),
        ("jpeg_lossless", lambda: imagecodecs.jpeg_encode(image, lossless=True, bitspersample=bits)),
        ("jpeg", lambda: imagecodecs.jpeg_encode(image, level=80, bitspersample=bits)),
        ("jpeg", lambda: imagecodecs.jpeg_encode(image, level=80, bitspersample=bits, subsampling="420")),
        ("jpeg2000", lambda: imagecodecs.jpeg2k_encode(image, codecformat="j2k", reversible=True, level=0,
                                                       resolutions=2, bitspersample=bits)),
        ("jpeg2000", lambda: imagecodecs.jpeg2k_encode(image, codecformat="j2k", level=30, resolutions=1)),
        ("htj2k", lambda: imagecodecs.htj2k_encode(image, reversible=True)),
        ("jpegxl", lambda: imagecodecs.jpegxl_encode(image, lossless=True, usecontainer=False)),
        ("jpegxl", lambda: imagecodecs.jpegxl_encode(image, distance=1.0, usecontainer=True)),
    ]
    for target, encoder in tries:
        try:
            put(target, head + bytes(encoder()))
        except Exception as error:  # a format that this encoder does not have
            print(f"{target}, {bits} bits, {kind}: {error}", file=sys.stderr)
    planes = image.reshape(image.shape[0] * image.shape[1], -1).T
    segments = [plane.astype(image.dtype.newbyteorder(">")).view("u1").reshape(-1, image.itemsize)[:, byte].tobytes()
                for plane in planes for byte in range(image.itemsize)]
    packed = [b"".join(bytes([len(part) - 1]) + part for part in (s[i:i + 128] for i in range(0, len(s), 128)))
              for s in segments]
    at, offsets = 64, []
    for part in packed:
        offsets.append(at)
        at += len(part)
    put("rle", head + struct.pack("<16I", len(packed), *offsets, *[0] * (15 - len(packed))) + b"".join(packed))


for path in files():
    data = path.read_bytes()
    put("open", data)
    put("write_round_trip", data)
    try:
        cut(path)
    except Exception as error:  # broken on purpose, or of no use here
        print(f"{path.name}: {type(error).__name__}", file=sys.stderr)
make()
for number in range(26):
    for text in (b"Buc^J\xe9r\xf4me=\xbb\xee\xda", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B",
                 b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3",
                 b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "王^小東\\é".encode(), b"\x1b$(D\x22\x2f\x1b(J\\\x1b-L\xbb"):
        put("charset", bytes([number, number % 3]) + text)
