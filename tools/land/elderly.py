"""Makes the samples of packs/society/elderly: institutions, their inspections and dangers, old people counted by county, home-care services, decisions on subsidies; none exists.

Names begin with 演示, codes lie in the range YY… that nobody gives out; there is no old person, no member of staff, nobody. `--size try` (what the pack ships),
`demo` or `province` says how many institutions; `--to FOLDER` where the files go, the pack's samples unless told. The tool counts what is overdue and what was
inspected a second time, by its own lines and not by the pack's tables, and proves what samples/README.md says.
"""
import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, a_day, credit_code

AS_OF = date(2026, 10, 31)
SIZES = {"try": 2, "demo": 8, "province": 25}                       # institutions a county
ITEMS = ["消防设施和疏散通道", "食品安全", "建筑和用电燃气", "医疗护理和用药", "人员配备", "服务协议和收费", "老年人权益"]
TERM = {"一般": 30, "较大": 15, "重大": 7}
SERVICES = {"助餐": 5200, "助浴": 420, "助洁": 1900, "助行": 650, "助医": 830}
NATURES = {"公办": "12", "公建民营": "52", "民办非营利": "52", "民办营利": "91"}
# Where things go wrong: institutions whose dangers of this year are overdue; a county that has not inspected this year.
STUBBORN, IDLE = {"330212": 1, "330522": 2, "331003": 1}, "330825"


def institutions(land, chance, many):
    rows = []
    for county in land.counties:
        lon, lat = land.at.get(county, (120.2, 29.3))
        for n in range(many):
            nature = chance.choices(list(NATURES), (22, 26, 30, 22))[0]
            beds = chance.randrange(60, 420)
            rows.append({"code": credit_code(NATURES[nature], county, 850_000 + len(rows)), "name": f"演示{land.name[county]}{chance.choice(['颐养院', '敬老院', '康养中心', '护理院'])}{n + 1}", "region": county,
                         "nature": nature, "beds": beds, "nursing": round(beds * chance.uniform(0.42, 0.72)), "filed": a_day(chance, date(2020, 11, 2), date(2023, 12, 20)),
                         "state": "运营" if n == 0 or chance.random() > 0.04 else "终止", "lon": round(lon + chance.uniform(-0.05, 0.05), 5), "lat": round(lat + chance.uniform(-0.05, 0.05), 5)})
    # Slips for the quality rules: more nursing beds than beds, a kind and a number that are not there.
    rows[11]["nursing"] = rows[11]["beds"] + 6
    rows[23]["nature"] = None
    rows[57]["nursing"] = None
    return rows


def inspections(rows, chance):
    out = []
    for r in rows:
        for year in (2024, 2025, 2026):
            if r["state"] != "运营" or (year == 2026 and r["region"] == IDLE):
                continue
            last = AS_OF if year == 2026 else date(year, 12, 28)
            out.append([f"JC{len(out) + 1:06d}", r["code"], r["region"], a_day(chance, date(year, 1, 8), last), "年度检查", 0])
            if chance.random() < 0.35:
                out.append([f"JC{len(out) + 1:06d}", r["code"], r["region"], a_day(chance, date(year, 1, 8), last), chance.choices(["专项检查", "投诉核查"], (80, 20))[0], 0])
    # The last day of the samples is an inspection's; one says not why, one not what.
    out[-1][3] = AS_OF
    out[31][4] = None
    return out


