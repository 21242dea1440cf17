using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Proves what can be proved of a pack before it runs (pack-language.md, “What check proves”).</summary>
public static class PackCheck
{
    /// <summary>Reads and proves one pack; findings stand in the order of file, line and column.</summary>
    public static PackReading Check(PackFiles files, Surroundings around) => Prove(PackReader.Read(files), around);

    /// <summary>Proves one pack that was read; findings stand in the order of file, line and column.</summary>
    public static PackReading Prove(PackReading reading, Surroundings around)
    {
        if (reading.Pack is not { } pack)
            return reading with { Findings = Sorted(reading.Findings) };
        var names = NamesProof.Of(pack, around).ToList();
        // A name that leads nowhere is told once: the other proofs judge only what rests on names that lead somewhere.
        var dangling = names.Select(f => f.Mark).ToHashSet();
        var calls = CallProof.Of(pack, around).ToList();
        Finding[] proofs =
        [
            .. names,
            .. ClosedVProof.Of(pack, dangling),
            .. DataProof.Of(pack, around, dangling),
            .. IndicatorProof.Of(pack),
            .. ReturnProof.Of(pack, around),
            .. ListingProof.Of(pack),
            .. DocumentProof.Of(pack),
            .. NoticeProof.Of(pack),
            .. FormProof.Of(pack, around),
            .. MaterialProof.Of(pack),
            .. ReceptionProof.Of(pack),
            .. ChargeProof.Of(pack),
            .. InPersonProof.Of(pack),
            .. OrganisationProof.Of(pack),
            .. CollaborationProof.Of(pack, dangling),
            .. calls,
            .. JointProof.Of(pack, around),
            .. DecisionProof.Of(pack),
            .. NextProof.Of(pack, around),
            .. GuideProof.Of(pack, calls.Select(f => f.Mark).ToHashSet()),
            .. PolicyProof.Of(pack, around, calls.Select(f => f.Mark).ToHashSet()),
            .. RecordProof.Of(pack, around),
            .. RightsProof.Of(pack),
            .. WarnProof.Of(pack, around),
            .. OpeningProof.Of(pack),
            .. pack.Screen is { } screen ? ScreenProof.Of(pack, screen) : [],
        ];
        return reading with { Findings = Sorted(reading.Findings.Concat(proofs)) };
    }

    private static Finding[] Sorted(IEnumerable<Finding> findings) =>
        [.. findings.OrderBy(f => f.Mark.File, StringComparer.Ordinal).ThenBy(f => f.Mark.Line).ThenBy(f => f.Mark.Column)];
}
