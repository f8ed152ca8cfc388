"""Writes the pictures of `fixtures/`, and into `fixtures/numbers.json` what Pillow and NumPy read from them.

    pip install numpy==2.4.6 pillow==12.0.0
    python3 nn-core/tests/images/make_fixtures.py
"""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent / "fixtures"
ROWS, COLUMNS = 9, 13

rng = np.random.default_rng(1)


def smooth(channels):
    """Waves, which JPEG keeps nearly as they are."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    waves = [127 + 100 * np.sin(0.3 * x + 0.5 * channel) * np.cos(0.2 * y - channel) for channel in range(channels)]
    return np.stack(waves, axis=-1).round().astype(np.uint8)


def noise(channels, dtype=np.uint8):
    return rng.integers(0, np.iinfo(dtype).max + 1, (ROWS, COLUMNS, channels), dtype=dtype)


def luma(rgb):
    """ITU-R BT.709."""
    return (rgb[..., :3] @ np.array([0.2126, 0.7152, 0.0722]))[..., None]


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(columns, rows, depth, colour, lines):
    header = struct.pack(">IIBBBBB", columns, rows, depth, colour, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


def turned(image):
    """Noted by the camera: to be seen, it must be turned by 90° clockwise."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = io.BytesIO()
    image.save(content, "jpeg", quality=95, exif=exif)
    return content.getvalue()


def adobe_behind_frame(grey):
    """Grey in several scans; before the first of these, Adobe's mark says that there are four components."""
    content = io.BytesIO()
    Image.fromarray(grey).save(content, "jpeg", progressive=True)
    frame, first_scan, scans = content.getvalue().partition(b"\xff\xda")
    return frame + b"\xff\xee" + struct.pack(">H5sHHHB", 14, b"Adobe", 100, 0, 0, 2) + first_scan + scans


def main():
    FOLDER.mkdir(exist_ok=True)
    cases = []

    def case(file, values, largest=255, resize=None, tolerance=0.0):
        """`values` [rows, columns, channels] are what a reader that wants so many channels and this size should see."""
        values = np.asarray(values, dtype=np.float64).transpose(2, 0, 1)
        cases.append(
            {
                "file": file,
                "resize": resize,
                "shape": list(values.shape),
                "values": [int(value) if value.is_integer() else round(float(value), 3) for value in values.flat],
                "largest": largest,
                "tolerance": tolerance,
            }
        )

    grey, rgb, rgba = noise(1), noise(3), noise(4)
    opaque = np.full((ROWS, COLUMNS, 1), 255, dtype=np.uint8)
    Image.fromarray(grey[..., 0]).save(FOLDER / "grey.png")
    case("grey.png", grey)
    case("grey.png", np.repeat(grey, 3, axis=2))
    Image.fromarray(rgb).save(FOLDER / "rgb.png")
    case("rgb.png", rgb)
    case("rgb.png", np.concatenate([rgb, opaque], axis=2))
    # Whole numbers: what is between them is lost.
    case("rgb.png", luma(rgb), tolerance=1)
    Image.fromarray(rgba).save(FOLDER / "rgba.png")
    case("rgba.png", rgba)
    case("rgba.png", rgba[..., :3])
    palette = Image.fromarray(rgb).quantize(16)
    palette.save(FOLDER / "palette.png")
    case("palette.png", np.asarray(palette.convert("RGB")))
    bilevel = Image.fromarray(grey[..., 0]).convert("1")
    bilevel.save(FOLDER / "bilevel.png")
    case("bilevel.png", np.asarray(bilevel.convert("L"))[..., None])

    deep = noise(1, np.uint16)
    Image.fromarray(deep[..., 0]).save(FOLDER / "grey16.png")
    case("grey16.png", np.asarray(Image.open(FOLDER / "grey16.png"))[..., None], 65535)
    case("grey16.png", np.repeat(deep, 3, axis=2), 65535)

    # Decoders differ by their rounding.
    Image.fromarray(smooth(3)).save(FOLDER / "rgb.jpg", quality=95, subsampling=0)
    case("rgb.jpg", np.asarray(Image.open(FOLDER / "rgb.jpg")), tolerance=3)
    Image.fromarray(smooth(1)[..., 0]).save(FOLDER / "grey.jpg", quality=95)
    case("grey.jpg", np.asarray(Image.open(FOLDER / "grey.jpg"))[..., None], tolerance=2)
    Image.fromarray(smooth(3)).save(FOLDER / "progressive.jpg", quality=95, subsampling=0, progressive=True)
    case("progressive.jpg", np.asarray(Image.open(FOLDER / "progressive.jpg")), tolerance=3)
    (FOLDER / "turned.jpg").write_bytes(turned(Image.fromarray(smooth(1)[..., 0])))
    upright = np.asarray(Image.open(FOLDER / "turned.jpg").transpose(Image.Transpose.ROTATE_270))
    case("turned.jpg", upright[..., None], tolerance=2)

    # Bilinear with antialiasing, as torchvision resizes by default; Pillow rounds after each direction.
    wave = Image.fromarray(smooth(3))
    wave.save(FOLDER / "wave.png")
    for rows, columns in ((4, 6), (20, 16)):
        stretched = wave.resize((columns, rows), Image.Resampling.BILINEAR)
        case("wave.png", np.asarray(stretched), resize="stretch", tolerance=2)
    # Of 13 columns 9 stay, two are cut off on either side.
    case("wave.png", np.asarray(wave)[:, 2:11], resize="cover")
    half = wave.resize((26, 18), Image.Resampling.BILINEAR).crop((4, 0, 22, 18))
    case("wave.png", np.asarray(half), resize="cover", tolerance=2)

    (FOLDER / "numbers.json").write_text(json.dumps(cases) + "\n")

    # What no reader should believe.
    (FOLDER / "too_large.png").write_bytes(png(100_000, 100_000, 8, 0, b"\0"))
    (FOLDER / "implausible.png").write_bytes(png(8_000, 8_000, 8, 6, b"\0" * 32_001))
    (FOLDER / "short.png").write_bytes(png(13, 9, 8, 0, b"\0" * 14 * 8))
    (FOLDER / "adobe_behind_frame.jpg").write_bytes(adobe_behind_frame(grey[..., 0]))


main()
