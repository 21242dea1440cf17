"""Makes the samples of packs/economy/trade-orders: exports by county, sampled enterprises and their monthly orders, help and finance; none exists.

Names begin with 演示, codes lie in the range YY… that nobody gives out; there is no person anywhere, and no sole trader. `--size try` (one city),
`demo` (what the pack ships) or `province` says how many; `--to FOLDER` where the files go, the pack's samples unless told. The tool grades the orders and
forecasts the exports a second time, by its own lines and not by the pack's table and query, and proves what samples/README.md says.
"""
import argparse
import math
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, a_day, credit_code

AS_OF = date(2026, 10, 31)
SIZES = {"try": 4, "demo": 4, "province": 60}                       # enterprises a county; try has one city alone
GOODS = {"机电产品": 38, "纺织服装": 22, "家具家居": 12, "塑料制品": 9, "化工医药": 9, "农副产品": 5, "其他商品": 5}
MARKETS = {"美国": 24, "欧盟": 22, "东盟": 16, "日韩": 8, "拉美": 10, "中东": 8, "非洲": 6, "其他市场": 6}
CALLED = {"机电产品": "机电", "纺织服装": "纺织", "家具家居": "家居", "塑料制品": "塑业", "化工医药": "化工", "农副产品": "食品", "其他商品": "工贸"}
# Share of a usual month: the Spring Festival in February, the rush before the autumn and the end of the year.
SEASON = [1.05, 0.72, 0.95, 0.98, 1.0, 1.03, 1.05, 1.06, 1.08, 0.98, 1.02, 1.08]
EXPORTS_FROM, ORDERS_FROM = (2024, 1), (2025, 7)
# What went wrong in October 2026. County → share of new orders left, share of the book cancelled, of one enterprise there.
TROUBLE = {"330681": (0.38, 0.36), "330382": (0.40, 0.0), "330482": (0.62, 0.19), "331082": (0.62, 0.0), "330109": (0.74, 0.0), "330523": (0.74, 0.0)}
GRADES = {"330681": "一级", "330382": "二级", "330482": "三级", "331082": "四级", "330109": "五级", "330523": "五级"}
SLUMP = {"330782": 0.62, "330604": 0.66}                             # exports of the county in October 2026
LATE_FOR_MONTHS = "330881"                                           # its enterprises report late


def months(first):
    year, month = first
    while date(year, month, 1) <= AS_OF:
        yield date(year, month, 1)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def number(day):
    return day.year * 12 + day.month


def exports(counties, chance):
    rows = []
    for county in counties:
        size, growth = math.exp(chance.uniform(math.log(4), math.log(60))), chance.uniform(1.02, 1.09)
        for month in months(EXPORTS_FROM):
            value = size * SEASON[month.month - 1] * growth ** ((number(month) - number(date(*EXPORTS_FROM, 1))) / 12) * chance.gauss(1, 0.03)
            if month == date(2026, 10, 1):
                value *= SLUMP.get(county, 1)
            rows.append([county, month, round(value, 2)])
    return rows


def enterprises(land, counties, chance, many):
    firms, serial = [], 800_000
    for county in counties:
        for n in range(many):
            serial += 1
            goods = chance.choices(list(GOODS), list(GOODS.values()))[0]
            lines = []
            for market in dict.fromkeys(chance.choices(list(MARKETS), list(MARKETS.values()), k=chance.choice([2, 2, 3]))):
                lines.append([market, goods if chance.random() < 0.85 else chance.choice(list(GOODS)), chance.uniform(0.7, 1.3)])
            lines = [[m, g, w / sum(l[2] for l in lines)] for m, g, w in lines]
            if n == 0 and county in TROUBLE:                         # no market of four fifths there, which would lift the grade
                lines = [["美国", goods, 0.45], ["欧盟", goods, 0.35], ["东盟", goods, 0.2]]
            firms.append({"code": credit_code("91", county, serial), "name": f"演示{land.name[county]}{CALLED[goods]}{n + 1:03d}进出口有限公司", "county": county, "goods": goods, "n": n, "lines": lines,
                          "size": round(chance.lognormvariate(5.2, 0.6), 1), "growth": chance.uniform(1.0, 1.1)})
    return firms


