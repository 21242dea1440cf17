"""Makes the samples of packs/society/real-estate: houses in the register, objections, own holdings to look up, and how transfers went; none exists.

There is no holder's name, no address and no price anywhere. The eight identity numbers of `holding.csv` have the order number 000, which nobody is given
(GB 11643-1999 §4.2.1.3); units lie in the cadastral area 999. `--size try` (what the pack ships), `demo` or `province` says how many, `--to FOLDER` where the
files go, the pack's samples unless told. Days and shares are reckoned a second time and held against what samples/README.md says.
"""
import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, a_day

AS_OF = date(2026, 10, 31)
SIZES = {"try": (6, 6), "demo": (40, 40), "province": (1200, 600)}        # units and transfers a county
# Where it takes too long since August 2026, and where few apply for it as one thing.
SLOW, APART = "330727", "330304"
BORN = ("19440312", "19570608", "19650101", "19720829", "19780415", "19840220", "19901107", "19960530")


def identity(county, born):
    body = f"{county}{born}000"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]


def units_of(land, chance, many):
    rows = []
    for county in land.counties:
        for n in range(1, many + 1):
            home = chance.random() < 0.86
            mortgaged = chance.random() < 0.34
            rows.append({"unit_no": f"{county}999{n % 9 + 1:03d}GB{n:05d}F{chance.randrange(1, 40):04d}{chance.randrange(1, 30):04d}", "region": county, "registered_kind": "住宅" if home else "非住宅",
                         "registered_area": round(chance.lognormvariate(4.6, 0.32), 2) if chance.random() > 0.02 else "", "sealed": chance.random() < 0.03, "mortgaged": mortgaged,
                         "barred": mortgaged and chance.random() < 0.25, "electronic": chance.random() < 0.7 if chance.random() > 0.01 else "", "registered_on": a_day(chance, date(2010, 1, 4), AS_OF)})
    for row in chance.sample(rows, k=len(rows) // 150):
        row["barred"] = True
    return rows


def transfers_of(land, chance, many):
    """Transfers of 2025 and 2026: alone, or the parts of one thing."""
    rows = []
    for county in land.counties:
        serial = 0
        for _ in range(many):
            issued = a_day(chance, date(2025, 1, 6), AS_OF)
            slow = county == SLOW and issued >= date(2026, 8, 1)
            joint = chance.random() < (0.25 if county == APART else 0.62 if issued.year == 2025 else 0.86)
            days = chance.randrange(13, 22) if slow else chance.randrange(2, 6) if joint else chance.randrange(4, 10)
            applied, serial = issued - timedelta(days=days), serial + 1
            number = f"SYN-{county}-{serial:06d}"
            electronic = chance.random() < (0.88 if issued.year == 2025 else 0.97) if chance.random() > 0.01 else ""
            way = chance.random()
            parts = [("合同备案", applied, applied, "办成"), ("契税", applied, applied + timedelta(days=max(1, days - 2)), "办成"), ("转移登记", applied + timedelta(days=max(1, days - 2)), issued, "办成")]
            if way < 0.03:
                parts = [("合同备案", applied, applied, "不予办理")]
            elif way < 0.05:
                parts[2] = ("转移登记", parts[2][1], issued, "不予办理" if way < 0.04 else "已撤回")
            elif joint:
                parts += ([("抵押登记", issued, issued, "办成")] if chance.random() < 0.6 else []) + [("水电气过户", issued, issued + timedelta(days=chance.randrange(0, 3)), "办成")]
            if not joint:
                parts = [(item, applied if item == "转移登记" else begun, ended, result) for item, begun, ended, result in parts if item == "转移登记"] or parts
            for n, (item, begun, ended, result) in enumerate(parts, 1):
                rows.append([f"{number}-{n}" if joint else number, number if joint else "", county, item, begun, min(ended, AS_OF), result, electronic if item == "转移登记" and result == "办成" else ""])
    for row in chance.sample([r for r in rows if r[3] == "水电气过户"], k=max(2, len(rows) // 900)):
        row[5] = row[4] - timedelta(days=1)
    return rows


def prove(land, units, rows):
    begun = {}
    for _, joint, _, _, day, ended, _, _ in rows:
        if joint and ended >= day:
            begun[joint] = min(day, begun.get(joint, day))
    done = [(r[2], r[5], (r[5] - (begun.get(r[1]) or r[4])).days, bool(r[1]), r[7]) for r in rows if r[3] == "转移登记" and r[6] == "办成" and r[5] >= r[4]]
    for year in (2025, 2026):
        of = [d for d in done if d[1].year == year]
        known = [d for d in of if d[4] != ""]
        print(year, len(of), "certificates,", round(sum(d[2] for d in of) / len(of), 2), "days,", round(100 * sum(d[3] for d in of) / len(of), 1), "% as one thing,", round(100 * sum(d[4] for d in known) / len(known), 1), "% electronic")
    assert min(d[2] for d in done) >= 0 and len({u["unit_no"] for u in units}) == len(units)
    late = {}
    for county, issued, days, *_ in done:
        late.setdefault((county, issued.year, issued.month), []).append(days)
    slow = {county for (county, *_), days in late.items() if sum(days) / len(days) > 12}
    assert slow <= {SLOW}, slow


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--size", choices=SIZES, default="try")
    asked.add_argument("--to", type=Path, default=ROOT / "packs" / "society" / "real-estate" / "samples")
    asked = asked.parse_args()
    land, chance = Land(), random.Random(25)
    homes, many = SIZES[asked.size]
    units, rows = units_of(land, chance, homes), transfers_of(land, chance, many)
    prove(land, units, rows)
    free = [u for u in units if not u["sealed"]]
    own = [free[i * (len(free) // len(BORN))] for i in range(len(BORN))]
    doubted = chance.sample(free, k=max(3, len(free) // 120))

    def put(name, header, lines):
        true = lambda v: str(v).lower() if isinstance(v, bool) else v
        write_csv(asked.to / f"{name}.csv", header.split(), [[true(v) for v in line] for line in lines])
        print(f"{name}: {len(lines)}")
    put("unit", "unit_no region registered_kind registered_area sealed mortgaged barred electronic registered_on", [list(u.values()) for u in units])
    put("holding", "id_number region unit_no", [[identity(u["region"], born), u["region"], u["unit_no"]] for u, born in zip(own, BORN)])
    put("objection", "unit_no region objection_no objection_on objection_until", [[u["unit_no"], u["region"], f"SYN-YY-{n:05d}", day := a_day(chance, date(2026, 7, 1), AS_OF), day + timedelta(days=15)] for n, u in enumerate(doubted, 1)])
    put("handled", "number joint region item day ended result electronic", rows)


if __name__ == "__main__":
    main()
