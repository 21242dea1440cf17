"""Makes the samples of packs/environment/water: rivers, sections, automatic stations and what is measured there, outfalls and patrols.

Nothing here was measured: rivers and sections are 演示…, no outfall or unit exists, and nobody is in it. Plain and coast are worse than the mountains, water
gets worse downstream and better over the years; oxygen falls with warmth, ammonia rises in winter, phosphorus with the rains. Some values are missing and
some wrong, for the quality rules to find. Classes are reckoned a second time, by this tool's own lines and not by the pack's tables (GB 3838-2002, table 1).

    python3 water.py                     the size that ships, into the pack's samples
    python3 water.py try FOLDER          two cities, fourteen months
    python3 water.py province FOLDER     about three hundred sections, seventy months, a year of readings
"""
import math
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, credit_code

SAMPLES = ROOT / "packs" / "environment" / "water" / "samples"
LAST = date(2026, 10, 1)
# cities, sections beyond the first of a county, months, days of readings, stations a city, patrols a county
SIZES = {"try": (["330100", "330400"], 0.3, 14, 21, 2, 6), "demo": (None, 0.45, 34, 61, 3, 10), "province": (None, 2.2, 70, 365, 9, 60)}

# GB 3838-2002, table 1: Ⅰ to Ⅴ in mg/L; oxygen is a least value. Phosphorus in lakes is judged by its own line.
LIMITS = {
    "oxygen": (7.5, 6, 5, 3, 2), "permanganate": (2, 4, 6, 10, 15), "cod": (15, 15, 20, 30, 40), "bod5": (3, 3, 4, 6, 10), "ammonia": (0.15, 0.5, 1, 1.5, 2), "phosphorus": (0.02, 0.1, 0.2, 0.3, 0.4),
    "copper": (0.01, 1, 1, 1, 1), "zinc": (0.05, 1, 1, 2, 2), "fluoride": (1, 1, 1, 1.5, 1.5), "selenium": (0.01, 0.01, 0.01, 0.02, 0.02), "arsenic": (0.05, 0.05, 0.05, 0.1, 0.1),
    "mercury": (0.00005, 0.00005, 0.0001, 0.001, 0.001), "cadmium": (0.001, 0.005, 0.005, 0.005, 0.01), "chromium6": (0.01, 0.05, 0.05, 0.05, 0.1), "lead": (0.01, 0.01, 0.05, 0.05, 0.1),
    "cyanide": (0.005, 0.05, 0.2, 0.2, 0.2), "phenol": (0.002, 0.002, 0.005, 0.01, 0.1), "petroleum": (0.05, 0.05, 0.05, 0.5, 1), "surfactant": (0.2, 0.2, 0.2, 0.3, 0.3), "sulfide": (0.05, 0.1, 0.2, 0.5, 1),
}
IN_LAKES = (0.01, 0.025, 0.05, 0.1, 0.2)
# What laboratories find nearly nowhere: half of the detection limit.
TRACES = {"copper": 0.0005, "zinc": 0.005, "selenium": 0.0002, "arsenic": 0.0008, "mercury": 0.00002, "cadmium": 0.00005, "chromium6": 0.002, "lead": 0.0005, "cyanide": 0.002, "phenol": 0.00015, "surfactant": 0.02, "sulfide": 0.005}
COLUMNS = ["temperature", "ph", *LIMITS]
DIGITS = {"temperature": 1, "ph": 1, "oxygen": 1, "permanganate": 1, "cod": 1, "bod5": 1, "ammonia": 2, "phosphorus": 3, "fluoride": 2, "petroleum": 3}
# How loaded the waters of a city are.
LOAD = {"330400": 1.72, "330500": 1.27, "330600": 1.35, "330200": 1.38, "330100": 1.10, "331000": 1.33, "330300": 1.30, "330900": 1.45, "330700": 1.20, "330800": 0.90, "331100": 0.72}
# Where water missed its target: county → first month, months, class, source. The last two go on and are what the warnings are for.
MISSED = {
    "330482": ("2024-01", 8, 5, "城镇污水"), "331082": ("2024-01", 7, 4, "农业面源"), "330624": ("2025-07", 1, 4, "农业面源"), "330783": ("2026-02", 2, 4, "工业源"),
    "330424": ("2026-08", 3, 5, None), "330122": ("2026-10", 1, 4, None),
}


def rank(item, value, lake):
    """The best class whose limit a value keeps; 6 when none."""
    if item == "ph":
        return 1 if 6 <= value <= 9 else 6
    limits = IN_LAKES if lake and item == "phosphorus" else LIMITS[item]
    keeps = (lambda limit: value >= limit) if item == "oxygen" else (lambda limit: value <= limit)
    return next((i for i, limit in enumerate(limits, 1) if keeps(limit)), 6)


