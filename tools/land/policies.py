"""Makes the samples of packs/economy/policies: taxes, insurance and R&D of the synthetic enterprises of packs/base/legal-entities, none of which exists.

Figures are drawn with a fixed seed. There is no natural person anywhere: who is insured is a count.
"""
import random

from common import ROOT, read_csv, write_csv

OUT = ROOT / "packs" / "economy" / "policies" / "samples"


def main():
    rng = random.Random(20260301)
    codes = dict.fromkeys(r["uscc"].replace(" ", "").upper() for r in read_csv(ROOT / "packs/base/legal-entities/samples/raw-enterprise.csv"))
    tax, insurance, research = [], [], []
    for code in codes:
        small = rng.random() < .6
        sales = round(rng.choice([12, 22, 28, 38, 60]) * rng.uniform(.8, 1.2), 1) if small else round(rng.uniform(80, 900), 1)
        tax.append((code, "小规模纳税人" if small else "一般纳税人", sales))
        before = rng.randint(2, 26) if small else rng.randint(30, 400)
        now = max(1, round(before * (1 - rng.choice([-.1, 0, .03, .06, .15, .3]))))
        months = rng.randint(6, 120)
        insurance.append((code, before, now, min(months, rng.choice([8, 12, 24, 60])), months))
        for year in () if small else (2024, 2025):
            research.append((code, year, round(sales * 4 * rng.choice([.01, .024, .032, .05])), round(sales * 4)))
    write_csv(OUT / "tax-file.csv", ["code", "taxpayer", "quarter_sales"], tax)
    write_csv(OUT / "insurance-file.csv", ["code", "staff_before", "staff_now", "paid_months", "months"], insurance)
    write_csv(OUT / "rd-file.csv", ["code", "year", "rd", "revenue"], research)


if __name__ == "__main__":
    main()
