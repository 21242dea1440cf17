"""Makes the samples of packs/society/housing: buildings of urban quarters, who answers for what, inspections, appraisals, dangers, civil-defence works; none exists.

Names begin with 演示, codes lie in the range YY… that nobody gives out; there is no owner, no resident, nobody. `--size try` (what the pack ships), `demo` or
`province` says how many buildings; `--to FOLDER` where the files go, the pack's samples unless told. The tool grades buildings and counts planned inspections a
second time, by its own lines and not by the pack's tables, and proves what samples/README.md says.
"""
import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, a_day, credit_code

AS_OF = date(2026, 10, 31)
SIZES = {"try": 4, "demo": 25, "province": 300}                     # buildings a county
ITEMS = ["地基沉降或者房屋倾斜", "承重构件裂缝或者变形", "拆改承重结构", "违规加层或者扩建", "外墙面或者构件脱落", "屋面或者墙体渗漏", "白蚁或者木构件腐朽"]
SLIGHT = ITEMS[4:]
WAYS = {"A": ("无需处置", 0), "B": ("观察使用", 60), "C": ("处理使用", 90), "D": ("停止使用", 3)}
# Where things go wrong: dangers overdue this year, too few inspections this summer.
STUBBORN, IDLE = {"330304": 2, "330683": 4, "331022": 1}, ["330424", "330822"]


def buildings(land, chance, many):
    managers, rows = [], []
    for county in land.counties:
        town = land.town.get(county, county)
        own = [(credit_code("91", county, 800_000 + len(managers) + k), f"演示{land.name[county]}物业服务{k + 1}有限公司", county) for k in range(2)]
        managers += own
        lon, lat = land.at.get(county, (120.2, 29.3))
        for n in range(many):
            structure = chance.choices(["钢筋混凝土", "砌体", "砖木", "木"], (48, 42, 8, 2))[0]
            built = chance.randrange(1999, 2024) if structure == "钢筋混凝土" else chance.randrange(1974, 2005) if structure == "砌体" else chance.randrange(1962, 1996)
            managed = chance.random() < 0.86
            rows.append({"building": f"{town}-{n + 1:04d}", "name": f"演示{land.name[county]}{chance.choice(['新村', '花园', '公寓', '小区'])}{n + 1}幢", "region": town, "county": county, "street": f"演示{land.name.get(town, land.name[county])}",
                         "built": built if chance.random() > 0.006 else None, "structure": structure, "storeys": chance.randrange(6, 27) if structure == "钢筋混凝土" else chance.randrange(3, 8) if structure == "砌体" else chance.randrange(1, 4),
                         "use": chance.choices(["住宅", "商住", "公共"], (80, 16, 4))[0], "area": chance.randrange(800, 16000) if chance.random() > 0.005 else None, "extended": chance.random() < 0.03, "converted": chance.random() < 0.04,
                         "managed": managed, "manager": chance.choice(own)[0] if managed and chance.random() > 0.01 else None, "checked": a_day(chance, date(2026, 1, 5), date(2026, 9, 30)), "lon": round(lon + chance.uniform(-0.05, 0.05), 5), "lat": round(lat + chance.uniform(-0.05, 0.05), 5)})
    # Slips for the quality rules: built after it was checked, and a wooden house of nine storeys.
    rows[17]["built"] = 2027
    rows[41].update(structure="木", storeys=9)
    return managers, rows


def duties(rows, works, land, chance):
    below = {w[1] for w in works}
    names = {}
    for b in rows:
        keeper = f"演示{land.name[b['county']]}物业服务" if b["managed"] else f"演示{land.name[b['county']]}社区"
        for duty, unit in (("网格巡查", b["street"]), ("日常维修", keeper), ("督促鉴定和解危", f"{land.name[b['county']]}住房和城乡建设局"), ("人防工程维护", keeper)):
            if (duty != "人防工程维护" or b["building"] in below) and chance.random() > 0.008:
                names[b["building"], duty] = [b["building"], duty, unit, b["region"]]
    return names


