"""Makes the samples of packs/economy/smart-manufacturing: manufacturers, self-assessments, providers, solutions, diagnoses, requests, cases; none exists.

Names begin with 演示, codes lie in the range YY… that nobody gives out; there is no person anywhere, and no sole trader: expert groups are numbers. `--size try`
(what the pack ships), `demo` or `province` says how many enterprises; `--to FOLDER` where the files go, the pack's samples unless told. Levels are reckoned
by the tool's own lines and not by the pack's tables, and what samples/README.md says is proved.
"""
import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, a_day, credit_code

AS_OF = date(2026, 10, 31)
# Size → counties of each city, enterprises in a county.
SIZES = {"try": (2, 14), "demo": (4, 25), "province": (99, 120)}
INDUSTRIES = {"13": "食品", "17": "纺织", "18": "服饰", "22": "纸业", "26": "化工", "27": "药业", "29": "橡塑", "33": "五金", "34": "机械", "35": "装备", "36": "汽配", "38": "电气", "39": "电子"}
# Element → its domains in the order of the form; those marked may not apply.
ELEMENTS = {
    "人员": ["组织战略", "人员技能"], "技术": ["数据", "集成", "信息安全"], "资源": ["装备", "网络"],
    "制造": ["产品设计?", "工艺设计", "采购", "计划与调度", "生产作业", "设备管理", "仓储配送", "安全环保", "能源管理", "物流?", "销售?", "客户服务", "产品服务?"],
}
WEIGHTS = {"人员": 10, "技术": 20, "资源": 20, "制造": 50}
# Cities whose enterprises are further on, one where few assess themselves, one whose diagnoses take long.
AHEAD, IDLE, SLOW = {"3301": 0.5, "3302": 0.4, "3304": 0.25, "3306": 0.15}, "3311", "3309"
SOLUTIONS = {
    "人员": [("智能制造规划编制", "规划和责任部门"), ("岗位技能地图", "技能和培训对得上岗位")],
    "技术": [("数据采集和治理", "设备数据自动采集"), ("系统集成总线", "计划、生产、仓储打通"), ("工业网络安全加固", "网络分区和主机防护")],
    "资源": [("关键设备数控化改造", "关键工序数控化"), ("设备联网套件", "在线率提高"), ("车间网络改造", "网络覆盖到工位")],
    "制造": [("制造执行系统", "作业下发和追溯"), ("高级排产", "交期缩短"), ("设备预测性维护", "停机减少"), ("能源管理系统", "单位能耗下降"), ("三维设计协同", "设计周期缩短")],
}
PRACTICE = {"人员": ("班组数字化技能提升", "编制岗位技能地图，按工位开设课程，课程记录只到班组。", "关键岗位持证率从 61% 提高到 93%。"), "技术": ("订单到交付的数据贯通", "用统一编码打通订单、排产、仓储三个系统，取消手工转录。", "转录差错从每月 47 起降到 2 起。"),
            "资源": ("老旧设备联网改造", "给服役十年以上的机床加装采集模块，保留原有控制器。", "设备在线率从 38% 提高到 91%。"), "制造": ("按订单自动排产", "把工艺参数和换型时间建成模型，每班自动排产，异常时一键重排。", "平均交期从 21 天缩短到 13 天。")}
STANDARDS = [("GB/T 39116-2020", "智能制造能力成熟度模型", "自评估的能力要素、能力域和等级"), ("GB/T 39117-2020", "智能制造能力成熟度评估方法", "等级线的参照"), ("GB/T 40647-2021", "智能制造 系统架构", "方案库的分类参照"), ("GB/T 37393-2019", "数字化车间 通用技术要求", "诊断时对照车间"), ("GB/T 41255-2022", "智能工厂 通用技术要求", "诊断时对照工厂"), ("GB/T 23001-2017", "信息化和工业化融合管理体系 要求", "人员要素的参照")]


def line(value):
    return sum(value >= step - 1e-9 for step in (0.8, 1.8, 2.8, 3.8, 4.8))


def half_up(value):
    return int(value * 100 + 0.5 + 1e-9) / 100


def assessed(chance, skill):
    """The result of one self-assessment: scores and levels of the elements, score, level, weakest element, what lacks."""
    points, scores = [], {}
    for element, domains in ELEMENTS.items():
        lean = skill + chance.gauss(0, 0.3)
        own = [(d.rstrip("?"), None if d.endswith("?") and chance.random() < 0.15 else max(0, min(5, round(lean + chance.gauss(0, 0.7))))) for d in domains]
        points += own
        known = [p for _, p in own if p is not None]
        scores[element] = half_up(sum(known) / len(known))
    total = half_up(sum(scores[e] * w for e, w in WEIGHTS.items()) / 100)
    level = min(line(total), min(line(s) for s in scores.values()) + 1)
    lacks = "、".join(f"{d}（{p} 级）" for d, p in points if p is not None and p < min(level + 1, 5)) or "无"
    return [*scores.values(), *(line(s) for s in scores.values()), total, level, min(scores, key=scores.get), lacks]


