using Guantong.Data;
using Guantong.Desk.Frame;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Guantong.Desk.Quality;

/// <summary>What the pages of tickets have in common: words for rules, units and lights, and doing something that may be refused.</summary>
public abstract class TicketDesk : DeskPage
{
    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>Whose units and regions.</summary>
    [Inject] protected Jurisdiction Land { get; set; } = null!;

    /// <summary>The packs that declare datasets and rules.</summary>
    [Inject] protected PackRegistry Packs { get; set; } = null!;

    /// <summary>What tells the time.</summary>
    [Inject] protected TimeProvider Clock { get; set; } = null!;

    /// <summary>Whether something is being done.</summary>
    protected bool Busy { get; private set; }

    /// <summary>The time now, as tickets write it.</summary>
    protected string Now => Time.Write(Clock.GetUtcNow());

    /// <summary>Does something, and says how it went.</summary>
    /// <param name="done">The key of what to say when it is done.</param>
    protected async Task<bool> DoAsync(Func<Task> work, string done)
    {
        Busy = true;
        try
        {
            return await Snackbar.TryAsync(Reader, work, done);
        }
        finally
        {
            Busy = false;
        }
    }

    /// <summary>A unit's name.</summary>
    protected string UnitOf(string? unit) => unit is null ? Say("ticket.no-unit") : Land.Units.Find(unit)?.Say(Reader.Language) ?? unit;

    /// <summary>A dataset's name.</summary>
    protected string DatasetOf(string pack, string dataset) => Packs.Find(pack) is { } p && p.Dataset(dataset) is { } d ? p.Say(Reader.Language, d.Name) : dataset;

    /// <summary>What is at fault, in words: the rule by its name, else its kind and what it is measured on.</summary>
    protected string FaultOf(string pack, string dataset, string kind, string rule, string field) => kind switch
    {
        "load" => Say("ticket.load-failed"),
        "report" => field.Length == 0 ? Say("ticket.reported") : Say("ticket.reported-field", FieldOf(pack, dataset, field)),
        _ => RuleWords.Say(Reader, Packs.Find(pack), dataset, rule, field),
    };

    /// <inheritdoc cref="FaultOf(string, string, string, string, string)"/>
    protected string FaultOf(Ticket ticket) => FaultOf(ticket.Pack, ticket.Dataset, ticket.Kind, ticket.Rule, ticket.Field);

    private string FieldOf(string pack, string dataset, string field) => Packs.Find(pack) is { } p && p.Dataset(dataset)?.Field(field) is { } f ? p.Say(Reader.Language, f.Name) : field;

    /// <summary>The class of a state's chip.</summary>
    protected static string Chip(string state) => state switch { "shared" or "verified" => "done", "sent" => "stuck", "mended" => "open", "found" => "warning", _ => "withdrawn" };
}

/// <summary>Words for rules.</summary>
internal static class RuleWords
{
    /// <summary>A rule by its name, else its kind and what it is measured on.</summary>
    public static string Say(Reader reader, Pack? pack, string dataset, string rule, string field)
    {
        var declared = pack?.Dataset(dataset) is { } d ? d.Quality.FirstOrDefault(q => q.Rule == rule && q.SubjectsIn(d).Contains(field)) : null;
        var on = string.Join(reader.English ? ", " : "、", field.Split(", ").Select(f => pack?.Dataset(dataset)?.Field(f) is { } known ? pack.Say(reader.Language, known.Name) : f));
        return declared?.Name is { } name ? rule is "complete" or "valid" or "range" or "codes" or "reference" or "drift" && declared.Of.Count > 1 ? $"{pack!.Say(reader.Language, name)} · {on}" : pack!.Say(reader.Language, name)
            : $"{reader.Word("rule", rule)} · {on}";
    }

    /// <summary>A measure's figure.</summary>
    public static string Quantity(Reader reader, string rule, double value) => rule switch
    {
        "complete" or "agrees" or "volume" => $"{Wording.Number(value)}%",
        "fresh" => reader.Say("quality.hours", Wording.Number(value)),
        "drift" => value.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture),
        _ => reader.Say("quality.breaches", Wording.Count((long)value)),
    };
}
