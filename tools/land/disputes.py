"""Makes the samples of packs/law/disputes: disputes by topic, place and time, their agreements and what courts made of them, none of which happened.

There is no party, mediator or address anywhere: a row is a dispute of a county and a kind. Three sizes: `try` (the counties of Hangzhou, half a year),
`demo` (every county, nearly two years: the rows that ship with the pack) and `province` (as many as a province has, for loads and benchmarks).
`disputes.py` writes the demo into the pack; `disputes.py SIZE FOLDER` writes a size elsewhere. The same size is the same rows every time.
"""
import math
import random
import sys
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land

PACK = ROOT / "packs" / "law" / "disputes"
LAST = date(2026, 10, 31)
# Size → whose counties, first day, disputes a week in a county of middle size.
SIZES = {"try": ("3301", date(2026, 5, 4), 5.0), "demo": ("33", date(2025, 1, 1), 1.15), "province": ("33", date(2025, 1, 1), 60.0)}

# Topic: weight, share of those mediated that agree, share of agreements kept, mean days; way (None: by the amount), months in which there are more.
TOPICS = {
    "婚姻家庭": (13, 0.93, 0.96, 12, None, {2: 1.2}), "邻里": (17, 0.97, 0.98, 7, None, {7: 1.2, 8: 1.2}), "房屋宅基地": (7, 0.92, 0.95, 18, None, {}),
    "物业": (9, 0.91, 0.94, 15, "行政调解", {1: 1.4, 12: 1.2}), "劳动争议": (13, 0.93, 0.93, 9, "劳动争议调解", {1: 1.7, 2: 1.2, 12: 1.5}), "消费": (11, 0.94, 0.97, 11, "行政调解", {3: 1.4, 6: 1.2, 11: 1.6, 12: 1.3}),
    "合同债务": (10, 0.89, 0.88, 19, None, {1: 1.2, 12: 1.2}), "损害赔偿": (6, 0.94, 0.95, 14, None, {}), "道路交通": (6, 0.95, 0.97, 6, "行政调解", {5: 1.1, 10: 1.2}), "医疗": (2, 0.88, 0.97, 24, "人民调解", {}),
    "山林土地": (3, 0.90, 0.95, 20, None, {4: 1.3}), "征地拆迁": (1.5, 0, 0, 3, "引导", {}), "环境污染": (1, 0.90, 0.94, 20, "人民调解", {7: 1.3}), "其他": (2, 0.93, 0.95, 12, None, {}),
}
CHANNELS = {"网上申请": 14, "12345 热线": 22, "信访": 7, "矛调中心窗口": 24, "乡镇(街道)转来": 25, "法院委派": 8}
TERM = {"人民调解": 30, "劳动争议调解": 15, "行政调解": 30, "引导": 5}
# Where one kind of dispute breaks out: county, topic, Monday of the week, how many. It is what the warnings are for.
OUTBREAKS = [("330782", "劳动争议", date(2026, 9, 14), 38), ("330604", "物业", date(2026, 8, 3), 24), ("330212", "消费", date(2026, 6, 22), 26), ("331082", "山林土地", date(2026, 4, 20), 21),
             ("330106", "劳动争议", date(2026, 10, 12), 23)]
# From here on a county's figures fall short: agreements take longer, fewer are kept.
SLACK = {"330881": 0.80, "331127": 0.84}