def enterprises(land, chance, size):
    many, each = SIZES[size]
    firms = []
    for city in sorted({c[:4] for c in land.counties}):
        counties = [c for c in land.counties if c.startswith(city)]
        # 萧山区 is where the walk of docs/packs/smart-manufacturing.md goes.
        counties.sort(key=lambda c: (c != "330109", c))
        for county in counties[:many]:
            for n in range(each):
                industry = chance.choice(list(INDUSTRIES))
                firms.append({"code": credit_code("91", county, 720_000 + len(firms)), "name": f"演示{land.name[county]}{INDUSTRIES[industry]}{n + 1:03d}有限公司", "industry": industry, "size": chance.choices(["大型", "中型", "小型", "微型"], (6, 24, 55, 15))[0],
                              "region": county, "started": a_day(chance, date(1996, 1, 1), date(2023, 12, 31)), "skill": 1.75 + AHEAD.get(city, 0) + chance.gauss(0, 0.65)})
    return firms


def services(chance, land):
    providers = [{"code": credit_code("91", "330106" if n < 10 else chance.choice(land.counties), 790_000 + n), "name": f"演示智造服务{n + 1:02d}有限公司", "kinds": "、".join(k for k, p in (("诊断", 0.7), ("培训", 0.6), ("设备租赁", 0.4)) if chance.random() < p or (n < 4 and k == "诊断") or (n == 0)) or "培训",
                  "state": "停用" if n in (9, 17) else "在册", "until": date(2025, 12, 31) if n == 14 else date(2027, 12, 31), "groups": chance.randrange(1, 6)} for n in range(20)]
    solutions = []
    for element, kinds in SOLUTIONS.items():
        for name, effect in kinds:
            for start in (0, 1, 2):
                cost = round(chance.choice([4, 8, 18, 35, 60, 120]) * (1 + start * 0.6), 1)
                solutions.append([f"FA{len(solutions) + 1:04d}", f"演示{name}（{('入门', '标准', '集成')[start]}版）", chance.choice(providers)["code"], element, "通用" if chance.random() < 0.6 else chance.choice(list(INDUSTRIES)), start, start + 2 if start else 1, cost, effect])
    return providers, solutions


def make(size):
    land, chance = Land(), random.Random(39116)
    firms = enterprises(land, chance, size)
    providers, solutions = services(chance, land)
    able = [p for p in providers if "诊断" in p["kinds"] and p["state"] == "在册"]
    assessments, diagnoses, requests, ties = [], [], [], []
    for firm in firms:
        for year in (2024, 2025, 2026):
            eager = (0.22 if firm["region"].startswith(IDLE) else 0.66) + 0.06 * (year - 2025)
            if chance.random() >= eager:
                continue
            day = a_day(chance, date(year, 1, 8), date(year, 12, 20) if year < 2026 else AS_OF)
            result = assessed(chance, firm["skill"] + 0.25 * (year - 2025))
            assessments.append([f"ZP{firm['region']}-{year}-{len(assessments) + 1:06d}", firm["code"], firm["region"], day, *result])
            if chance.random() < 0.34 and day + timedelta(days=60) <= AS_OF:
                asked = day + timedelta(days=chance.randrange(2, 25))
                days = round(chance.gauss(57, 6) if firm["region"].startswith(SLOW) and year == 2026 else chance.gauss(28, 6))
                done = asked + timedelta(days=max(9, days))
                if done > AS_OF:
                    continue
                answer = "待确认" if (AS_OF - done).days < 15 and chance.random() < 0.7 else chance.choices(["已确认", "维持报告", "未答复"], (84, 6, 10))[0]
                projects = chance.randrange(1, 7)
                diagnoses.append([f"ZD{firm['region']}-{year}-{len(diagnoses) + 1:06d}", firm["code"], firm["region"], asked, done, (done - asked).days, chance.choice(able)["code"], chance.randrange(1, 6), max(0, result[9] - (chance.random() < 0.3)), projects, round(projects * chance.uniform(15, 90), 1), answer])
        for _ in range(chance.choice([0, 0, 1])):
            kind = chance.choice(["培训", "培训", "设备租赁"])
            fit = [p["code"] for p in providers if kind in p["kinds"] and p["state"] == "在册"]
            met = chance.random() < 0.84
            requests.append([f"XQ{firm['region']}-{len(requests) + 1:06d}", firm["code"], firm["region"], a_day(chance, date(2024, 2, 1)), kind, chance.choice(list(ELEMENTS)), chance.randrange(4, 60) if kind == "培训" else chance.randrange(1, 9), str(met).lower(), chance.choice(fit) if met else ""])
        if chance.random() < 0.12:
            ties.append([chance.choice(providers)["code"], firm["code"], chance.choice(["持股或者同一控制", "近三年供货", "近三年供货", "近三年咨询"]), a_day(chance, date(2024, 1, 1))])
    prove(size, firms, assessments, diagnoses)
    # Wrong and missing on purpose, for the quality rules to find.
    for row in assessments[20::97]:
        row[13] = ""
    for row in diagnoses[7::29]:
        row[10] = ""
    if diagnoses:
        diagnoses[3][4] = diagnoses[3][3] - timedelta(days=5)
    for firm in firms[31::151]:
        firm["industry"] = ""
    for row in requests[5::41]:
        row[6] = ""
    return land, firms, assessments, providers, solutions, ties, diagnoses, requests


