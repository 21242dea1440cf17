"""Makes the samples of packs/safety/production: enterprises, risk points, inspections, dangers, readings, resources, responses, accidents; none exists.

Names begin with 演示, codes lie in the range YY… that nobody gives out; there is no person anywhere, and no sole trader. `--size try` (what the pack ships),
`demo` or `province` says how many enterprises; `--to FOLDER` where the files go, the pack's samples unless told. The tool grades and draws a second
time, by its own lines and not by the pack's tables, and proves what samples/README.md says.
"""
import argparse
import math
import random
from datetime import date, datetime, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, a_day, credit_code

AS_OF = date(2026, 10, 31)
SIZES = {"try": 5, "demo": 20, "province": 150}                     # enterprises a county
QUARTERS = [date(y, m, 1) for y in (2025, 2026) for m in (1, 4, 7, 10) if (y, m) < (2026, 10)]
LIKELY = {"完全可以预料": 10, "相当可能": 6, "可能但不经常": 3, "可能性小、完全意外": 1, "很不可能、可以设想": 0.5, "极不可能": 0.2, "实际不可能": 0.1}
EXPOSED = {"连续暴露": 10, "每天工作时间内暴露": 6, "每周一次或偶然暴露": 3, "每月一次": 2, "每年几次": 1, "非常罕见": 0.5}
GRAVE = {"十人以上死亡": 100, "三至九人死亡": 40, "一至二人死亡": 15, "重伤": 7, "致残": 3, "轻伤、需要救护": 1}
# Field → what its enterprises are called, how many of a hundred there are, its risk points (name, kind), what is measured there, its major danger.
FIELDS = {
    "危险化学品": ("化工", 18, [("液氨储罐区", "设备设施"), ("加氢反应装置", "工艺过程"), ("动火作业", "作业活动"), ("甲类仓库", "场所环境")], ["可燃气体", "硫化氢", "储罐液位"], ["主要负责人和安全管理人员未依法考核合格", "重大危险源罐区未实现紧急切断", "可燃有毒气体检测报警装置未按标准设置"]),
    "非煤矿山": ("矿业", 6, [("采场边坡", "场所环境"), ("爆破作业", "作业活动"), ("提升设备", "设备设施")], ["一氧化碳"], ["地下矿山安全出口不符合要求"]),
    "金属冶炼": ("冶炼", 10, [("熔融金属吊运", "作业活动"), ("中频炉", "设备设施"), ("煤气管道", "设备设施")], ["一氧化碳", "可燃气体"], ["人员聚集场所设在熔融金属吊运跨内"]),
    "粉尘涉爆": ("木业", 18, [("打磨车间", "场所环境"), ("除尘系统", "设备设施"), ("清灰作业", "作业活动")], [], ["粉尘爆炸危险场所内设有人员聚集场所"]),
    "有限空间": ("印染", 16, [("污水池清理", "作业活动"), ("调节池", "场所环境"), ("反应釜检修", "作业活动")], ["硫化氢", "氧气"], ["有限空间作业未审批、未检测或者无人监护"]),
    "烟花爆竹": ("烟花批发", 2, [("成品库", "场所环境"), ("装卸作业", "作业活动")], [], ["烟花爆竹工（库）房超员或者超量"]),
    "建筑施工": ("建设", 18, [("深基坑", "场所环境"), ("高支模", "作业活动"), ("塔式起重机", "设备设施")], [], ["危大工程未编制、未审核专项施工方案"]),
    "特种设备": ("热能", 12, [("锅炉", "设备设施"), ("压力管道", "设备设施"), ("起重机械", "设备设施")], ["可燃气体"], ["特种设备检验不合格仍在使用"]),
}
GENERAL = ["安全警示标志缺失", "安全教育培训记录不全", "劳动防护用品配备不到位", "疏散通道或者安全出口不畅", "隐患排查治理记录不全", "应急救援器材未维护保养"]
NORMAL = {"可燃气体": (0, 12), "硫化氢": (0, 6), "一氧化碳": (0, 20), "氧气": (20.2, 21.2), "储罐液位": (30, 80)}
# Where things go wrong: too few inspections, major dangers overdue this year, a leak.
IDLE, STUBBORN, LEAK, FLICKER = ["330304", "330727"], {"330424": 3, "330783": 5}, "330211", ["330521", "331082"]
CHEMICAL = {"330211", "330212", "330604", "330482", "330802"}