def dangers(rows, chance, land):
    """Dangers with their appraisals: reported or found, handled by grade, in time or not."""
    found, appraised = [], []
    def open_(b, day, severity, grade, late, closed):
        number = f"YH{len(found) + 1:06d}"
        item = chance.choice(SLIGHT if severity == "轻微" else ITEMS)
        way, days = WAYS[grade] if grade else ("日常维修", 30)
        began = day + timedelta(days=chance.randrange(6, 30) if grade else 2)
        term = began + timedelta(days=days)
        if grade:
            appraised.append([f"JD{len(appraised) + 1:06d}", b["building"], b["region"], began, grade, f"演示房屋安全鉴定{chance.randrange(1, 6)}所", f"演示鉴字{began.year}-{len(appraised) + 1:05d}" if chance.random() > 0.02 else ""])
        done = term + timedelta(days=chance.randrange(2, 25)) if late else began + timedelta(days=chance.randrange(0, days + 1))
        emptied = done if way == "停止使用" else None
        mended = None if way == "无需处置" else done if way != "停止使用" else done + timedelta(days=chance.randrange(40, 150))
        ended = (mended or began) + timedelta(days=chance.randrange(1, 7))
        if not closed or ended > AS_OF:
            ended = None
            if not closed or (mended and mended > AS_OF):
                mended = None
        if late is None:
            emptied = mended = ended = None
        if emptied and emptied > AS_OF:
            emptied = None
        first = emptied or mended
        overdue = first > term if first else way != "无需处置" and term < AS_OF
        found.append([number, b["building"], b["region"], item, severity, chance.choices(["网格巡查", "公众报告"], (78, 22))[0], day, grade, way, term, emptied, mended, ended, overdue])
    for b in rows:
        for year in (2024, 2025, 2026):
            old = b["structure"] != "钢筋混凝土"
            if chance.random() < (0.40 if old else 0.16):
                last = AS_OF - timedelta(days=5) if year == 2026 else date(year, 12, 31)
                severity = chance.choices(["轻微", "明显", "严重"], (56, 38, 6))[0]
                grade = None if severity == "轻微" else chance.choices("ABCD", (22, 44, 27, 7) if severity == "明显" else (4, 16, 44, 36))[0]
                open_(b, a_day(chance, date(year, 1, 6), last), severity, grade, year < 2026 and chance.random() < 0.05, True)
    # A few more that were appraised before, without a danger.
    for b in chance.sample(rows, len(rows) // 8):
        day = a_day(chance, date(2018, 3, 1), date(2023, 12, 1))
        appraised.append([f"JD{len(appraised) + 1:06d}", b["building"], b["region"], day, chance.choices("AB", (70, 30))[0], f"演示房屋安全鉴定{chance.randrange(1, 6)}所", f"演示鉴字{day.year}-{len(appraised) + 1:05d}"])
    # What is overdue this year where nobody sees to it; nothing else of this year is.
    for row in found:
        if row[6].year == 2026 and row[13]:
            row[13] = False
            if row[12] is None and row[9] < AS_OF:
                row[9] = AS_OF + timedelta(days=20)
    for county, many in STUBBORN.items():
        own = [b for b in rows if b["county"] == county]
        for n in range(many):
            open_(own[n % len(own)], date(2026, 3 + n, 12), "明显", "C" if n else "D", None, False)
    return found, appraised


def grade_of(b, found, appraised):
    """The grade of a building, reckoned anew: 1 blue to 4 red."""
    mine = sorted((a for a in appraised if a[1] == b["building"]), key=lambda a: (a[3], a[0]))
    last = mine[-1] if mine else None
    fresh = last and last[4] in "AB" and b["checked"].year - last[3].year <= 5
    age = None if b["built"] is None else b["checked"].year - b["built"]
    if age is None or age < 0:
        by_age = 2
    elif b["structure"] in ("钢筋混凝土", "砌体"):
        by_age = 3 if age >= 50 else 2 if b["structure"] == "砌体" and age >= 30 else 1
    else:
        by_age = 3 if age >= 30 else 2 if age >= 15 else 1
    pending = [f[4] for f in found if f[1] == b["building"] and not f[12]]
    by_finding = 3 if "严重" in pending else 2 if "明显" in pending else 1
    return max({"A": 1, "B": 2, "C": 3, "D": 4}[last[4]] if last else 1, by_finding, 1 if fresh else min(3, by_age + (b["extended"] or b["converted"])))


EVERY = {4: 1, 3: 3, 2: 6, 1: 12}


def inspections(rows, grades, found, chance):
    out = []
    hits = {}
    for f in found:
        hits.setdefault((f[1], f[6].year), []).append(f)
    for b in rows:
        every = EVERY[grades[b["building"]]]
        for year in (2025, 2026):
            for turn in range(1, 12 // every + 1):
                first = date(year, (turn - 1) * every + 1, 1)
                last = date(year + (turn * every) // 12, turn * every % 12 + 1, 1) - timedelta(days=1)
                if first > AS_OF or (last > AS_OF and chance.random() < 0.5):
                    continue
                # Where a county has a handful of buildings, one that is left out would be a warning.
                if (b["county"] in IDLE and first >= date(2026, 4, 1)) or (len(rows) > 1000 and chance.random() < 0.04):
                    continue
                day = a_day(chance, first, min(last, AS_OF))
                out.append([f"XC{len(out) + 1:07d}", b["building"], b["region"], day, "汛期台风" if day.month in (6, 7, 8, 9) and chance.random() < 0.3 else chance.choices(["年度计划", "专项检查"], (92, 8))[0] if chance.random() > 0.004 else "", 0])
    for (building, year), some in hits.items():
        own = [i for i in out if i[1] == building and i[3].year == year]
        if own:
            own[0][5] = sum(1 for f in some if f[5] == "网格巡查")
    # The last day of the samples is an inspection's, so that what is due can be told.
    out[-1][3] = AS_OF
    return out


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="try")
    asked.add_argument("--to", type=Path, default=ROOT / "packs/society/housing/samples")
    asked = asked.parse_args()
    land, chance = Land(), random.Random(41)
    managers, rows = buildings(land, chance, SIZES[asked.size])
    works, uses = [], []
    for b in rows:
        if b["built"] and b["built"] >= 2000 and chance.random() < 0.35:
            works.append([f"RF{b['region']}-{int(b['building'][-4:]):03d}", b["building"], b["region"], chance.randrange(300, 9000) if chance.random() > 0.01 else "", chance.choices(["停车", "仓储", "商业", "文体活动", "未使用"], (68, 10, 5, 5, 12))[0], a_day(chance, date(2024, 1, 1))])
            if b["manager"] and works[-1][4] != "未使用" and chance.random() < 0.8:
                begin = a_day(chance, date(2024, 1, 1))
                uses.append([f"BA{len(uses) + 1:06d}", works[-1][0], b["region"], b["manager"], works[-1][4], begin, begin + timedelta(days=365 * chance.choice([1, 2, 3]) if chance.random() > 0.01 else -1)])
    answers = duties(rows, works, land, chance)
    found, appraised = dangers(rows, chance, land)
    grades = {b["building"]: grade_of(b, found, appraised) for b in rows}
    made = inspections(rows, grades, found, chance)
    prove(land, rows, found, grades, made)
    text = lambda v: "" if v is None else str(v).lower() if isinstance(v, bool) else v

    def put(name, header, lines):
        write_csv(asked.to / f"{name}.csv", header.split(), [[text(v) for v in line] for line in lines])
        print(f"{name}: {len(lines)}")
    put("manager", "code name region", managers)
    put("building", "building building_name region street built structure storeys use area extended converted managed manager checked_on lon lat", [[b[k] for k in ("building", "name", "region", "street", "built", "structure", "storeys", "use", "area", "extended", "converted", "managed", "manager", "checked", "lon", "lat")] for b in rows])
    put("responsibility", "building duty unit region", list(answers.values()))
    put("works", "works building region works_area use_now counted_on", works)
    put("works-use", "number works region enterprise peace_use from_on until_on", uses)
    put("plan-year", "region plan_year starts_on number approved_on", [[c, y, date(y, 1, 1), f"演示巡{c}-{y}", date(y - 1, 12, 20)] for c in land.counties for y in (2025, 2026)])
    put("appraisal", "number building region appraised_on grade body report_no", appraised)
    put("danger", "number building region item severity source found_on grade way term_on emptied_on mended_on closed_on overdue", found)
    put("inspection", "number building region inspected_on origin findings", made)


def prove(land, rows, found, grades, made):
    county = {b["building"]: b["county"] for b in rows}
    late = {}
    for f in found:
        if f[6].year == 2026 and f[13] and not f[12]:
            late[county[f[1]]] = late.get(county[f[1]], 0) + 1
    assert late == STUBBORN, late
    shares = {n: round(100 * sum(g == k for g in grades.values()) / len(grades), 1) for k, n in ((4, "红"), (3, "橙"), (2, "黄"), (1, "蓝"))}
    print(len(rows), "buildings", shares)
    worst = {}
    times = {}
    for i in made:
        times[i[1], i[3].year] = times.get((i[1], i[3].year), 0) + 1
    for b in rows:
        every = EVERY[grades[b["building"]]]
        for turn in range(1, 12 // every + 1):
            month = turn * every
            due = date(2026 + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            if due <= AS_OF:
                tally = worst.setdefault((b["county"], (due.month - 1) // 3 + 1), [0, 0])
                tally[0] += 1
                tally[1] += times.get((b["building"], 2026), 0) >= turn
    low = {k for k, (planned, done) in worst.items() if done / planned < 0.7}
    assert len(rows) > 1000 or {c for c, _ in low} == set(IDLE), low
    d = [f for f in found if f[7] == "D"]
    print(len(found), "dangers,", len(d), "of grade D,", round(100 * sum(bool(f[10] and f[10] <= f[9]) for f in d) / max(1, len(d)), 1), "% emptied in time")


if __name__ == "__main__":
    main()