def classify(row, lake):
    """The class of a section: the worst item decides; what was not measured is not judged."""
    saturated = row["oxygen"] is not None and row["temperature"] is not None and row["oxygen"] * (31.6 + row["temperature"]) >= 0.9 * 468
    return max(1 if item == "oxygen" and saturated else rank(item, value, lake) for item, value in row.items() if item != "temperature" and value is not None)


def places(land, size, chance):
    """Rivers and sections: a river runs through two or three counties of a city, its sections one below the other."""
    cities, more, *_ = SIZES[size]
    rivers, sections = [], []
    for city in cities or land.cities:
        counties = [c for c in land.counties if c[:4] == city[:4]]
        groups, rest = [], counties[:]
        while rest:
            take = 3 if len(rest) in (3, 5) else min(2, len(rest))
            groups.append(rest[:take])
            rest = rest[take:]
        for n, group in enumerate(groups, 1):
            river = dict(code=f"HL{city[:4]}{n:02}", name=f"演示{land.name[city][:2]}{'溪江港河塘浦'[n % 6]}{n}", level=("省级", "市级", "县级")[min(n - 1, 2)], length=round(chance.uniform(18, 160), 1),
                         office=f"{land.name[city] if n < 3 else land.name[group[0]]}河长制办公室", region=city)
            rivers.append(river)
            for depth, county in enumerate(group):
                for k in range(1 + int(more) + (chance.random() < more % 1)):
                    lake = county == counties[-1] and k == 0
                    at = land.at[county]
                    sections.append(dict(code=f"DM{county}{n:02}{k + 1:02}", name=f"演示{land.name[county]}{'水库' if lake else '断面'}{k + 1}", river=river["code"], control=chance.choices(("national", "provincial", "city"), (30, 45, 25))[0],
                                         lake=lake, longitude=round(at[0] + chance.uniform(-0.05, 0.05), 4), latitude=round(at[1] + chance.uniform(-0.05, 0.05), 4), region=county,
                                         load=LOAD[city] * (0.86 + 0.10 * depth) * chance.lognormvariate(0, 0.13) * (0.62 if lake else 1)))
    return rivers, sections


def sample(section, month, chance, noise=1.0):
    """What a month's sample holds at a section."""
    load = section["load"] * 0.972 ** ((month - date(2024, 1, 1)).days / 365)
    season = math.sin(2 * math.pi * (month.month - 4.2) / 12)
    rain, cold = (1.28 if 5 <= month.month <= 8 else 0.94), 1 - 0.3 * season
    spread = lambda width: chance.lognormvariate(0, width * noise)
    temperature = 17 + 11 * season + chance.gauss(0, 1) * noise
    permanganate = 3.3 * load * (1 + 0.08 * season) * spread(0.14)
    row = dict(temperature=temperature, ph=7.4 + 0.25 * season + chance.gauss(0, 0.18) * noise, oxygen=468 / (31.6 + temperature) * 0.97 - 1.1 * load + chance.gauss(0, 0.45) * noise, permanganate=permanganate,
               cod=permanganate * 3.3 + 1.8 + chance.gauss(0, 0.9) * noise, bod5=1.75 * load * spread(0.16), ammonia=0.30 * load ** 1.6 * cold * spread(0.34), phosphorus=0.088 * load ** 1.2 * rain * spread(0.24) * (0.28 if section["lake"] else 1),
               fluoride=0.28 * load ** 0.5 * spread(0.15), petroleum=0.012 * spread(0.3))
    row |= {item: trace * chance.choice((1, 1, 1, 2)) for item, trace in TRACES.items()}
    return {c: round(row[c], DIGITS.get(c, 6)) for c in COLUMNS}


def hold(row, section, chance):
    """What would miss the target by chance alone is brought back below it: only what MISSED names misses."""
    for item in LIMITS:
        limit = (IN_LAKES if section["lake"] and item == "phosphorus" else LIMITS[item])[section["target"] - 1]
        if rank(item, row[item], section["lake"]) > section["target"]:
            row[item] = round(limit * (chance.uniform(1.01, 1.12) if item == "oxygen" else chance.uniform(0.80, 0.98)), DIGITS.get(item, 6))
    if row["bod5"] > row["cod"] or row["permanganate"] > row["cod"]:
        row["cod"] = round(max(row["bod5"], row["permanganate"]) + 1, 1)
    return row