def dangers(rows, made, chance):
    found = []

    def open_(i, severity, item, late, closed):
        day, days = i[3], TERM[severity]
        term = day + timedelta(days=days)
        mended = term + timedelta(days=chance.randrange(2, 20)) if late else day + timedelta(days=chance.randrange(1, days + 1))
        ended = mended + timedelta(days=chance.randrange(1, 6))
        if not closed or ended > AS_OF:
            mended = ended = None
        overdue = mended > term if mended else term < AS_OF and (late or not closed)
        if not overdue and mended is None and term < AS_OF:
            term = AS_OF + timedelta(days=5)
        found.append([f"YH{len(found) + 1:06d}", i[1], i[2], item, severity, day, term, mended, ended, overdue, bool(overdue and not ended and severity == "重大")])
        i[5] = i[5] + 1
    for i in made:
        if chance.random() < 0.55:
            for _ in range(chance.choices([1, 2, 3], (70, 22, 8))[0]):
                # Nothing of this year is late but where nobody sees to it.
                late = i[3].year < 2026 and chance.random() < 0.09
                open_(i, chance.choices(list(TERM), (58, 32, 10))[0], chance.choices(ITEMS, (30, 16, 14, 14, 12, 10, 4))[0], late, True)
    for county, many in STUBBORN.items():
        own = sorted({r["code"] for r in rows if r["region"] == county and r["state"] == "运营"})
        for code in own[:many]:
            i = next(i for i in made if i[1] == code and i[3].year == 2026)
            i[3] = min(i[3], date(2026, 8, 20))
            for row in found:
                if row[1] == code and row[5].year == 2026 and row[5] > i[3]:
                    row[5] = i[3]
            open_(i, "重大", ITEMS[0], True, False)
    # Slips: a term before the day it was found on, a closing without a day of mending.
    ended = [f for f in found if f[8] and f[5].year == 2024 and not f[9]]
    ended[3][6] = ended[3][5]
    ended[3][7] = ended[3][5]
    ended[9][7] = None
    made[77][5] = None
    return found


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="try")
    asked.add_argument("--to", type=Path, default=ROOT / "packs/society/elderly/samples")
    asked = asked.parse_args()
    land, chance = Land(), random.Random(47)
    rows = institutions(land, chance, SIZES[asked.size])
    made = inspections(rows, chance)
    found = dangers(rows, made, chance)
    beds = {}
    for r in rows:
        if r["state"] == "运营":
            beds[r["region"]] = beds.get(r["region"], 0) + r["beds"]
    # As many old people as give twenty-four to forty beds a thousand, and a few more every year.
    elders = []
    for county in land.counties:
        persons = round(1000 * beds[county] / chance.uniform(24, 40))
        elders += [[county, date(year, 12, 31), round(persons * (0.97 ** (2025 - year)))] for year in (2023, 2024, 2025)]
        elders.append([county, AS_OF, round(persons * 1.02)])
    services, handled, orders = [], [], []
    for county in land.counties:
        share = chance.uniform(0.5, 1.6)
        for quarter in (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)):
            for service, usual in SERVICES.items():
                visits = round(usual * share * chance.uniform(0.85, 1.2))
                services.append([county, quarter, service, chance.randrange(2, 40), visits, round(visits * chance.uniform(0, 0.14))])
        for _ in range(SIZES[asked.size]):
            day = a_day(chance, date(2025, 1, 6), date(2026, 9, 10))
            handled.append([f"PG{len(handled) + 1:06d}", county, day, day + timedelta(days=chance.randrange(9, 30)), chance.choices(["给予", "不予给予"], (78, 22))[0], chance.random() < 0.15])
            day, result = a_day(chance, date(2026, 1, 5), date(2026, 10, 10)), chance.choices(["已服务", "没有排上"], (88, 12))[0]
            orders.append([f"YY{len(orders) + 1:06d}", county, day, chance.choices(list(SERVICES), (50, 12, 18, 8, 12))[0], result, day + timedelta(days=chance.randrange(1, 9)) if result == "已服务" else None])
    # Slips: stations and a number that are not there, services where there is no station, a review that is not told.
    services[13][3] = None
    services[44][5] = None
    services[90][3] = 0
    handled[5][5] = handled[60][5] = None
    handled[8][3] = handled[8][2] - timedelta(days=1)
    elders[40][2] = None
    next(o for o in orders if o[5])[5] = None
    prove(rows, made, found)
    text = lambda v: "" if v is None else str(v).lower() if isinstance(v, bool) else v

    def put(name, header, lines):
        write_csv(asked.to / f"{name}.csv", header.split(), [[text(v) for v in line] for line in lines])
        print(f"{name}: {len(lines)}")
    put("institution", "code institution_name region nature beds nursing filed_on state lon lat", [[r[k] for k in ("code", "name", "region", "nature", "beds", "nursing", "filed", "state", "lon", "lat")] for r in rows])
    put("inspection", "number code region inspected_on origin findings", made)
    put("danger", "number code region item severity found_on term_on mended_on closed_on overdue suspended", found)
    put("elders", "region day persons", elders)
    put("home-service", "region quarter_on service stations visits waiting", services)
    put("home-order", "number region day service order_result served_on", orders)
    put("handled", "number region day decided_on result joint", handled)


def prove(rows, made, found):
    late = {}
    for f in found:
        assert f[3] in ITEMS and (f[8] is None or f[8] >= f[5]), f
        if f[5].year == 2026 and f[9] and not f[8]:
            late.setdefault(f[2], set()).add(f[1])
    assert {k: len(v) for k, v in late.items()} == STUBBORN, late
    assert all(f[5].year == 2026 for f in found if f[9] and not f[8])
    seen = {(i[1], i[3].year) for i in made}
    idle = {r["region"] for r in rows if r["state"] == "运营" and (r["code"], 2026) not in seen}
    assert idle == {IDLE}, idle
    over = [f for f in found if f[7] or f[9]]
    print(len(found), "dangers,", round(100 * sum(bool(f[7] and f[7] <= f[6]) for f in over) / len(over), 1), "% mended in term,", sum(f[8] is None for f in found), "open")


if __name__ == "__main__":
    main()
