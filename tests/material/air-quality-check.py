#!/usr/bin/env python3
"""Figures of the real air-quality rows, worked out apart from the product: the tests hold the product against what this prints.

Usage: air-quality-check.py FOLDER
"""
import collections, csv, math, pathlib, sys

INDEX = [0, 50, 100, 150, 200, 300, 400, 500]
BREAKS = {"so2": [0, 50, 150, 475, 800, 1600, 2100, 2620], "no2": [0, 40, 80, 180, 280, 565, 750, 940], "pm10": [0, 50, 150, 250, 350, 420, 500, 600],
          "co": [0, 2, 4, 14, 24, 36, 48, 60], "o3": [0, 100, 160, 215, 265, 800], "o3_1h": [0, 160, 200, 300, 400, 800, 1000, 1200],
          "pm25": [0, 35, 75, 115, 150, 250, 350, 500]}


def iaqi(kind, c):
    b = BREAKS[kind]
    for k in range(1, len(b)):
        if c <= b[k]:
            return math.ceil((INDEX[k] - INDEX[k - 1]) * (c - b[k - 1]) / (b[k] - b[k - 1]) + INDEX[k - 1] - 1e-9)
    return 500


def mean(values, scale=1.0):
    good = [v for v in values if v is not None]
    return math.floor(sum(good) / len(good) / scale + .5) if len(good) >= 20 else None


missing = collections.Counter()
days = collections.defaultdict(lambda: [None] * 24)
rows = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("PRSA*.csv")):
    for r in csv.DictReader(path.open(encoding="utf-8")):
        rows += 1
        v = {k: None if r[h] == "NA" else float(r[h]) for k, h in [("pm25", "PM2.5"), ("pm10", "PM10"), ("so2", "SO2"), ("no2", "NO2"), ("co", "CO"), ("o3", "O3")]}
        for k, x in v.items():
            missing[(r["station"], k)] += x is None
        days[(r["station"], int(r["year"]), int(r["month"]), int(r["day"]))][int(r["hour"])] = v
print("rows", rows)
for station in sorted({k[0] for k in missing}):
    print("missing", station, *(missing[(station, k)] for k in ("pm25", "pm10", "so2", "no2", "co", "o3")))
good, valid, pm = collections.Counter(), collections.Counter(), collections.defaultdict(list)
named = {}
for (station, y, m, d), hours in days.items():
    hours = [h or {} for h in hours]
    col = lambda k: [h.get(k) for h in hours]
    day = {k: mean(col(k)) for k in ("so2", "no2", "pm10", "pm25")}
    co = mean(col("co"), 100.0)
    day["co"] = None if co is None else co / 10
    o3 = col("o3")
    eights = [sum(w) / len(w) for t in range(7, 24) for w in [[x for x in o3[t - 7:t + 1] if x is not None]] if len(w) >= 6]
    top = math.floor(max(eights) + .5) if len(eights) >= 14 else None
    one = [x for x in o3 if x is not None]
    each = {k: iaqi(k, c) for k, c in day.items() if c is not None}
    if top is not None:
        if top <= 800:
            each["o3"] = iaqi("o3", top)
        elif len(one) >= 20:
            each["o3"] = iaqi("o3_1h", max(one))
    if day["pm25"] is not None:
        pm[(y, m, d)].append(day["pm25"])
    if each:
        aqi = max(each.values())
        valid[y] += 1
        good[y] += aqi <= 100
        named[(station, y, m, d)] = (aqi, [k for k in each if each[k] == aqi] if aqi > 50 else [])
for y in (2014, 2015, 2016):
    print("good", y, good[y], valid[y], round(100 * good[y] / valid[y], 4))
for key in [("Gucheng", 2015, 12, 1), ("Dingling", 2015, 7, 15), ("Aotizhongxin", 2014, 5, 29), ("Shunyi", 2016, 10, 1)]:
    print("day", key, named.get(key))
for d in [(2015, 11, 26), (2015, 11, 27), (2015, 11, 28), (2015, 11, 29), (2015, 11, 30), (2015, 12, 1), (2015, 12, 2)]:
    print("pm25", d, round(sum(pm[d]) / len(pm[d]), 4))
