using Guantong.Data;
using Guantong.Desk.Quality;

namespace Guantong.Desk.Entities;

/// <summary>What the pages of organisations have in common: words for datasets and scores.</summary>
public abstract class EntityDesk : TicketDesk
{
    /// <summary>A dataset's name, by pack/dataset.</summary>
    protected string DatasetOf(string data) => data.Split('/') is [var pack, var dataset] ? DatasetOf(pack, dataset) : data;

    /// <summary>What speaks for a pair, in a line.</summary>
    protected string Why(EntityPair pair) => string.Join(Reader.English ? "; " : "；", pair.Parts.Where(p => p.Points != 0).Select(p => p.Say(Reader.Language)));

    /// <summary>The class of a verdict's chip.</summary>
    protected static string ChipOf(string? verdict) => verdict switch { "same" => "done", "different" => "withdrawn", _ => "open" };
}
