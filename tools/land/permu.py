"""Makes the samples of packs/economy/per-mu: enterprises, their land and their yearly figures, none of which exists.

Names are 演示企业 with a number, codes lie in the range YY… that nobody gives out, platforms are 演示…园区: nobody's name, place or figure is in it.
Sole traders are left out, as in the evaluation itself: their code is a person's. The tool reckons scores and classes a second time, by its own lines and
not by the pack's tables, and proves what samples/README.md says of them.
"""
import math
import random
from datetime import date

from common import ROOT, write_csv
from libraries import Land, credit_code

PACK = ROOT / "packs" / "economy" / "per-mu"
YEARS = (2023, 2024, 2025)

# Class of GB/T 4754 → what full marks took in 2023: tax and added value per mu (万元/亩), added value per tonne of standard coal and per tonne of pollutants (万元/吨), R&D share (%), labour productivity (万元/人).
STANDARDS = {
    "13": (24, 130, 5.0, 12, 1.2, 34), "14": (26, 140, 5.5, 14, 1.5, 34), "17": (20, 110, 2.4, 6, 2.0, 26), "18": (22, 120, 7.0, 30, 1.6, 22),
    "21": (21, 115, 7.5, 26, 2.0, 24), "22": (23, 125, 2.0, 5, 2.2, 34), "26": (36, 190, 2.6, 6, 3.0, 56), "27": (50, 260, 8.0, 18, 6.0, 60),
    "28": (28, 160, 2.2, 8, 2.4, 48), "29": (24, 130, 4.0, 16, 2.6, 30), "30": (18, 100, 1.4, 4, 2.0, 36), "31": (22, 130, 1.2, 4, 2.2, 46),
    "32": (24, 140, 2.0, 6, 2.6, 46), "33": (24, 125, 4.5, 16, 2.6, 28), "34": (32, 165, 6.5, 24, 3.6, 34), "35": (34, 175, 7.5, 28, 4.2, 36),
    "36": (36, 185, 6.5, 22, 3.8, 38), "38": (34, 180, 7.0, 26, 3.8, 36), "39": (44, 240, 9.0, 34, 6.5, 42), "40": (42, 230, 9.5, 38, 6.5, 40),
}
HEAVY, HIGH = {"17", "22", "26", "28", "30", "31", "32"}, {"27", "39", "40"}
# Weights of tax, added value, labour, energy, pollutants, R&D; of those below the designated size tax, energy and pollutants alone.
WEIGHTS = {"一般": (35, 25, 10, 15, 5, 10), "高耗能": (30, 20, 10, 20, 15, 5), "高技术": (25, 25, 10, 10, 5, 25), "规下": (70, 0, 0, 20, 10, 0)}
LINES, GRACE, LEAST, MOST_BONUS = (80, 60, 40), 24, 5, 10
GROWTH = {2023: 1, 2024: 1.03, 2025: 1.06}
CITY_SHARE = {"3301": 46, "3302": 44, "3303": 33, "3304": 44, "3305": 38, "3306": 42, "3307": 33, "3308": 24, "3309": 18, "3310": 34, "3311": 20}
# Where the classes D grow out of hand in the last year: what the warning is for.
TROUBLED = {"330723": 6, "330803": 5}
ITEMS = ("tax_paid", "added_value", "energy", "pollutants", "rd", "labour")

# The enterprises that tests and docs/per-mu.md speak of, in 萧山区: industry, above the designated size, started, exempt, owned mu, let mu, and for 2025: tax, added value, revenue, R&D, people, coal, pollutants.
TOLD = [
    ("34", True, "2012-03-01", "", 60, 0, 1600, 8000, 36000, 1080, 230, 1600, 400),     # B; with ten mu less, A
    ("17", True, "2008-06-01", "", 50, 0, 1600, 8000, 40000, 1200, 280, 2400, 900),     # full marks, but a grave violation: D
    ("38", True, "2024-09-01", "", 80, 0, 400, 2400, 9000, 200, 130, 900, 300),         # would be D, in its time of grace: B
    ("33", True, "2006-01-01", "", 90, 0, 300, 1800, 8000, 60, 160, 1200, 350),         # D
    ("18", False, "2015-01-01", "", 3, 0, 20, 90, 400, 0, 12, 20, 5),                   # below the size, less than five mu: not evaluated
    ("30", True, "2001-01-01", "公共基础设施", 120, 0, 200, 2000, 6000, 0, 90, 900, 200),   # exempt
    ("39", True, "2018-05-01", "", 70, 20, 2400, 12800, 70000, 5600, 300, 1200, 300),   # A by the higher standards of the city, with a bonus
    ("29", False, "2011-01-01", "", 12, 0, 190, 900, 3600, 0, 40, 180, 40),             # below the size, twelve mu: three indicators
]


