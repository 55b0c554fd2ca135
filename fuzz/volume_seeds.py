#!/usr/bin/env python3
"""Writes seed inputs for the fuzz targets of files that hold a volume: volume_seeds.py OUT.

Needs numpy, nibabel, SimpleITK, h5py, tifffile, safetensors, astropy and pillow (from PyPI).
"""
import hashlib
import io
import json
import pathlib
import struct
import sys
import tempfile

import h5py
import nibabel
import numpy
import safetensors.numpy
import SimpleITK
import tifffile
from astropy.io import fits
from PIL import Image

OUT = pathlib.Path(sys.argv[1])
TYPES = ["u1", "i2", "u2", "i4", "f4", "f8"]


def put(target, data):
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


def values(kind, shape=(5, 4, 3)):
    return (numpy.arange(numpy.prod(shape)).reshape(shape) * 7 % 100).astype(kind)


def by_nibabel():
    affine = numpy.array([[-2, 0.1, 0, 9], [0, 2, 0.2, -8], [0, 0, 3, 7], [0, 0, 0, 1.0]])
    for kind in TYPES:
        for make in (nibabel.Nifti1Image, nibabel.Nifti2Image):
            for shape in ((5, 4, 3), (4, 3, 2, 2)):
                image = make(values(kind, shape), affine)
                image.header.extensions.append(nibabel.nifti1.Nifti1Extension(6, b"a comment"))
                put("nifti", image.to_bytes())
        big = nibabel.Nifti1Image(values(kind), affine, nibabel.Nifti1Header(endianness=">"))
        put("nifti", big.to_bytes())
    for kind in ("u1", "i2", "i4", "f4"):
        put("mgh", nibabel.MGHImage(values(kind), affine).to_bytes())
    put("analyze", nibabel.AnalyzeImage(values("i2"), affine).header.binaryblock + bytes(200))


def by_itk():
    with tempfile.TemporaryDirectory() as folder:
        for kind in TYPES:
            image = SimpleITK.GetImageFromArray(values(kind))
            image.SetSpacing((0.5, 0.75, 2.0))
            for target, end in (("nrrd", "nrrd"), ("metaimage", "mha"), ("vtk", "vtk"), ("gipl", "gipl"), ("hdf5", "h5"),
                                ("nifti", "nii")):
                for packed in (False, True):
                    path = pathlib.Path(folder) / f"a.{end}"
                    try:
                        SimpleITK.WriteImage(image, str(path), packed)
                    except RuntimeError:
                        continue
                    put(target, path.read_bytes())


def by_others():
    for kind in TYPES:
        array = values(kind)
        for write, target in ((numpy.save, "npy"), (numpy.savez, "npz"), (numpy.savez_compressed, "npz")):
            out = io.BytesIO()
            write(out, array)
            put(target, out.getvalue())
        put("safetensors", safetensors.numpy.save({"a": array}))
        if kind != "u2":
            out = io.BytesIO()
            fits.PrimaryHDU(array).writeto(out)
            put("fits", out.getvalue())
        for how in ({}, {"compression": "zlib"}, {"compression": "lzw"}, {"tile": (16, 16)}, {"predictor": True, "compression": "zlib"},
                    {"bigtiff": True}, {"byteorder": ">"}, {"imagej": True}):
            try:
                out = io.BytesIO()
                tifffile.imwrite(out, array, **how)
                put("tiff", out.getvalue())
            except (ValueError, KeyError, ImportError):
                pass
        for how in ({}, {"chunks": (2, 2, 2)}, {"chunks": True, "compression": "gzip", "shuffle": True}, {"fletcher32": True, "chunks": True}):
            for version in ("earliest", "latest"):
                out = io.BytesIO()
                with h5py.File(out, "w", libver=version) as file:
                    file.create_dataset("image", data=array, **how).attrs["spacing"] = [1.0, 2.0, 3.0]
                put("hdf5", out.getvalue())
    for mode in ("L", "RGB", "I;16"):
        kind = {"L": "u1", "I;16": "u2"}.get(mode, "u1")
        flat = values(kind, (6, 7, 3) if mode == "RGB" else (6, 7))
        for target, name in (("png", "PNG"), ("jpeg_picture", "JPEG")):
            if mode == "I;16" and name == "JPEG":
                continue
            out = io.BytesIO()
            Image.fromarray(flat).save(out, name)
            put(target, out.getvalue())
    jnii = {"NIFTIHeader": {"NIIHeaderSize": 348, "Dim": [3, 2, 2], "DataType": "int16", "VoxelSize": [1, 1, 2]},
            "NIFTIData": {"_ArrayType_": "int16", "_ArraySize_": [3, 2, 2], "_ArrayData_": list(range(12))}}
    put("jnifti", json.dumps(jnii).encode())
    put("jnifti", b"{U\x09NIFTIDataU\x01" + bytes(40))
    array = {"zarr_format": 3, "node_type": "array", "shape": [3, 4, 5], "data_type": "uint16", "fill_value": 0,
             "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2, 2, 5]}},
             "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
             "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}], "attributes": {}}
    put("zarr", json.dumps(array).encode() + b"\0" + bytes(40))
    put("ecat", b"MATRIX72v" + bytes(37) + struct.pack(">hhh", 70, 7, 1) + bytes(2000))
    put("par", PAR.encode())
    put("transform", b"#Insight Transform File V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\n"
                     b"Parameters: 1 0 0 0 1 0 0 0 1 2 3 4\nFixedParameters: 0 0 0\n")
    put("transform", b"1 0 0 2\n0 1 0 3\n0 0 1 4\n0 0 0 1\n")


PAR = """# === DATA DESCRIPTION FILE ===
# CLINICAL TRYOUT             Research image export tool     V4.2
.    Patient position                   :   Head First Supine
.    Preparation direction              :   Anterior-Posterior
.    Max. number of slices/locations    :   1
.    FOV (ap,fh,rl) [mm]                :   4.000  2.000  4.000
.    Angulation midslice(ap,fh,rl)[degr]:   0.000  0.000  0.000
.    Off Centre midslice(ap,fh,rl) [mm] :   0.000  0.000  0.000
#  sl ec  dyn ph ty    idx pix scan% rec size                (re)scale              window        angulation              offcentre        thick
   1   1    1  1 0 2     0  16   100    2    2     0.00000   1.00000 1.00000e+00   100   50  0.00  0.00  0.00   0.000  0.000  0.000  2.000 0.000 0 1 0 2  2.000  2.000  10.00   0.00     0.00    0.00   1   90.00     0    0    0     0   0.0   1   1    7    0   0.000  0.000 0.000  1
"""

by_nibabel()
by_itk()
by_others()
