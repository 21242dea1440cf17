"""Makes packs/environment/air-quality/samples: one synthetic station a county of Zhejiang, twelve days of hours, one pollution episode.

Nothing here was measured. A provincial course of PM2.5 by the day is carried from north to south, scaled by city and station, given a daily cycle and
correlated noise; the other pollutants follow from it and from the hour. Fixed seed: the file comes out the same every time.
"""
import json
import math
import random
from collections import defaultdict
from datetime import datetime, timedelta

from common import ROOT, read_csv, write_csv

OUT = ROOT / "packs" / "environment" / "air-quality" / "samples"
FIRST, DAYS = datetime(2026, 10, 20), 12
LARGEST = 1_600_000                                        # bytes

# Provincial PM2.5 at noon of each day from 20 October, µg/m³: clean, an episode from the 26th to the 29th, swept away on the 30th.
COURSE = [30, 34, 27, 31, 36, 46, 104, 158, 196, 136, 34, 22]
# The north lies downwind of the plain and in its smoke; the south and the islands do not.
CITY = {"330500": 1.42, "330400": 1.38, "330100": 1.18, "330600": 1.10, "330200": 0.98, "330800": 0.98, "330700": 0.94, "331000": 0.74,
        "330300": 0.68, "331100": 0.62, "330900": 0.56}
BEIJING = [("Aotizhongxin", "奥体中心", "110105"), ("Changping", "昌平", "110114"), ("Dingling", "定陵", "110114"), ("Guanyuan", "官园", "110102"),
           ("Gucheng", "古城", "110107"), ("Nongzhanguan", "农展馆", "110105"), ("Shunyi", "顺义", "110113"), ("Wanshouxigong", "万寿西宫", "110102")]