def standard(industry, year, region="330000"):
    """What full marks take there: the province's values grow, a city's and a county's own are higher for two classes."""
    lift = {("330100", "39"): 1.1, ("330100", "27"): 1.1, ("330109", "17"): 1.15}
    for place in (region, region[:4] + "00"):
        if (place, industry) in lift:
            return tuple(round(s * GROWTH[year] * lift[place, industry], 2) for s in STANDARDS[industry])
    return tuple(round(s * GROWTH[year], 2) for s in STANDARDS[industry])


def half_up(value, places=2):
    return math.floor(value * 10 ** places + 0.5 + 1e-9) / 10 ** places


def weights(industry, above):
    return WEIGHTS["规下" if not above else "高耗能" if industry in HEAVY else "高技术" if industry in HIGH else "一般"]


def yields(year, area):
    """Tax per mu, added value per mu, per coal, per pollutants, R&D share, labour productivity; what cannot be reckoned is None."""
    tax, added, revenue, rd, people, coal, dirt = year
    over = lambda a, b: round(a / b, 4) if b else None
    return over(tax, area), over(added, area), over(added, coal), over(added, dirt), over(100 * rd, revenue), over(added, people)


def evaluate(firm, year, figures, area, veto, bonus):
    """Class and total score, reckoned anew."""
    if firm["exempt"] or area <= 0 or (not firm["above"] and area < LEAST):
        return "N", None
    per = yields(figures, area)
    per = (per[0], per[1], per[5], per[2], per[3], per[4])
    full = standard(firm["industry"], year, firm["region"])
    full = (full[0], full[1], full[5], full[2], full[3], full[4])
    score = 0
    for n, (value, best, weight) in enumerate(zip(per, full, weights(firm["industry"], firm["above"]))):
        # Who burns no coal and lets out nothing is not the worse for it.
        score += (weight if n in (3, 4) else 0) if value is None else half_up(weight * max(0, min(1, value / best)))
    total = half_up(score + min(bonus, MOST_BONUS))
    band = "A" if total >= LINES[0] else "B" if total >= LINES[1] else "C" if total >= LINES[2] else "D"
    months = (year - firm["started"].year) * 12 + 12 - firm["started"].month
    if veto:
        return "D", total
    return ("B" if band in "CD" and months < GRACE else band), total


def draw_figures(chance, firm, year, q):
    """Figures of a year for a quality of about 1: the middle of a class lies at about three quarters of full marks."""
    tax, added, coal, dirt, rd, labour = STANDARDS[firm["industry"]]
    area, g = firm["owned"] - firm["let"], GROWTH[year] * chance.lognormvariate(0, 0.06)
    noise = lambda: chance.lognormvariate(0, 0.14)
    value = area * added * 0.62 * q * g * noise()
    revenue = value * chance.uniform(4.2, 5.2)
    return (round(area * tax * 0.64 * q * g * noise(), 2), round(value, 2), round(revenue, 2), round(revenue * rd / 100 * 0.68 * min(1.4, q) * noise(), 2) if firm["above"] else 0.0,
            max(3, round(value / (labour * 0.74 * g * min(1.3, max(0.5, q)) * noise()))), round(value / (coal * 0.74 * min(1.3, max(0.45, q)) * noise()), 1), round(value / (dirt * 0.76 * min(1.3, max(0.45, q)) * noise()), 2))


