using Guantong.Data;
using Guantong.Desk.Duties;
using Guantong.Desk.Frame;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Guantong.Desk.Sharing;

/// <summary>What the pages of sharing have in common: words for units, data, matters, fields and checks.</summary>
public abstract class SharingDesk : DutyPage
{
    /// <summary>How many days before its end a grant is marked.</summary>
    protected const int NearDays = 30;

    /// <summary>Whose units and regions.</summary>
    [Inject] protected Jurisdiction Land { get; set; } = null!;

    /// <summary>The packs that declare datasets and matters.</summary>
    [Inject] protected PackRegistry Packs { get; set; } = null!;

    /// <summary>What can be asked for.</summary>
    [Inject] protected SharedThings Things { get; set; } = null!;

    /// <summary>Asks before something is done.</summary>
    [Inject] protected IDialogService Dialogs { get; set; } = null!;

    /// <summary>The time now.</summary>
    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>What the fields of the thing at hand are called.</summary>
    protected IReadOnlyDictionary<string, string> FieldNames { get; private set; } = new Dictionary<string, string>();

    /// <summary>Reads what the fields of a dataset or an interface are called.</summary>
    protected async Task ReadFieldsAsync(string about)
    {
        if (Things.Dataset(about) is var (pack, dataset))
            FieldNames = dataset.Fields.ToDictionary(f => f.Id, f => pack.Say(Reader.Language, f.Name));
        else if (about.StartsWith(Shared.InterfacePrefix, StringComparison.Ordinal) && await Things.InterfaceAsync(about[Shared.InterfacePrefix.Length..], Left) is { } its)
            FieldNames = its.Fields.ToDictionary(f => f.Id, f => f.Name.Length > 0 ? f.Name : f.Id);
    }

    /// <summary>A field by its name.</summary>
    protected string FieldOf(string field) => FieldNames.GetValueOrDefault(field) ?? field;

    /// <summary>A unit by its name; another platform by its id.</summary>
    protected string UnitOf(string? id) => id is null ? Say("sharing.any-unit") : Land.Units.Find(id)?.Say(Reader.Language) ?? (id.StartsWith("peer:", StringComparison.Ordinal) ? Say("sharing.peer-unit", id["peer:".Length..]) : id);

    /// <summary>A dataset or an interface by its name.</summary>
    protected string NameOf(string about, string name) => Things.Dataset(about) is var (pack, dataset) ? pack.Say(Reader.Language, dataset.Name) : name;

    /// <summary>A matter (PACK/MATTER) by its name.</summary>
    protected string MatterOf(string? id) => id is null ? Say("sharing.no-matter")
        : id.Split('/') is [var pack, var matter] && Packs.Find(pack) is { } found && found.Matter(matter) is { } its ? found.Say(Reader.Language, its.Name) : id;

    /// <summary>A region by its name.</summary>
    protected string RegionOf(string? code) => code is null ? Say("sharing.all-regions") : Land.Regions.Find(code)?.Say(Reader.Language) ?? code;

    /// <summary>Several words after one another.</summary>
    protected string Listed(IEnumerable<string> words) => string.Join(Reader.English ? ", " : "、", words);

    /// <summary>A time by the jurisdiction's clock.</summary>
    protected string Moment(DateTimeOffset? at) => at is { } time ? Reader.Moment(time.UtcDateTime) : "–";

    /// <summary>A day by the jurisdiction's clock.</summary>
    protected string Day(DateTimeOffset at) => at.ToOffset(Reader.Offset).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What a check found, as a sentence.</summary>
    protected string CheckOf(ShareCheck check) => check.Passes == true ? Say("sharing.check." + check.Code) : Problems.Say(Reader.Language, "share-check-" + check.Code, [.. check.Code switch
    {
        "fields" or "least" or "clear" => check.Args.Select(a => Listed(a.Split('、').Select(FieldOf))),
        "form" => check.Args.Select(a => Reader.Word("sharing.form", a)),
        "region" => check.Args.Select((a, i) => i == 0 ? RegionOf(a) : Land.Units.Named(a)?.Say(Reader.Language) ?? a),
        "fresh" => check.Args.Select(a => a.StartsWith('P') ? Wording.Span(Reader.Language, a) : a),
        _ => check.Args,
    }]);

    /// <summary>Who decides in a step.</summary>
    protected string StepOf(string kind, string? unit) => kind == "source" ? Say("sharing.step.source", UnitOf(unit)) : Say("sharing.step." + kind);

    /// <summary>The class of a state's chip.</summary>
    protected static string Chip(string state) => state switch { "granted" or "active" or "live" or "delivered" => "done", "open" or "waiting" or "early" => "open", "refused" or "revoked" => "stuck", "suspended" or "near" or "deprecated" => "warning", _ => "withdrawn" };

    /// <summary>How a grant stands now: early, active, near its end, expired, suspended or ended.</summary>
    protected string StandsAs(ShareGrant grant) => grant.State != "active" ? grant.State : Now >= grant.Until ? "expired" : Now < grant.From ? "early" : grant.Until - Now < TimeSpan.FromDays(NearDays) ? "near" : "active";

    /// <summary>Days until a grant ends.</summary>
    protected int DaysLeft(ShareGrant grant) => Math.Max(0, (int)Math.Ceiling((grant.Until - Now).TotalDays));
}
