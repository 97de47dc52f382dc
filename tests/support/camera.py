"""Gives Chromium a camera that sees what a test holds before it: a file of two frames.

The file is read when a page opens the camera, so what is held before it can be changed between.
"""

import io
from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw

SIZE: Final = (1280, 720)

ARGUMENTS: Final = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""A camera, and a person who lets pages use it."""


class Camera:
    """What is held before the lens."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing but a grey table."""
        self.file = folder / "camera.y4m"
        self.hold(Image.new("RGB", SIZE, "#777777"))

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a browser must be started with."""
        return (*ARGUMENTS, f"--use-file-for-fake-video-capture={self.file}")

    def hold(self, picture: Image.Image) -> None:
        """Hold a picture before it."""
        planes = picture.convert("YCbCr").split()
        half = (SIZE[0] // 2, SIZE[1] // 2)
        frame = b"FRAME\n" + planes[0].tobytes()
        frame += b"".join(plane.resize(half).tobytes() for plane in planes[1:])
        head = f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F10:1 Ip A1:1 C420jpeg\n".encode()
        self.file.write_bytes(head + frame * 2)

    def hold_code(self, text: str) -> None:
        """Hold a QR code before it, as a card shows one."""
        packed = io.BytesIO()
        segno.make(text, error="m").save(packed, kind="png", scale=6, border=4)
        code = Image.open(packed).convert("RGB")
        code.thumbnail((620, 620), Image.Resampling.NEAREST)
        table = Image.new("RGB", SIZE, "#777777")
        table.paste(code, ((SIZE[0] - code.width) // 2, (SIZE[1] - code.height) // 2))
        self.hold(table)

    def hold_page(self, words: str, *, dark: bool = False, lines: int = 28) -> None:
        """Hold a printed page of so many lines before it; in the dark, hardly to be seen."""
        table = Image.new("RGB", SIZE, "#3a3a3a")
        page = ImageDraw.Draw(table)
        page.rectangle((300, 20, 980, 700), fill="#fbfbf6")
        for line in range(lines):
            page.text((330, 40 + line * 23), f"{words} · {line + 1:02d} " * 3, fill="#151515")
        self.hold(table.point(lambda level: level // 8) if dark else table)