CASES = [
    ("邻里", "人民调解", "楼上漏水，楼下反复维修", "甲家卫生间防水失效，乙家顶棚三次泡坏；甲认为是公共管道的事，乙要求全额赔偿。", "调解员请双方一起看了检修口，由物业测出漏点在甲家支管。甲承担防水重做，乙自理家具清洁；双方约定一个月后一起验看。", "相邻权利人应当团结互助、公平合理处理相邻关系（《民法典》第二百八十八条）；给相邻方造成损害的应当赔偿。"),
    ("邻里", "人民调解", "共用通道堆放杂物", "甲在共用过道搭了柜子，乙推车出入不便，两家为此争吵。", "社区当场量了通道宽度，说明消防要求；甲拆柜，社区在公共角落辟出存放点。", "不动产权利人对相邻权利人通行应当提供必要的便利（《民法典》第二百九十一条）。"),
    ("劳动争议", "劳动争议调解", "工地完工后工资没有结清", "某分包单位因总包未结算，拖欠十几名工人两个月工资。", "调解组织请总包单位到场，核对考勤和结算单，由总包先行支付，分两笔付清，协议当日申请司法确认。", "施工总承包单位对拖欠农民工工资依法先行清偿（《保障农民工工资支付条例》第三十条）。"),
    ("劳动争议", "劳动争议调解", "口头解聘和补偿", "某店口头通知甲不用再来，没有书面合同，补偿谈不拢。", "调解员算清工作年限和工资，说明没有书面合同的后果，双方按月数达成补偿，三日内付清。", "没有签书面合同满一个月的应当支付二倍工资（《劳动合同法》第八十二条）；解除应当依法补偿。"),
    ("物业", "行政调解", "停车费涨价没有说清", "某小区物业调高停车费，部分业主拒交，出入口发生争执。", "主管部门调取合同和公示，物业没有履行协商程序，恢复原价；双方约定征询业主意见后再议。", "物业服务人应当按约定和法律规定提供服务、公开收费（《民法典》第九百四十三条）。"),
    ("物业", "行政调解", "电梯维修要不要动用维修资金", "电梯常停，业主对维修资金怎么用意见不一。", "请维保单位讲清故障，分项列出费用，召开业主会议表决，紧急部分先修。", "使用维修资金应当由业主共同决定（《民法典》第二百七十八条）；危及安全的可以应急使用。"),
    ("消费", "行政调解", "预付卡门店停业", "某健身门店搬迁，会员的预付卡无法使用。", "市场监管部门联系经营者，按剩余次数退款或者到新店继续使用，由消费者自选，半个月内办完。", "经营者未按约定提供商品或者服务的，应当按消费者要求履行或者退回预付款（《消费者权益保护法》第五十三条）。"),
    ("合同债务", "人民调解", "朋友之间借款没有借条", "甲乙是朋友，转账有记录而没有借条，乙认为是合伙。", "调解员把转账和聊天记录一笔一笔对出来，双方认可其中大部分是借款，分四期归还。", "自然人之间的借款没有约定利息的视为没有利息（《民法典》第六百八十条）；约定分期履行的应当写明日期。"),
    ("损害赔偿", "人民调解", "孩子在游乐设施受伤", "某游乐场的绳网老化，儿童摔伤；家长和经营者对护理费用有分歧。", "对照票据分项核算，经营者承担大部分并更换设施，家长认可监护上也有疏忽。", "经营场所的经营者未尽到安全保障义务的应当承担侵权责任（《民法典》第一千一百九十八条）。"),
    ("道路交通", "行政调解", "电动车和行人碰擦", "责任认定以后，双方对误工费算法不一致。", "按证明核实收入，逐项列表，双方签署调解书，当场付清。", "赔偿权利义务人一致请求的，交管部门应当调解（《道路交通安全法》第七十四条）。"),
    ("山林土地", "人民调解", "承包地界址不清", "两户的承包地中间的田埂移了位，各说各的。", "村里翻出承包时的图，请两户一起丈量，立界桩，写进协议附图。", "承包合同和登记的面积、四至是依据（《农村土地承包法》第二十二条）；权属争议由人民政府处理（《土地管理法》第十四条）。"),
    ("医疗", "人民调解", "手术效果和预期不同", "患方认为术前没有说清风险，医疗机构认为已经告知。", "医调委请专家评议，指出告知记录不完整而诊疗没有过错，机构致歉并减免部分费用。", "医务人员应当说明病情和医疗措施（《民法典》第一千二百一十九条）；医疗纠纷可以申请人民调解（《医疗纠纷预防和处理条例》第二十二条）。"),
]


def pick(chance, weights):
    return chance.choices(list(weights), list(weights.values()))[0]