def reports(firms, chance):
    """Reports and their lines; what is in hand is what was, and new, less cancelled, less shipped."""
    rows, lines, books = [], [], {}
    for firm in firms:
        hand = [firm["size"] * 3.6 * w for _, _, w in firm["lines"]]
        for month in months(ORDERS_FROM):
            trouble = TROUBLE.get(firm["county"]) if firm["n"] == 0 and month == date(2026, 10, 1) else None
            scale = firm["size"] * SEASON[month.month - 1] ** 0.5 * firm["growth"] ** ((number(month) - number(date(*ORDERS_FROM, 1))) / 12) * chance.gauss(1, 0.03)
            missing = chance.random() < 0.02 and not trouble and firm["county"] not in TROUBLE
            number_ = f"YB{firm['county']}-{month:%Y%m}-{len(rows) + 1:06d}"
            made = []
            for i, (market, goods, weight) in enumerate(firm["lines"]):
                fresh = round(scale * weight * (trouble[0] if trouble else 1), 1)
                gone = round(hand[i] * (trouble[1] if trouble else chance.choice([0, 0, 0.01, 0.02, 0.04])), 1)
                left = hand[i] + fresh - gone
                hand[i] = round(left * (1 - 0.217) if not trouble else left * 0.9, 1)
                made.append([number_, i + 1, market, goods, hand[i], fresh, gone])
            if missing:
                continue
            lines += made
            total = [round(sum(l[c] for l in made), 1) for c in (4, 5, 6)]
            due = date(month.year + month.month // 12, month.month % 12 + 1, 10)
            late = chance.random() < (0.6 if firm["county"] == LATE_FOR_MONTHS else 0.03)
            on = due + timedelta(days=chance.randrange(1, 12)) if late else due - timedelta(days=chance.randrange(0, 9))
            hard = "客户违约" if trouble and trouble[1] else "订单不足" if trouble else chance.choices(["没有困难", "订单不足", "资金紧张", "物流不畅", "客户违约", "原料涨价", "其他困难"], (52, 14, 8, 8, 4, 12, 2))[0]
            books[firm["code"], number(month)] = (firm, made, total)
            rows.append([firm["code"], month, firm["county"], number_, on, not late, *total, hard])
    return rows, lines, books


def grade(books, code, n):
    """The level of an enterprise's month, reckoned anew."""
    _, made, (hand, fresh, gone) = books[code, n]
    ago, near = books.get((code, n - 12)), [books[code, n - k][2][1] if (code, n - k) in books else fresh for k in range(3)]
    change = round(100 * (fresh / ago[2][1] - 1), 1) if ago else 0
    share, cover = round(100 * gone / (hand + gone), 1), round(hand / (sum(near) / 3), 1)
    steps = [3 if change <= -50 else 2 if change <= -30 else 1 if change <= -15 else 0, 3 if share >= 30 else 2 if share >= 15 else 1 if share >= 8 else 0, 3 if cover < 1 else 2 if cover < 2 else 1 if cover < 3 else 0]
    by_market = {}
    for line in made:
        by_market[line[2]] = by_market.get(line[2], 0) + line[4] + line[5]
    narrow, worst, heavy = round(100 * max(by_market.values()) / sum(by_market.values()), 1) >= 80, max(steps), sum(s >= 2 for s in steps)
    return {3: "一级" if heavy >= 2 else "二级", 2: "三级" if heavy >= 2 or narrow else "四级", 1: "四级" if narrow else "五级", 0: "未列入"}[worst]


def forecasts(rows):
    """Of each county the shares of past months that lay within the interval, reckoned anew: (within, judged)."""
    within = judged = 0
    by = {}
    for county, month, value in rows:
        by.setdefault(county, {})[number(month)] = value
    for known in by.values():
        pace = {n: min(1.5, max(0.5, sum(known[n - k] for k in range(3)) / sum(known[n - 12 - k] for k in range(3)))) for n in known if all(n - k in known for k in (1, 2, 12, 13, 14))}
        miss = {n: known[n] / (known[n - 12] * pace[n - 1]) - 1 for n in known if n - 1 in pace and n - 12 in known}
        for n in miss:
            before = [miss[k] for k in miss if n - 13 <= k < n]
            if len(before) >= 6:
                spread = math.sqrt(sum(m * m for m in before[-12:]) / len(before[-12:]))
                judged += 1
                within += abs(miss[n]) <= 1.28 * spread
    return within, judged


def helped(counties, chance, many):
    rows = []
    for n in range(many):
        day = a_day(chance, date(2025, 1, 10), date(2026, 9, 20))
        level = chance.choices(["县级", "市级", "省级"], (74, 20, 6))[0]
        ended = min(AS_OF, day + timedelta(days=round(chance.lognormvariate({"县级": 2.3, "市级": 2.8, "省级": 3.2}[level], 0.35))))
        rows.append([f"BF{n + 1:05d}", chance.choice(counties), day, ended, chance.choices(["找货源订单", "融资", "物流", "信用保险", "涉外纠纷"], (34, 28, 16, 14, 8))[0], level, chance.choices(["解决", "缓解", "未解决"], (66, 24, 10))[0]])
    return rows


def financed(counties, chance, many):
    rows = []
    for n in range(many):
        day, answer = a_day(chance, date(2025, 2, 1), date(2026, 10, 15)), chance.choices(["同意授信", "补充材料", "未予支持"], (68, 16, 16))[0]
        rows.append([f"RZ{n + 1:05d}", chance.choice(counties), day, day + timedelta(days=chance.randrange(2, 8)), answer, round(chance.lognormvariate(5.4, 0.7)) if answer == "同意授信" else ""])
    return rows


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="demo")
    asked.add_argument("--to", type=Path, default=ROOT / "packs/economy/trade-orders/samples")
    asked = asked.parse_args()
    land, chance = Land(), random.Random(47)
    counties = [c for c in land.counties if asked.size != "try" or c.startswith("3304")]
    sold = exports(counties, chance)
    firms = enterprises(land, counties, chance, SIZES[asked.size])
    told, lines, books = reports(firms, chance)
    prove(asked.size, sold, told, books, firms)
    # What people leave out or type wrongly: a difficulty, a day before the month, a figure of the first months, what an enterprise sells.
    for row in told:
        row[9] = row[9] if chance.random() > 0.012 else ""
        if chance.random() < 0.002:
            row[4] = row[1] - timedelta(days=20)
    for row in sold:
        if row[1] <= date(2024, 2, 1) and chance.random() < 0.03:
            row[2] = ""

    true = lambda v: str(v).lower() if isinstance(v, bool) else v
    def put(name, header, rows):
        write_csv(asked.to / f"{name}.csv", header.split(), [[true(v) for v in row] for row in rows])
        print(f"{name}: {len(rows)}")
    put("enterprise", "code name region goods market joined active", [[f["code"], f["name"], f["county"], f["goods"] if chance.random() > 0.012 else "", max(f["lines"], key=lambda l: l[2])[0], date(*ORDERS_FROM, 1), True] for f in firms])
    put("export-month", "region month exports", sold)
    put("order-report", "enterprise month region report reported_on in_time hand fresh cancelled trouble", told)
    put("order-line", "report item_no market goods hand fresh cancelled", lines)
    share = len(counties) / len(land.counties)
    put("help-record", "number region day ended way level settled", helped(counties, chance, round(260 * share * SIZES[asked.size] / 4)))
    put("finance-record", "number region day answered answer amount", financed(counties, chance, round(200 * share * SIZES[asked.size] / 4)))


def prove(size, sold, told, books, firms):
    levels = {}
    for code, month, county, *_ in told:
        level = grade(books, code, number(month))
        if level != "未列入":
            levels.setdefault(level, []).append((month, county))
    print({k: len(v) for k, v in sorted(levels.items())})
    for level in ("一级", "二级", "三级", "四级", "五级"):
        expected = sorted((date(2026, 10, 1), c) for c, g in GRADES.items() if g == level and (size != "try" or c.startswith("3304")))
        assert levels.get(level, []) == expected or (level == "五级" and size == "province"), (level, levels.get(level))
    within, judged = forecasts(sold)
    print("forecasts within the interval:", within, "of", judged, round(100 * within / judged, 1))
    assert size == "try" or 75 <= 100 * within / judged <= 88
    year = lambda y: sum(v for _, m, v in sold if m.year == y and m.month <= 10)
    print("exports, January to October:", round(year(2025)), round(year(2026)), round(100 * (year(2026) / year(2025) - 1), 1), "%")
    assert len({f["code"] for f in firms}) == len(firms) and not any(f["code"].startswith("92") for f in firms)


if __name__ == "__main__":
    main()
