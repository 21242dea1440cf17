"""Makes the samples of packs/society/water-supply: sources, works, zones, stations, what is measured there, monthly and yearly totals, and how past cases ended.

Nothing here was measured or supplied: names begin with 演示, codes lie in the range YY… that nobody gives out, and nobody is in it, nor anybody's meter or use.
`--size try` (what the pack ships), `demo` or `province`; `--to FOLDER` where the files go, the pack's samples unless told. The tool reckons days, shortages and
what is above a limit a second time, by its own lines and not by the pack's tables, and proves what samples/README.md says.
"""
import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import AS_OF, Land, a_day, credit_code

# zones a works, days of reports, weekly samples, months, cases a county
SIZES = {"try": (2, 10, 3, 22, 5), "demo": (4, 31, 9, 34, 40), "province": (9, 180, 40, 70, 400)}
# Where water is short: county → days a reservoir lasts, or the share that a river lacks; whether there is a backup.
SHORT = {"330226": ("水库", 45, False), "330921": ("水库", 22, False), "331083": ("水库", 12, True), "330424": ("河道", 7, False), "330329": ("水库", 52, True)}
# Where water is out of its limits in the last week's sample: county → point, item, value.
OUT = {"330122": ("出厂水", "chlorine", 0.18), "330783": ("末梢水", "coliforms", 4), "330802": ("原水", "ammonia", 1.3)}
LOW = {"330522": 2}                                        # county → ends of the network below 0.14 MPa on the last day
LEAKY = ["331127", "331125"]
ITEMS = ["turbidity", "chlorine", "ph", "colour", "permanganate", "ammonia", "iron", "manganese", "bacteria", "coliforms"]
KINDS = {"停水": 24, "水压低": 72, "水发黄发浑": 24, "路面漏水": 24, "其他": 72}


