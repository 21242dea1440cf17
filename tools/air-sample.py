#!/usr/bin/env python3
"""Makes the synthetic sample of packs/environment/air-quality: one made-up station a county of Zhejiang, 12 days."""
import csv, datetime, math, pathlib, random

random.seed(20261031)
root = pathlib.Path(__file__).resolve().parent.parent
out = root / "packs/environment/air-quality/samples"
counties = [r for r in csv.DictReader((root / "jurisdictions/regions/regions.csv").open(encoding="utf-8"))
            if r["level"] == "county" and r["code"].startswith("33") and not r["to"]]
NORTH = {"3301": .8, "3302": .55, "3303": .1, "3304": 1.0, "3305": .95, "3306": .7, "3307": .45, "3308": .4, "3309": .25, "3310": .2, "3311": .05}
EPISODE = [0, 0, 0, 0, 0, .1, .55, 1.0, .8, .3, 0, 0]  # by day: 26 to 29 October are the bad ones
first = datetime.date(2026, 10, 20)

with (out / "station.csv").open("w", encoding="utf-8", newline="") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["code", "name", "region"])
    for c in counties:
        w.writerow([f"S{c['code']}", f"{c['name']}演示站", c["code"]])

with (out / "air-hourly.csv").open("w", encoding="utf-8", newline="") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["No", "year", "month", "day", "hour", "PM2.5", "PM10", "SO2", "NO2", "CO", "O3", "station"])
    n = 0
    for c in counties:
        north, own = NORTH[c["code"][:4]], random.uniform(.85, 1.15)
        hole = random.randrange(0, 288)
        for day, episode in enumerate(EPISODE):
            date = first + datetime.timedelta(days=day)
            for hour in range(24):
                n += 1
                rush = math.exp(-((hour - 8) ** 2) / 8) + math.exp(-((hour - 19) ** 2) / 8)
                pm25 = own * (22 + 14 * north + episode * (110 + 190 * north)) * random.uniform(.85, 1.15) * (.9 + .15 * rush)
                values = [pm25, pm25 * random.uniform(1.25, 1.6) + 8, random.uniform(4, 9) + 6 * episode,
                          (18 + 16 * rush + 25 * episode) * own, 500 + 250 * rush + 900 * episode,
                          max(3, 30 + 75 * math.sin(math.pi * (hour - 6) / 13) * (1 - .4 * episode)) if 6 <= hour <= 19 else random.uniform(10, 35)]
                at = day * 24 + hour
                cells = ["NA" if random.random() < .008 or hole <= at < hole + 4 else str(round(v)) for v in values]
                w.writerow([n, date.year, date.month, date.day, hour, *cells, f"S{c['code']}"])
