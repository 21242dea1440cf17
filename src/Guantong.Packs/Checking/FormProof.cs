using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Where fields are prefilled from (x-from): data that is there, that the matter declares as its need, that may be shown to the applicant, by what names one person.</summary>
internal static class FormProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around) => pack.Forms.SelectMany(f => OfForm(pack, f.Key, f.Value, around));

    private static IEnumerable<Finding> OfForm(Pack pack, string path, string text, Surroundings around)
    {
        if (!text.Contains("\"x-from\"", StringComparison.Ordinal) || JsonText.Read(pack.Files.Name(path), text, [])?["properties"] is not MapNode properties)
            return [];
        // An applicant fills it in, or an official in a task of the matter.
        var matters = pack.Matters.Where(m => m.Form?.Name == path || pack.PartsOf(m).Any(p => p.Definition.Nodes.Any(n => n.Attributes.GetValueOrDefault("form") == path))).ToList();
        return properties.Pairs.Where(p => p.Value["x-from"] is not null).SelectMany(p => OfField(pack, matters, p.Key.Value, p.Value, around));
    }

    private static IEnumerable<Finding> OfField(Pack pack, IReadOnlyList<Matter> matters, string name, Node field, Surroundings around)
    {
        var from = field["x-from"]!;
        var (dataset, of, by) = (from["dataset"]!, from["field"]!, ((MapNode)from["by"]!).Pairs[0].Key);
        var far = FarField.Of(new Ref(dataset.Text!, dataset.Mark));
        if (QualityProof.Home(pack, far, around, out var astray) is not { } home)
            return astray is null ? [] : [astray];
        if (home.Dataset(far.Dataset) is not { } data)
            return [NamesProof.Unknown("dataset", dataset.Mark, far.Dataset, home.Datasets.Select(d => d.Id))];
        var unknown = ((Node[])[of, by]).Where(n => data.Field(n.Text!) is null).Select(n => NamesProof.Unknown("field", n.Mark, n.Text!, data.Fields.Select(f => f.Id))).ToList();
        if (unknown.Count > 0)
            return unknown;
        // What may not be shown at all is told by that alone.
        if (data.Share == "none" || data.Grade >= 4)
            return [Finding.Error("form-from-grade", dataset.Mark, dataset.Text!)];
        // Whom no matter asks by this form is nobody's applicant.
        var lacks = matters.Count == 0 || matters.Any(m => !Needs(m, dataset.Text!, of.Text!, by.Text!));
        var names = (data.Field(by.Text!)!.Personal == "identity" && ((MapNode)from["by"]!).Pairs[0].Value.Text == FieldSource.Applicant) || data.Key is [var key] && key.Name == by.Text;
        return
        [
            .. lacks ? [Finding.Error("form-from-need", dataset.Mark, dataset.Text!, of.Text!, by.Text!)] : Array.Empty<Finding>(),
            .. names ? Array.Empty<Finding>() : [Finding.Error("form-from-key", by.Mark, by.Text!)],
            .. data.Field(of.Text!)!.Personal is not null && field["x-personal"]?.Text != "true" ? [Finding.Error("form-from-personal", of.Mark, name, of.Text!)] : Array.Empty<Finding>(),
        ];
    }

    private static bool Needs(Matter matter, string dataset, params string[] fields) => fields.All(f => matter.Needs.Any(n => n.Data.Name == dataset && n.Fields.Any(x => x.Name == f)));
}