def prove(size, firms, assessments, diagnoses):
    """That the rows have what samples/README.md says they have."""
    per = lambda rows, year: [r for r in rows if r[3].year == year]
    last = per(assessments, 2026)
    high = sum(r[13] >= 3 for r in last) / len(last)
    share = len({r[1] for r in last}) / len(firms)
    slow = [r[5] for r in diagnoses if r[2].startswith(SLOW) and r[4].year == 2026]
    print(size, len(firms), "enterprises", len(assessments), "assessments", len(diagnoses), "diagnoses; assessed in 2026", round(100 * share, 1), "at three or above", round(100 * high, 1), "mean", round(sum(r[12] for r in last) / len(last), 2), "slow", slow, {k: sum(r[13] == k for r in last) for k in range(6)})
    assert len({r[0] for r in assessments}) == len(assessments)
    assert all(r[13] <= min(r[8:12]) + 1 and r[13] <= line(r[12]) for r in assessments)
    assert 0.5 < share < 0.8 and 0.1 < high < 0.5


def write(folder, size):
    land, firms, assessments, providers, solutions, ties, diagnoses, requests = make(size)
    write_csv(folder / "enterprise.csv", ["code", "name", "industry", "size", "region", "started"], [[f[k] for k in ("code", "name", "industry", "size", "region", "started")] for f in firms])
    write_csv(folder / "assessment.csv", ["number", "enterprise", "region", "day", "people", "technology", "resources", "manufacturing", "people_level", "technology_level", "resources_level", "manufacturing_level", "score", "level", "weakest", "lacks"],
              [r if r[13] != "" else [*r[:13], 0, "", ""] for r in assessments])
    write_csv(folder / "provider.csv", ["provider", "provider_name", "provider_kinds", "provider_state", "provider_until", "groups", "registered_in"], [[p["code"], p["name"], p["kinds"], p["state"], p["until"], "" if n == 12 else p["groups"], p["code"][2:8]] for n, p in enumerate(providers)])
    write_csv(folder / "provider-tie.csv", ["provider", "enterprise", "tie", "since"], ties)
    write_csv(folder / "solution.csv", ["solution", "solution_name", "provider", "domain", "fits_industry", "from_level", "to_level", "cost", "effect"], [[*s[:8], "" if n == 17 else s[8]] for n, s in enumerate(solutions)])
    write_csv(folder / "standard.csv", ["standard", "title", "used_for"], STANDARDS)
    write_csv(folder / "diagnosis.csv", ["diagnosis", "enterprise", "region", "asked_on", "done_on", "days", "provider", "group_no", "found_level", "projects", "invest", "answer"], diagnoses)
    write_csv(folder / "service-request.csv", ["number", "enterprise", "region", "day", "kind", "domain", "amount", "arranged", "provider"], requests)
    chance, cases = random.Random(7), []
    for n, firm in enumerate(sorted(firms, key=lambda f: -f["skill"])[:18]):
        element = list(ELEMENTS)[n % 4]
        title, practice, effect = PRACTICE[element]
        day = date(2025, 3 + n % 9, 11) if n < 9 else date(2026, 1 + n % 9, 15)
        stage = "公示" if n == 17 else "不入选" if n in (5, 13) else "入选"
        if stage == "公示":
            day = AS_OF - timedelta(days=2)
        cases.append([f"AL{firm['region'][:4]}00-{day.year}-{n + 1:04d}", firm["region"][:4] + "00", day, day + timedelta(days=7), firm["name"], title, element, practice, "" if n == 8 else effect, stage, "公示期有成立的异议；效果数据对不上" if stage == "不入选" else "自评估三级以上，四项没有差、至少两项好，拟入选；评审：先进性好，成效好，可复制中，数据中"])
    write_csv(folder / "recognised-case.csv", ["case_no", "region", "day", "shown_until", "party_name", "case_title", "domain", "practice", "effect", "stage", "why"], cases)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=SIZES, default="try")
    parser.add_argument("--to", type=Path, default=ROOT / "packs" / "economy" / "smart-manufacturing" / "samples")
    asked = parser.parse_args()
    write(asked.to, asked.size)
