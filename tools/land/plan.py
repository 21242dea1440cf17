"""Reads the plan and its list of systems: who leads what, in the plan's own words."""
import re

from common import SPEC

PLAN = "000_9bc78a7f7bcfe898.txt"
APPLICATIONS = {"The platform": "platform", "The method": "method", "Party and state": "party", "Digital government": "government", "Digital economy": "economy",
                "Digital society": "society", "Digital rule of law": "law", "Theory": "institution"}
NONE = "方案未列"

# Where the plan names the lead of a system: part of the plan, the words with which its paragraph begins, and how the place is cited.
CITED = {
    "plat-portal": ("正文", "(一)推进一体化智能化公共数据平台建设(", "正文 二(一)"),
    "plat-citizen-front": ("附6", "1.提升“浙里办”", "附6 六.1"),
    "plat-official-front": ("附6", "2.提升“浙政钉”", "附6 六.2"),
    "plat-app-integration": ("附6", "3.建设一体化应用集成", "附6 六.3"),
    "plat-component-market": ("附6", "4.建设组件服务超市", "附6 六.4"),
    **{f"plat-{x}-centre": ("附6", "(三)加强一体化智能化应用支撑体系建设", "附6 五(三)") for x in ("user", "interaction", "business", "space", "intelligence")},
    "plat-credit-centre": ("附6", "5.提升一体化公共信用", "附6 六.5"),
    **{f"plat-{x}": ("附6", "6.提升公共数据共享治理", "附6 六.6") for x in ("catalogue", "governance", "sharing", "subject-libraries", "warehouses")},
    **{f"plat-{x}": ("附6", "(四)加强共享开放的一体化数据资源体系建设", "附6 五(四)") for x in ("collection", "base-libraries", "analysis-tools", "chain-evidence")},
    "plat-opening": ("附6", "7.提升数据开放应用", "附6 六.7"),
    "plat-cloud": ("附6", "(五)加强集约安全的基础设施", "附6 五(五)"),
    "plat-database": ("附6", "8.提升政务云高性能", "附6 六.8"),
    "plat-extranet": ("附6", "9.提升省电子政务外网", "附6 六.9"),
    "plat-intranet": ("附6", "10.提升省电子政务内网", "附6 六.10"),
    "plat-video": ("附6", "11.提升省电子政务视联网", "附6 六.11"),
    "plat-projects": ("附6", "12.建设电子政务项目", "附6 六.12"),
    "plat-security-watch": ("附6", "13.建设政务网络", "附6 六.13"),
    "plat-security-base": ("附6", "(九)提升严密可靠", "附6 五(九)"),
    "plat-standards": ("附6", "(七)加强标准规范", "附6 五(七)"),
    "plat-policies": ("附6", "(六)加强政策制度", "附6 五(六)"),
    "party-app": ("附1", "党政机关整体智治综合应用,是", "附1 二(一)"),
    "party-chains": ("附1", "党政机关整体智治综合应用,是", "附1 二(一)"),
    "party-main-fields": ("附1", "“主要领域”是指", "附1 二(二)"),
    "party-major-tasks": ("附1", "“重大任务”是指", "附1 二(三)"),
    "gov-app": ("附2", "依托一体化智能化公共数据平台,建设数字政府", "附2 二(一)"),
    **{f"gov-{x}": ("附2", f"{n}.打造", f"附2 二(二){n}") for n, x in enumerate(
        "epidemic science industry dual-circulation business-env urbanisation rural regional ecology livelihood safety efficiency".split(), 1)},
    **{f"econ-{x}": ("附3", f"项目{n}.", f"附3 三(二)项目{n}") for n, x in enumerate(
        "app brain-hub chain-centre per-mu enterprise-code smart-manufacturing resource-trading tech-market credit-info finance trade-orders exhibition ftz-3t cross-border".split(), 1)},
    "econ-trade-statistics": ("附3", "6.完善数字贸易统计监测", "附3 二(四)6"),
    "econ-industrial-internet": ("附3", "5.建设“N”个", "附3 二(一)5"),
    **{f"soc-{x}": ("附4", f"项目{n}.", f"附4 四 项目{n}") for n, x in enumerate(
        ("app infant learning employment talent skills housing-safety water-supply culture sport travel health medical-insurance elderly assistance disability mobility "
         "domestic-service community village-hall beautiful-village city-brain markets veterans real-estate").split(), 1)},
    "soc-farm-code": ("附4", "乡村服务。推广应用", "附4 三(二)"),
    "law-app": ("附5", "建设数字法治综合应用。", "附5 四(一)"),
    "law-joint-cases": ("附5", "1.建设政法一体化", "附5 四(二)1"),
    "law-enforcement": ("附5", "2.建设综合行政执法", "附5 四(二)2"),
    "law-disputes": ("附5", "3.建设社会矛盾", "附5 四(二)3"),
    "law-police": ("附5", "1.提升“云上公安", "附5 四(三)1"),
    "law-prosecution": ("附5", "2.建设大数据检察", "附5 四(三)2"),
    "law-court": ("附5", "3.提升法院", "附5 四(三)3"),
    "law-correction": ("附5", "4.建设智慧矫正", "附5 四(三)4"),
    "law-prison": ("附5", "5.建设智慧监狱", "附5 四(三)5"),
    "law-four-platforms": ("附5", "6.提升“基层治理四平台”", "附5 四(三)6"),
    "law-grassroots-base": ("附5", "7.提升基层社会治理", "附5 四(三)7"),
    "law-grid": ("附5", "8.提升网格", "附5 四(三)8"),
    "law-legislation": ("附5", "(三)完善社会矛盾纠纷", "附5 三(三)"),
    "inst-theory": ("正文", "(七)推进数字化改革理论", "正文 二(七)"),
    "inst-legal-research": ("正文", "1.推动相关法规规章", "正文 二(八)1"),
    "mech-organisation": ("正文", "(一)强化组织领导", "正文 三(一)"),
    "mech-lists": ("正文", "(二)强化清单管理", "正文 三(二)"),
    "mech-open-building": ("正文", "(三)强化开放共建", "正文 三(三)"),
    "mech-challenge": ("正文", "(四)强化揭榜挂帅", "正文 三(四)"),
    "mech-race": ("正文", "(四)强化揭榜挂帅", "正文 三(四)"),
}