def firms_of(land, chance):
    platforms, firms = [], []
    for place, county in enumerate(land.counties):
        for n in range(2 if place % 3 == 0 else 1):
            kind = chance.choice(["经济开发区", "经济开发区", "高新技术产业园区", "小微企业园"])
            platforms.append([f"PT{len(platforms) + 1:04d}", f"演示{land.name[county]}第{'一二'[n]}园区", kind, county, round(chance.uniform(1200, 9000))])
    at = {}
    for p in platforms:
        at.setdefault(p[3], []).append(p[0])
    serial = 500_000

    def add(county, industry, above, started, exempt, owned, let):
        nonlocal serial
        serial += 1
        firms.append({"code": credit_code("91", county, serial), "name": f"演示企业{len(firms) + 1:05d}", "industry": industry, "platform": chance.choice(at[county]) if chance.random() < 0.8 else "",
                      "region": county, "above": above, "started": started, "exempt": exempt, "owned": owned, "let": let, "bonus": {}, "veto": set()})
        return firms[-1]

    for told in TOLD:
        firm = add("330109", told[0], told[1], date.fromisoformat(told[2]), told[3], told[4], told[5])
        firm["platform"], firm["told"] = at["330109"][0], told[6:]
    for county in land.counties:
        for n in range(CITY_SHARE[county[:4]]):
            above = chance.random() < 0.72
            area = round(min(300, max(1.5, chance.lognormvariate(3.2 if above else 2.0, 0.7))), 1)
            let = round(area * chance.uniform(0.1, 0.3), 1) if above and chance.random() < 0.12 else 0
            exempt = "公共基础设施" if chance.random() < 0.006 else ""
            firm = add(county, chance.choice(list(STANDARDS)), above, date(chance.randrange(1998, 2023), chance.randrange(1, 13), 1) if chance.random() < 0.93 else date(chance.randrange(2023, 2026), chance.randrange(1, 13), 1), exempt, area, let)
            firm["q"] = max(0.8, chance.lognormvariate(0, 0.24))
            firm["poor"] = 0
    return platforms, firms


def choose_poor(land, firms, chance):
    """A few enterprises of a county yield little; where there is trouble, more from year to year."""
    for county in land.counties:
        able = [f for f in firms if f["region"] == county and "told" not in f and f["above"] and not f["exempt"] and f["started"].year < 2020]
        chance.shuffle(able)
        for n, firm in enumerate(able[:TROUBLED.get(county, 1 if len(able) < 24 else 2)]):
            firm["poor"] = 2023 if n < 1 or county not in TROUBLED else 2024 if n < 2 else 2025


