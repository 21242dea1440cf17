"""Makes the data of packs/reform/map: its goals, indicators and the plan's systems, targets and units as sample rows."""
from pathlib import Path

import plan as the_plan
from common import ROOT, SPEC, write_csv, write_text

HERE = Path(__file__).parent
OUT = ROOT / "packs" / "reform" / "map"

PACK = """\
# The goals are the plan's own figures, every one of them, and are written by tools/land/reform.py from tools/land/targets.txt.
# A goal names one system: the five applications' going on line hangs on the portal, which the plan puts in one sentence with them.
pack: reform.map
version: 1.0.0
name: 数字化改革全景图
about: 列出《浙江省数字化改革总体方案》提出的全部系统、牵头单位和量化目标，按地区、年度报送和核验完成值。目标来自方案原文；完成值只能由办件登记，包内不带任何完成值。
application: party
implements: [mech-race, mech-lists]
lead: 省委改革办
with: [省大数据局]
goals:
"""


def targets():
    """The plan's figures: dictionaries with `target` {year: (op, value)} and `said` {year: words}."""
    out = []
    for line in (HERE / "targets.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            key, name, english, unit, unit_en, system, figures, words = line.split("|")
            target = {y: (op, value) for y, op, value in (f.split() for f in figures.split(";") if f.strip())}
            said = dict(w.strip().split(" ", 1) for w in words.split(";") if w.strip())
            out.append({"id": key, "name": name, "en": english, "unit": unit, "unit_en": unit_en, "system": system, "target": target, "said": said})
    return out


def goals(rows):
    out = []
    for row in rows:
        target = ", ".join(f'{year}: "{op} {value}"' for year, (op, value) in row["target"].items())
        said = ", ".join(f'{year}: "{words}"' for year, words in row["said"].items())
        out.append(f'  - goal: {row["id"]}\n    name: {row["name"]}\n    system: {row["system"]}\n    indicator: {row["id"]}\n    target: {{{target}}}\n'
                   + (f"    said: {{{said}}}\n" if said else ""))
    return "".join(out)


def indicators(rows):
    head = "# One indicator for each of the plan's figures: the largest accepted value in the period. Written by tools/land/reform.py.\n"
    return head + "\n".join(
        f'- indicator: {row["id"]}\n  name: {row["name"]}\n  unit: "{row["unit"]}"\n  by: {{region: region, period: [year], at: day}}\n  needs: [measure]\n'
        f'  value: "max(value)"\n  where: "indicator = \'{row["id"]}\'"\n  better: higher\n' for row in rows)


# The figures that stand in front; all forty stand in the list of goals.
IN_FRONT = ["sharing-met", "interface-stability", "citizen-daily-actives", "official-daily-actives", "cloud-reliability", "component-reuse", "open-datasets", "digital-economy"]


def screen(rows):
    known = {row["id"] for row in rows}
    assert known >= set(IN_FRONT), set(IN_FRONT) - known
    lights = "".join(f"  - {{indicator: {id}, as: light, period: year, span: 3}}\n" for id in IN_FRONT)
    return f"""screen: reform
name: 数字化改革全景图
cards:
{lights}  - {{as: list, of: goals, title: 方案目标, span: 16, rows: 7}}
  - {{as: text, title: 怎么看, span: 8, rows: 3, text: "目标是方案原文的数字，没有改动。完成值只能由各地报送、经核验登记；没有报送的显示为“–”，不补数、不推算。"}}
  - {{as: list, of: cases, title: 在办的进展报送, span: 8, rows: 4}}
  - {{indicator: one-net-services, as: map, period: year, span: 10, rows: 7}}
  - {{indicator: one-net-services, as: rank, period: year, span: 6, rows: 7}}
  - {{as: v, title: 全景图自身的 V 模型, span: 8, rows: 7}}
  - {{as: list, of: systems, title: 方案提出的系统, span: 16, rows: 7}}
  - {{as: process, process: processes/progress.bpmn, title: 进展报送怎么办, span: 8, rows: 7}}
"""


def texts(rows):
    """Chinese → English for every text that the tables give; what is written by hand stands in texts_en.txt."""
    pairs = {}
    for row in rows:
        pairs |= {row["name"]: row["en"], row["unit"]: row["unit_en"]}
    for line in (HERE / "texts_en.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            zh, en = line.split(" | ")
            pairs[zh] = en
    missing = {words for row in rows for words in row["said"].values()} - set(pairs)
    assert not missing, missing
    quoted = ((zh.replace('"', '\\"'), en.replace('"', '\\"')) for zh, en in pairs.items() if zh != en)
    return "".join(f'"{zh}": "{en}"\n' for zh, en in quoted)


def count_of_source():
    lines = (SPEC / "targets.md").read_text(encoding="utf-8").splitlines()
    return sum(line.startswith("| ") for line in lines) - 2        # less the header and the rule


if __name__ == "__main__":
    rows, systems, paragraphs = targets(), the_plan.systems(), the_plan.parts()
    known = {s["id"] for s in systems}
    assert len(rows) == count_of_source() == len({r["id"] for r in rows}), (len(rows), count_of_source())
    assert {r["system"] for r in rows} <= known, {r["system"] for r in rows} - known

    write_text(OUT / "pack.yaml", PACK + goals(rows))
    write_text(OUT / "indicators.yaml", indicators(rows))
    write_text(OUT / "screen.yaml", screen(rows))
    write_text(OUT / "texts/en.yaml", texts(rows))

    header = ["id", "name_zh", "name_en", "application", "at", "lead_unit", "with_units", "lead_source", "works", "rights", "state"]
    table = []
    for s in systems:
        lead, others, cited = the_plan.lead(s["id"], paragraphs)
        table.append([s["id"], s["zh"], s["en"], s["application"], s["at"], lead, others, cited, s["works"], s.get("rights", ""), "planned"])
    write_csv(OUT / "samples/system.csv", header, table)

    figures = []
    for row in rows:
        for year in sorted(set(row["target"]) | set(row["said"])):
            op, value = row["target"].get(year, ("", ""))
            figures.append([row["id"], year, op, value, row["said"].get(year, ""), row["system"]])
    write_csv(OUT / "samples/target.csv", ["indicator", "year", "op", "value", "said", "system"], figures)

    units = [line.split("|")[:5] for line in (HERE / "units_zhejiang.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    write_csv(OUT / "samples/unit.csv", ["id", "name", "name_en", "line", "kind"], [[u[1], u[0], u[4], u[2], u[3]] for u in units])
    write_csv(OUT / "samples/measure.csv", ["indicator", "region", "day", "value", "source"], [])
    named = sum(1 for row in table if row[5])
    print(f"{len(table)} systems ({named} with a lead), {len(rows)} goals, {len(figures)} figures, {len(units)} units, no measured value")