def months_back(count):
    return [date(LAST.year - (k + 12 - LAST.month) // 12, (LAST.month - 1 - k) % 12 + 1, 1) for k in range(count)][::-1]


def monthly(sections, months, chance):
    """Rows of the monthly samples, with the class that each should have."""
    first = {}
    for section in sections:
        if not section["lake"]:
            first.setdefault(section["region"], section)
    for section in sections:
        usual = sorted(classify(sample(section, m, chance), section["lake"]) for m in months)
        section["target"] = min(max(usual[int(len(usual) * 0.7)], 2), 4)
        if section["region"] in MISSED and section is first[section["region"]]:
            section["target"] = 3
            if section["region"] == "330122":
                section |= dict(control="provincial", load=1.1)
    for section in sections:
        story = MISSED.get(section["region"]) if section is first.get(section["region"]) else None
        bad = [m for m in months if story and m >= date.fromisoformat(story[0] + "-01")][:story[1]] if story else []
        for month in months:
            row = hold(sample(section, month, chance), section, chance)
            if month in bad:
                low, high = ((1.08, 1.42), (1.58, 1.92))[story[2] - 4]
                row["ammonia"], row["phosphorus"] = round(chance.uniform(low, high), 2), round(chance.uniform(0.21, 0.29) if story[2] == 4 else chance.uniform(0.31, 0.38), 3)
            elif chance.random() < 0.004:
                continue                                   # no sample: the bed was dry, or the road was not
            judged = classify(row, section["lake"])
            assert judged == story[2] if month in bad else judged <= section["target"], (section, month, row)
            for item in COLUMNS[1:8]:
                if chance.random() < 0.004 and month not in bad:
                    row[item] = None
            if chance.random() < 0.006 and row["permanganate"] and month not in bad:
                row["cod"] = round(row["permanganate"] * 0.6, 1)     # a slip that the quality rule finds and the class does not turn on
            yield section, month, row


def readings(sections, counts, chance):
    """Automatic stations and their readings, every four hours; a station or two stands still, and one sees the trouble of 桐庐 before the month's sample does."""
    days, each = counts
    stations, rows, seen = [], [], {}
    for section in sections:
        city = section["region"][:4]
        if section["lake"] or (seen.get(city, 0) >= each and section["region"] not in ("330122", "330424")) or section["region"] in {s["region"] for s in stations}:
            continue
        seen[city] = seen.get(city, 0) + 1
        stations.append(dict(code=f"ZD{section['code'][2:]}", name=f"演示{section['name'][2:].replace('断面', '自动站')}", section=section["code"], region=section["region"], of=section))
    begin = datetime(2026, 11, 1) - timedelta(days=days)
    for station in stations:
        section, drift, rain = station["of"], 0.0, 0.0
        still = chance.randrange(12, days - 3) if chance.random() < 0.12 else None
        held = None
        for step in range(days * 6):
            at = begin + timedelta(hours=4 * step)
            drift = 0.9 * drift + chance.gauss(0, 0.05)
            if at.hour == 0:
                rain = max(chance.gauss(-0.6, 1), 0)
            base = sample(section, at.date(), chance, noise=0.15)
            swell = 1 + 0.35 * rain
            if section["region"] == "330122" and at >= datetime(2026, 10, 24):
                swell *= 2.6
            row = dict(temperature=base["temperature"] + 1.5 * math.sin(math.pi * (at.hour - 8) / 12), ph=base["ph"], oxygen=base["oxygen"] + 0.8 * math.sin(math.pi * (at.hour - 8) / 12), permanganate=base["permanganate"] * (1 + 0.06 * rain),
                       ammonia=base["ammonia"] * math.exp(drift) * swell ** 0.5, phosphorus=base["phosphorus"] * math.exp(drift) * swell, turbidity=18 * section["load"] * (1 + 2.2 * rain) * chance.lognormvariate(0, 0.2))
            row = {k: round(max(v, 0.001), 3 if k == "phosphorus" else 2 if k in ("ammonia", "temperature", "ph", "oxygen") else 1) for k, v in row.items()}
            if still is not None and still <= step // 6 < still + 3:
                held = held or dict(row)
                row = dict(held)                           # an instrument that repeats itself
            if chance.random() < 0.0012:
                row["oxygen"] = round(chance.uniform(24, 36), 2)     # a probe out of the water
            row = {k: None if chance.random() < 0.008 else v for k, v in row.items()}
            if chance.random() > 0.006:
                rows.append([station["code"], f"{at:%Y-%m-%d %H:%M:%S}", *("" if v is None else v for v in row.values())])
    return stations, rows


def doings(land, rivers, sections, each, chance):
    """Outfalls, patrols and recoveries: what cases recorded before."""
    by_river = {}
    for section in sections:
        by_river.setdefault(section["river"], []).append(section["region"])
    kinds = ["工业排污口", "城镇污水处理厂排污口", "园区污水处理厂排污口"]
    outfalls, patrols, recoveries = [], [], []
    for n in range(1, len(sections) * 2):
        river = chance.choice(rivers)
        county, kind = chance.choice(by_river[river["code"]]), chance.choices(kinds, (55, 30, 15))[0]
        volume = round(chance.lognormvariate(math.log(900 if kind == kinds[0] else 26000), 0.8), -1)
        outfalls.append([f"PK-{n:05}", f"演示排放单位{n:05}", credit_code("91", county, 700000 + n), kind, river["code"], int(volume), county, date(2020, 1, 1) + timedelta(days=chance.randrange(2490))])
    number = 0
    for river in rivers:
        for county in dict.fromkeys(by_river[river["code"]]):
            for _ in range(each):
                number += 1
                found = chance.random() < 0.34
                kind = chance.choices(("污水直排", "农业面源", "管网破损", "垃圾漂浮物", "占用岸线"), (14, 22, 12, 38, 14))[0] if found else ""
                patrols.append([f"XH-{number:05}", river["code"], str(found).lower(), kind if not (found and chance.random() < 0.01) else "", str(chance.random() < 0.93).lower() if found else "", county, date(2025, 11, 1) + timedelta(days=chance.randrange(365))])
    first = {}
    for section in sections:
        if not section["lake"]:
            first.setdefault(section["region"], section)
    for county, (begin, months, judged, source) in MISSED.items():
        if source and county in first:
            opened = date.fromisoformat(begin + "-01") + timedelta(days=38)
            after = opened.month + months
            recoveries.append([f"HF-{len(recoveries) + 1:03}", first[county]["code"], date(opened.year + (after - 1) // 12, (after - 1) % 12 + 1, 1), source, "Ⅲ类", 30 * months + chance.randrange(5, 25), county, opened])
    return outfalls, patrols, recoveries


def main(size, folder):
    chance, land = random.Random(20260301), Land()
    _, _, months, days, each, patrols = SIZES[size]
    rivers, sections = places(land, size, chance)
    rows = list(monthly(sections, months_back(months), chance))
    stations, auto = readings(sections, (days, each), chance)
    outfalls, walked, recovered = doings(land, rivers, sections, patrols, chance)
    lower = lambda v: str(v).lower() if isinstance(v, bool) else v
    put = lambda name, header, table: write_csv(folder / f"{name}.csv", header, table)
    table = lambda things, header: [[lower(t[h]) for h in header] for t in things]
    for name, things, header in (("river", rivers, ["code", "name", "level", "length", "office", "region"]), ("section", sections, ["code", "name", "river", "control", "lake", "target", "longitude", "latitude", "region"]),
                                 ("station", stations, ["code", "name", "section", "region"])):
        put(name, header, table(things, header))
    plain = lambda v: "" if v is None else f"{v:.6f}".rstrip("0").rstrip(".")
    put("water-monthly", ["section", "month", *COLUMNS], [[s["code"], m, *(plain(row[c]) for c in COLUMNS)] for s, m, row in rows])
    put("water-hourly", ["station", "hour", "temperature", "ph", "oxygen", "permanganate", "ammonia", "phosphorus", "turbidity"], auto)
    put("outfall", ["number", "party", "code", "kind", "river", "volume", "region", "day"], outfalls)
    put("patrol", ["number", "river", "found", "kind", "fixed", "region", "day"], walked)
    put("recovery", ["number", "section", "month", "source", "class_name", "days", "region", "day"], recovered)
    by_month = {}
    for section, month, row in rows:
        by_month.setdefault(month, []).append((classify(row, section["lake"]), section["target"]))
    last = by_month[LAST]
    missing = sum(row[c] is None for _, _, row in rows for c in COLUMNS[1:8]) / (7 * len(rows))
    assert sum(c > t for c, t in last) == 2, [x for x in last if x[0] > x[1]]
    assert 0.002 < missing < 0.006, missing
    good = [sum(c <= 3 for c, _ in by_month[m]) / len(by_month[m]) for m in sorted(by_month)]
    print(f"{len(rivers)} rivers, {len(sections)} sections, {len(rows)} samples, {len(stations)} stations, {len(auto)} readings, {len(outfalls)} outfalls, {len(walked)} patrols, {len(recovered)} recoveries; "
          f"Ⅰ to Ⅲ {min(good):.1%} to {max(good):.1%}, {missing:.2%} of the main values missing")


if __name__ == "__main__":
    size = sys.argv[1] if len(sys.argv) > 1 else "demo"
    if size not in SIZES or (size != "demo" and len(sys.argv) < 3):
        sys.exit(f"Say the size and a folder: water.py {'|'.join(SIZES)} FOLDER")
    main(size, Path(sys.argv[2]) if len(sys.argv) > 2 else SAMPLES)