def stations():
    """(code, name, region, city, latitude) for each living county."""
    latitude = {}
    for path in sorted((ROOT / "jurisdictions/zhejiang/maps").glob("33*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            for code in feature["properties"]["now"]:
                latitude.setdefault(code, feature["properties"]["cp"][1])
    rows = read_csv(ROOT / "jurisdictions/regions/regions.csv")
    return [(f"ZJ{r['code']}", f"{r['name']}演示站", r["code"], r["parent"], latitude[r["code"]])
            for r in rows if r["level"] == "county" and r["code"].startswith("33") and not r["to"]]


def course(hour):
    """Provincial PM2.5 at an hour since the start, interpolated in the logarithm between the noons."""
    at = min(max((hour - 12) / 24, 0), DAYS - 1 - 1e-9)
    day, part = int(at), at - int(at)
    smooth = part * part * (3 - 2 * part)
    return math.exp((1 - smooth) * math.log(COURSE[day]) + smooth * math.log(COURSE[day + 1]))


def bump(hour, at, width):
    """A bell over the hours of a day, going round midnight."""
    away = min((hour - at) % 24, (at - hour) % 24)
    return math.exp(-(away / width) ** 2)


def missing(chance):
    """Holes: the hours (of all) in which a station gave nothing."""
    lost = set()
    if chance.random() < 0.28:
        start, length = chance.randrange(6, DAYS * 24 - 20), chance.randint(3, 14)
        lost |= set(range(start, start + length))
    return lost


def hours(station, chance):
    """The station's rows: (time, PM2.5, PM10, SO2, NO2, CO, O3), None where missing."""
    _, _, region, city, latitude = station
    scale = CITY[city] * chance.uniform(0.92, 1.08)
    urban = 1.2 if region[4] == "0" else 0.9
    lag = (31 - latitude) * 4                              # the episode comes down from the north, four hours a degree
    lost, drift, cloud = missing(chance), 0.0, 0.0
    for h in range(DAYS * 24):
        time = FIRST + timedelta(hours=h)
        drift = 0.85 * drift + chance.gauss(0, 0.05)
        if time.hour == 0:
            cloud = chance.uniform(-0.12, 0.12)
        background = course(h - lag)
        stagnant = min(background / 150, 1.2)
        pm25 = background * scale * (0.93 + 0.10 * bump(time.hour, 8, 3) + 0.16 * bump(time.hour, 22, 4) - 0.10 * bump(time.hour, 15, 3)) * math.exp(drift)
        pm10 = pm25 * chance.uniform(1.22, 1.40) + 10 + 6 * bump(time.hour, 9, 4)
        so2 = 4.5 + 5 * stagnant * scale + 2 * bump(time.hour, 10, 3) + chance.gauss(0, 0.6)
        no2 = (13 + 26 * stagnant * scale ** 0.5 + 14 * bump(time.hour, 8, 2) + 20 * bump(time.hour, 19, 3.5)) * urban * math.exp(drift)
        co = 380 + 620 * stagnant * scale + 120 * bump(time.hour, 8, 2.5) + 160 * bump(time.hour, 20, 4) + chance.gauss(0, 25)
        # Sunlight makes ozone, smoke dims the sun, fresh nitric oxide eats it at night.
        sun = max(math.sin(math.pi * (time.hour - 7) / 15), 0) ** 1.5 if 7 <= time.hour <= 22 else 0
        o3 = 26 - 0.25 * no2 * (1 - sun) + sun * 86 * (1 - 0.42 * stagnant) * (1 + cloud) + chance.gauss(0, 3)
        values = [max(round(v), low) for v, low in ((pm25, 3), (pm10, 6), (so2, 2), (no2, 3))] + [max(round(co, -1), 200), max(round(o3), 2)]
        values = [None if h in lost or chance.random() < 0.006 else int(v) for v in values]
        yield time, values


def check(rows, city_of):
    """Proves what the sample promises: the episode by day and city, the gradient, the share missing, the order of the pollutants."""
    by_day, by_city = defaultdict(list), defaultdict(list)
    absent = total = 0
    for station, time, values in rows:
        total += 6
        absent += sum(v is None for v in values)
        if values[0] is not None:
            by_day[time.day].append(values[0])
            by_city[city_of[station], time.day].append(values[0])
        if None not in values[:2]:
            assert values[1] >= values[0], (station, time)
    day = {d: sum(v) / len(v) for d, v in by_day.items()}
    city = {k: sum(v) / len(v) for k, v in by_city.items()}
    assert all(day[d] < 75 for d in (*range(20, 26), 30, 31)), day
    assert all(day[d] > 75 for d in range(26, 30)) and max(day.values()) > 115, day
    for level in (150, 250):
        over = {c for (c, _), v in city.items() if v > level}
        assert 0 < len(over) < 11, (level, over)
        print(f"above {level}: {sorted(over)}")
    assert city["330500", 28] > 2 * city["331100", 28]
    assert 0.012 < absent / total < 0.019, absent / total
    print("provincial daily mean of PM2.5:", {d: round(v) for d, v in sorted(day.items())}, f"missing {absent / total:.2%}")


if __name__ == "__main__":
    chance = random.Random(20261031)
    places = stations()
    rows = [(s[0], time, values) for s in places for time, values in hours(s, chance)]
    check(rows, {s[0]: s[3] for s in places})
    write_csv(OUT / "station.csv", ["code", "name", "region"], [s[:3] for s in places])
    write_csv(OUT / "air-hourly.csv", "No year month day hour PM2.5 PM10 SO2 NO2 CO O3 station".split(),
              ([n, t.year, t.month, t.day, t.hour, *("NA" if v is None else v for v in values), s] for n, (s, t, values) in enumerate(rows, 1)))
    write_csv(OUT / "stations-beijing.csv", ["code", "name", "region"], BEIJING)
    size = (OUT / "air-hourly.csv").stat().st_size
    assert size <= LARGEST, size
    print(f"{len(places)} stations, {len(rows)} rows, {size} bytes")
