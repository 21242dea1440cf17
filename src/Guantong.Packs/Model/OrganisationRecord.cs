using Guantong.Packs.Reading;

namespace Guantong.Packs;

/// <summary>What a dataset's rows say of organisations: each finds its own on its page, and everyone what is public of it.</summary>
/// <param name="Of">The field with the unified social credit code (GB 32100); never of a natural person.</param>
/// <param name="As">One of <see cref="Kinds"/>.</param>
/// <param name="Title">The field that a line is called by.</param>
/// <param name="Fields">What is told of a row.</param>
/// <param name="Until">The date field with a licence's last day.</param>
/// <param name="Only">field → the value that a row must have to stand on the record.</param>
/// <param name="Public">The law by which anyone may look it up of one organisation; null where only open rows are public.</param>
public sealed record OrganisationRecord(Ref Of, string As, Ref Title, IReadOnlyList<Ref> Fields, Ref? Until, IReadOnlyList<(Ref Field, Ref Value)> Only, string? Public, Mark Mark)
{
    /// <summary>Who it is; what it may do; what an organ decided about it.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["register", "licence", "decision"];

    /// <summary>The fields that are named.</summary>
    public IEnumerable<Ref> All => Fields.Append(Of).Append(Title).Concat(Only.Select(o => o.Field)).Concat(Until is null ? [] : [Until]);
}

/// <summary>Licences that a matter renews: those of a dataset, or of them those whose title has a value.</summary>
/// <param name="Data">The dataset, PACK/DATASET where it is of another pack.</param>
public sealed record Renewal(Ref Data, string? Value);
