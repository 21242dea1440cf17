"""Makes the samples of packs/law/joint-cases: files, handovers with their terms, property and readings; no case and no person.

There is nobody in them: numbers, kinds, units and days alone. `--size try` (what the pack ships), `demo` or `province` says how many files; `--to FOLDER` where
they go, the pack's samples unless told. The tool counts what is overdue and what nobody holds a second time, and proves what samples/README.md says.
"""
import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from common import ROOT, write_csv
from libraries import Land, a_day

AS_OF = date(2026, 10, 31)
SIZES = {"try": 4, "demo": 40, "province": 400}                     # files a county
# Where terms are exceeded and property is with nobody, and nowhere else this year.
STUBBORN, LOST = {"330304": 2, "330683": 3, "331022": 1}, {"330424": 1, "330822": 2}
CHARGES = (["盗窃", "诈骗", "危险驾驶", "交通肇事", "故意伤害", "污染环境", "其他"], (26, 22, 20, 10, 12, 3, 7))
KINDS = (["现金", "车辆", "电子设备", "贵重物品", "作案工具", "冻结资金", "其他"], (16, 12, 30, 6, 16, 14, 6))
WAYS = (["返还被害人", "返还所有人", "没收上缴国库", "依法变价", "随案存档"], (34, 16, 34, 6, 10))


def months(day, count):
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


