"""Makes the samples of packs/society/sport: venues, the weeks that they were open, slots with how they were used, licences, and how past orders ended.

Nothing here exists: names begin with 演示, credit codes lie in the range YY… that nobody gives out, and nobody is in it: a use is a slot and a number of people.
`--size try` (what the pack ships), `demo` or `province`; `--to FOLDER` where the files go, the pack's samples unless told. The tool judges opening hours a second
time, by its own lines and not by the pack's tables, and proves what samples/README.md says.
"""
import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import AS_OF, Land, a_day, credit_code

# venues a county, weeks, counties that publish slots, days of slots, licences
SIZES = {"try": (3, 6, 20, 3, 60), "demo": (8, 20, 90, 14, 600), "province": (26, 104, 90, 90, 3000)}
# Where venues were open for too few hours in the last week: county → how many.
SHORT = {"330212": 3, "330411": 1, "330702": 1}
KINDS = {"公共体育场馆": 56, "学校": 21, "社区体育场地": 49}     # hours owed a week: assumed
SPORTS = {"羽毛球": 6, "乒乓球": 4, "篮球": 12, "足球": 24, "网球": 4, "健步": 80}
SUNDAY = AS_OF - timedelta(days=(AS_OF.weekday() + 1) % 7)


def venues_of(land, each, chance):
    rows = []
    for n, county in enumerate(land.counties):
        lon, lat = land.at.get(county, (120.2, 29.3))
        for k in range(each):
            kind = list(KINDS)[k % 3]
            sport = chance.choice(list(SPORTS))
            slip = chance.random()
            rows.append(dict(venue=f"CG{county}{chr(65 + k)}", name=f"演示{land.name[county]}{kind}{k + 1}", kind=kind, sport=sport, courts=1 if sport in ("足球", "健步") else chance.randrange(2, 9), capacity=SPORTS[sport],
                             manager="" if slip < 0.01 else f"演示{land.name[county]}{'中学' if kind == '学校' else '体育场馆中心'}{k + 1}", credit=f"12{county}YY00000000" if 0.01 < slip < 0.02 else credit_code("12", county, 860000 + n * 30 + k),
                             owed="" if 0.02 < slip < 0.025 else KINDS[kind], longitude="" if 0.03 < slip < 0.05 else round(lon + chance.uniform(-0.06, 0.06), 4), latitude="" if 0.03 < slip < 0.05 else round(lat + chance.uniform(-0.06, 0.06), 4), region=county))
    for row in rows:
        if row["region"] in SHORT:
            row["owed"] = KINDS[row["kind"]]
    return rows


def weeks_of(venues, count, chance):
    rows = []
    for k in range(count):
        sunday, left = SUNDAY - timedelta(days=7 * (count - 1 - k)), dict(SHORT)
        for v in venues:
            owed = KINDS[v["kind"]]
            short = left.get(v["region"], 0) > 0 if k == count - 1 else chance.random() < 0.035
            posted = not short and chance.random() < 0.02
            if short and k == count - 1:
                left[v["region"]] -= 1
            opened = round(owed * chance.uniform(0.4, 0.9) * 2) / 2 if short else chance.randrange(0, 20) if posted else owed + chance.choice((0, 0, 1.5, 3, 7))
            rows.append([v["venue"], sunday, "" if not short and not posted and chance.random() < 0.006 else opened, str(posted).lower(), v["region"]])
    # A slip for the quality rules: said to be closed for repairs, and open all week.
    one = next(r for r in rows if r[3] == "true")
    one[2] = 60
    return rows