def parts():
    """The plan by part (正文, 附1 … 附6), each a list of paragraphs."""
    out, name = {"正文": []}, "正文"
    for line in (SPEC / PLAN).read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if found := re.fullmatch(r"附件(\d)", line):
            name = f"附{found[1]}"
            out[name] = []
        elif line:
            out[name].append(line)
    return out


def bracket(text):
    """What stands in the bracket that opens before 牵头单位, brackets inside it included; None when there is none."""
    start = re.search(r"[(〔]牵头单位:", text)
    if not start:
        return None
    depth = 0
    for i in range(start.start(), len(text)):
        depth += (text[i] in "(〔") - (text[i] in ")〕")
        if depth == 0:
            return text[start.end():i]
    raise ValueError(f"a bracket stays open: {text[:40]}")


def lead(system, plan):
    """(lead units, collaborating units, where the plan says so); empty and 方案未列 where it says nothing."""
    if system not in CITED:
        return "", "", NONE
    part, begins, cited = CITED[system]
    paragraphs = plan[part]
    at = [i for i, p in enumerate(paragraphs) if p.startswith(begins)]
    assert at, f"{system}: the plan's {part} has no paragraph that begins with {begins}"
    # A page break may cut a paragraph in two: then its bracket stands in the next one.
    inside = next((b for i in at for b in (bracket(paragraphs[i]),) if b), None) or bracket(paragraphs[at[0] + 1])
    assert inside, f"{system}: no lead at {cited}"
    leads, _, others = inside.partition(";协同单位:")
    return leads, others, cited


def scalar(text):
    text = text.strip()
    return text[1:-1].replace("''", "'") if text[:1] == "'" else text[1:-1] if text[:1] == '"' else text


def systems():
    """Rows of systems.yaml as dictionaries; only the forms that the file uses are understood."""
    section, out = "", []
    for line in (SPEC / "systems.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("# ──"):
            section = next(a for words, a in APPLICATIONS.items() if words in line)
        elif line.startswith("- {"):
            body = line[3:].rstrip()[:-1]
            keys = list(re.finditer(r"(?:^|, )(id|zh|en|at|parts|targets|works|rights): ", body))
            row = {k[1]: scalar(body[k.end():n]) for k, n in zip(keys, [k.start() for k in keys[1:]] + [len(body)])}
            out.append({**row, "application": section})
        elif line.startswith("- id: "):
            out.append({"id": line[6:].strip(), "application": section})
        elif found := re.match(r"  (\w+): (.*)", line):
            out[-1][found[1]] = scalar(found[2])
    return out


if __name__ == "__main__":
    plan, rows = parts(), systems()
    assert not set(CITED) - {r["id"] for r in rows}, set(CITED) - {r["id"] for r in rows}
    for row in rows:
        print(row["application"], row["id"], row["zh"], row["at"], *lead(row["id"], plan), sep=" | ")
