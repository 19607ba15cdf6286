"""Write the two fonts of the site with only the characters and features that its pages use.

Run with: uv run --group test --group fonts python -m guide.site.fonts
"""

import io

from guide import ROOT
from guide.machine import node

FONTS = ROOT / "docs" / "assets" / "fonts"
CHARACTERS = "".join(map(chr, range(0x20, 0x7F))) + "\xa0§©°¶·×—“”•…↑↓\u2013\u2018\u2019\u2212"
# Neither font has these characters. Browsers use a system font for them.
FROM_THE_SYSTEM = "←→≤≥✓\u200b"
# Kerning and tabular figures. The ligatures of the code font are left out.
FEATURES = {"inter": ["kern", "tnum"], "jetbrains-mono": []}
WEIGHTS = (400, 700)


def write_fonts() -> None:
    """Write the fonts, based on the Fontsource packages."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    packages = node.installed_project("fonts") / "node_modules/@fontsource-variable"
    for name, features in FEATURES.items():
        source = packages / name / "files" / f"{name}-latin-wght-normal.woff2"
        font = TTFont(source, recalcTimestamp=False)
        instancer.instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
        # The subsetter requires a font that was saved and loaded again.
        uncompressed, font.flavor = io.BytesIO(), None
        font.save(uncompressed)
        font = TTFont(io.BytesIO(uncompressed.getvalue()), recalcTimestamp=False)
        options = Options(layout_features=features, name_IDs=[1, 2])
        subsetter = Subsetter(options)
        subsetter.populate(text=CHARACTERS)
        subsetter.subset(font)
        font.flavor = "woff2"
        path = FONTS / f"{name}.woff2"
        font.save(path)
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    write_fonts()
