namespace Guantong.Packs.Checking;

/// <summary>Templates of documents: the head says how they are numbered, and nothing else.</summary>
internal static class DocumentProof
{
    public static IEnumerable<Finding> Of(Pack pack) =>
        from document in pack.Documents
        let fault = DocumentTemplate.Read(document.Value).Fault
        where fault is not null
        select Finding.Error("document-head", new Mark(pack.Files.Name(document.Key), fault.Value, 1), $"{DocumentTemplate.LongestSeries}");
}