def chain(land, chance, zones):
    """A source, a town works and a rural one a county, zones and stations below them."""
    sources, works, areas, stations = [], [], [], []
    for n, county in enumerate(land.counties):
        kind, _, backup = SHORT.get(county, (chance.choices(("水库", "河道", "水井"), (72, 22, 6))[0], None, chance.random() < 0.55))
        lon, lat = land.at.get(county, (120.2, 29.3))
        near = lambda: (round(lon + chance.uniform(-0.06, 0.06), 4), round(lat + chance.uniform(-0.06, 0.06), 4))
        use = round(chance.uniform(3, 38), 2)
        capacity = round(use * chance.uniform(260, 700)) if kind == "水库" else ""
        at = near() if chance.random() > 0.02 else ("", "")
        sources.append(dict(code=f"SY{county}", name=f"演示{land.name[county]}{kind}水源", kind=kind, capacity=capacity, dead=round(capacity * 0.06, 1) if capacity else "", backup=backup, longitude=at[0], latitude=at[1], region=county, use=use))
        for area in ("城镇", "农村"):
            code = f"SC{county}{'CN'[area == '农村']}"
            small = area == "农村" and chance.random() < 0.5
            at = near()
            works.append(dict(code=code, name=f"演示{land.name[county]}{area}水厂", operator=f"演示{land.name[county]}{'水务' if area == '城镇' else '农村供水'}有限公司", credit=credit_code("91", county, 820000 + 2 * n + (area == "农村")) if chance.random() > 0.01 else "91" + county + "YY00000000", source=f"SY{county}",
                              area=area, capacity="" if chance.random() < 0.01 else round(chance.uniform(0.03, 0.1), 3) if small else round(use * chance.uniform(1.2, 1.6), 1), longitude=at[0], latitude=at[1], region=county))
            for k in range(zones if area == "城镇" else max(1, zones // 2)):
                areas.append(dict(code=f"PQ{code[2:]}{k + 1}", name=f"演示{land.name[county]}{area}供水片区{k + 1}", works=code, area=area, population=round(chance.uniform(2, 30) if area == "城镇" else chance.uniform(0.5, 8), 2), pipes=round(chance.uniform(30, 420), 1) if chance.random() > 0.02 else "", region=county))
        town = works[-2]["code"]
        for point, letter, zone in (("原水", "A", ""), ("出厂水", "B", ""), *(("末梢水", "CDEFGHIJK"[k], f"PQ{town[2:]}{k + 1}") for k in range(zones))):
            at = near()
            stations.append(dict(code=f"ZD{county}{letter}", name=f"演示{land.name[county]}{point}站{letter}", point=point, works=town, zone=zone if chance.random() > 0.005 else "", longitude=at[0], latitude=at[1], region=county))
        stations.append(dict(code=f"ZD{county}R", name=f"演示{land.name[county]}农村出厂水站", point="出厂水", works=works[-1]["code"], zone="", longitude=at[0], latitude=at[1], region=county))
    return sources, works, areas, stations


def daily(sources, days, chance):
    for source in sources:
        kind, least, _ = SHORT.get(source["region"], (source["kind"], None, None))
        lasts = least if least is not None else chance.uniform(0.5, 0.92) * (source["capacity"] - source["dead"]) / source["use"] if kind == "水库" else 0
        for k in range(days):
            day, back = AS_OF - timedelta(days=days - 1 - k), days - 1 - k
            demand = round(source["use"] * chance.uniform(0.98, 1.02), 3) if kind == "水库" else source["use"]
            lacks = (least or 0) / 100 if kind != "水库" else 0
            supply = source["use"] if kind == "水库" else round(demand * (1 - lacks), 3)
            # Mean use is kept level, so that the days are those that are claimed.
            storage = round(source["dead"] + source["use"] * (lasts + back), 2) if kind == "水库" else ""
            if source["region"] not in SHORT:
                if chance.random() < 0.006:
                    storage = ""
                elif chance.random() < 0.012:
                    supply = round(supply * 1.9, 3)        # typed wrongly; the quality rule finds it
                elif chance.random() < 0.004:
                    continue
            yield source, day, storage, supply, demand if chance.random() > 0.003 or source["region"] in SHORT else ""


def tests(stations, works, weeks, chance):
    small = {w["code"]: w["area"] == "农村" and w["capacity"] not in ("",) and w["capacity"] <= 0.1 for w in works}
    told = set()
    for station in stations:
        point = station["point"]
        for k in range(weeks):
            day = AS_OF - timedelta(days=2 + 7 * (weeks - 1 - k))
            raw = point == "原水"
            row = dict(turbidity=round(chance.lognormvariate(1.8, 0.5), 2) if raw else round(chance.uniform(0.08, 0.6), 2), chlorine="" if raw else round(chance.uniform(0.45, 0.9) if point == "出厂水" else chance.uniform(0.12, 0.5), 2), ph=round(chance.uniform(7.0, 7.9), 2),
                       colour=chance.choice((5, 5, 8, 10)), permanganate=round(chance.uniform(2, 4.6) if raw else chance.uniform(0.8, 2.3), 2), ammonia=round(chance.uniform(0.05, 0.6) if raw else chance.uniform(0.02, 0.2), 2), iron=round(chance.uniform(0.02, 0.15), 3), manganese=round(chance.uniform(0.005, 0.06), 3),
                       bacteria=round(chance.lognormvariate(5, 1)) if raw else chance.choice((0, 1, 2, 4, 9)), coliforms=round(chance.lognormvariate(6, 1)) if raw else 0)
            last = k == weeks - 1
            if not raw and not last and chance.random() < 0.024:
                row["turbidity"] = round(chance.uniform(3.2, 4.5), 2)   # past trouble, enough for any works
            item = OUT.get(station["region"])
            if last and item and item[0] == point and station["code"][-1] != "R" and station["region"] not in told:
                told.add(station["region"])
                row[item[1]] = item[2]
            elif chance.random() < 0.02:
                row[chance.choice(("ph", "ammonia", "iron"))] = ""
            elif not raw and chance.random() < 0.003:
                row["ph"] = 0.7                            # a point in the wrong place
                row["ph"] = 7.4 if last else row["ph"]
            yield station, day, row


def beyond(point, small, row):
    """How many items are out of their limits: GB 5749-2022 (tables 1 and 2), raw water by GB 3838-2002, class III."""
    top = dict(permanganate=6, ammonia=1, iron=0.3, manganese=0.1) if point == "原水" else dict(turbidity=3 if small else 1, chlorine=2, colour=15, permanganate=3, ammonia=0.5, iron=0.3, manganese=0.1, bacteria=500 if small else 100, coliforms=0)
    low, high = (6, 9) if point == "原水" else (6.5, 8.5)
    out = sum(row[k] != "" and row[k] > limit for k, limit in top.items()) + (row["ph"] != "" and not low <= row["ph"] <= high)
    return out + (point != "原水" and row["chlorine"] != "" and row["chlorine"] < (0.3 if point == "出厂水" else 0.05))


def months_back(count):
    return [date(AS_OF.year - (k + 12 - AS_OF.month) // 12, (AS_OF.month - 1 - k) % 12 + 1, 1) for k in range(count)][::-1]


def totals(land, sources, months, chance):
    use = {s["region"]: s["use"] for s in sources}
    by_month, by_year = [], []
    for county in land.counties:
        loss = chance.uniform(12.5, 14.5) if county in LEAKY else chance.uniform(5.5, 9.4)
        for n, month in enumerate(months):
            supplied = round(use[county] * 30.4 * (1.1 if 6 <= month.month <= 9 else 0.97) * chance.uniform(0.98, 1.02), 2)
            share = loss + 1.2 * (1 - n / len(months)) + chance.gauss(0, 0.25)
            billed = round(supplied * (1 - share / 100), 2)
            slip = chance.random()
            by_month.append([county, month, supplied, round(supplied * 1.04, 2) if slip < 0.001 else "" if slip < 0.006 else billed])
        people = chance.uniform(4, 55)
        for year in (2023, 2024, 2025):
            share = min(0.999, chance.uniform(0.945, 0.975) + 0.009 * (year - 2023))
            by_year.append([county, date(year, 12, 31), round(people, 2), round(people * share, 2)])
    return by_month, by_year


def ended(land, each, chance):
    problems, connections, droughts, qualities = [], [], [], []
    for n, county in enumerate(land.counties):
        for _ in range(each):
            kind = chance.choices(list(KINDS), (26, 18, 20, 24, 12))[0]
            found = chance.choices(("属实", "不属实", "属于用户自有设施"), (78, 8, 14))[0]
            hours = round(chance.uniform(0.15, 0.95) * KINDS[kind] if chance.random() < 0.955 else KINDS[kind] * chance.uniform(1.1, 2.5), 1)
            problems.append([f"GS-{len(problems) + 1:06}", kind, chance.choices(("城镇", "农村"), (70, 30))[0] if chance.random() > 0.01 else "", found, hours, str(hours <= KINDS[kind]).lower() if chance.random() > 0.003 else "", (chance.choices((1, 2, 3), (88, 10, 2))[0] if chance.random() > 0.02 else 0) if found == "属实" else 0, county, a_day(chance, date(2025, 1, 1))])
        for k in range(max(1, each // 2)):
            outer = chance.random() < 0.4
            days = round(chance.uniform(2, 14.5) if outer else chance.uniform(1, 6.2)) if chance.random() < 0.95 else chance.randrange(17, 30)
            number = len(connections) + 1
            connections.append([f"BZ-{number:06}", f"演示用水单位{number:05}", credit_code("91", county, 830000 + number) if chance.random() > 0.015 else f"91{county}YY00000000", str(outer).lower(), days, str(days <= (15 if outer else 6.6)).lower(), county, a_day(chance, date(2025, 1, 1))])
        if n % 9 == 4:
            level = chance.choice(("黄", "黄", "橙", "红"))
            droughts.append([f"HQ-{len(droughts) + 1:04}", f"SY{county}", level, "不限制" if level == "黄" else chance.choice(("限制高耗水行业用水", "限时限量供应居民生活用水")), str(chance.random() < 0.8).lower(), str(chance.random() < 0.4).lower(), chance.randrange(9, 70), county, a_day(chance, date(2025, 7, 1), date(2025, 12, 31))])
        if n % 7 == 3:
            stop = chance.random() < 0.3
            qualities.append([f"SZ-{len(qualities) + 1:04}", f"ZD{county}C", chance.choice(("浑浊度超标", "游离氯不足", "总大肠菌群超标")), str(stop).lower(), chance.choices((1, 2), (80, 20))[0], chance.randrange(2, 9), county, a_day(chance, date(2025, 3, 1), date(2026, 9, 30))])
    return problems, connections, droughts, qualities


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="try")
    asked.add_argument("--to", type=Path, default=ROOT / "packs/society/water-supply/samples")
    asked = asked.parse_args()
    zones, days, weeks, months, each = SIZES[asked.size]
    land, chance = Land(), random.Random(20261031)
    sources, works, areas, stations = chain(land, chance, zones)
    reports = list(daily(sources, days, chance))
    samples = list(tests(stations, works, weeks, chance))
    pressures = []
    for station in (s for s in stations if s["point"] == "末梢水"):
        for k in range(days):
            short = k == days - 1 and sum(p[0][2:8] == station["region"] and p[2] != "" and p[2] < 0.14 for p in pressures) < LOW.get(station["region"], 0)
            value = round(chance.uniform(0.08, 0.13), 3) if short else "" if chance.random() < 0.01 else 0.95 if chance.random() < 0.002 else round(chance.uniform(0.16, 0.38), 3)
            pressures.append([station["code"], AS_OF - timedelta(days=days - 1 - k), value])
    by_month, by_year = totals(land, sources, months_back(months), chance)
    problems, connections, droughts, qualities = ended(land, each, chance)
    prove(sources, works, reports, samples, pressures, by_month, by_year, problems, weeks)

    lower = lambda v: str(v).lower() if isinstance(v, bool) else v
    def put(name, header, rows):
        write_csv(asked.to / f"{name}.csv", header.split(), [[lower(v) for v in row] for row in rows])
        print(f"{name}: {len(rows)}")
    table = lambda things, header: [[t[h] for h in header.split()] for t in things]
    for name, things, header in (("source", sources, "code name kind capacity dead backup longitude latitude region"), ("works", works, "code name operator credit source area capacity longitude latitude region"),
                                 ("zone", areas, "code name works area population pipes region"), ("station", stations, "code name point works zone longitude latitude region")):
        put(name, header, table(things, header))
    put("source-daily", "source measured_on storage supply demand", [[s["code"], *rest] for s, *rest in reports])
    put("water-test", "station sampled_on " + " ".join(ITEMS), [[s["code"], day, *(row[i] for i in ITEMS)] for s, day, row in samples])
    put("pressure", "station measured_on value", pressures)
    put("supply-month", "region month supplied billed", by_month)
    put("rural-year", "region year_end population covered", by_year)
    put("problem", "number kind area found hours in_term rounds region day", problems)
    put("connection", "number party code outer took_days in_term region day", connections)
    put("drought-case", "number source first_level restrict transfer deliver took_days region day", droughts)
    put("quality-case", "number station first_over stop rounds took_days region day", qualities)


def prove(sources, works, reports, samples, pressures, by_month, by_year, problems, weeks):
    """What the README says of the last day, reckoned anew."""
    last = {s["region"]: (s, storage, supply, demand) for s, day, storage, supply, demand in reports if day == AS_OF}
    rank = {}
    for county, (s, storage, supply, demand) in last.items():
        if s["kind"] == "水库":
            bare = None if storage == "" else sum((storage - s["dead"]) / s["use"] <= line + 1e-6 for line in (90, 60, 30, 15))
        else:
            bare = None if demand == "" else sum(100 * (demand - supply) / demand > line + 1e-6 for line in (5, 10, 20, 30))
        rank[county] = bare - 1 if bare and s["backup"] and bare < 4 else bare
    assert {c: r for c, r in rank.items() if r} == {"330226": 2, "330921": 3, "331083": 4, "330329": 1, **({"330424": 1})}, {c: r for c, r in rank.items() if r}
    small = {w["code"]: w["area"] == "农村" and w["capacity"] != "" and w["capacity"] <= 0.1 for w in works}
    out = [(s["region"], s["point"]) for s, day, row in samples if day == AS_OF - timedelta(days=2) and beyond(s["point"], small[s["works"]], row)]
    assert sorted(out) == sorted((c, o[0]) for c, o in OUT.items()), out
    judged = [beyond(s["point"], small[s["works"]], row) == 0 for s, _, row in samples if s["point"] != "原水"]
    low = {}
    for code, day, value in pressures:
        if value != "" and value < 0.14:
            low[code[2:8]] = low.get(code[2:8], 0) + 1
    assert low == LOW, low
    year = [r for r in by_month if r[1].year == 2026 and r[3] != ""]
    lost = 100 * (1 - sum(r[3] for r in year) / sum(r[2] for r in year))
    rural = [r for r in by_year if r[1].year == 2025]
    known = [p for p in problems if p[5]]
    print(f"compliance {100 * sum(judged) / len(judged):.1f} %, leakage 2026 {lost:.1f} %, rural 2025 {100 * sum(r[3] for r in rural) / sum(r[2] for r in rural):.1f} %, in term {100 * sum(p[5] == 'true' for p in known) / len(known):.1f} %")


if __name__ == "__main__":
    main()
