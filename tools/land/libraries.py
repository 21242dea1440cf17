"""Makes the samples of packs/base and packs/subject: libraries of bodies, places and figures, none of which exists.

Nothing here was counted, registered or decided by anybody: numbers are drawn with a fixed seed, names begin with 示例, and organisation codes lie in a
range (YY…) that nobody gives out. There is no natural person anywhere, not as an owner, a holder or a signatory; sole traders are left out because their
names are people's. What is delivered is untidy on purpose, in the ways the packs' standard layer mends.
"""
import json
import random
from datetime import date, datetime, timedelta

from common import ROOT, read_csv, write_csv

BASE, SUBJECT = ROOT / "packs" / "base", ROOT / "packs" / "subject"
AS_OF = date(2026, 10, 31)
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Land:
    """The living regions of the province and where they lie."""

    def __init__(self):
        rows = [r for r in read_csv(ROOT / "jurisdictions/regions/regions.csv") if r["code"].startswith("33") and not r["to"]]
        self.name = {r["code"]: r["name"] for r in rows}
        self.cities = [r["code"] for r in rows if r["level"] == "city"]
        self.counties = [r["code"] for r in rows if r["level"] == "county"]
        self.town = {}
        for r in rows:
            if r["level"] == "street" and r["name"].endswith(("街道", "镇", "乡")):
                self.town.setdefault(r["parent"], r["code"])
        self.at = {}
        for path in sorted((ROOT / "jurisdictions/zhejiang/maps").glob("33*.geojson")):
            for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
                for code in feature["properties"]["now"]:
                    self.at.setdefault(code, feature["properties"]["cp"])


def credit_code(registry, region, serial):
    """A code of GB 32100-2015 with both check characters; its middle is the organisation code of GB 11714-1997."""
    body = f"YY{serial:06d}"
    total = sum(w * (ord(c) - 55 if c.isalpha() else int(c)) for w, c in zip((3, 7, 9, 10, 5, 8, 4, 2), body))
    body = f"{registry}{region}{body}{'0123456789X0'[(11 - total % 11) % 11]}"
    return body + CREDIT[(31 - sum(pow(3, i, 31) * CREDIT.index(c) for i, c in enumerate(body)) % 31) % 31]


def a_day(chance, first, last=AS_OF):
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def untidy(chance, code):
    """The code as somebody typed it: now and then in small letters, or in groups."""
    way = chance.random()
    return code.lower() if way < 0.08 else f"{code[:2]} {code[2:8]} {code[8:]}" if way < 0.12 else code


