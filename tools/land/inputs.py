"""Makes the samples of packs/rural/inputs: holdings, shops, lots of fertiliser and pesticide, and what was bought, sold, used and returned of them; none exists.

Names begin with 演示, codes lie in the range YY… that nobody gives out; there is no person anywhere, and no sole trader: what is sold to people is a lot's sum
of a day. `--size try` (what the pack ships: two counties a city), `demo` or `province`; `--to FOLDER` where the files go, the pack's samples unless told. The
tool reconciles a second time, by its own lines and not by the pack's query, and proves what samples/README.md says.
"""
import argparse
import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, a_day, credit_code

LAST = date(2026, 10, 31)
YEARS = (2024, 2025, 2026)
# counties a city (None: all), shops and holdings a county, lots a year and kind
SIZES = {"try": (2, 1, 2, 10), "demo": (None, 2, 6, 16), "province": (None, 8, 60, 40)}
# Crop → kg a hectare of fertiliser (nutrients) and of pesticide (active), hectares of a holding in the middle, how often it is grown.
CROPS = {"水稻": (300, 2.6, 42, 45), "小麦油菜": (240, 1.4, 36, 22), "蔬菜": (420, 4.5, 14, 15), "茶叶": (390, 3.0, 18, 8), "水果": (420, 6.0, 12, 10)}
PRODUCTS = {"化肥": [("演示复合肥", 45, 50), ("演示尿素", 46, 40), ("演示缓释肥", 42, 50), ("演示有机无机肥", 30, 40)], "农药": [("演示杀虫剂甲", 20, 1), ("演示杀菌剂乙", 30, 0.5), ("演示除草剂丙", 41, 1), ("演示杀虫剂丁（限制使用）", 25, 1)]}
FORMS = {"农民专业合作社": ("93", "农产品专业合作社"), "农业企业": ("91", "农业开发有限公司"), "家庭农场（企业）": ("91", "家庭农场有限公司")}
# Less is used and more comes back, year by year.
INTENSITY, BACK = {2024: 0.975, 2025: 0.925, 2026: 0.875}, {2024: 0.80, 2025: 0.845, 2026: 0.875}
# What does not reconcile this year: county → the faults of its lots; and who bought beyond the quota: county → how many quotas.
FAULTY = {"330424": ["销大于进", "账实不符", "用大于销"], "330521": ["超范围经营"], "330783": ["回大于用"]}
OVERDRAWN = {"331082": 3, "331102": 1}


def places(land, each):
    known = [*FAULTY, *OVERDRAWN, "330122"]
    if each is None:
        return land.counties
    return sorted(c for city in land.cities for c in sorted((c for c in land.counties if c[:4] == city[:4]), key=lambda c: (c not in known, c))[:max(each, sum(k[:4] == city[:4] for k in known))])


def organisations(land, chance, counties, shops_each, holdings_each):
    shops, holdings = [], []
    address = lambda c: f"浙江省{land.name[c]}演示{chance.choice('一二三')}路{chance.randrange(1, 300)}号" if chance.random() > 0.02 else ""
    for county in counties:
        for n in range(shops_each):
            serial = 880_000 + len(shops)
            shops.append(dict(code=credit_code("91", county, serial), name=f"演示{land.name[county]}农资门店{n + 1}", region=county, address=address(county), restricted=n == 0 and county not in ("330521", "330122")))
        for n in range(holdings_each):
            form = list(FORMS)[n % 3] if n < 3 else chance.choice(list(FORMS))
            registry, called = FORMS[form]
            serial = 840_000 + len(holdings)
            holdings.append(dict(code=credit_code(registry, county, serial), name=f"演示{land.name[county]}{called}{n + 1}", form=form, region=county, address=address(county)))
    return shops, holdings


def lots_of(chance, each):
    lots = {}
    for year in YEARS:
        for kind, mark in (("化肥", "H"), ("农药", "N")):
            for n in range(each):
                product, content, kilograms = PRODUCTS[kind][n % 4]
                lots[f"PC{year}{mark}{n + 1:02}"] = dict(product=product, kind=kind, content=content, kilograms=kilograms, maker=f"演示{'肥业' if kind == '化肥' else '农化'}{n % 5 + 1}有限公司" if chance.random() > 0.02 else "", restricted="限制" in product, made=date(year - 1, 11, 1) + timedelta(days=chance.randrange(60)))
    return lots


class Ledgers:
    """The ledgers of all shops and holdings, kept as they ought to be; what is wrong is written into them afterwards."""

    def __init__(self):
        self.planting, self.buying, self.sale, self.usage, self.back, self.count = [], [], [], [], [], []

    def put(self, rows, mark, *row):
        rows.append([f"{mark}{len(rows) + 1:06}", *row])
        return rows[-1]