def colour(value):
    return None if value is None else "红" if value >= 320 else "橙" if value >= 160 else "黄" if value >= 70 else "蓝"


def draw_point(chance, danger):
    """Likelihood, exposure, consequence; the more dangerous a field, the graver."""
    pick = lambda table, weights: chance.choices(list(table), weights)[0]
    return (pick(LIKELY, (0.5, 3, 12 * danger, 26, 24, 14, 6)), pick(EXPOSED, (5, 34, 24, 14, 12, 6)), pick(GRAVE, (1.2 * danger, 6 * danger, 28, 26, 20, 16)))


def enterprises(land, chance, many):
    firms, serial = [], 600_000
    for county in land.counties:
        weights = [f[1] * (4 if name == "危险化学品" and county in CHEMICAL else 1) for name, f in FIELDS.items()]
        lon, lat = land.at.get(county, (120.2, 29.3))
        for n in range(many):
            # Each county has a chemical works, an enterprise with dust and a building firm.
            field = ["危险化学品", "粉尘涉爆", "建筑施工"][n] if n < 3 else chance.choices(list(FIELDS), weights)[0]
            serial += 1
            started = a_day(chance, date(1998, 1, 1), date(2024, 12, 31))
            firms.append({"code": credit_code("91", county, serial), "name": f"演示{land.name[county]}{FIELDS[field][0]}{n + 1:03d}有限公司", "serial": len(firms) + 1, "field": field, "region": county,
                          "address": f"浙江省{land.name[county]}演示{chance.choice('一二三')}路{chance.randrange(1, 300)}号" if chance.random() > 0.03 else "", "staff": round(chance.lognormvariate(4, 0.9)),
                          "hazard": chance.choices(["无", "四级", "三级", "二级", "一级"], (60, 20, 11, 6, 3))[0] if field == "危险化学品" else "无", "started": started, "assessed": a_day(chance, date(2026, 1, 5), date(2026, 9, 30)),
                          "lon": round(lon + chance.uniform(-0.06, 0.06), 5), "lat": round(lat + chance.uniform(-0.06, 0.06), 5), "points": [], "late": 0})
    return firms


def risk_points(firms, chance):
    rows = []
    for firm in firms:
        danger = {"危险化学品": 1.5, "非煤矿山": 1.3, "金属冶炼": 1.2, "烟花爆竹": 1.4}.get(firm["field"], 0.8)
        for name, kind in chance.sample(FIELDS[firm["field"]][2], k=min(len(FIELDS[firm["field"]][2]), chance.choice([2, 2, 3, 4]))):
            l, e, c = draw_point(chance, danger)
            known = chance.random() > 0.004
            firm["points"].append(LIKELY[l] * EXPOSED[e] * GRAVE[c] if known else None)
            rows.append([f"FX{len(rows) + 1:07d}", firm["code"], name, kind, l, e, c if known else "", chance.choice(["联锁报警并双人监护", "专项方案审批后作业", "每班点检并记录", "隔离防护和定期检验"]) if chance.random() > 0.03 else "", a_day(chance, date(2026, 1, 5), date(2026, 9, 30))])
    return rows


def grade(firm):
    """The grade of an enterprise, reckoned anew."""
    worst = max([0, *({"红": 4, "橙": 3, "黄": 2, "蓝": 1}[colour(p)] for p in firm["points"] if p is not None)])
    rank = min(4, max(worst, 3 if firm["hazard"] in ("一级", "二级") else 0) + (1 if firm["late"] else 0))
    return ("未核定", "蓝", "黄", "橙", "红")[rank], (25, 5, 25, 50, 100)[rank]


def drawn(firms, seeds):
    """Who is drawn in each quarter, reckoned anew from the public numbers."""
    for quarter in QUARTERS:
        heaps = {}
        for firm in firms:
            heaps.setdefault((firm["region"], grade(firm)), []).append(firm)
        for (county, (name, share)), heap in heaps.items():
            seed = seeds[county, quarter][0]
            heap.sort(key=lambda f: ((f["serial"] * 7919 + seed * 1047) % 100003, f["code"]))
            for firm in heap[:math.ceil(len(heap) * share / 100)]:
                yield quarter, name, firm