def main():
    land, chance = Land(), random.Random(20)
    platforms, firms = firms_of(land, chance)
    choose_poor(land, firms, chance)
    years, parcels, violations, bonuses = [], [], [], []
    for firm in firms:
        number = f"ZD{len(parcels) + 1:06d}"
        rented = "told" not in firm and chance.random() < 0.18
        parcels.append([number, firm["code"], "租入" if rented else "自有", firm["owned"], max(date(2000, 1, 1), firm["started"]).isoformat(), ""])
        if firm["let"]:
            parcels.append([f"ZD{len(parcels) + 1:06d}", firm["code"], "租出", firm["let"], max(date(2000, 1, 1), firm["started"]).isoformat(), ""])
        if "told" in firm:
            continue
        if firm["above"] and chance.random() < 0.09:
            firm["bonus"][chance.choice(YEARS)] = chance.choice([2, 3, 5])
        if chance.random() < 0.05:
            day = date(chance.choice(YEARS), chance.randrange(1, 13), chance.randrange(1, 28))
            grave = chance.random() < 0.06 and firm["region"] not in TROUBLED and CITY_SHARE[firm["region"][:4]] > 30
            if grave:
                firm["veto"].add(day.year)
            violations.append([f"WF{len(violations) + 1:05d}", firm["code"], day.isoformat(), chance.choice(["安全生产", "生态环境", "税收征管", "产品质量"]), "true" if grave else "false"])
    told = [f for f in firms if "told" in f]
    told[1]["veto"].add(2025)
    violations.append([f"WF{len(violations) + 1:05d}", told[1]["code"], "2025-07-09", "安全生产", "true"])
    told[6]["bonus"][2025] = 3
    for firm in firms:
        for year in YEARS:
            if firm["started"].year > year:
                continue
            q = 0.36 if firm.get("poor") and firm["poor"] <= year else firm.get("q", 1)
            if "told" in firm:
                figures = firm["told"] if year == 2025 else tuple(round(v * (0.96 if year == 2024 else 0.92), 2) if n != 4 else v for n, v in enumerate(firm["told"]))
            else:
                figures = draw_figures(chance, firm, year, q)
            firm.setdefault("figures", {})[year] = figures
            years.append((firm, year, figures))
        for year, points in sorted(firm["bonus"].items()):
            if year >= firm["started"].year:
                bonuses.append([firm["code"], year, "专精特新" if points < 5 else "单项冠军", points])

    classes = {}
    for firm, year, figures in years:
        classes[firm["code"], year] = (firm, *evaluate(firm, year, figures, firm["owned"] - firm["let"], year in firm["veto"], firm["bonus"].get(year, 0)))
    prove(land, firms, classes, told)

    samples = PACK / "samples"
    write_csv(samples / "platform.csv", ["code", "name", "kind", "region", "area"], platforms)
    write_csv(samples / "enterprise.csv", ["code", "name", "industry", "platform", "region", "above_scale", "started", "exempt"],
              [[f["code"], f["name"], f["industry"], f["platform"], f["region"], str(f["above"]).lower(), f["started"].isoformat(), f["exempt"]] for f in firms])
    write_csv(samples / "parcel.csv", ["parcel", "enterprise", "tenure", "area", "since", "until"], parcels)
    write_csv(samples / "tax-year.csv", ["enterprise", "year", "tax_paid"], [[f["code"], y, g[0]] for f, y, g in years])
    write_csv(samples / "output-year.csv", ["enterprise", "year", "added_value", "revenue", "rd_spending", "employees"], [[f["code"], y, g[1], g[2], g[3], g[4]] for f, y, g in years])
    write_csv(samples / "energy-year.csv", ["enterprise", "year", "coal"], [[f["code"], y, g[5]] for f, y, g in years])
    write_csv(samples / "discharge-year.csv", ["enterprise", "year", "pollutants"], [[f["code"], y, g[6]] for f, y, g in years])
    write_csv(samples / "violation.csv", ["number", "enterprise", "day", "kind", "grave"], violations)
    write_csv(samples / "bonus.csv", ["enterprise", "year", "title", "points"], bonuses)
    places = [("330000", i) for i in STANDARDS] + [("330100", "27"), ("330100", "39"), ("330109", "17")]
    write_csv(samples / "industry-standard.csv", ["region", "industry", "year", *ITEMS], [[place, i, y, *standard(i, y, place)] for place, i in places for y in YEARS])
    # Left blank, the pack's own assumption counts; 义乌市 gives newcomers three years, 杭州市 asks more for electricity.
    write_csv(samples / "local-rule.csv", ["region", "year", "line_a", "line_b", "line_c", "grace_months", "least_area", "electricity_c", "electricity_d", "relief_b"],
              [["330100", y, "", "", "", "", "", 0.12, 0.35, ""] for y in YEARS] + [["330782", y, "", "", "", 36, "", "", "", 60] for y in YEARS])
    # Xiaoshan's evaluation of 2025 is still under way.
    write_csv(samples / "publication.csv", ["region", "year", "stage", "day", "number"],
              [[c, y, "公布", f"{y + 1}-06-{10 + n % 15:02d}", f"演示{c}-{y}"] for y in YEARS for n, c in enumerate(land.counties) if (c, y) != ("330109", 2025)])


def prove(land, firms, classes, told):
    got = [classes[f["code"], 2025][1] for f in told]
    print("told", [(f["name"], *classes[f["code"], 2025][1:]) for f in told])
    assert got == ["B", "D", "B", "D", "N", "N", "A", "B"], got
    eased = evaluate(told[0], 2025, told[0]["told"], 50, False, 0)
    print("with ten mu less", eased)
    assert eased[0] == "A"
    for year in YEARS:
        counted = [c for (_, y), (_, c, _) in classes.items() if y == year and c != "N"]
        shares = {c: round(100 * counted.count(c) / len(counted), 1) for c in "ABCD"}
        print(year, len(counted), shares)
        assert 12 <= shares["A"] <= 28 and shares["D"] <= 6.5, shares
        for county in land.counties:
            own = [c for (_, y), (f, c, _) in classes.items() if y == year and c != "N" and f["region"] == county]
            share = 100 * own.count("D") / len(own)
            assert (share > 12) == (county in TROUBLED and year == 2025) and (share <= 10 or share > 12), (county, year, own.count("D"), len(own))
    print(len(firms), "enterprises", {c: [round(100 * sum(1 for (_, y), (f, k, _) in classes.items() if y == 2025 and f["region"] == c and k == "D") / max(1, sum(1 for (_, y), (f, k, _) in classes.items() if y == 2025 and f["region"] == c and k != "N")), 1)] for c in TROUBLED})
    assert len({f["code"] for f in firms}) == len(firms)


if __name__ == "__main__":
    main()
