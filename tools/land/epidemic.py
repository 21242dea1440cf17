"""Makes the samples of packs/health/epidemic: weekly counts of four sources, means to send, points of the cold chain, lots and where they went, excursions of temperature, and how past cases ended.

Nothing here was counted or measured: names begin with 演示, codes lie in the range YY… that nobody gives out, products and holders do not exist, and nobody is
in it: no patient, pupil, buyer or vaccinated person, and no count below five. `--size try` (what the pack ships), `demo` or `province`; `--to FOLDER` where the
files go, the pack's samples unless told. The tool reckons how many times the usual a week is, and how far a temperature is off, a second time by its own
lines and not by the pack's tables, and proves what samples/README.md says.
"""
import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import AS_OF, Land, a_day, credit_code

# weeks, deliveries a point, excursions a county, cases a county
SIZES = {"try": (6, 2, 1, 2), "demo": (26, 6, 4, 15), "province": (104, 30, 20, 120)}
LAST = date(2026, 10, 26)                                  # a Monday
# What is raised in the last week: county, syndrome → source → times the usual.
RAISED = {
    ("330226", "流感样"): {"clinic": 1.8, "school": 1.9}, ("330921", "腹泻"): {"clinic": 2.0, "school": 2.1, "pharmacy": 1.8},
    ("331083", "流感样"): {"clinic": 3.0, "school": 2.9, "pharmacy": 1.9}, ("330424", "腹泻"): {"pharmacy": 1.7}, ("330329", "发热出疹"): {"clinic": 2.8},
}
RANK = {"330226": 2, "330921": 3, "331083": 4, "330424": 1, "330329": 2}
# Excursions that are held: county → minutes, highest, lowest, record without gaps, rank.
HELD = {"330122": (50, 11.5, 3.0, True, 2), "330424": (35, 9.0, 4.0, False, 3), "331083": (90, 6.0, -1.5, True, 4)}
SYNDROMES = ("流感样", "腹泻", "发热出疹")
BASES = {"clinic": {"流感样": (300, 2400), "腹泻": (120, 700), "发热出疹": (26, 90)}, "school": {"流感样": (150, 900), "腹泻": (60, 300)}, "pharmacy": {"流感样": (900, 6000), "腹泻": (300, 1500)}, "sewage": {"流感样": (80, 900)}}


def weekly(land, weeks, chance):
    """Rows by source: county, Monday, syndrome, count, how many reported. A county whose count lies below five has it empty."""
    out = {source: [] for source in BASES}
    for source, bases in BASES.items():
        for n, county in enumerate(land.counties):
            if source == "sewage" and n % 3:
                continue
            told = {"clinic": chance.randrange(2, 12), "school": chance.randrange(12_000, 90_000), "pharmacy": chance.randrange(30, 300), "sewage": chance.randrange(1, 5)}[source]
            for syndrome, (low, high) in bases.items():
                raised = RAISED.get((county, syndrome), {}).get(source, 1)
                few = syndrome == "发热出疹" and n % 23 == 5
                base = chance.uniform(low, high)
                for k in range(weeks):
                    week = LAST - timedelta(days=7 * (weeks - 1 - k))
                    value = base * chance.uniform(0.93, 1.07) * (raised if week == LAST else 1)
                    out[source].append([county, week, syndrome, "" if few else round(value, 1) if source == "sewage" else round(value), told])
    for rows, at in ((out["clinic"], 40), (out["school"], 55), (out["pharmacy"], 70)):
        rows[at][4] = ""                                   # not told
    out["clinic"][100][4] = 0                              # counts of nobody who reported
    out["sewage"][20][4] = 0
    return out


def times(rows):
    """How many times the mean of the five weeks before each county's last week is, by syndrome; nothing where fewer than three are there."""
    kept, out = {}, {}
    for county, _, syndrome, value, _ in rows:
        kept.setdefault((county, syndrome), []).append(value)
    for key, values in kept.items():
        before = [v for v in values[-6:-1] if v != ""]
        if values[-1] != "" and len(before) >= 3:
            out[key] = round(values[-1] / (sum(before) / len(before)), 2)
    return out


