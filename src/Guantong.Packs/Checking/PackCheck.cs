using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Proves what can be proved of a pack before it runs (pack-language.md, “What check proves”).</summary>
public static class PackCheck
{
    /// <summary>Reads and proves one pack; findings stand in the order of file, line and column.</summary>
    public static PackReading Check(PackFiles files, Surroundings around)
    {
        var reading = PackReader.Read(files);
        if (reading.Pack is not { } pack)
            return reading with { Findings = Sorted(reading.Findings) };
        Finding[] proofs =
        [
            .. NamesProof.Of(pack, around),
            .. ClosedVProof.Of(pack),
            .. DataProof.Of(pack, around),
            .. CollaborationProof.Of(pack),
            .. DecisionProof.Of(pack),
            .. RightsProof.Of(pack),
        ];
        return reading with { Findings = Sorted(reading.Findings.Concat(proofs)) };
    }

    private static Finding[] Sorted(IEnumerable<Finding> findings) =>
        [.. findings.OrderBy(f => f.Mark.File, StringComparer.Ordinal).ThenBy(f => f.Mark.Line).ThenBy(f => f.Mark.Column)];
}