def poisson(chance, mean):
    """How many come where that many come on average."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    n, p, least = 0, chance.random(), math.exp(-mean)
    while p > least:
        n, p = n + 1, p * chance.random()
    return n


def dispute(chance, county, day, topic):
    """One dispute: where it came from, how it went, when."""
    _, agree, keep, mean, way, _ = TOPICS[topic]
    way = "引导" if chance.random() < 0.03 else way or "人民调解"
    if way == "行政调解" and topic == "道路交通":
        mean = 5
    took = max(0, round(chance.gammavariate(2.2, mean / 2.2)))
    term = 10 if topic == "道路交通" else TERM[way]
    # What is about to run late is hurried along; some are late all the same.
    if took > term and chance.random() < 0.82:
        took = chance.randrange(term // 2, term + 1)
    settled = day + timedelta(days=took if way != "引导" else chance.randrange(1, 6))
    slack = SLACK.get(county, 1) if day.year == 2026 else 1
    agreed = way != "引导" and chance.random() < agree * slack
    channel = pick(chance, CHANNELS)
    high = 0.05 if topic in ("医疗", "山林土地", "合同债务") else 0.02
    level = ("设区市" if chance.random() < 0.85 else "省级") if chance.random() < high else \
        ("村(社区)" if chance.random() < 0.35 else "乡镇(街道)") if way == "人民调解" and topic != "医疗" and chance.random() < 0.75 else "县(市、区)"
    if settled > LAST:
        return [county, day.isoformat(), channel, topic, way, level, "在办", "", "", "", 0]
    result = "引导" if way == "引导" else "达成协议" if agreed else "未达成"
    kept, again = "", 0
    if agreed and settled + timedelta(days=chance.randrange(10, 45)) <= LAST:
        good = chance.random() < keep * (0.9 if slack < 1 else 1)
        again = 0 if good or chance.random() < 0.5 else 1
        kept = "true" if good or (again and chance.random() < 0.6) else "false"
    return [county, day.isoformat(), channel, topic, way, level, result, settled.isoformat(), str((settled - day).days <= term).lower(), kept, again]


def make(size):
    """Disputes, agreements and confirmations of a size."""
    land, chance = Land(), random.Random(11)
    within, first, weekly = SIZES[size]
    rows = []
    for county in [c for c in land.counties if c.startswith(within)]:
        big = chance.lognormvariate(0, 0.45)
        taste = {t: w * chance.lognormvariate(0, 0.3) for t, (w, *_) in TOPICS.items()}
        day = first
        while day <= LAST:
            # Fewer at weekends, and around the Spring Festival hardly any.
            pace = (0.35 if day.weekday() > 4 else 1.26) * (0.2 if day.month == 2 and 10 <= day.day <= 20 else 1)
            for _ in range(poisson(chance, weekly / 7 * big * pace)):
                topic = pick(chance, {t: w * TOPICS[t][5].get(day.month, 1) for t, w in taste.items()})
                rows.append(dispute(chance, county, day, topic))
            day += timedelta(days=1)
    for county, topic, monday, many in OUTBREAKS:
        if county.startswith(within) and first <= monday <= LAST:
            rows += [dispute(chance, county, monday + timedelta(days=chance.choice([0, 0, 1, 1, 1, 2, 2, 3, 4])), topic) for _ in range(many)]
    rows.sort(key=lambda r: (r[1], r[0], r[3]))
    serial, disputes, agreements, confirmations = {}, [], [], []
    for row in rows:
        key = row[0], row[1][:4]
        serial[key] = serial.get(key, 0) + 1
        number = f"YB{key[0]}-{key[1]}-{serial[key]:06d}"
        disputes.append([number, *row])
        if row[6] == "达成协议":
            effective = date.fromisoformat(row[7])
            agreements.append([number, row[0], row[7], (effective + timedelta(days=30)).isoformat(), row[4], row[3]])
            asked = effective + timedelta(days=chance.randrange(0, 29))
            if chance.random() < 0.12 and asked + timedelta(days=15) <= LAST:
                fits = chance.random() < 0.96
                fine = fits and chance.random() < 0.97
                confirmations.append([f"QR{row[0]}-{asked.year}-{len(confirmations) + 1:06d}", number, row[0], asked.isoformat(), "确认有效" if fine else "驳回申请", (asked + timedelta(days=chance.randrange(2, 15))).isoformat(), "符合条件" if fits else chance.choice(["不属于确认范围", "不是共同申请"])])
    return disputes, agreements, confirmations


def prove(size, disputes, agreements, confirmations):
    """That the rows have what samples/README.md says they have."""
    mediated = [d for d in disputes if d[7] in ("达成协议", "未达成")]
    near = [d for d in mediated if d[7] == "达成协议" and d[6] in ("村(社区)", "乡镇(街道)", "县(市、区)")]
    closed = [d for d in disputes if d[7] != "在办"]
    asked = [d for d in disputes if d[10]]
    share = lambda part, whole: round(100 * len(part) / len(whole), 1)
    weeks = {}
    for d in disputes:
        day = date.fromisoformat(d[2])
        kind = "土地" if d[4] in ("山林土地", "征地拆迁") else d[4]
        if kind in ("劳动争议", "物业", "消费", "土地"):
            weeks[d[1], kind, day - timedelta(days=day.weekday())] = weeks.get((d[1], kind, day - timedelta(days=day.weekday())), 0) + 1
    hot = {k: n for k, n in weeks.items() if n >= 20}
    print(size, len(disputes), "disputes,", len(agreements), "agreements,", len(confirmations), "confirmations; near", share(near, mediated), "in term", share([d for d in closed if d[9] == "true"], closed),
          "kept", share([d for d in asked if d[10] == "true"], asked), "hot", [(k[0], k[1], k[2].isoformat(), n) for k, n in sorted(hot.items())][:12])
    assert len({d[0] for d in disputes}) == len(disputes)
    assert 87 <= share(near, mediated) <= 95
    if size == "demo":
        assert {k for k in hot} == {(c, "土地" if t == "山林土地" else t, m) for c, t, m, _ in OUTBREAKS}, hot


def write(folder, size):
    disputes, agreements, confirmations = make(size)
    prove(size, disputes, agreements, confirmations)
    write_csv(folder / "disputes.csv", ["number", "region", "day", "channel", "topic", "way", "level", "result", "settled_on", "in_term", "kept", "again"], disputes)
    write_csv(folder / "agreement.csv", ["mediation", "region", "effective_on", "confirm_until", "way", "topic"], agreements)
    write_csv(folder / "confirmation.csv", ["number", "mediation", "region", "day", "ruling", "ruled_on", "finding"], confirmations)
    write_csv(folder / "typical-case.csv", ["number", "published_on", "topic", "case_title", "case_way", "case_facts", "case_handling", "case_law"],
              [[f"YBAL-{n:03d}", f"2026-{n // 2 + 3:02d}-{10 + n:02d}", topic, title, way, facts, handling, law] for n, (topic, way, title, facts, handling, law) in enumerate(CASES, 1)])


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            write(PACK / "samples", "demo")
        case [size, folder] if size in SIZES:
            write(Path(folder), size)
        case _:
            sys.exit(f"disputes.py [{'|'.join(SIZES)} FOLDER]")