def means(land, chance):
    rows = []
    for n, county in enumerate(land.counties):
        beds, teams = chance.randrange(40, 400), chance.randrange(3, 20)
        rows.append([county, beds, beds + 12 if n == 30 else round(beds * chance.uniform(0.1, 0.4)), teams, chance.randrange(1, teams + 1), chance.randrange(200, 6000), AS_OF - timedelta(days=chance.randrange(1, 20))])
    return rows


def chain(land, deliveries, each, chance):
    """Points, lots, what went where and what was used of it, and excursions."""
    lots, points, sent, used, off = [], [], [], [], []
    for n in range(24):
        frozen = n % 8 == 7
        lots.append([f"YM2026{n + 1:02}", f"演示{'甲乙丙丁'[n % 4]}型疫苗", f"演示生物制品{n % 5 + 1}有限公司", "冷冻" if frozen else "冷藏", not frozen and n % 3 != 2, chance.randrange(20, 200) * 1000, date(2027, 3, 1) + timedelta(days=chance.randrange(500)), "" if n == 11 else f"演示批签2026{n + 1:04}"])
    cool = [lot for lot in lots if lot[3] == "冷藏" and lot[4]]
    for n, county in enumerate(land.counties):
        for letter, kind in (("A", "疾控冷库"), ("B", "接种单位"), *((("C", "配送"),) if n % 9 == 0 else ())):
            code = credit_code("91" if kind == "配送" else "12", county, 840000 + 3 * n + "ABC".index(letter))
            points.append([f"LL{county}{letter}", f"演示{land.name[county]}{kind}", kind, code[:-1] + ("A" if code[-1] != "A" else "B") if n in (17, 44) and letter == "B" else code, "" if n == 60 and letter == "A" else chance.randrange(2, 40), county])
            for k in range(deliveries):
                lot, doses, day = chance.choice(lots)[0], chance.randrange(20, 400) * 5, a_day(chance, date(2026, 3, 1), date(2026, 9, 30))
                if k == 0 and county in HELD:
                    lot = cool[n % len(cool)][0]
                number = f"PS{county}{letter}{k + 1:03}"
                sent.append([number, lot, points[-1][0], doses, day])
                used.append([number.replace("PS", "SY"), lot, points[-1][0], round(doses * chance.uniform(0.2, 0.8)), 0, day + timedelta(days=chance.randrange(5, 30))])
        for k in range(each):
            lot = chance.choice([lot for lot in lots if lot[3] == "冷藏"])
            off.append([f"YC{county}{k + 1:03}", f"LL{county}{'AB'[k % 2]}", lot[0], a_day(chance, date(2025, 1, 5), date(2026, 9, 30)), chance.randrange(4, 30), round(chance.uniform(8.1, 12.5), 1), round(chance.uniform(2.5, 6), 1), True, chance.randrange(10, 200) * 5])
        if county in HELD:
            minutes, high, low, full, _ = HELD[county]
            own = next(s for s in sent if s[0] == f"PS{county}A001")
            off.append([f"YC{county}900", own[2], own[1], date(2026, 10, 30), minutes, high, low, full, min(own[3], 500)])
    off[12][5], off[12][6] = 3.1, 5.2                      # highest and lowest exchanged
    off[33][8] = ""
    return points, lots, sent, used, off


def ended(land, each, chance):
    verified, responses, cases = [], [], []
    for county in land.counties:
        for k in range(each):
            day = a_day(chance, date(2025, 1, 6), date(2026, 9, 30))
            week = day - timedelta(days=day.weekday() + 7)
            syndrome, rank, finding = chance.choices(SYNDROMES, (60, 28, 12))[0], chance.choices((2, 3, 4), (80, 16, 4))[0], chance.choices(("需要响应", "已知原因", "数据有误"), (35, 45, 20))[0]
            number, hours = f"YQ{county}{k + 1:03}", round(chance.uniform(1, 23) if chance.random() < 0.955 else chance.uniform(25, 60), 1)
            verified.append([number, week, syndrome, rank, finding, "" if county == land.counties[7] and k == 0 else hours, county, day])
            if finding == "需要响应":
                grade = "报请上级启动" if rank == 4 else chance.choices(("不启动", "Ⅳ级"), (60, 40))[0]
                many = grade != "不启动"
                responses.append([number, syndrome, "黄橙红"[rank - 2], grade, chance.choices((1, 2, 3), (78, 18, 4))[0], chance.randrange(5, 60) if many else 0, chance.randrange(1, 4) if many else 0, chance.randrange(50, 800) if many else 0, chance.randrange(15, 50), county, day])
            if k % 2 == 0 and chance.random() < 0.5:
                fate, back = chance.choices(("放行", "销毁"), (55, 45))[0], chance.randrange(4, 80) * 5
                cases.append([f"PC{county}{k + 1:03}", f"YM2026{chance.randrange(1, 25):02}", f"演示{chance.choice('甲乙丙丁')}型疫苗", chance.choices("黄橙红", (70, 20, 10))[0] if fate == "放行" else chance.choices("橙红", (60, 40))[0], fate, 0 if fate == "放行" else back, 0 if fate == "放行" else back, chance.randrange(3, 15) if chance.random() < 0.955 else chance.randrange(17, 30), county, day])
    destroyed = next(c for c in cases if c[4] == "销毁")
    destroyed[6] -= 5                                      # five doses fewer than came back
    return verified, responses, cases


