"""What the data tools share: where things lie, and one way to write a CSV."""
import csv
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The third-party material stays outside the repository; tests find it in the same way.
MATERIAL = Path(os.environ.get("GUANTONG_MATERIAL", ROOT.parent / "shared" / "material"))
SPEC = Path(os.environ.get("GUANTONG_SPEC", ROOT.parent / "shared" / "spec"))


def read_csv(path):
    """Rows of a CSV as dictionaries; a byte-order mark is tolerated."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(path, header, rows):
    """Writes rows (sequences in the order of the header) as UTF-8 with LF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_text(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