class Book:
    """The rows of one province, and the chance that writes them."""

    def __init__(self, chance):
        self.chance, self.files, self.steps, self.items, self.readings = chance, [], [], [], []

    def step(self, file, tag, step, unit, day, term, answer, late=False):
        """A handover that was received on a day; gives the day of its answer, or None where it is still open."""
        done = term + timedelta(days=self.chance.randrange(1, 12)) if late else day + timedelta(days=self.chance.randrange(1, max(2, (term - day).days)))
        if answer == "退回补正":
            done = day + timedelta(days=self.chance.randrange(1, 3))
        open_ = done > AS_OF
        overdue = (AS_OF if open_ else done) > term
        self.steps.append([f"{file[0]}-{tag}", file[0], file[1], step, unit, day, term, None if open_ else done, None if open_ else answer, term - day > timedelta(days=32) and step == "审查起诉" or term - day > timedelta(days=63), file[6], overdue])
        return None if open_ else done

    def case(self, county, number, day):
        """One file from the police to wherever it has come by now."""
        chance = self.chance
        year = day.year
        file = [f"YS{county}-{year}-{number:05d}", county, chance.choices(*CHARGES)[0] if chance.random() > 0.003 else None, day, "审查起诉", 0, chance.random() < 0.96, None]
        self.files.append(file)
        slow = year < 2026 and chance.random() < 0.012
        holder, moved, ended = "公安机关", day, None
        if chance.random() < 0.08:                                  # not complete at first
            day = self.step(file, "起诉补", "审查起诉", "检察院", day, months(day, 1), "退回补正")
            day = day and day + timedelta(days=chance.randrange(1, 6))
        turn = 0
        while day and day <= AS_OF:
            turn += 1
            term = months(day, 1) + timedelta(days=15 if chance.random() < 0.15 else 0)
            result = "退回补充侦查" if turn < 3 and chance.random() < 0.14 else "不起诉" if chance.random() < 0.12 else "起诉"
            got, day = day, self.step(file, f"起诉{turn}", "审查起诉", "检察院", day, term, result, slow and turn == 1)
            holder, moved = "检察院", got
            if day is None or result != "退回补充侦查":
                break
            file[5] += 1
            holder, moved = "公安机关", day
            day = self.step(file, f"补充{turn}", "补充侦查", "公安机关", day, months(day, 1), "补充侦查完毕")
        if day and result == "不起诉":
            file[4], file[7], ended = "不起诉", day, day
        elif day and result == "起诉" and day + timedelta(days=2) <= AS_OF:
            day += timedelta(days=chance.randrange(0, 3))
            file[4], holder, moved = "一审", "法院", day
            day = self.step(file, "一审", "一审", "法院", day, months(day, 3 if chance.random() < 0.1 else 2), "判决")
            if day and day + timedelta(days=12) <= AS_OF:
                ended = day = day + timedelta(days=chance.randrange(2, 12))
                if chance.random() < 0.006:
                    file[4], file[7] = "无罪", day
                else:
                    answer = chance.choices(["已收监", "社区矫正已接收"], (62, 38))[0]
                    day = self.step(file, "执行", "交付执行", "执行机关", day, day + timedelta(days=10), answer)
                    file[4], file[7] = ("已交付执行", day) if day else ("一审", None)
        for n in range(chance.choices([0, 1, 2, 3, 5], (34, 28, 20, 12, 6))[0]):
            self.items.append([file[0], n + 1, county, chance.choices(*KINDS)[0], chance.choice([1, 1, 1, 2, 3, 10]) if chance.random() > 0.0005 else None,
                               None if ended else holder, ended or moved, chance.choices(*WAYS)[0] if ended else None, ended])
        if file[4] != "审查起诉" and chance.random() < 0.3:
            asked = file[3] + timedelta(days=chance.randrange(1, 20))
            if asked + timedelta(days=6) <= AS_OF:
                self.readings.append([f"YJ{len(self.readings) + 1:06d}", file[0], county, "审查起诉", asked, asked + timedelta(days=chance.randrange(0, 5)), chance.choices(["线上", "现场"], (64, 36))[0]])
        return file


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="try")
    asked.add_argument("--to", type=Path, default=ROOT / "packs/law/joint-cases/samples")
    asked = asked.parse_args()
    land, book = Land(), Book(random.Random(57))
    for county in land.counties:
        for n in range(SIZES[asked.size]):
            book.case(county, n + 1, a_day(book.chance, date(2025, 1, 4), AS_OF - timedelta(days=3)))
        for n in range(STUBBORN.get(county, 0)):                    # received in the spring, and not answered yet
            file = [f"YS{county}-2026-{90001 + n}", county, "诈骗", date(2026, 4, 7 + n), "审查起诉", 0, True, None]
            book.files.append(file)
            book.steps.append([f"{file[0]}-起诉1", file[0], county, "审查起诉", "检察院", file[3], months(file[3], 1), None, None, False, True, True])
        for n in range(LOST.get(county, 0)):                        # the list says so, and no unit has it
            file = next(f for f in book.files if f[1] == county)
            book.items.append([file[0], 21 + n, county, "电子设备", 1, None, date(2026, 8, 11 + n), None, None])
    # Slips for the quality rules: a third return, an answer before it was received, one without what it says.
    book.files[5][5] = 3
    answered = [s for s in book.steps if s[7] and s[3] == "一审"]
    answered[2][8] = None
    answered[2][7] = answered[2][5] - timedelta(days=1)
    prove(book)
    text = lambda v: "" if v is None else str(v).lower() if isinstance(v, bool) else v

    def put(name, header, lines):
        write_csv(asked.to / f"{name}.csv", header.split(), [[text(v) for v in line] for line in lines])
        print(f"{name}: {len(lines)}")
    put("case-file", "file_no region charge handed_on stage returned_times digital closed_on", book.files)
    put("handover", "handover_no file_no region step unit received_on term_on answered_on answer extended digital overdue", book.steps)
    put("property", "file_no item_no region kind quantity holder moved_on way disposed_on", book.items)
    put("reading", "number file_no region stage day read_on read_way", book.readings)


def prove(book):
    late, lost = {}, {}
    for s in book.steps:
        assert s[6] >= s[5] and (s[7] is None or s[7] >= s[5] or s[8] is None), s
        if s[5].year == 2026 and s[11] and s[7] is None:
            late[s[2]] = late.get(s[2], 0) + 1
    for i in book.items:
        assert i[8] is None or i[7], i
        if i[5] is None and i[8] is None:
            lost[i[2]] = lost.get(i[2], 0) + 1
    assert late == STUBBORN and lost == LOST, (late, lost)
    assert len({s[0] for s in book.steps}) == len(book.steps) and len({(i[0], i[1]) for i in book.items}) == len(book.items)
    assert all(f[7] is None or f[7] >= f[3] for f in book.files)
    answered = [s for s in book.steps if s[7] or s[11]]
    print(round(100 * sum(not s[11] for s in answered) / len(answered), 1), "% in term;", round(100 * sum(f[6] for f in book.files) / len(book.files), 1), "% digital alone;", sum(f[5] > 0 for f in book.files), "returned")


if __name__ == "__main__":
    main()