def prove(counts, points, lots, sent, used, off):
    """What the README says, reckoned anew."""
    ratios = {source: times(rows) for source, rows in counts.items()}
    worst = {}
    for county, syndrome in {key for r in ratios.values() for key in r}:
        known = [r[county, syndrome] for r in ratios.values() if (county, syndrome) in r]
        up, strong = sum(v >= 1.5 for v in known), sum(v >= 2.5 for v in known)
        rank = 0 if not up else (1 if strong < 1 else 2) if up == 1 else (2 if strong < 2 else 3) if up == 2 else (3 if strong < 2 else 4)
        worst[county] = max(rank, worst.get(county, 0))
    assert {c: r for c, r in worst.items() if r} == RANK, {c: r for c, r in worst.items() if r}
    assert all(v == "" or v >= 5 for rows in counts.values() for *_, v, _ in rows)
    kind = {lot[0]: lot for lot in lots}
    held = {}
    for number, point, lot, _, minutes, high, low, full, _ in off:
        beyond = max(high - 8, 2 - low, 0)
        rank = 3 if not full else 4 if kind[lot][4] and low < 0 else 0 if beyond == 0 else (1 if minutes <= 30 else 2) if beyond <= 5 else 2 if minutes <= 30 else 3 if minutes <= 240 else 4
        if rank > 1:
            held[point[2:8]] = rank
    assert held == {c: h[4] for c, h in HELD.items()}, held
    assert all(u[3] <= s[3] for s, u in zip(sent, used))


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="try")
    asked.add_argument("--to", type=Path, default=ROOT / "packs/health/epidemic/samples")
    asked = asked.parse_args()
    weeks, deliveries, each, past = SIZES[asked.size]
    land, chance = Land(), random.Random(20261026)
    counts = weekly(land, weeks, chance)
    stock = means(land, chance)
    points, lots, sent, used, off = chain(land, deliveries, each, chance)
    verified, responses, cases = ended(land, past, chance)
    prove(counts, points, lots, sent, used, off)

    lower = lambda v: str(v).lower() if isinstance(v, bool) else v
    for name, header, rows in (
            ("clinic-week", "region week_on syndrome visits reporting", counts["clinic"]), ("school-week", "region week_on syndrome absences enrolled", counts["school"]),
            ("pharmacy-week", "region week_on syndrome packs shops", counts["pharmacy"]), ("sewage-week", "region week_on syndrome copies plants", counts["sewage"]),
            ("resource", "region beds beds_free teams_total teams_free kits_free counted_on", stock), ("point", "point point_name kind credit devices region", points),
            ("lot", "lot product maker storage freeze_sensitive lot_doses valid_until certificate", lots), ("delivery", "number lot point doses day", sent), ("lot-use", "number lot point used returned day", used),
            ("excursion", "number point lot begun_on minutes highest lowest record_full doses", off), ("verified", "number week_on syndrome rank finding hours region day", verified),
            ("response", "number syndrome first_level response_grade rounds beds_sent teams_sent kits_sent took_days region day", responses),
            ("lot-case", "number lot product first_level fate returned destroyed_doses took_days region day", cases)):
        write_csv(asked.to / f"{name}.csv", header.split(), [[lower(v) for v in row] for row in rows])
        print(f"{name}: {len(rows)}")


if __name__ == "__main__":
    main()