def slots_of(land, venues, counties, days, chance):
    opened, slots, uses = [], [], []
    for v in [v for v in venues if v["region"] in land.counties[:counties] and v["venue"].endswith("A")]:
        for k in range(days):
            day = AS_OF - timedelta(days=days - k)
            courts = min(2, v["courts"])
            opened.append([v["venue"], day, 4 * courts, v["region"]])
            for hour in range(18, 22):
                for court in range(1, courts + 1):
                    taken = chance.random() < 0.55
                    slots.append([v["venue"], day, hour, court, v["sport"], "" if chance.random() < 0.004 else v["capacity"], "已约" if taken else "空闲", v["region"]])
                    gone = not taken and chance.random() < 0.08
                    if taken or gone:
                        group = chance.random() < 0.12
                        many = chance.randrange(1, v["capacity"] + 1)
                        uses.append([f"CD-{len(uses) + 1:06}", v["venue"], day, hour, court, "团体" if group else "个人", "" if chance.random() < 0.006 else many, "人工核定" if group or chance.random() < 0.09 else "当场约定", "已取消" if gone else "已约", v["region"], day - timedelta(days=chance.randrange(0, 5))])
    uses[7][10] = uses[7][2] + timedelta(days=2)           # asked for after it was used
    return opened, slots, uses


def licences_of(land, count, chance):
    rows = []
    for k in range(count):
        county, item, day = land.counties[k % len(land.counties)], chance.choices(("游泳", "攀岩", "潜水", "滑雪"), (80, 12, 5, 3))[0], a_day(chance, date(2024, 1, 8))
        code = credit_code("91", county, 870000 + k) if k != 5 else f"91{county}YY00000000"
        rows.append([f"（演示）高危体育许〔{day.year}〕{k + 1:05}", code, f"演示{land.name[county]}{item}馆{k + 1}", item, day.replace(year=day.year + 5, day=min(day.day, 28)), county, day])
    return rows


def orders_of(venues, chance):
    rows = []
    for v in venues[::11]:
        day = a_day(chance, date(2025, 3, 1), date(2026, 9, 30))
        rounds = chance.choices((1, 2, 3), (80, 16, 4))[0]
        rows.append([f"KF-{len(rows) + 1:05}", v["venue"], day - timedelta(days=(day.weekday() + 1) % 7), "属实", rounds, "" if len(rows) == 3 else rounds * 7 + chance.randrange(3, 12), v["region"], day])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="try")
    parser.add_argument("--to", type=Path, default=ROOT / "packs/society/sport/samples")
    args = parser.parse_args()
    each, weeks, counties, days, licences = SIZES[args.size]
    land, chance = Land(), random.Random(20261031)
    venues = venues_of(land, each, chance)
    opened = weeks_of(venues, weeks, chance)
    days_open, slots, uses = slots_of(land, venues, counties, days, chance)

    def put(name, header, rows):
        rows = list(rows)
        write_csv(args.to / f"{name}.csv", header.split(), rows)
        print(f"{name}.csv {len(rows)}")

    put("venue", " ".join(venues[0]), [list(v.values()) for v in venues])
    put("open-week", "venue week_end opened posted region", opened)
    put("day-open", "venue use_day offered region", days_open)
    put("slot", "venue use_day hour court sport capacity state region", slots)
    put("use", "number venue use_day hour court kind people way result region day", uses)
    put("licence", "licence_no holder party item valid_until region day", licences_of(land, licences, chance))
    put("order-result", "number venue first_week found rounds took_days region day", orders_of(venues, chance))
    prove(venues, opened, slots, uses)


def prove(venues, opened, slots, uses):
    """What the README says, reckoned anew."""
    owed, short, kept, known = {v["venue"]: v["owed"] for v in venues}, {}, 0, 0
    for venue, sunday, hours, posted, region in opened:
        if posted == "false" and (hours == "" or owed[venue] == ""):
            continue
        good = posted == "true" or hours >= owed[venue]
        known, kept = known + 1, kept + good
        if not good and sunday == SUNDAY:
            short[region] = short.get(region, 0) + 1
    assert short == SHORT, short
    alone = [u for u in uses if u[5] == "个人"]
    print(f"open as owed {100 * kept / known:.1f} %, slots used {100 * sum(s[6] == '已约' for s in slots) / len(slots):.1f} %, at once {100 * sum(u[7] == '当场约定' for u in alone) / len(alone):.1f} %, last Sunday {SUNDAY}")


if __name__ == "__main__":
    main()