def population(land):
    """Residents by county, year and age band, growing older; gives those of 65 and more by county and year."""
    chance, rows, elders = random.Random(1), [], []
    for county in land.counties:
        size, old = chance.randrange(80_000, 1_100_000), chance.uniform(0.13, 0.22)
        for year in range(2021, 2026):
            shares = [0.135 - 0.003 * (year - 2021), 0, 0.06, old * 0.8 + 0.004 * (year - 2021), old * 0.2 + 0.001 * (year - 2021)]
            shares[1] = 1 - sum(shares)
            counts = [round(size * (1 + 0.006 * (year - 2021)) * s) for s in shares]
            rows.append([f"{county}000000", f"{year}-12-31", *counts])
            elders.append([county, f"{year}-12-31", sum((n + 5) // 10 * 10 for n in counts[3:])])
    write_csv(BASE / "population/samples/raw-count.csv", ["地区代码", "统计时点", "0-14岁", "15-59岁", "60-64岁", "65-79岁", "80岁及以上"], rows)
    return elders


def legal_entities(land):
    """Enterprises, social organisations and public institutions; gives the enterprises and the homes for the elderly as (code, name, region, opened)."""
    chance, enterprises, social, public, living, homes = random.Random(2), [], [], [], [], []
    industries = list("CCCFFGHHIM")
    for n, county in enumerate(land.counties * 2):
        code, opened = credit_code("91", county, n + 1), a_day(chance, date(2012, 1, 1), date(2026, 6, 30))
        name = f"示例{land.name[county]}{chance.choice(['制造', '商贸', '物流', '餐饮', '软件'])}{n + 1:03d}{chance.choice(['有限公司', '(集团)有限公司', '股份有限公司'])}"
        closed = a_day(chance, opened) if chance.random() < 0.1 else None
        state = "注销" if closed else "吊销，未注销" if chance.random() < 0.02 else chance.choice(["存续", "在业", "存续（在营、开业、在册）"])
        address = f"浙江省{land.name[county[:4] + '00']}{land.name[county]}{land.name.get(land.town.get(county), '')}示例{chance.choice('一二三')}路{chance.randrange(1, 200)}号" if chance.random() < 0.985 else ""
        changed = closed or a_day(chance, max(opened, AS_OF - timedelta(days=900)))
        enterprises.append([untidy(chance, code), name, county, address, chance.choice(industries), chance.choice([50, 100, 500, 1000, 5000]), opened, closed, state, changed])
        if state[0] in "存在":
            living.append((code, name, county, opened))
    for n in range(130):
        county, is_home = land.counties[n % 90], n < 90
        kind = "民办非企业单位" if is_home else chance.choice(["社会团体", "民办非企业单位", "基金会"])
        code = credit_code({"社会团体": "51", "民办非企业单位": "52", "基金会": "53"}[kind], county, 1000 + n)
        opened = a_day(chance, date(2012, 1, 1), date(2025, 6, 30))
        name = f"示例{land.name[county]}养老院" if is_home else f"示例{land.name[county]}{'发展基金会' if kind == '基金会' else '志愿服务中心' if kind[0] == '民' else '行业协会'}{n:03d}"
        closed = a_day(chance, opened) if not is_home and chance.random() < 0.1 else None
        social.append([untidy(chance, code), name, kind, county, opened, closed, "注销" if closed else "正常", closed or a_day(chance, max(opened, date(2025, 1, 1)))])
        if is_home:
            homes.append((code, name, county, opened))
    for n in range(45):
        county = land.counties[n * 2]
        code, opened = credit_code("12", county, 2000 + n), a_day(chance, date(2012, 1, 1), date(2025, 6, 30))
        public.append([code, f"示例{land.name[county]}第{n % 3 + 1}服务中心", "事业单位", county, opened, None, "正常", a_day(chance, date(2025, 1, 1))])
    # Three that became something else and stand in two registers: the later change counts.
    for row in social[90:93]:
        public.append([row[0].replace(" ", "").upper(), row[1], "事业单位", row[3], row[4], None, "正常", date(2024, 3, 1)])
    folder = BASE / "legal-entities/samples"
    write_csv(folder / "raw-enterprise.csv", ["uscc", "ent_name", "region", "address", "industry", "capital", "opened", "closed", "state", "changed"], enterprises)
    write_csv(folder / "raw-social.csv", ["统一社会信用代码", "名称", "类型", "地区", "成立日期", "注销日期", "状态", "变更日期"], social)
    write_csv(folder / "raw-public.csv", ["代码", "单位名称", "单位类别", "登记地区", "设立日期", "撤销日期", "单位状态", "变更日期"], public)
    return living, homes


def places(land):
    """The divisions down to one town a county, and three gates on two roads of each town."""
    chance = random.Random(3)
    towns = [land.town[c] for c in land.counties if c in land.town]        # one county has no towns
    level = lambda code: "town" if len(code) == 9 else "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
    parent = {"province": lambda c: "", "city": lambda c: "330000", "county": lambda c: c[:4] + "00", "town": lambda c: c[:6]}
    write_csv(BASE / "places/samples/division.csv", ["code", "name", "level", "parent"],
              ([c, land.name[c], level(c), parent[level(c)](c)] for c in ["330000", *land.cities, *land.counties, *towns]))
    rows = []
    for town in towns:
        for n in range(3):
            gate = chance.randrange(1, 200)
            written = chance.choice([f"{gate}号", f"{gate} 号", f"{gate}号".translate(str.maketrans("0123456789", "０１２３４５６７８９"))])
            lon, lat = land.at[town[:6]]
            place = [round(lon + chance.uniform(-0.01, 0.01), 5), round(lat + chance.uniform(-0.01, 0.01), 5)] if chance.random() < 0.97 else ["", ""]
            rows.append([f"{town}{n + 1:04d}", town, f"示例{'一二'[n % 2]}路" + ("　" if chance.random() < 0.1 else ""), written, chance.choice(["", "", "1幢", "2 幢"]), *place, a_day(chance, date(2023, 1, 1))])
    write_csv(BASE / "places/samples/raw-address.csv", ["门牌编码", "乡镇街道代码", "路名", "门牌号", "楼幢", "经度", "纬度", "编制日期"], rows)


def licences(living):
    """Two kinds of licence, each as its department writes it."""
    chance, food, hygiene = random.Random(4), [], []
    for n, (code, _, region, opened) in enumerate(living):
        if n % 3 < 2:
            issued = a_day(chance, max(opened, date(2022, 1, 1)))
            food.append([f"JY{chance.choice([1, 2, 3])}{region}{n:07d}", untidy(chance, code), chance.choice(["食品销售", "餐饮服务", "单位食堂"]), region, issued,
                         issued + timedelta(days=5 * 365), chance.choice(["有效"] * 12 + ["注销", "吊销"]), "是" if chance.random() < 0.97 else "否", issued])
        if n % 3 > 0:
            issued = a_day(chance, max(opened, date(2023, 1, 1)))
            hygiene.append([f"示例卫公证〔{issued.year}〕第{n:06d}号", code, region, issued, issued + timedelta(days=4 * 365), chance.choice(["1"] * 9 + ["0"]), chance.choice("YYYYYYYYYYYYN"), issued])
    write_csv(BASE / "licences/samples/raw-food.csv", ["许可证编号", "持证主体代码", "主体业态", "地区", "发证日期", "有效期至", "状态", "电子证照", "更新日期"], food)
    write_csv(BASE / "licences/samples/raw-hygiene.csv", ["no", "uscc", "region", "issued", "expires", "valid", "electronic", "updated"], hygiene)


def credit(living):
    """Permits and penalties of legal entities as their organs published them."""
    chance, permits, penalties = random.Random(5), [], []
    organs = {"food-drug": "市场监管部门", "equipment": "市场监管部门", "work-safety": "应急管理部门", "fire": "消防救援机构", "general": "综合执法部门"}
    names = {"food-drug": "食品药品", "equipment": "特种设备", "work-safety": "安全生产", "fire": "消防", "general": "其他"}
    for n in range(150):
        code, _, region, opened = chance.choice(living)
        decided = a_day(chance, max(opened, date(2024, 1, 1)), AS_OF - timedelta(days=20))
        permits.append([f"示例许〔{decided.year}〕{n + 1:05d}", untidy(chance, code), region, "示例审批部门", decided, decided + timedelta(days=chance.choice([1, 2, 3, 5, 7, 9] * 4 + [15])), decided + timedelta(days=3 * 365)])
    for n in range(90):
        code, _, region, opened = chance.choice(living)
        decided = a_day(chance, max(opened, date(2023, 1, 1)), AS_OF - timedelta(days=20))
        field, way = chance.choice(list(organs)), chance.choice(["罚款", "罚款", "罚款", "没收违法所得", "责令停产停业", "警告", "通报批评"])
        published = decided + timedelta(days=chance.choice([1, 2, 4, 6, 8] * 4 + [18]))
        least = published + timedelta(days=95 if field == "general" else 370)
        repaired = a_day(chance, least) if least < AS_OF and chance.random() < 0.4 else None
        penalties.append([f"示例罚〔{decided.year}〕{n + 1:05d}", untidy(chance, code), region, f"示例{organs[field]}", names[field], way, chance.choice([0.5, 1, 2, 5, 10]) if way == "罚款" else "", decided, published, repaired])
    write_csv(BASE / "credit/samples/raw-permit.csv", ["决定书文号", "相对人代码", "地区", "许可机关", "决定日期", "公示日期", "有效期至"], permits)
    write_csv(BASE / "credit/samples/raw-penalty.csv", ["决定书文号", "相对人代码", "地区", "处罚机关", "领域", "处罚类别", "罚款金额", "决定日期", "公示日期", "修复日期"], penalties)


def economy(land):
    """Four figures by city and quarter, cumulative within the year as they are published; some cities write 万元."""
    chance, rows = random.Random(6), []
    for city in land.cities:
        size, unit = chance.uniform(400, 4200), chance.choice(["亿元", "亿元", "万元"])
        items = [("地区生产总值", 1), ("社会消费品零售总额", 0.42), ("进出口总值", 0.6), ("一般公共预算收入", 0.11)]
        for year in (2024, 2025, 2026):
            sums = dict.fromkeys((name for name, _ in items), 0.0)
            for quarter in range(1, 5 if year < 2026 else 4):
                for name, share in items:
                    sums[name] += size * share * 1.055 ** (year - 2024) * (1 + 0.05 * (quarter - 2.5)) * chance.uniform(0.98, 1.02)
                    written = "GDP" if name == "地区生产总值" and unit == "万元" else name
                    rows.append([city, year, quarter, written, round(sums[name] * (10_000 if unit == "万元" else 1), 2), unit, date(year + quarter // 4, quarter * 3 % 12 + 1, 20)])
    write_csv(BASE / "economy/samples/raw-quarter.csv", ["地区", "年", "季", "指标", "累计值", "计量单位", "发布日期"], rows)


def vitality(living):
    """What the registration desks did this year, by number, with the minute it came and the minute it was done."""
    chance, rows = random.Random(7), []
    for n in range(420):
        code, _, region, _ = chance.choice(living)
        kind = chance.choice(["设立登记"] * 4 + ["开办"] * 2 + ["变更登记"] * 5 + ["变更"] + ["注销登记", "注销", "简易注销"])
        came = datetime(2026, 1, 5, 9) + timedelta(days=chance.randrange(295), minutes=chance.randrange(480))
        rows.append([f"示例登字2026{n + 1:06d}", code.lower() if chance.random() < 0.05 else code, region, kind, came, came + timedelta(minutes=chance.choice([1, 3, 8, 20, 45, 50] * 2 + [300, 1500, 3000]))])
    write_csv(SUBJECT / "market-vitality/samples/raw-event.csv", ["业务编号", "主体代码", "地区", "业务类型", "受理时间", "办结时间"], rows)


def elder_care(elders, homes):
    """One home a county with its beds, and the elders that the population library counts."""
    chance = random.Random(8)
    of = {}
    for county, _, persons in elders:
        of[county] = persons
    rows = []
    for code, name, county, opened in homes:
        beds = round(of[county] * chance.uniform(0.018, 0.048))
        rows.append([untidy(chance, code), name, county, beds, round(beds * chance.uniform(0.4, 0.7)), opened, chance.choice(["运营", "运营", "运营中", "开业", "停业"]), a_day(chance, max(opened, date(2026, 1, 1)))])
    write_csv(SUBJECT / "elder-care/samples/raw-home.csv", ["代码", "名称", "地区", "床位数", "护理型床位数", "备案日期", "状态", "更新日期"], rows)
    write_csv(SUBJECT / "elder-care/samples/elders.csv", ["region", "day", "persons"], elders)


if __name__ == "__main__":
    land = Land()
    elders = population(land)
    living, homes = legal_entities(land)
    places(land)
    licences(living)
    credit(living)
    economy(land)
    vitality(living)
    elder_care(elders, homes)
    for path in sorted([*BASE.glob("*/samples/*.csv"), *SUBJECT.glob("*/samples/*.csv")]):
        print(f"{path.relative_to(ROOT)}: {len(read_csv(path))} rows, {path.stat().st_size} bytes")
