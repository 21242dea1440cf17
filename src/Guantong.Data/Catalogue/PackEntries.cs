using System.Xml;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A pack's datasets as entries of the catalogue.</summary>
internal static class PackEntries
{
    /// <summary>The id of a dataset's entry.</summary>
    public static string IdOf(string pack, string dataset) => $"{pack}:{dataset}";

    /// <summary>The entry that a dataset declares; its code and the day it was published are the catalogue's to give.</summary>
    public static CatalogueEntry Of(Pack pack, Dataset dataset, Jurisdiction land)
    {
        var (listing, unit) = (dataset.Listing, land.Units.Named(dataset.Source.Name));
        string English(string text) => pack.English.GetValueOrDefault(text, "");
        return new CatalogueEntry
        {
            Id = IdOf(pack.Id, dataset.Id), Name = dataset.Name, NameEn = English(dataset.Name), About = dataset.About, AboutEn = English(dataset.About),
            Provider = unit?.Name ?? dataset.Source.Name, ProviderCode = unit?.Id ?? "", Custodian = listing.Custodian is { } keeper ? land.Units.Named(keeper.Name)?.Name ?? keeper.Name : "",
            Class = listing.Class, Category = listing.Category ?? "", Keywords = listing.Keywords, Formats = ["csv", "json"],
            Share = dataset.Share, ShareCondition = listing.Condition ?? "", Basis = listing.Basis ?? "", Open = dataset.Open, OpenCondition = listing.OpenCondition ?? "",
            Grade = dataset.Grade, Cycle = CycleOf(dataset.Updated), Licence = dataset.Licence ?? "", Region = unit?.Region ?? land.Root,
            Items = [.. dataset.Fields.Select(f => Item(pack, dataset, f, English))],
        };
    }

    /// <summary>What is open instead of a dataset's rows; empty where its rows are, or nothing is. Nothing is before an edition stands.</summary>
    public static string OpeningOf(Dataset dataset, bool stands) =>
        dataset is { Opening: { } opening, Open: not "none" } && !DataRoom.IsPublic(dataset) && stands ? opening.Counts is null ? "anonymous" : "counts" : "";

    private static EntryItem Item(Pack pack, Dataset dataset, Field field, Func<string, string> english) => new(field.Id, field.Name, english(field.Name), field.Type, field.Unit ?? "",
        pack.CodeLists.FirstOrDefault(c => c.Id == field.Codes?.Name) is { } list ? Named(list.Name, list.Standard) : string.Join(" | ", field.OneOf),
        pack.Elements.FirstOrDefault(e => e.Id == field.Element?.Name) is { } element ? Named(element.Name, element.Standard) : "",
        dataset.Key.Any(k => k.Name == field.Id), field.Personal is not null);

    private static string Named(string name, string? standard) => standard is null ? name : $"{name}（{standard}）";

    /// <summary>The cycle that a duration (ISO 8601) comes nearest to, from below.</summary>
    internal static string CycleOf(string? duration)
    {
        if (duration is null)
            return "irregular";
        var days = XmlConvert.ToTimeSpan(duration).TotalDays;
        return days switch
        {
            < 1.0 / 24 => "continuous",
            < 1 => "hourly",
            < 7 => "daily",
            < 28 => "weekly",
            < 90 => "monthly",
            < 180 => "quarterly",
            < 360 => "half-yearly",
            _ => "yearly",
        };
    }
}