def dangers_of(chance, inspections, firms):
    rows = []
    at = {f["code"]: f for f in firms}
    for number, code, county, field, day, origin, count in inspections:
        for n in range(count):
            major = chance.random() < 0.07
            term = day + timedelta(days=chance.choice([15, 30, 45, 60]) if major else chance.choice([3, 7, 10, 15]))
            way = chance.random()
            mended = a_day(chance, day, term) if way < 0.92 else term + timedelta(days=chance.randrange(1, 25)) if way < 0.995 or major else None
            if mended and mended > AS_OF:
                mended = None
            rows.append([f"YH{len(rows) + 1:07d}", code, county, field, chance.choice(FIELDS[field][4]) if major else chance.choice(GENERAL), "重大" if major else "一般", day, term, mended])
    # What is overdue this year where nobody sees to it.
    for county, many in STUBBORN.items():
        own = [f for f in firms if f["region"] == county]
        for n in range(many):
            firm, day = own[n % len(own)], date(2026, 4 + n % 4, 10)
            rows.append([f"YH{len(rows) + 1:07d}", firm["code"], county, firm["field"], FIELDS[firm["field"]][4][0], "重大", day, day + timedelta(days=45), None])
    out = []
    for row in rows:
        day, term, mended = row[6:9]
        overdue = mended > term if mended else term < AS_OF
        if overdue and not mended and row[5] == "重大":
            at[row[1]]["late"] += 1
        out.append([*row, overdue, overdue and row[5] == "重大" and not mended])
    return out


def readings(chance, firms):
    sensors, rows = [], []
    for firm in firms:
        kinds = FIELDS[firm["field"]][3]
        story = firm["region"] in (LEAK, *FLICKER) and firm["field"] == "危险化学品" and not any(s[4] == firm["region"] for s in sensors)
        if kinds and (story or chance.random() < 0.35):
            for kind in (["可燃气体", "可燃气体"] if story else [chance.choice(kinds)]):
                sensors.append([f"TC{len(sensors) + 1:06d}", firm["code"], kind, chance.choice(["罐区", "反应区", "装卸区", "作业口"]), firm["region"], story])
    for sensor, _, kind, _, county, story in sensors:
        for hour in range(0, 7 * 24, 6):
            moment = datetime(2026, 10, 25) + timedelta(hours=hour)
            value = round(chance.uniform(*NORMAL[kind]), 1) if chance.random() > 0.033 else None
            if story and county == LEAK and date(2026, 10, 29) == moment.date() and moment.hour >= 6:
                value = round(chance.uniform(52, 78), 1)
            elif story and county in FLICKER and moment == datetime(2026, 10, 27, 12) and sensor == next(s[0] for s in sensors if s[4] == county):
                value = 55.0
            elif chance.random() < 0.0006:
                value = -1.0                                                 # a sensor out of order
            rows.append([sensor, moment.strftime("%Y-%m-%d %H:%M"), "" if value is None else value])
    return [s[:4] for s in sensors], rows


def resources(land, chance):
    kinds = [("救援队伍", ["综合救援队", "危化品救援队", "矿山救援队", "社会救援队"], "支"), ("应急装备", ["泡沫消防车", "堵漏器材组", "无人机侦察组"], "套"), ("应急物资", ["泡沫液", "沙袋", "重型防化服"], "件"), ("医疗救护", ["急救站"], "处"), ("避难场所", ["应急避难场所"], "处")]
    rows = []
    for county in land.counties:
        lon, lat = land.at.get(county, (120.2, 29.3))
        for kind, names, measure in kinds:
            for name in names[:4 if county in CHEMICAL else 3]:
                team = kind == "救援队伍"
                people = chance.randrange(8, 60) if team and chance.random() > 0.01 else 0 if team else chance.randrange(4, 20) if kind == "医疗救护" else ""
                placed = chance.random() > 0.02
                rows.append([f"ZY{len(rows) + 1:05d}", f"演示{land.name[county]}{name}", kind, county, f"演示{land.name[county]}{chance.choice(['应急救援中心', '物资储备库', '工业园区'])}" if chance.random() > 0.01 else "", people, chance.randrange(1, 9) if kind in ("救援队伍", "应急装备", "医疗救护") else "", chance.randrange(1, 400) if kind == "应急物资" else 1, measure,
                             round(lon + chance.uniform(-0.08, 0.08), 5) if placed else "", round(lat + chance.uniform(-0.08, 0.08), 5) if placed else "", chance.random() > 0.08, a_day(chance, date(2026, 9, 10))])
    return rows