def keep(chance, shops, holdings, lots):
    books = Ledgers()
    active = {lot: l["kilograms"] * l["content"] / 100 for lot, l in lots.items()}
    at = defaultdict(list)
    for shop in shops:
        at[shop["region"]].append(shop)
    crops = {h["code"]: chance.sample(list(CROPS), k=1) if chance.random() < 0.35 else list(dict.fromkeys(chance.choices(list(CROPS), [c[3] for c in CROPS.values()], k=3))) for h in holdings}
    size = {(h["code"], crop): CROPS[crop][2] * chance.lognormvariate(0, 0.4) for h in holdings for crop in CROPS}
    thrift = {h["code"]: chance.gauss(0, 0.035) for h in holdings}
    beyond, seen = set(), Counter()
    for h in holdings:
        for kind in ("化肥", "农药"):
            if seen[h["region"]] < OVERDRAWN.get(h["region"], 0):
                seen[h["region"]] += 1
                beyond.add((h["code"], kind))
    for year in YEARS:
        end = min(date(year, 12, 20), LAST)
        stocked = {}
        for shop in shops:
            for kind in ("化肥", "农药"):
                offered = [lot for lot, l in lots.items() if lot[2:6] == str(year) and l["kind"] == kind and (shop["restricted"] or not l["restricted"])]
                stocked[shop["code"], kind] = chance.sample(offered, k=3)
        sold = Counter()
        for h in holdings:
            for crop in crops[h["code"]]:
                area = round(size[h["code"], crop] * chance.uniform(0.97, 1.03), 1)
                books.planting.append([h["code"], year, crop, area])
                for which, kind in enumerate(("化肥", "农药")):
                    shop = chance.choice(at[h["region"]])
                    lot = chance.choice(stocked[shop["code"], kind])
                    rate = 1.18 if year == 2026 and (h["code"], kind) in beyond else min(0.985, INTENSITY[year] + thrift[h["code"]] + chance.gauss(0, 0.02))
                    packs = max(2, int(area * CROPS[crop][which] * rate / active[lot]))
                    day = date(year, 3, 5) + timedelta(days=chance.randrange(110))
                    sale = books.put(books.sale, "XS", shop["code"], lot, h["code"], packs, day)
                    sold[shop["code"], lot] += packs
                    used = int(packs * chance.uniform(0.975, 1))
                    parts = [used] if chance.random() < 0.5 else [used // 2, used - used // 2]
                    for part in parts:
                        day = min(end, day + timedelta(days=chance.randrange(3, 45)))
                        books.put(books.usage, "SY", sale[0], crop, part, area, day)
                    returned = int(used * min(1, max(0, chance.gauss(BACK[year] if kind == "农药" else 0.55, 0.06))))
                    if kind == "农药" or chance.random() < 0.4:
                        books.put(books.back, "HS", sale[0], returned, min(end, day + timedelta(days=chance.randrange(5, 60))))
        for shop in shops:
            for kind in ("化肥", "农药"):
                for lot in stocked[shop["code"], kind]:
                    # What people buy over the counter: the lot's sum of a day, nobody's.
                    for _ in range(2):
                        packs = chance.randrange(5, 60)
                        books.put(books.sale, "XS", shop["code"], lot, "", packs, date(year, 4, 1) + timedelta(days=chance.randrange(150)))
                        sold[shop["code"], lot] += packs
                    bought = sold[shop["code"], lot] + chance.randrange(4, 30)
                    first = bought if chance.random() < 0.5 else bought * 2 // 3
                    for n, packs in enumerate(p for p in (first, bought - first) if p):
                        books.put(books.buying, "JH", shop["code"], lot, packs, f"演示农资批发{chance.randrange(1, 6)}有限公司" if chance.random() > 0.03 else "", date(year, 1, 10) + timedelta(days=chance.randrange(40) + n * 8))
                    books.put(books.count, "PD", shop["code"], lot, bought - sold[shop["code"], lot], end - timedelta(days=chance.randrange(0, 3)))
    return books


def spoil(books, shops, lots, chance):
    """What is wrong: five lots that do not reconcile, and values that are missing or mistyped."""
    of = {s["code"]: s["region"] for s in shops}
    sales = {s[0]: s for s in books.sale}
    used, held, back, touched = Counter(), Counter(), Counter(), set()
    for s in books.sale:
        held[s[1], s[2]] += s[4] if s[3] else 0
    for u in books.usage:
        used[tuple(sales[u[1]][1:3])] += u[3]
    for t in books.back:
        back[tuple(sales[t[1]][1:3])] += t[2]
    for county, faults in FAULTY.items():
        for fault in faults:
            year = lambda row: row[2][2:6] == "2026" and of[row[1]] == county and tuple(row[1:3]) not in touched
            if fault == "销大于进":
                row = next(s for s in books.sale if not s[3] and year(s))
                row[4] += sum(b[3] for b in books.buying if b[1:3] == row[1:3]) - sum(s[4] for s in books.sale if s[1:3] == row[1:3]) + 15
            elif fault == "账实不符":
                row = next(c for c in books.count if year(c) and c[3] > 3)
                row[3] -= 3
            elif fault == "用大于销":
                row = sales[(u := next(u for u in books.usage if year(sales[u[1]])))[1]]
                u[3] += held[row[1], row[2]] - used[row[1], row[2]] + 8
            elif fault == "回大于用":
                row = sales[(t := next(t for t in books.back if year(sales[t[1]])))[1]]
                t[2] += used[row[1], row[2]] - back[row[1], row[2]] + 6
            else:
                lot = next(lot for lot, l in lots.items() if l["restricted"] and lot[2:6] == "2026")
                shop = next(s["code"] for s in shops if s["region"] == county)
                books.put(books.buying, "JH", shop, lot, 40, "演示农资批发1有限公司", date(2026, 3, 2))
                row = books.put(books.sale, "XS", shop, lot, "", 12, date(2026, 6, 9))
            touched.add(tuple(row[1:3]))
    taken = {t[1] for t in books.back}
    quiet = [u for u in books.usage if tuple(sales[u[1]][1:3]) not in touched and u[1] not in taken]
    for u in chance.sample(quiet, max(4, len(books.usage) // 400)):
        u[3] = None                                        # how many packs was left out
    for u in chance.sample(quiet, max(6, len(books.usage) // 120)):
        u[5] = sales[u[1]][5] - timedelta(days=2)          # used before it was bought
    for c in chance.sample(books.count, max(4, len(books.count) // 60)):
        if tuple(c[1:3]) not in touched:
            c[2] = c[2].replace("PC", "PG")                # a lot that nobody knows


def reconcile(books, shops, lots):
    """Lot by lot, by this tool's own lines: what is wrong with it, or None."""
    sales = {s[0]: s for s in books.sale}
    sums = defaultdict(Counter)
    for b in books.buying:
        sums[b[1], b[2]]["bought"] += b[3]
    for s in books.sale:
        sums[s[1], s[2]]["sold"] += s[4]
        sums[s[1], s[2]]["held"] += s[4] if s[3] else 0
    for u in books.usage:
        sums[tuple(sales[u[1]][1:3])]["used"] += u[3] or 0
    for t in books.back:
        sums[tuple(sales[t[1]][1:3])]["back"] += t[2]
    licensed, found = {s["code"]: s["restricted"] for s in shops}, {}
    for (shop, lot), n in sums.items():
        counts = max(((c[4], c[0], c[3]) for c in books.count if c[1:3] == [shop, lot]), default=None)
        off = counts and counts[2] != sum(b[3] for b in books.buying if b[1:3] == [shop, lot] and b[5] <= counts[0]) - sum(s[4] for s in books.sale if s[1:3] == [shop, lot] and s[5] <= counts[0])
        found[shop, lot] = "超范围经营" if lots[lot]["restricted"] and not licensed[shop] else "销大于进" if n["sold"] > n["bought"] else "账实不符" if off else "用大于销" if n["used"] > n["held"] else "回大于用" if n["back"] > n["used"] else None
    return found


def prove(books, shops, holdings, lots, size):
    of = {s["code"]: s["region"] for s in shops} | {h["code"]: h["region"] for h in holdings}
    if size == "try":
        wrong = defaultdict(list)
        for (shop, _), fault in reconcile(books, shops, lots).items():
            if fault:
                wrong[of[shop]].append(fault)
        assert {c: sorted(f) for c, f in wrong.items()} == {c: sorted(f) for c, f in FAULTY.items()}, wrong
    quota, drawn = Counter(), Counter()
    for holding, year, crop, area in books.planting:
        for which, kind in enumerate(("化肥", "农药")):
            quota[holding, year, kind] += area * CROPS[crop][which]
    for s in books.sale:
        if s[3]:
            drawn[s[3], s[5].year, lots[s[2]]["kind"]] += s[4] * lots[s[2]]["kilograms"] * lots[s[2]]["content"] / 100
    over = Counter(of[k[0]] for k in drawn if drawn[k] > quota[k] + 0.01)
    assert over == Counter(OVERDRAWN), over
    sales = {s[0]: s for s in books.sale}
    for year in YEARS:
        area = sum(p[3] for p in books.planting if p[1] == year)
        used, packs, back = Counter(), Counter(), Counter()
        for u in books.usage:
            if u[5].year == year:
                lot = lots[sales[u[1]][2]]
                used[lot["kind"]] += (u[3] or 0) * lot["kilograms"] * lot["content"] / 100
                packs[lot["kind"]] += u[3] or 0
        for t in books.back:
            if t[3].year == year:
                back[lots[sales[t[1]][2]]["kind"]] += t[2]
        print(year, {k: round(used[k] / area, 2) for k in used}, "kg a hectare;", round(100 * back["农药"] / packs["农药"], 1), "% of pesticide packs returned")


def doings(chance, shops, holdings):
    """What cases recorded before: licences, quotas that were raised or set against the next year, checks that ended."""
    licences = []
    for n, shop in enumerate(shops, 1):
        day = date(2022, 1, 10) + timedelta(days=chance.randrange(1500))
        licences.append([f"（演示）农药经许〔{day.year}〕{n:05}", shop["code"], shop["name"], f"农药（{'含限制使用农药' if shop['restricted'] else '限制使用农药除外'}）", date(day.year + 5, day.month, min(day.day, 28)), shop["region"], day])
    changes, checks = [], []
    for n in range(1, 10 + len(holdings) // 40):
        h, year, kind = chance.choice([h for h in holdings if h["region"] not in OVERDRAWN]), chance.choice((2024, 2025)), chance.choice(("化肥", "农药"))
        why = chance.choice(("土壤缺素", "灾后补种")) if kind == "化肥" else chance.choice(("病虫害大发生", "灾后补种"))
        changes.append([f"DE{n:05}", year, h["code"], kind, round(chance.uniform(200, 1600) if kind == "化肥" else chance.uniform(4, 20), 1), why if chance.random() > 0.05 else "", h["region"], a_day(chance, date(year, 3, 1), date(year, 9, 30))])
    for n in range(1, 16 + len(shops) // 10):
        shop, fault = chance.choice(shops), chance.choice(("销大于进", "账实不符", "账实不符", "用大于销", "回大于用", "超定额"))
        checks.append([f"HC{n:05}", f"{shop['code']} PC2025N{n % 10 + 1:02}", fault, "结转抵扣" if fault == "超定额" else chance.choice(("责令限期改正",) * 5 + ("移送执法",)), chance.randrange(6, 45), shop["region"], a_day(chance, date(2024, 3, 1), date(2026, 8, 31))])
    return licences, changes, checks


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="try")
    asked.add_argument("--to", type=Path, default=ROOT / "packs/rural/inputs/samples")
    asked = asked.parse_args()
    land, chance = Land(), random.Random(47)
    counties_each, shops_each, holdings_each, lots_each = SIZES[asked.size]
    shops, holdings = organisations(land, chance, places(land, counties_each), shops_each, holdings_each)
    lots = lots_of(chance, lots_each)
    books = keep(chance, shops, holdings, lots)
    spoil(books, shops, lots, chance)
    prove(books, shops, holdings, lots, asked.size)
    licences, changes, checks = doings(chance, shops, holdings)

    true = lambda v: str(v).lower() if isinstance(v, bool) else "" if v is None else v
    def put(name, header, rows):
        write_csv(asked.to / f"{name}.csv", header.split(), [[true(v) for v in row] for row in rows])
        print(f"{name}: {len(rows)}")
    put("norm", "crop kind per_ha", [[crop, kind, c[n]] for crop, c in CROPS.items() for n, kind in enumerate(("化肥", "农药"))])
    put("holding", "code name form region address", [list(h.values()) for h in holdings])
    put("shop", "code name region address restricted", [list(s.values()) for s in shops])
    put("lot", "lot product kind content kilograms maker restricted made_on", [[lot, *l.values()] for lot, l in lots.items()])
    put("planting", "holding year crop area", books.planting)
    put("buying", "number shop lot packs supplier day", books.buying)
    put("sale", "number shop lot holding packs day", books.sale)
    put("usage", "number sale crop packs area day", books.usage)
    put("take-back", "number sale packs day", books.back)
    put("stock-count", "number shop lot packs day", books.count)
    put("licence", "licence_no holder party_name scope valid_until region day", licences)
    put("quota-change", "number year holding kind kg why region day", changes)
    put("check-result", "number item fault course days region day", checks)


if __name__ == "__main__":
    main()