def accidents(land, chance):
    """Accidents, responses and lessons of three years: numbers of places, nobody's."""
    accidents, responses, lessons = [], [], []
    for year, many in ((2024, 126), (2025, 112), (2026, 84)):
        last = min(date(year, 12, 31), AS_OF)
        for _ in range(many):
            larger = chance.random() < 0.045
            deaths = chance.choice([3, 3, 4]) if larger else chance.choices([0, 1, 2], (22, 66, 12))[0]
            injured = chance.randrange(0, 4) + (deaths == 0)
            accidents.append([f"SG{len(accidents) + 1:05d}", chance.choice(land.counties), a_day(chance, date(year, 1, 1), last), chance.choices(list(FIELDS), (10, 6, 9, 8, 12, 1, 42, 12))[0], "较大事故" if larger else "一般事故", deaths, injured, round(chance.lognormvariate(4.2, 0.7), 1) if chance.random() > 0.03 else ""])
    for number, county, day, field, name, *_ in accidents:
        responses.append([f"XY{len(responses) + 1:05d}", county, day, field, "三级响应" if name == "较大事故" else "四级响应", round(min(90, chance.lognormvariate({2024: 3.0, 2025: 2.85, 2026: 2.7}[day.year], 0.35)))])
        if chance.random() < 0.5:
            day = a_day(chance, date(day.year, 1, 1), min(date(day.year, 12, 31), AS_OF))
            responses.append([f"XY{len(responses) + 1:05d}", chance.choice(land.counties), day, chance.choice(list(FIELDS)) if chance.random() > 0.02 else "", *chance.choice([("现场处置", chance.randrange(5, 25)), ("误报", "")])])
    said = {"设备失效": ("紧急切断阀未动作，人工关闭上游阀门控制泄漏", "切断阀纳入月度联锁测试"), "违章作业": ("先通风、再检测、后作业没有落实，盲目施救扩大伤亡", "作业票和监护人现场核对后方可进入"), "工艺失控": ("反应温度超限后及时泄放，没有扩大", "复核温度联锁值和冷却能力"), "管理缺失": ("外包队伍没有纳入统一管理", "外包作业统一审批、统一培训"), "外部影响": ("强降雨前提前转移人员和物料", "汛期前完成低洼库房排查")}
    for number, county, day, field, *_ in chance.sample(accidents, 60):
        cause = chance.choice(list(said))
        lessons.append([number, 1, county, min(AS_OF, day + timedelta(days=chance.randrange(20, 90))), field, cause, said[cause][0], said[cause][1] if chance.random() > 0.04 else ""])
    return accidents, responses, lessons


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="try")
    asked.add_argument("--to", type=Path, default=ROOT / "packs/safety/production/samples")
    asked = asked.parse_args()
    land, chance = Land(), random.Random(31)
    firms = enterprises(land, chance, SIZES[asked.size])
    points = risk_points(firms, chance)
    seeds = {(c, q): (chance.randrange(1, 1_000_000), chance.randrange(2, 7)) for c in land.counties for q in QUARTERS}
    # A first draw by the grades without what is overdue finds the dangers; what is overdue then lifts grades, and who is drawn once more is inspected too.
    inspections, dangers = [], []
    for again in (False, True):
        known = {(i[1], (i[4].year, (i[4].month - 1) // 3)) for i in inspections}
        for quarter, name, firm in drawn(firms, seeds):
            if (firm["code"], (quarter.year, (quarter.month - 1) // 3)) in known or (firm["region"] in IDLE and quarter >= date(2026, 4, 1) and name in "红橙") or (name not in "红橙" and chance.random() < 0.05):
                continue
            inspections.append([f"JC{len(inspections) + 1:07d}", firm["code"], firm["region"], firm["field"], quarter + timedelta(days=chance.randrange(3, 85)), "双随机抽查", 0 if again else chance.choices([0, 1, 2, 3], (30, 36, 22, 12))[0]])
        if not again:
            for _ in range(len(inspections) // 5):
                firm = chance.choice(firms)
                inspections.append([f"JC{len(inspections) + 1:07d}", firm["code"], firm["region"], firm["field"], a_day(chance, QUARTERS[0]), chance.choice(["专项检查", "举报核查", "上级交办"]), chance.choices([0, 1, 2], (30, 45, 25))[0]])
            dangers = dangers_of(chance, inspections, firms)
    sensors, values = readings(chance, firms)
    stock = resources(land, chance)
    happened, responses, lessons = accidents(land, chance)
    prove(land, firms, inspections, dangers, values, seeds, happened)
    # What people type wrongly: an origin left out, a mend before it was found, a mark that does not agree with its days.
    for row in inspections:
        row[5], row[6] = (row[5] if chance.random() > 0.01 else ""), row[6]
    for row in dangers:
        if row[8] and chance.random() < 0.002:
            row[8], row[9] = row[6] - timedelta(days=1), False
        elif row[5] == "一般" and row[8] and chance.random() < 0.006:
            row[9] = not row[9]

    true = lambda v: str(v).lower() if isinstance(v, bool) else v
    def put(name, header, rows):
        write_csv(asked.to / f"{name}.csv", header.split(), [[true(v) for v in row] for row in rows])
        print(f"{name}: {len(rows)}")
    put("enterprise", "code name serial field region address staff hazard started assessed_on lon lat", [[f[k] for k in ("code", "name", "serial", "field", "region", "address", "staff", "hazard", "started", "assessed", "lon", "lat")] for f in firms])
    put("risk-point", "point enterprise name work likelihood exposure consequence control day", points)
    put("seed", "region quarter seed teams number day", [[c, q, seed, teams, f"演示{c}-{q:%Y%m}", q + timedelta(days=1)] for (c, q), (seed, teams) in seeds.items()])
    put("inspection", "number enterprise region field day origin dangers", inspections)
    put("danger", "number enterprise region field item grade found_on term_on mended_on overdue listed", dangers)
    put("sensor", "sensor enterprise kind place", sensors)
    put("reading", "sensor at value", values)
    put("resource", "resource name kind region keeper people vehicles quantity measure lon lat ready checked_on", stock)
    put("response", "number region day field level minutes", responses)
    put("accident", "number region day field grade deaths injured loss", happened)
    put("lesson", "number item_no region day field cause lesson advice", lessons)


def prove(land, firms, inspections, dangers, values, seeds, happened):
    grades = [grade(f)[0] for f in firms]
    shares = {g: round(100 * grades.count(g) / len(grades), 1) for g in ("红", "橙", "黄", "蓝", "未核定")}
    print(len(firms), "enterprises", shares)
    assert 2 <= shares["红"] <= 12 and 10 <= shares["橙"] <= 32, shares
    seen = {(i[1], i[4].year, (i[4].month - 1) // 3) for i in inspections}
    told = {}
    for quarter, name, firm in drawn(firms, seeds):
        if name in "红橙":
            tally = told.setdefault((firm["region"], quarter), [0, 0])
            tally[0] += 1
            tally[1] += (firm["code"], quarter.year, (quarter.month - 1) // 3) in seen
    low = {c for (c, q), (all_, got) in told.items() if got / all_ < 0.6}
    assert low == set(IDLE), low
    known = [d for d in dangers if d[8] or d[9]]
    print(len(dangers), "dangers,", round(100 * sum(1 for d in known if d[8] and not d[9]) / len(known), 1), "% mended in term")
    late = {c: sum(1 for d in dangers if d[2] == c and d[5] == "重大" and d[9] and not d[8] and d[6].year == 2026) for c in land.counties}
    assert {c: n for c, n in late.items() if n >= 2} == STUBBORN, late
    print({y: (sum(1 for a in happened if a[2].year == y), sum(a[5] for a in happened if a[2].year == y)) for y in (2024, 2025, 2026)}, "accidents and deaths")
    assert len({f["code"] for f in firms}) == len(firms) and not any(f["code"].startswith("92") for f in firms)


if __name__ == "__main__":
    main()
